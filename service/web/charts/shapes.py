"""What can be drawn: plain data and the words of one language; nothing here draws or knows where the data come from."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Likert:
    """Answers by level, diverging from the middle. `levels` from the worst to the best; `sides` -1, 0 or 1 for each.

    `rows`: (label, counts in the order of `levels`). `total`: whether the last row sums the others up.
    """

    levels: Sequence[str]
    sides: Sequence[int]
    rows: Rows
    total: bool = False


@dataclass(frozen=True)
class Dots:
    """A value with its interval a row. `rows`: (label, value, low, high, n), each number may be None.

    `ties`: (first row, last row) of neighbours between which no difference is shown, named `tie`.
    """

    rows: Rows
    unit: str = "%"
    least: float = 0
    most: float = 100
    reference: float | None = None
    reference_label: str = ""
    ties: Sequence[Sequence[int]] = ()
    tie: str = ""
    no_interval: str = ""  # what a hollow dot means


@dataclass(frozen=True)
class Progress:
    """How much of a target is reached. `rows`: (label, count, target or None)."""

    rows: Rows
    target: str  # what the mark means


@dataclass(frozen=True)
class Timeline:
    """Counts over time without gaps. `labels` are written below every start of a `group` (a day)."""

    counts: Sequence[int]
    groups: Sequence[Sequence[Any]]  # (place of the first count, label)
    flagged: Sequence[int] = ()
    unit: str = ""
    flag: str = ""  # what a flagged bar means


@dataclass(frozen=True)
class Rates:
    """Errors found, and how many there may be at most. `rows`: (label, rate, limit or None, errors, checked)."""

    rows: Rows
    found: str
    limit: str
    tolerated: float | None = None
    tolerated_label: str = ""


@dataclass(frozen=True)
class Waterfall:
    """How a score adds up. `rows`: (label, earned or None, most). The sums stand below, named `total`."""

    rows: Rows
    total: str
    earned: str
    missed: str
    open: str  # what stands for a row without points


@dataclass(frozen=True)
class Funnel:
    """Steps that each keep a part of the one before. `rows`: (label, count, share of the first step in percent)."""

    rows: Rows


@dataclass(frozen=True)
class Bars:
    """What was reached out of what could be. `rows`: (label, reached or None, most)."""

    rows: Rows
    unit: str = ""
    places: int = 2


Shape = Likert | Dots | Progress | Timeline | Rates | Waterfall | Funnel | Bars
KINDS: Mapping[str, type] = {
    kind.__name__.lower(): kind for kind in (Likert, Dots, Progress, Timeline, Rates, Waterfall, Funnel, Bars)
}


@dataclass(frozen=True)
class Chart:
    """A drawing, and what stands in its place: `alternative` in a sentence or more, `head` and `rows` as a table."""

    title: str
    shape: Shape
    alternative: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = field(default="")  # how to read it, below the drawing


def plain(shape: Shape) -> dict[str, Any]:
    """For the child process: JSON."""
    return {"kind": type(shape).__name__.lower(), "data": asdict(shape)}


def shape_of(told: Mapping[str, Any]) -> Shape:
    """What `plain` has told."""
    shape: Shape = KINDS[told["kind"]](**told["data"])
    return shape


def digest(order: Mapping[str, Any]) -> str:
    """A name for a drawing: equal for equal data."""
    return hashlib.sha256(json.dumps(order, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def texts_of(shape: Shape) -> list[str]:
    """All words that a drawing may write."""
    found: list[str] = []
    waiting: list[Any] = [asdict(shape)]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            found.append(part.replace("\n", ""))
        elif isinstance(part, Mapping):
            waiting += part.values()
        elif isinstance(part, Sequence):
            waiting += part
    return found
