"""Tables that people send: CSV and XLSX as rows of texts, read one after the other, held to limits on the way."""

import codecs
import csv
import zipfile
from collections.abc import Iterator
from typing import IO, Any, Final

from service.domain.errors import Fault, Refused
from service.operations import sheet_reader, spreadsheets

ROW_LIMIT: Final = 100_000
COLUMN_LIMIT: Final = 600
CELL_LIMIT: Final = 10_000  # characters
LINE_LIMIT: Final = 1_000_000  # bytes
UNPACKED_LIMIT: Final = 100_000_000  # bytes of all parts of a workbook
BLANK_ROWS: Final = 1000  # after so many in a row a sheet is taken to end
XLSX, UTF_8, GB18030 = "XLSX", "UTF-8", "GB18030"
_PACKED: Final = b"PK\x03\x04"
_BLOCK: Final = 1 << 20
Line = tuple[int, list[str]]


def encoding_of(file: IO[bytes]) -> str:
    """XLSX, UTF-8, or GB18030 if it is not UTF-8 but that: what the Excel of China writes as plain CSV.

    Raises Refused("import_invalid") when it is none of these.
    """
    file.seek(0)
    if file.read(4) == _PACKED:
        return XLSX
    for name in (UTF_8, GB18030):
        file.seek(0)
        decoder = codecs.getincrementaldecoder(name)()
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        file.seek(0)
        return name
    raise _refused(1, "not_utf8")


def rows(file: IO[bytes], encoding: str = UTF_8, *, merged: bool = True) -> Iterator[tuple[int, list[str] | Refused]]:
    """(row as a spreadsheet numbers it, cells) of a CSV or of a workbook's first sheet; blank rows left out.

    With `merged=False` merged cells are refused: only the first of them has a value, so the others would be empty.

    Every row has as many cells as the first; one that has not, or has a cell that is too long, comes as its refusal.
    Raises Refused("import_invalid") where reading ends. What the file is, is decided by its content, not by its name.
    """
    file.seek(0)
    workbook = file.read(4) == _PACKED
    file.seek(0)
    width = 0
    for number, cells in _of_workbook(file, merged) if workbook else _of_csv(file, encoding):
        if number > ROW_LIMIT + 1:
            raise _refused(number, "too_many_rows", limit=ROW_LIMIT)
        if not width:
            width = _width(cells)
        if any(cells):
            yield number, _fitted(number, cells, width, workbook)
    if not width:
        raise _refused(1, "header_missing")


def _fitted(number: int, cells: list[str], width: int, workbook: bool) -> list[str] | Refused:
    """A row of the header's width: what a spreadsheet adds to the right is empty, and it ends at its last cell."""
    if workbook:
        cells += [""] * (width - len(cells))
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


def _of_csv(file: IO[bytes], encoding: str) -> Iterator[Line]:
    reader = csv.reader(_lines(file, encoding), strict=True)
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


def _lines(file: IO[bytes], encoding: str) -> Iterator[str]:
    number = 0
    while raw := file.readline(LINE_LIMIT + 1):
        number += 1
        if len(raw) > LINE_LIMIT:
            raise _refused(number, "too_long", limit=LINE_LIMIT)
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        try:
            yield raw.decode(encoding)
        except UnicodeDecodeError:
            raise _refused(number, "not_utf8") from None


def _of_workbook(file: IO[bytes], merged: bool) -> Iterator[Line]:
    """The first sheet, row by row, up to a long stretch of blank rows."""
    with_merged = _check_archive(file)
    before = blank = 0
    try:
        with zipfile.ZipFile(file) as archive:
            book = sheet_reader.first_sheet(archive)
            if not merged and book.path in with_merged:
                raise _refused(1, "merged_cells", sheet=book.title[:60])
            for number, cells in sheet_reader.rows(archive, book):
                blank = 0 if any(cells) else blank + 1
                if number - before > BLANK_ROWS or blank > BLANK_ROWS:
                    return
                before = number
                yield number, cells[: COLUMN_LIMIT + 1]
    except (sheet_reader.Unreadable, zipfile.BadZipFile) as error:
        raise _refused(before + 1, "workbook_unreadable") from error


def _check_archive(file: IO[bytes]) -> frozenset[str]:
    try:
        return spreadsheets.check_archive(file, UNPACKED_LIMIT)
    except spreadsheets.BadArchive as bad:
        raise _refused(1, "workbook_unreadable") from bad


def _refused(row: int, reason: str, **params: Any) -> Refused:
    return Refused("import_invalid", [Fault(f"rows.{row}", reason, params)])
