"""Tables that people send: CSV and XLSX as rows of texts, read one after the other, held to limits on the way."""

import codecs
import csv
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any, Final

from service.domain.collect.imports import FORMULA
from service.domain.errors import Fault, Refused

ROW_LIMIT: Final = 100_000
COLUMN_LIMIT: Final = 600
CELL_LIMIT: Final = 10_000  # characters
LINE_LIMIT: Final = 1_000_000  # bytes
UNPACKED_LIMIT: Final = 100_000_000  # bytes of all parts of a workbook
PART_LIMIT: Final = 500
BLANK_ROWS: Final = 1000  # after so many in a row a sheet is taken to end
Line = tuple[int, list[str]]


def rows(file: IO[bytes]) -> Iterator[tuple[int, list[str] | Refused]]:
    """(row as a spreadsheet numbers it, cells) of a CSV in UTF-8 or of a workbook's first sheet; blank rows left out.

    Every row has as many cells as the first; one that has not, or has a cell that is too long, comes as its refusal.
    Raises Refused("import_invalid") where reading ends. What the file is, is decided by its content, not by its name.
    """
    file.seek(0)
    workbook = file.read(4) == b"PK\x03\x04"
    file.seek(0)
    width = 0
    for number, cells in _of_workbook(file) if workbook else _of_csv(file):
        if number > ROW_LIMIT + 1:
            raise _refused(number, "too_many_rows", limit=ROW_LIMIT)
        if not width:
            width = _width(cells)
        if any(cells):
            yield number, _fitted(number, cells, width)
    if not width:
        raise _refused(1, "header_missing")


def _fitted(number: int, cells: list[str], width: int) -> list[str] | Refused:
    """A row of the header's width: what a spreadsheet adds to the right of it is empty."""
    if any(cells[width:]) or len(cells) < width:
        return _refused(number, "row_ragged", found=len(cells), expected=width)
    if max(map(len, cells)) > CELL_LIMIT:
        return _refused(number, "too_long", limit=CELL_LIMIT)
    return cells[:width]


def _width(header: list[str]) -> int:
    while header and not header[-1].strip():
        header.pop()
    if not header:
        raise _refused(1, "header_missing")
    if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
        raise _refused(1, "not_commas")
    if len(header) > COLUMN_LIMIT:
        raise _refused(1, "too_many", limit=COLUMN_LIMIT)
    return len(header)


def _of_csv(file: IO[bytes]) -> Iterator[Line]:
    reader = csv.reader(_lines(file), strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _refused(number, "csv_broken", detail=str(error)) from None
        if cells or number == 1:
            yield number, cells


def _lines(file: IO[bytes]) -> Iterator[str]:
    number = 0
    while raw := file.readline(LINE_LIMIT + 1):
        number += 1
        if len(raw) > LINE_LIMIT:
            raise _refused(number, "too_long", limit=LINE_LIMIT)
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError:
            raise _refused(number, "not_utf8") from None


def _of_workbook(file: IO[bytes]) -> Iterator[Line]:
    """The first sheet, row by row. Formulas are not computed: what they would give here is nobody's answer."""
    _check_archive(file)
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of styles and page headers that it does not read
        try:
            book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
            sheet = book.worksheets[0].iter_rows(max_col=COLUMN_LIMIT + 1)
        except Exception as error:
            raise _refused(1, "workbook_unreadable") from error
        yield from _cells(sheet)
        book.close()


def _cells(sheet: Iterator[Any]) -> Iterator[Line]:
    number = blank = 0
    while True:
        number += 1
        try:
            row = next(sheet)
        except StopIteration:
            return
        except Exception as error:  # a part that is no XML, or not the one that was announced
            raise _refused(number, "workbook_unreadable") from error
        cells = [FORMULA if cell.data_type == "f" else _text(cell.value) for cell in row]
        cells += [""] * (COLUMN_LIMIT + 1 - len(cells))  # a row ends at its last cell
        blank = 0 if any(cells) else blank + 1
        if blank > BLANK_ROWS:
            return
        yield number, cells


def _check_archive(file: IO[bytes]) -> None:
    """A few thousand bytes may unpack to gigabytes; document types may make a parser of XML read more than there is."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            fits = len(parts) <= PART_LIMIT and sum(part.file_size for part in parts) <= UNPACKED_LIMIT
            clean = fits and not any(
                b"<!DOCTYPE" in archive.open(part).read(2000)
                for part in parts
                if part.filename.endswith((".xml", ".rels"))
            )
    except Exception as error:
        raise _refused(1, "workbook_unreadable") from error
    if not clean:
        raise _refused(1, "workbook_unreadable")
    file.seek(0)


def _text(value: Any) -> str:
    """A cell as text: 5.0 is the code 5, a date is ISO."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


def _refused(row: int, reason: str, **params: Any) -> Refused:
    return Refused("import_invalid", [Fault(f"rows.{row}", reason, params)])
