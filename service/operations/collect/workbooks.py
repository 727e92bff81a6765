"""XLSX files to sheets of texts and back. What is uploaded is held to limits before any of it is unpacked."""

import io
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from service.domain.collect.xlsforms.sheets import Sheet
from service.domain.errors import Fault, Refused
from service.operations import spreadsheets

FILE_LIMIT: Final = 5_000_000  # bytes, packed
UNPACKED_LIMIT: Final = 40_000_000  # bytes of all parts; 10,000 options in three languages take 3 MB
ROW_LIMIT: Final = 30_000
ALL_ROWS: Final = 100_000  # of all sheets, blank ones too: a few bytes can announce each a thousand
COLUMN_LIMIT: Final = 300
CELL_LIMIT: Final = 32_767  # characters; XLSX itself allows no more
BLANK_ROWS: Final = 1000  # after so many in a row the sheet is taken to end
FIELD: Final = "file"
_ESCAPED: Final = re.compile(
    r"_x([0-9A-Fa-f]{4})_"
)  # how XLSX writes characters that XML cannot hold (ECMA-376, ST_Xstring)


def read_workbook(content: bytes) -> list[Sheet]:
    """The sheets of an XLSX file. Raises Refused("xlsform_invalid") if it is none, or larger than the limits."""
    _check_archive(content)
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles and page headers that it does not read
            workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            left = iter(range(ALL_ROWS))
            try:
                return [
                    sheet
                    for each in workbook.worksheets
                    if (sheet := _sheet(each.title, each.iter_rows(values_only=True, max_col=COLUMN_LIMIT), left))
                ]
            finally:
                workbook.close()
    except Refused:
        raise
    except Exception as error:
        raise _unreadable() from error


def _check_archive(content: bytes) -> None:
    if len(content) > FILE_LIMIT:
        raise Refused("too_large", limit=FILE_LIMIT)
    try:
        spreadsheets.check_archive(io.BytesIO(content), UNPACKED_LIMIT)
    except spreadsheets.BadArchive as bad:
        if bad.large:
            raise _refused("xlsform_too_large", limit=UNPACKED_LIMIT // 1_000_000) from None
        raise _unreadable() from bad


def _sheet(name: str, rows: Iterator[Sequence[Any]], left: Iterator[int]) -> Sheet | None:
    """The first row is the header. A header twice is refused: which of two cells counts would be anybody's guess.

    `left` counts down the rows of all sheets.
    """
    first = next(rows, None)
    header = [" ".join(_text(value).split()) for value in first or ()]
    named = [text for text in header if text]
    if not named:
        return None
    for text in named:
        if named.count(text) > 1 and name.lower() in ("survey", "choices", "settings"):
            raise Refused("xlsform_invalid", [Fault(f"{name.lower()}.1.{text}", "duplicate", {"value": text[:60]})])
    return Sheet(name, tuple(named), tuple(_rows(name, header, rows, left)))


def _rows(
    name: str, header: list[str], rows: Iterator[Sequence[Any]], left: Iterator[int]
) -> Iterator[tuple[int, dict[str, str]]]:
    blank = 0
    for number, values in enumerate(rows, 2):
        limit = ROW_LIMIT if next(left, None) is not None else ALL_ROWS
        if number > ROW_LIMIT or limit == ALL_ROWS:
            raise Refused("xlsform_invalid", [Fault(f"{name}.{number}", "too_many_rows", {"limit": limit})])
        cells = {
            column: text
            for column, value in zip(header, values, strict=False)
            if column and (text := _text(value)[:CELL_LIMIT]).strip()
        }
        blank = 0 if cells else blank + 1
        if cells:
            yield number, cells
        elif blank > BLANK_ROWS:
            return


def _text(value: Any) -> str:
    if not isinstance(value, str):
        return spreadsheets.text_of(value, ("TRUE", "FALSE"))
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)
    if text != value:  # half of a surrogate pair is no text: nothing could show it or keep it
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return spreadsheets.text_of(text)


def _unreadable() -> Refused:
    return _refused("xlsform_unreadable")


def _refused(reason: str, **params: Any) -> Refused:
    return Refused("xlsform_invalid", [Fault(FIELD, reason, params)])


def write_workbook(sheets: Iterable[Sheet]) -> bytes:
    """The sheets as XLSX. Every cell is a text, so that none that begins with = + - or @ is taken for a formula."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    workbook = openpyxl.Workbook(write_only=True)
    for sheet in sheets:
        page = workbook.create_sheet(sheet.name)
        page.freeze_panes = "A2"

        def cell(text: str, page: Any = page) -> Any:
            made = WriteOnlyCell(page, _ESCAPED.sub(lambda match: f"_x005F{match[0]}", text))
            made.data_type = "s"
            made.quotePrefix = text.startswith(("=", "+", "-", "@"))  # editing it does not make it a formula either
            return made

        page.append([cell(column) for column in sheet.header])
        for _, cells in sheet.rows:
            page.append([cell(cells[column]) if column in cells else None for column in sheet.header])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
