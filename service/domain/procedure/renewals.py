"""Renewals: a service of several years is signed year by year, and the year's result decides about the next (C11)."""

from dataclasses import dataclass
from datetime import date, datetime

MOST_YEARS = 3


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
