"""Recurring tasks: the buyer looks at progress and money each quarter and has funds audited each half-year (S05)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from service.domain.errors import Fault, Refused
from service.domain.procedure.consequences import later

PARTS = ("authority", "purchaser", "evaluator", "provider")
MOST_MONTHS, MOST_DATES = 36, 240


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


def dates(task: RecurringTask) -> tuple[date, ...]:
    """The days on which the task is due: at the end of each span of months, and at the end of a shorter last one."""
    found: list[date] = []
    while len(found) < MOST_DATES:
        day = later(task.from_on, task.months * (len(found) + 1))
        if day >= task.to_on:
            return (*found, task.to_on)
        found.append(day)
    return tuple(found)


def open_dates(task: RecurringTask, done: Collection[date]) -> tuple[date, ...]:
    """Those that nobody has reported yet."""
    return tuple(day for day in dates(task) if day not in done)


def check_task(task: RecurringTask) -> None:
    """Raises Refused("invalid") naming every field that does not fit."""
    faults = []
    if not 1 <= task.months <= MOST_MONTHS:
        faults.append(Fault("months", "out_of_range", {"lower": 1, "upper": MOST_MONTHS}))
    if task.to_on <= task.from_on:
        faults.append(Fault("to_on", "ends_before"))
    if task.whom not in PARTS:
        faults.append(Fault("whom", "not_an_option", {"value": task.whom, "options": ", ".join(PARTS)}))
    if faults:
        raise Refused("invalid", faults)


def check_report(task: RecurringTask, report: TaskReport, today: date) -> None:
    """Of one of the task's dates, done by today. Raises Refused("invalid")."""
    faults = []
    if report.due_on not in dates(task):
        options = ", ".join(day.isoformat() for day in dates(task)[:24])
        faults.append(Fault("due_on", "not_an_option", {"value": report.due_on.isoformat(), "options": options}))
    if report.done_on > today:
        faults.append(Fault("done_on", "day_to_come", {"today": today.isoformat()}))
    if not report.text.strip():
        faults.append(Fault("text", "empty"))
    if faults:
        raise Refused("invalid", faults)
