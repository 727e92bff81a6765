"""The app's log of the filling in (audit.csv): seconds per question, changes with reasons, positions, mock ones."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

MOST_ROWS: Final = 20_000
MOST_CHANGES: Final = 500
_LONGEST: Final = 500  # characters kept of an answer or a reason
_QUESTION: Final = "question"
_MOCK: Final = 0.0  # metres: the app writes nought, and only then, for a position that the phone was made to tell


@dataclass(frozen=True)
class AuditLog:
    """What an audit.csv tells. `timings`: seconds by question, all visits of it added up. `changes`: {question, before,
    after, reason, at (milliseconds since 1970)}; a change has a reason if the record had been finished before.
    `position`: the last one, {} without any; `mock` if any position was a mock one. `finished`: milliseconds of the
    last event.
    """

    timings: Mapping[str, float] = field(default_factory=dict)
    changes: tuple[Mapping[str, Any], ...] = ()
    position: Mapping[str, Any] = field(default_factory=dict)
    mock: bool = False
    positions: int = 0
    finished: int = 0
    seen_at: Mapping[str, int] = field(default_factory=dict)  # question -> milliseconds when it was left last


def read(content: bytes) -> AuditLog:
    """The log; what is no log of the app, or not readable, tells nothing: a record is not refused for it."""
    rows = list(_rows(content))
    timings: dict[str, float] = {}
    seen: dict[str, int] = {}
    changes: list[Mapping[str, Any]] = []
    for row in rows:
        start, end = _whole(row.get("start")), _whole(row.get("end"))
        if row.get("event") != _QUESTION or not (name := _name(row.get("node", ""))):
            continue
        if start and end and 0 <= end - start < 86_400_000:
            timings[name] = round(timings.get(name, 0) + (end - start) / 1000, 3)
        seen[name] = end or start
        if len(changes) < MOST_CHANGES and (change := _change(name, row, end or start)):
            changes.append(change)
    places = [place for row in rows if (place := _place(row))]
    finished = max((_whole(row.get("end")) or _whole(row.get("start")) for row in rows), default=0)
    mock = any(place["accuracy_m"] == _MOCK for place in places)
    return AuditLog(timings, tuple(changes), _last(places, finished, mock), mock, len(places), finished, seen)


def age(log: AuditLog, question: str) -> float | None:
    """Seconds from leaving `question` (that of the position) to the end of the filling in; None if not known."""
    at = log.seen_at.get(question, 0)
    return round((log.finished - at) / 1000, 3) if at and log.finished >= at else None


def _rows(content: bytes) -> Iterator[Mapping[str, str]]:
    text = content.decode("utf-8", errors="replace").removeprefix("\ufeff")
    try:
        reader = csv.DictReader(io.StringIO(text))
        if "event" not in (reader.fieldnames or ()):
            return
        for number, row in enumerate(reader):
            if number >= MOST_ROWS:
                return
            yield {key: value for key, value in row.items() if key and isinstance(value, str)}
    except csv.Error:
        return


def _name(node: str) -> str:
    """`/data/group/question[1]` -> `question`."""
    return node.rpartition("/")[2].partition("[")[0][:80]


def _whole(text: str | None) -> int:
    """Milliseconds since 1970, or 0."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 14 else 0


def _change(name: str, row: Mapping[str, str], at: int) -> Mapping[str, Any] | None:
    """A row that tells of another answer than before; the first answer to a question is no change."""
    reason = row.get("change-reason", "")
    before, after = row.get("old-value", ""), row.get("new-value", "")
    if not reason and not before:
        return None
    return {
        "question": name,
        "before": before[:_LONGEST],
        "after": after[:_LONGEST],
        "reason": reason[:_LONGEST],
        "at": at,
    }


def _place(row: Mapping[str, str]) -> dict[str, Any] | None:
    try:
        latitude, longitude, accuracy = (float(row.get(name, "")) for name in ("latitude", "longitude", "accuracy"))
    except ValueError:
        return None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180 and 0 <= accuracy < 1e7):
        return None
    at = _whole(row.get("end")) or _whole(row.get("start"))
    return {"latitude": latitude, "longitude": longitude, "accuracy_m": accuracy, "at": at}


def _last(places: list[dict[str, Any]], finished: int, mock: bool) -> Mapping[str, Any]:
    if not places:
        return {}
    last = {name: value for name, value in places[-1].items() if name != "at"}
    at = places[-1]["at"]
    return last | {"age_s": round((finished - at) / 1000, 3) if at and finished >= at else None, "mock": mock}
