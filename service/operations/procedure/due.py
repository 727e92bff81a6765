"""What is due: each noun tells its own, lists and calendars put it together."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from service.domain.access import Actor
from service.domain.days import day_of
from service.domain.procedure.due import Due
from service.domain.projects import Project
from service.operations import projects
from service.operations.procedure import (
    appeals,
    consequences,
    deadlines,
    duties,
    follow_ups,
    judging,
    objections,
    payments,
    recurring_tasks,
    round_schemes,
)

Source = Callable[[Sequence[str], date], list[Due]]
SOURCES: tuple[Source, ...] = (
    deadlines.due,
    appeals.due,
    consequences.due,
    duties.due,
    follow_ups.due,
    judging.due,
    objections.due,
    payments.due,
    recurring_tasks.due,
    round_schemes.due,
)


def of(actor: Actor, now: datetime, overdue: bool = False) -> list[Due]:
    """What is due in the projects of the actor's organisation, the earliest first."""
    return of_projects(projects.projects(actor), now, overdue)


def of_projects(mine: Sequence[Project], now: datetime, overdue: bool = False) -> list[Due]:
    """The same in these projects: whoever asks has been checked."""
    ids = [project.id for project in mine]
    found = [one for source in SOURCES for one in source(ids, day_of(now))] if ids else []
    return sorted((one for one in found if one.overdue or not overdue), key=lambda one: (one.on, one.round, one.kind))
