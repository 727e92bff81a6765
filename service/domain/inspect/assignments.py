"""Assignments: who looks up which drawn item, shared out so that anybody can check it was done blindly."""

import hashlib
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

Item = TypeVar("Item", bound=Hashable)
OPEN, DONE, WITHDRAWN = "open", "done", "withdrawn"
STATES = (OPEN, DONE, WITHDRAWN)
FIRST, BACK_CHECK = "first", "back_check"
PARTS = (FIRST, BACK_CHECK)


@dataclass(frozen=True)
class Assignment:
    """One drawn item and who is to look it up. `history` has from, to, reason, at, by of each change of hands.

    A back-check has no visit ("") until one of its site starts to which its auditor belongs.
    """

    id: str
    project: str
    draw: str
    serial: str
    visit: str
    auditor: str
    part: str = FIRST
    state: str = OPEN
    site: str = ""
    stratum: str = ""
    assigned_at: datetime | None = None
    done_at: datetime | None = None
    history: tuple[Mapping[str, Any], ...] = ()
    version: int = 1


def assignment_id(draw: str, serial: str, part: str) -> str:
    """32 hex digits: one item of one draw has one assignment a part, so that it cannot be handed out twice."""
    return hashlib.sha256("\n".join((draw, part, serial)).encode()).hexdigest()[:32]


def share_out(items: Sequence[Item], persons: Sequence[str]) -> dict[Item, str]:
    """Item -> person: in the order drawn, in turns, so that nobody chooses and none gets over one more than another.

    Drawn order is by ticket, so each person's share is itself random within each stratum.
    """
    return {item: persons[place % len(persons)] for place, item in enumerate(items)}


@dataclass(frozen=True)
class Load:
    """What one person has to do in a project. `crowded` are days with more than one visit, of any project."""

    person: str
    visits: int
    days: tuple[date, ...]
    open: int
    done: int
    back_checks: int
    crowded: tuple[date, ...]


def workload(person: str, days: Sequence[date], elsewhere: Sequence[date], held: Iterable[Assignment]) -> Load:
    """`days` and `elsewhere` have one entry for each visit that is not called off, here and in other projects."""
    own = [one for one in held if one.auditor == person and one.state != WITHDRAWN]
    counted = Counter([*days, *elsewhere])
    return Load(
        person=person,
        visits=len(days),
        days=tuple(sorted(set(days))),
        open=sum(one.state == OPEN for one in own),
        done=sum(one.state == DONE for one in own),
        back_checks=sum(one.part == BACK_CHECK for one in own),
        crowded=tuple(sorted(day for day in set(days) if counted[day] > 1)),
    )
