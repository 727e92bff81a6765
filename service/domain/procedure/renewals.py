"""Renewals: a service of several years is signed year by year, and the year's result decides about the next (C11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.domain.errors import Fault, Refused
from service.domain.procedure.consequences import last_day

MOST_YEARS = 3
YEAR = 12


@dataclass(frozen=True)
class ContractYear:
    """One signed year of a project; from the second on `result` is what it rests on."""

    id: str
    project: str
    number: int
    from_on: date
    to_on: date
    signed_on: date
    document: str
    at: datetime
    by: str
    result: str = ""
    reason: str = ""


def check_year(years: Sequence[ContractYear], new: ContractYear, most: int) -> None:
    """A year at most, right after the one before, all within `most` years of the first day (at most three by C11).

    Raises Refused: renewal_over, invalid.
    """
    faults = []
    if new.to_on < new.from_on:
        faults.append(Fault("to_on", "ends_before"))
    elif new.to_on > last_day(new.from_on, YEAR):
        faults.append(Fault("to_on", "year_too_long", {"last": last_day(new.from_on, YEAR).isoformat()}))
    if years and new.from_on != years[-1].to_on + timedelta(days=1):
        next_day = years[-1].to_on + timedelta(days=1)
        faults.append(Fault("from_on", "year_follows", {"on": next_day.isoformat()}))
    if not new.document.strip():
        faults.append(Fault("document", "missing"))
    if faults:
        raise Refused("invalid", faults)
    first = years[0].from_on if years else new.from_on
    end = last_day(first, YEAR * min(most, MOST_YEARS))
    if new.to_on > end:
        raise Refused("renewal_over", end=end.isoformat())
