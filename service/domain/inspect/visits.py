"""Visits: who looks where on which day, what is opened there, and the states that a visit goes through."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from service.domain.days import day_of
from service.domain.errors import Fault, Refused
from service.domain.inspect.draws import CHECK_KINDS, TRIGGERS
from service.domain.shapes import has_forbidden

PLANNED, STARTED, FINISHED, CANCELLED = "planned", "started", "finished", "cancelled"
STATES = (PLANNED, STARTED, FINISHED, CANCELLED)
LEAST_PERSONS = 2  # nobody looks alone, and a refused signature needs a second auditor
MOST_PERSONS, MOST_DRAWS, MOST_CHECKLISTS = 20, 50, 50
MOST_REASON = 1000  # characters


@dataclass(frozen=True)
class Visit:
    """One visit of a site on one day.

    `persons` are user ids, the first one leads. `draws` are opened when the visit starts, `checklists` (version ids)
    are filled in once a visit. `forms` says which checklist version each draw uses; it is fixed at the start.
    `history` has the changes of persons and what was left open: what, from, to, reason, at, by.
    """

    id: str
    project: str
    site: str
    on: date
    persons: tuple[str, ...]
    draws: tuple[str, ...] = ()
    checklists: tuple[str, ...] = ()
    kind: str = "random"
    trigger: str = "plan"
    note: str = ""
    state: str = PLANNED
    forms: Mapping[str, str] = field(default_factory=dict)
    planned_at: datetime | None = None
    planned_by: str = ""
    started_at: datetime | None = None
    started_by: str = ""
    finished_at: datetime | None = None
    finished_by: str = ""
    history: tuple[Mapping[str, Any], ...] = ()
    version: int = 1

    @property
    def lead(self) -> str:
        return self.persons[0]

    @property
    def running(self) -> bool:
        """Whether there is still something to do."""
        return self.state in (PLANNED, STARTED)


def check(visit: Visit) -> None:
    """What can be seen from the visit alone. Raises Refused("invalid") naming every field."""
    faults = []
    if len(visit.persons) < LEAST_PERSONS:
        faults.append(Fault("persons", "too_few_persons", {"limit": LEAST_PERSONS}))
    for name, most in (("persons", MOST_PERSONS), ("draws", MOST_DRAWS), ("checklists", MOST_CHECKLISTS)):
        given = getattr(visit, name)
        faults += [Fault(name, "duplicate", {"value": one}) for one in dict.fromkeys(given) if given.count(one) > 1]
        if len(given) > most:
            faults.append(Fault(name, "out_of_range", {"lower": 0, "upper": most}))
    for name, options in (("kind", CHECK_KINDS), ("trigger", TRIGGERS)):
        if getattr(visit, name) not in options:
            values = {"value": getattr(visit, name), "options": ", ".join(options)}
            faults.append(Fault(name, "not_an_option", values))
    if faults:
        raise Refused("invalid", faults)


def check_reason(reason: str) -> str:
    """A reason that can be read later. Raises Refused("invalid")."""
    reason = reason.strip()
    if not reason:
        raise Refused("invalid", [Fault("reason", "missing")])
    if len(reason) > MOST_REASON:
        raise Refused("invalid", [Fault("reason", "too_long", {"limit": MOST_REASON})])
    if has_forbidden(reason):
        raise Refused("invalid", [Fault("reason", "control_characters")])
    return reason


def require_state(visit: Visit, *states: str) -> None:
    """Raises Refused("state_conflict") unless the visit is in one of these states."""
    if visit.state not in states:
        raise Refused("state_conflict", noun="visit", state=visit.state)


def may_start(visit: Visit, person: str, now: datetime) -> None:
    """A visit starts on its day where the project is, by one of its persons.

    What is drawn is opened by that, so nobody may open it the day before or from a desk. Raises Refused.
    """
    if person not in visit.persons:
        raise Refused("not_of_visit")
    require_state(visit, PLANNED)
    if day_of(now) != visit.on:
        raise Refused("visit_not_today", on=visit.on.isoformat(), today=day_of(now).isoformat())


def all_finished(visits: Iterable[Visit]) -> bool:
    """Whether the visits of a draw are over: there is a finished one, and no other is planned or going on."""
    states = {visit.state for visit in visits} - {CANCELLED}
    return states == {FINISHED}
