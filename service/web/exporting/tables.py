"""A table that goes out, and how it is written as CSV and as JSON lines: row by row, never as a whole."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from service.domain.table_cells import Cell, neutral

CHUNK = 200  # rows that are written at once
BOM = "\ufeff"


@dataclass(frozen=True)
class Series:
    """One series of a chart: the place of its column, and of its lower and upper limits where it has an interval."""

    column: int
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Chart:
    """A chart of a table's rows that the spreadsheet draws itself. kind: bars | stacked; `percent`: values are shares.

    `rows` counts those that it shows from the first one on; `labels` is the column of their names.
    """

    kind: str
    title: str
    labels: int
    series: tuple[Series, ...]
    rows: int
    percent: bool = False


@dataclass(frozen=True)
class Table:
    """`name` is that of the sheet, `header` the columns' names; `rows` may be read once only.

    `titles` are the header that people read in a workbook, `shares` the places of columns that are fractions of 1.
    `objects` are the rows as JSON lines where these say more.
    """

    name: str
    header: tuple[str, ...]
    rows: Iterable[Sequence[Cell]]
    charts: tuple[Chart, ...] = ()
    shares: tuple[int, ...] = ()
    titles: tuple[str, ...] = ()
    objects: Iterable[Any] | None = None


def csv_lines(table: Table) -> Iterator[bytes]:
    """CSV as spreadsheets read it: UTF-8 with a byte order mark, CRLF, nothing that looks like a formula."""
    yield BOM.encode()
    for rows in chunks([table.header], table.rows):
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\r\n").writerows([_text(neutral(cell)) for cell in row] for row in rows)
        yield buffer.getvalue().encode()


def json_lines(table: Table) -> Iterator[bytes]:
    """One JSON object a line, exactly what there is: numbers that must stay exact are texts, as in the API."""
    objects = table.objects
    if objects is None:
        objects = (dict(zip(table.header, row, strict=True)) for row in table.rows)
    for some in chunks([], objects):
        lines = [json.dumps(one, ensure_ascii=False, default=_exact, separators=(",", ":")) for one in some]
        yield "".join(f"{line}\n" for line in lines).encode()


def chunks(first: list[Any], rest: Iterable[Any]) -> Iterator[list[Any]]:
    """At most CHUNK at a time, `first` at the beginning; nothing for nothing."""
    held = list(first)
    for one in rest:
        held.append(one)
        if len(held) >= CHUNK:
            yield held
            held = []
    if held:
        yield held


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return "" if cell is None else str(cell)


def _exact(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(type(value).__name__)
