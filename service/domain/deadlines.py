"""Deadlines: terms in calendar or working days, counted by a calendar of working days that says how sure it is."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from service.domain.days import day_of
from service.domain.errors import Fault, Refused

CALENDAR, WORKING = "calendar", "working"
UNITS = (CALENDAR, WORKING)
MOST_DAYS = 3660
_SATURDAY = 5
KINDS = {"off": False, "work": True}  # words of a calendar's file -> whether one works on that day


@dataclass(frozen=True)
class Year:
    """One year's days that differ from Monday to Friday: True for a weekend that is worked, False for a weekday off."""

    id: str  # the year, as text
    source: str
    days: Mapping[str, bool]  # ISO date -> whether one works
    digest: str = ""
    entered_at: datetime | None = None
    entered_by: str = ""
    version: int = 1


@dataclass(frozen=True)
class WorkingDays:
    """Which days are worked. Years that are not in `years` go by weekday, and what is counted through them is
    provisional: the State Council announces a year's days off in the autumn before."""

    years: Mapping[int, Mapping[date, bool]] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        return self.years.get(day.year, {}).get(day, day.weekday() < _SATURDAY)

    def knows(self, first: date, last: date) -> bool:
        return all(year in self.years for year in range(first.year, last.year + 1))


@dataclass(frozen=True)
class Term:
    """So many days of a unit. `roll`: a last day that is not worked moves to the next one that is.

    `basis` is where the term stands; calendar days roll by the Civil Code, art. 203, and working days need not.
    """

    days: int
    unit: str = CALENDAR
    roll: bool = True
    basis: str = ""


@dataclass(frozen=True)
class Deadline:
    """The last day on which something is in time; `provisional` while a year of it has no announced days off."""

    on: date
    provisional: bool


def deadline(event: date, term: Term, calendar: WorkingDays) -> Deadline:
    """The last day of a term that an event on day `event` begins.

    The day of the event is not counted (Civil Code, art. 201). Raises Refused("invalid") for an unknown unit or for
    less than one or more than 3,660 days.
    """
    if term.unit not in UNITS:
        raise Refused("invalid", [Fault("unit", "not_an_option", {"value": term.unit, "options": ", ".join(UNITS)})])
    if not 1 <= term.days <= MOST_DAYS:
        raise Refused("invalid", [Fault("days", "out_of_range", {"lower": 1, "upper": MOST_DAYS})])
    last = event + timedelta(days=term.days) if term.unit == CALENDAR else _after(event, term.days, calendar)
    while term.unit == CALENDAR and term.roll and not calendar.works(last):
        last += timedelta(days=1)
    return Deadline(last, not calendar.knows(event, last))


def _after(event: date, days: int, calendar: WorkingDays) -> date:
    last = event
    while days:
        last += timedelta(days=1)
        days -= calendar.works(last)
    return last


def overdue(on: date, now: datetime) -> bool:
    """Whether the last day has passed."""
    return day_of(now) > on


def read_year(text: str, year: int) -> dict[str, bool]:
    """The days of a calendar's file: CSV with the header `date,day`, the dates of one year, each `off` or `work`.

    Raises Refused("invalid") naming the row: an unreadable date, another year, a day twice, another word; a day off
    that is a weekend anyway, or a worked day that is a weekday, is a slip of the pen.
    """
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    if not rows or [cell.strip().lower() for cell in rows[0]] != ["date", "day"]:
        raise Refused("invalid", [Fault("rows.1", "calendar_header")])
    found: dict[str, bool] = {}
    faults = []
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        said = _day(row, year)
        if isinstance(said, Fault):
            faults.append(replace(said, field=f"rows.{number}"))
        elif (iso := said[0].isoformat()) in found:
            faults.append(Fault(f"rows.{number}", "duplicate", {"value": iso}))
        else:
            found[iso] = said[1]
    if faults or not found:
        raise Refused("invalid", faults[:50] or [Fault("rows", "empty")])
    return dict(sorted(found.items()))


def _day(row: list[str], year: int) -> tuple[date, bool] | Fault:
    cells = [cell.strip() for cell in row]
    if len(cells) != 2 or cells[1].lower() not in KINDS:
        return Fault("", "calendar_cells")
    try:
        day = date.fromisoformat(cells[0])
    except ValueError:
        return Fault("", "not_a_date")
    works = KINDS[cells[1].lower()]
    if day.year != year:
        return Fault("", "other_year", {"value": cells[0], "year": year})
    if works == (day.weekday() < _SATURDAY):
        return Fault("", "weekday_anyway" if works else "weekend_anyway", {"value": cells[0]})
    return day, works


def streaks(days: Mapping[str, bool]) -> list[tuple[date, date, bool]]:
    """The same days as runs of consecutive ones (first, last, whether worked), for showing them."""
    ordered = [(date.fromisoformat(iso), works) for iso, works in sorted(days.items())]
    runs: list[tuple[date, date, bool]] = [(day, day, works) for day, works in ordered[:1]]
    for (before, worked), (day, works) in pairwise(ordered):
        if works == worked and day - before == timedelta(days=1):
            runs[-1] = (runs[-1][0], day, works)
        else:
            runs.append((day, day, works))
    return runs
