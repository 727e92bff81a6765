"""Recurring tasks: set up for a project, by hand or as its scheme says, and reported date by date (S05)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.domain.access import PARTY_OF_ROLE, Actor
from service.domain.days import day_of
from service.domain.errors import Fault, Refused
from service.domain.procedure import recurring_tasks as rules
from service.domain.procedure.consequences import MONTHS
from service.domain.procedure.due import Due
from service.domain.procedure.recurring_tasks import RecurringTask, TaskReport
from service.operations import projects
from service.operations.acts import create_once, load
from service.operations.evaluate import schemes
from service.store import records


@dataclass(frozen=True)
class TaskWithDates:
    """A task, the dates that are not reported yet, and the reports that there are."""

    task: RecurringTask
    open_dates: tuple[date, ...]
    reports: tuple[TaskReport, ...]


def of_project(actor: Actor, project_id: str) -> list[TaskWithDates]:
    """The tasks of a project with their open dates and reports."""
    project = projects.project(actor, project_id, "recurring_tasks.read")
    return _with_dates((project.id,))


def _with_dates(project_ids: Sequence[str]) -> list[TaskWithDates]:
    if not project_ids:
        return []
    reports: dict[str, list[TaskReport]] = {}
    for report in records.find(TaskReport, project=tuple(project_ids)):
        reports.setdefault(report.task, []).append(report)
    found = []
    for task in records.find(RecurringTask, project=tuple(project_ids)):
        mine = tuple(sorted(reports.get(task.id, ()), key=lambda report: report.due_on))
        found.append(TaskWithDates(task, rules.open_dates(task, {one.due_on for one in mine}), mine))
    return found


def one(actor: Actor, id: str, action: str = "recurring_tasks.read") -> TaskWithDates:
    """One task with its open dates."""
    task = load(RecurringTask, id, "task")
    projects.project(actor, task.project, action)
    return next(found for found in _with_dates((task.project,)) if found.task.id == id)


def set_up(actor: Actor, now: datetime, task: RecurringTask) -> tuple[RecurringTask, bool]:
    """Raises Refused("invalid")."""
    project = projects.project(actor, task.project, "recurring_tasks.write")
    rules.check_task(task)
    return create_once("recurring_task.set_up", actor, now, projects.scope(project.id), task)


def from_scheme(actor: Actor, now: datetime, project_id: str, scheme_id: str) -> list[RecurringTask]:
    """Set up what a scheme asks for every so often, over the project's time. Raises Refused("invalid")."""
    project = projects.project(actor, project_id, "recurring_tasks.write")
    if project.starts_on is None or project.ends_on is None:
        raise Refused("invalid", [Fault("project", "project_undated")])
    scheme = schemes.parsed(schemes.for_project(scheme_id, project.id).id)
    return [
        set_up(
            actor,
            now,
            RecurringTask(
                id=f"{project.id}-{task.id}",
                project=project.id,
                label=task.label.get("zh-Hans") or next(iter(task.label.values())),
                months=MONTHS[task.every],
                from_on=project.starts_on,
                to_on=project.ends_on,
                whom=task.whom,
                basis=scheme_id,
            ),
        )[0]
        for task in scheme.tasks
        if task.every
    ]


def report(actor: Actor, now: datetime, said: TaskReport) -> tuple[TaskReport, bool]:
    """Only by the part whose task it is. Raises Refused: forbidden, invalid, id_taken."""
    task = load(RecurringTask, said.task, "task")
    project = projects.project(actor, task.project, "recurring_tasks.report")
    mine = {PARTY_OF_ROLE.get(role) for role in actor.roles}
    if task.whom not in mine or project.parties[task.whom] != actor.organisation:
        raise Refused("forbidden")
    made = TaskReport(**vars(said) | {"project": project.id, "id": f"{task.id}@{said.due_on.isoformat()}"})
    rules.check_report(task, made, day_of(now))
    return create_once("recurring_task.reported", actor, now, projects.scope(project.id), made, ("at", "by"))


def due(project_ids: Sequence[str], today: date) -> list[Due]:
    """Every date that has passed without a report, and the next one."""
    found = []
    for one in _with_dates(project_ids):
        passed = [day for day in one.open_dates if day < today]
        coming = [day for day in one.open_dates if day >= today][:1]
        label = {"zh-Hans": one.task.label}
        found += [
            Due(one.task.project, "", "recurring_task", one.task.id, label, day, False, one.task.whom, day < today)
            for day in (*passed, *coming)
        ]
    return found
