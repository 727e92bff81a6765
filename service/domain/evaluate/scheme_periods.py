"""The scheme's own year and its periods, what units earned in each against their targets, and credit to superiors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from service.domain.errors import Fault, Refused
from service.domain.evaluate.evidence import Event, Evidence
from service.domain.evaluate.schemes import Calendar, Scheme
from service.domain.evaluate.scores import score
from service.domain.rounding import settled

MONTHS = {"year": 12, "half_year": 6, "quarter": 3, "month": 1}
YEAR = 12
ZERO = Decimal(0)


@dataclass(frozen=True, order=True)
class Period:
    """One period of a scheme's year; the year is called after the one in which it ends (I01: December is 2026's)."""

    year: int
    number: int  # from 1; 0 for the whole year
    start: date
    end: date  # included


@dataclass(frozen=True)
class Standing:
    """Points of one period against the group's target for it; `met` is None where there is no target (I10)."""

    period: Period
    points: Decimal
    target: Decimal | None
    met: bool | None


@dataclass(frozen=True)
class UnitLink:
    """`child` reports directly and belongs to `parent`, which is credited with `factor` of its points (I10)."""

    child: str
    parent: str
    factor: Decimal


@dataclass(frozen=True)
class Credit:
    """What one unit has: its `own` points stay its own; `received` is shown apart, so that no sum counts it twice."""

    own: Decimal
    received: Decimal

    @property
    def total(self) -> Decimal:
        return self.own + self.received


def period_of(calendar: Calendar, day: date, length: str = "") -> Period:
    """The period in which a day lies; `length` is a word of PERIODS, by default the calendar's own."""
    months = MONTHS[length or calendar.period]
    month, first = (int(part) for part in calendar.year_start.split("-"))
    began = day.year if (day.month, day.day) >= (month, first) else day.year - 1
    passed = (day.year - began) * YEAR + day.month - month - (1 if day.day < first else 0)
    at = passed // months
    start = _shifted(date(began, month, first), at * months)
    end = _shifted(start, months) - timedelta(days=1)
    year = (_shifted(date(began, month, first), YEAR) - timedelta(days=1)).year
    return Period(year, 0 if months == YEAR else at + 1, start, end)


def _shifted(day: date, months: int) -> date:
    """The same day so many months later; a calendar starts on a day that each month has."""
    whole = day.month - 1 + months
    return date(day.year + whole // YEAR, whole % YEAR + 1, day.day)


def standings(scheme: Scheme, group: str, events: Sequence[Event]) -> tuple[Standing, ...]:
    """Per period and for the year, in time order: what the events earned and whether the group's target is met (I09).

    Raises Refused("invalid") for an unknown group, or a scheme that has no year of its own.
    """
    known = {one.id: one for one in scheme.groups}
    if group not in known or scheme.calendar is None:
        raise Refused(
            "invalid", [Fault("group", "not_an_option", {"value": group, "options": ", ".join(known) or "-"})]
        )
    found: list[Standing] = []
    for length in dict.fromkeys((scheme.calendar.period, "year")):
        split: dict[Period, list[Event]] = {}
        for event in events:
            if event.on is not None:
                split.setdefault(period_of(scheme.calendar, event.on, length), []).append(event)
        target = known[group].targets.get(length)
        for period, own in split.items():
            points = score(scheme, Evidence(events=tuple(own))).total
            found.append(Standing(period, points, target, None if target is None else points >= target))
    return tuple(sorted(found, key=lambda one: (one.period.year, one.period.number == 0, one.period.number)))


def in_a_row(outcomes: Sequence[bool | None], wanted: bool) -> int:
    """How many of the last outcomes in time order are `wanted` without a break (I12, I13)."""
    count = 0
    for outcome in reversed(outcomes):
        if outcome is not wanted:
            break
        count += 1
    return count


def credited(totals: Mapping[str, Decimal], links: Sequence[UnitLink]) -> dict[str, Credit]:
    """Each unit's own points and what it receives from those that report to it; received points are never passed on.

    Raises Refused("invalid") if a unit would, however far round, be its own superior.
    """
    parents: dict[str, list[str]] = {}
    for link in links:
        parents.setdefault(link.child, []).append(link.parent)
    for unit in parents:
        if unit in _above(unit, parents):
            raise Refused("invalid", [Fault(f"links.{unit}", "link_circle", {"unit": unit})])
    received: dict[str, Decimal] = {}
    for link in links:
        received[link.parent] = received.get(link.parent, ZERO) + settled(totals.get(link.child, ZERO) * link.factor)
    units = [*totals, *(unit for unit in received if unit not in totals)]
    return {unit: Credit(totals.get(unit, ZERO), received.get(unit, ZERO)) for unit in units}


def _above(unit: str, parents: Mapping[str, list[str]]) -> set[str]:
    found: set[str] = set()
    todo = list(parents.get(unit, []))
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += parents.get(one, [])
    return found
