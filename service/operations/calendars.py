"""Calendars of working days: the administrator's list first, then the published one, then weekdays, provisionally."""

import hashlib
from datetime import MAXYEAR, date, datetime

from service.domain import access, deadlines
from service.domain.access import Actor
from service.domain.deadlines import MOST_DAYS, Deadline, Term, WorkingDays, Year
from service.domain.errors import Fault, Refused
from service.operations.acts import act
from service.store import Tx, records

SCOPE = "calendars"


def enter(actor: Actor, now: datetime, year: int, text: str, source: str) -> tuple[Year, bool]:
    """Keep a year's announced days (CSV, see `read_year`); -> (the year, whether anything changed).

    A later announcement takes the place of an earlier one; deadlines that were served stay as they were served.
    """
    access.require(actor, "calendars.write")
    days = deadlines.read_year(text, year)
    digest = hashlib.sha256("\n".join(f"{day},{works}" for day, works in days.items()).encode()).hexdigest()
    there = records.get(Year, str(year))
    if there is not None and (there.digest, there.source) == (digest, source):
        return there, False
    entered = Year(str(year), source, days, digest, now, actor.id, 1 if there is None else there.version + 1)
    details = {"source": source, "days": len(days), "sha256": digest, "version": entered.version}

    def write(tx: Tx) -> None:
        if there is None:
            records.insert(entered, tx)
        else:
            records.replace(entered, there.version, tx)

    act("calendar.entered", actor, now, SCOPE, entered.id, details, write)
    return entered, True


def of_year(actor: Actor, year: int) -> Year | None:
    """The announced days of a year as they were entered, or as published with the software; None if neither is there.

    An unentered year has version 0.
    """
    access.require(actor, "calendars.read")
    there = records.get(Year, str(year))
    if there is not None:
        return there
    days = published(year)
    known = {day.isoformat(): works for day, works in sorted(days.items())}
    return Year(str(year), "chinesecalendar", known, version=0) if days else None


def working_days(first: date, last: date) -> WorkingDays:
    """What is known of the years from `first` to `last`."""
    known = {year: _entered(year) or published(year) for year in range(first.year, last.year + 1)}
    return WorkingDays({year: days for year, days in known.items() if days})


def deadline(event: date, term: Term) -> Deadline:
    """`deadlines.deadline` by the calendars that are there."""
    if event.year + MOST_DAYS // 200 >= MAXYEAR:
        raise Refused(
            "invalid", [Fault("on", "out_of_range", {"lower": date.min, "upper": MAXYEAR - MOST_DAYS // 200})]
        )
    reach = date(event.year + term.days // 200 + 1, 1, 1)  # more than 200 days of each year are worked
    return deadlines.deadline(event, term, working_days(event, reach))


def published(year: int) -> dict[date, bool]:
    """The days of a year that differ from its weekdays, by the package chinesecalendar; empty for a year it lacks."""
    from chinese_calendar.constants import holidays, workdays  # late: start-up stays light

    days = {day: False for day in holidays if day.year == year} | {day: True for day in workdays if day.year == year}
    return {day: works for day, works in days.items() if works != (day.weekday() < 5)}


def _entered(year: int) -> dict[date, bool]:
    there = records.get(Year, str(year))
    return {date.fromisoformat(day): works for day, works in there.days.items()} if there else {}
