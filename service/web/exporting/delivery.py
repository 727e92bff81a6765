"""Tables as the body of an answer, streamed; what is wrong is told before the first byte."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import IO

from flask import Response

from service.domain.errors import Refused
from service.web.downloads import XLSX
from service.web.exporting.tables import Table, csv_lines, json_lines
from service.web.exporting.workbooks import take_turn, workbook

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
        return _made_while_read(tables, name)
    return streamed(csv_lines(tables[0]) if form == "csv" else json_lines(tables[0]), form, name)


def streamed(pieces: Iterator[bytes], form: str, name: str) -> Response:
    """An answer that is written while it is read. Its first piece is made at once, so that a refusal is an answer.

    If a later one fails, the connection ends without its last chunk: no program takes that for a whole file.
    """
    first = next(pieces, b"")
    return _named(Response(chain([first], pieces), content_type=TYPES[form]), form, name)


def _made_while_read(tables: Sequence[Table], name: str) -> Response:
    """A workbook whose head goes out before it is made: the browser then has a download, and its page may be left.

    What may be refused is refused before; if the making fails later, the connection ends without its last chunk.
    """
    done = take_turn()
    response = Response(_workbook(tables, done), content_type=XLSX)
    response.call_on_close(done)  # also where nobody reads it
    return _named(response, "xlsx", name)


def _workbook(tables: Sequence[Table], done: Callable[[], None]) -> Iterator[bytes]:
    yield b""  # servers send the head with the first piece, an empty one too
    try:
        file = workbook(tables)
    finally:
        done()
    yield from _blocks(file)


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while block := file.read(BLOCK):
            yield block


def _named(response: Response, form: str, name: str) -> Response:
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{form}")
    return response
