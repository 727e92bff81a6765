"""Recurring tasks: the buyer looks at progress and money each quarter and has funds audited each half-year (S05)."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class RecurringTask:
    """Every `months` months from `from_on` to `to_on`, by the part `whom`."""

    id: str
    project: str
    label: str
    months: int
    from_on: date
    to_on: date
    whom: str
    basis: str = ""
    version: int = 1


@dataclass(frozen=True)
class TaskReport:
    """That the task of one date was done, and what was found; the id is the task's with the date."""

    id: str
    task: str
    project: str
    due_on: date
    done_on: date
    text: str
    at: datetime
    by: str
