"""Workbooks: rows go to a child process as JSON lines, which writes them to the disk as they come."""

import functools
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

from service.domain.errors import Refused, invalid
from service.domain.table_cells import Cell, neutral
from service.web.exporting.tables import Chart, Table, chunks

MOST_ROWS = 1_048_575  # of a sheet, without its header
MOST_AT_ONCE = 2  # workbooks a process makes at the same time: each keeps a processor busy
EXACT_DIGITS = 15  # what a spreadsheet keeps of a number
_turns = threading.BoundedSemaphore(MOST_AT_ONCE)


def refuse_too_many(rows: int) -> None:
    """Raises Refused("invalid") for more rows than a sheet has."""
    if rows > MOST_ROWS:
        raise invalid(
            "format",
            "a sheet has {most_rows} rows at most, and these are {rows}; take CSV or JSON lines",
            most_rows=MOST_ROWS,
            rows=rows,
        )


def take_turn() -> Callable[[], None]:
    """A turn to make a workbook; -> what gives it back, which may be called twice. Raises Refused("busy")."""
    if not _turns.acquire(blocking=False):
        raise Refused("busy")
    return functools.cache(_turns.release)


def workbook(tables: Sequence[Table]) -> IO[bytes]:
    """The finished file, open at its beginning; it is gone from the disk when it is closed. Raises Refused("busy").

    Neither process holds more than some hundred rows: what is read from the database waits until the child has
    written what came before. Call it within a turn.
    """
    file: IO[bytes] = tempfile.TemporaryFile()
    command = [sys.executable, "-m", "service.web.exporting"]
    try:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=file, stderr=subprocess.DEVNULL) as child:  # noqa: S603 - ours
            try:
                for line in _told(tables):
                    child.stdin.write(line)  # type: ignore[union-attr]
                child.stdin.close()  # type: ignore[union-attr]
            except BrokenPipeError:
                child.wait()
            except BaseException:
                child.kill()
                raise
        if child.returncode != 0:
            raise Refused("busy")
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _told(tables: Sequence[Table]) -> Iterator[bytes]:
    for name, table in zip(sheet_names([table.name for table in tables]), tables, strict=True):
        yield _line({"sheet": name, "header": list(map(neutral, table.titles or table.header)), "shares": table.shares})
        for rows in chunks([], table.rows):
            yield _line({"rows": [[_cell(cell) for cell in row] for row in rows]})
        for chart in table.charts:
            yield _line({"chart": _chart(chart)})


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Names that every spreadsheet takes: 31 characters without the signs that are forbidden, each once."""
    found: dict[str, str] = {}
    for text in wanted:
        name = plain = "".join(sign for sign in text if sign not in "[]:*?/\\'")
        place = 1
        while (name := name[:31]).lower() in found:
            place += 1
            name = f"{plain[:27]} {place}"
        found[name.lower()] = name
    return list(found.values())


def _line(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _cell(cell: Cell) -> str | int | float | None:
    """What a spreadsheet would round stays a text."""
    if isinstance(cell, int):
        return cell if abs(cell) < 10**EXACT_DIGITS else str(cell)
    if isinstance(cell, Decimal):
        return format(cell, "f") if abs(cell) >= 10**EXACT_DIGITS else float(cell)
    found = neutral(cell)
    return found if isinstance(found, str) else None


def _chart(chart: Chart) -> dict[str, Any]:
    """A title that begins like a formula would be one too."""
    return {**vars(chart), "title": neutral(chart.title), "series": [vars(series) for series in chart.series]}
