"""Assignments: who looks up which drawn item, shared out so that anybody can check it was done blindly."""

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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
