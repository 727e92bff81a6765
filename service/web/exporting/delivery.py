"""Tables as the body of an answer, streamed; what is wrong is told before the first byte."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import IO

from flask import Response

from service.domain.errors import Refused
from service.web.downloads import XLSX
from service.web.exporting.tables import Table, csv_lines, json_lines
from service.web.exporting.workbooks import workbook

FORMATS = ("csv", "xlsx", "jsonl")
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson", "xlsx": XLSX, "zip": "application/zip"}
BLOCK = 1 << 16


def known(form: str) -> str:
    """The format, if it is one. Raises Refused("not_found")."""
    if form not in FORMATS:
        raise Refused("not_found", noun="file")
    return form


def deliver(tables: Sequence[Table], form: str, name: str) -> Response:
    """The first table as CSV or JSON lines, or all of them as the sheets of one workbook."""
    if form == "xlsx":
        return _file(workbook(tables), form, name)
    return streamed(csv_lines(tables[0]) if form == "csv" else json_lines(tables[0]), form, name)


def streamed(pieces: Iterator[bytes], form: str, name: str) -> Response:
    """An answer that is written while it is read. Its first piece is made at once, so that a refusal is an answer.

    If a later one fails, the connection ends without its last chunk: no program takes that for a whole file.
    """
    first = next(pieces, b"")
    return _named(Response(chain([first], pieces), content_type=TYPES[form]), form, name)


def _file(file: IO[bytes], form: str, name: str) -> Response:
    size = file.seek(0, 2)
    file.seek(0)
    response = Response(_blocks(file), content_type=TYPES[form])
    response.call_on_close(file.close)
    response.headers["Content-Length"] = str(size)
    return _named(response, form, name)


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while block := file.read(BLOCK):
            yield block


def _named(response: Response, form: str, name: str) -> Response:
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{form}")
    return response
