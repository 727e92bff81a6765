"""The desk's pages of tasks that recur: set up by hand or from a scheme, and reported date by date."""

from flask import Response, request, url_for
from flask_babel import gettext as _

from schemas.procedure.payments import FromSchemeSchema, RecurringTaskSchema, TaskReportSchema
from service.domain import access
from service.domain.days import day_of
from service.domain.procedure.recurring_tasks import PARTS, RecurringTask, TaskReport
from service.domain.projects import Project
from service.operations import projects
from service.operations.evaluate import rounds
from service.operations.procedure import recurring_tasks
from service.operations.procedure.objections import is_part
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import Field, Form, Steps
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.procedure.act_pages import act_page, project_steps
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import word

SET_UP = Form(
    RecurringTaskSchema,
    (
        Field("id", "", "new_id"),
        Field("label", N_("Task")),
        Field("months", N_("Every how many months"), "number"),
        Field("from_on", N_("From"), "date"),
        Field("to_on", N_("To"), "date"),
        Field("whom", N_("Whose task it is"), "choice"),
        Field("basis", N_("Basis")),
    ),
)
FROM_SCHEME = Form(FromSchemeSchema, (Field("scheme", N_("Scheme"), "choice"),))
REPORT = Form(
    TaskReportSchema,
    (
        Field("due_on", N_("For the date"), "choice"),
        Field("done_on", N_("Done on"), "date"),
        Field("text", N_("What was done and found"), "long"),
    ),
)


@blueprint.get("/projects/<id>/recurring-tasks", endpoint="recurring_tasks")
@requires("recurring_tasks.read")
@way(
    "project",
    N_("Tasks that recur"),
    "recurring_tasks.read",
    heading=N_("What follows"),
    order=80,
    endpoint="recurring_tasks",
)
def list_recurring_tasks(id: str) -> Response:
    """The tasks with the dates still open and their reports."""
    project = projects.project(actor(), id, "recurring_tasks.read")
    found = recurring_tasks.of_project(actor(), id)
    return page(
        "procedure/recurring_tasks.html",
        project=project,
        found=found,
        today=day_of(now()),
        mine={one.task.id for one in found if is_part(actor(), project, one.task.whom)},
        writes=access.may(actor(), "recurring_tasks.write", project.parties),
    )


def _path(project: Project) -> Steps:
    return [
        *project_steps(project),
        (_("Tasks that recur"), url_for("desk.recurring_tasks", id=project.id)),
    ]


@blueprint.route("/projects/<id>/recurring-tasks/new", methods=["GET", "POST"])
@requires("recurring_tasks.write")
def set_up_task(id: str) -> Response:
    """Set up one."""
    project = projects.project(actor(), id, "recurring_tasks.write")
    return act_page(
        SET_UP.having({"whom": [(one, word("party", one)) for one in PARTS]}),
        (_("Set up a task that recurs"), _("Set it up")),
        _path(project),
        lambda values, _version: recurring_tasks.set_up(actor(), now(), RecurringTask(**values, project=id)),
        lambda _made: url_for("desk.recurring_tasks", id=id),
        values={"from_on": project.starts_on, "to_on": project.ends_on},
    )


@blueprint.route("/projects/<id>/recurring-tasks/from-scheme", methods=["GET", "POST"])
@requires("recurring_tasks.write")
def tasks_from_scheme(id: str) -> Response:
    """Set up what the scheme of a round asks for every so often."""
    project = projects.project(actor(), id, "recurring_tasks.write")
    known = dict.fromkeys(row.scheme for row in rounds.listed(actor(), project=id))
    return act_page(
        FROM_SCHEME.having({"scheme": [(one, one) for one in known]}),
        (_("Set up the tasks of a scheme"), _("Set them up")),
        _path(project),
        lambda values, _version: recurring_tasks.from_scheme(actor(), now(), id, values["scheme"]),
        lambda _made: url_for("desk.recurring_tasks", id=id),
        lead=_("Those that the scheme names, over the project's time. What is there already stays."),
    )


@blueprint.route("/recurring-tasks/<id>/report", methods=["GET", "POST"])
@requires("recurring_tasks.report")
def report_task(id: str) -> Response:
    """Report what was found on one of the task's dates."""
    there = recurring_tasks.one(actor(), id, "recurring_tasks.report")
    project = projects.project(actor(), there.task.project)
    days = [(day.isoformat(), day.isoformat()) for day in there.open_dates]
    asked = request.args.get("on", "")

    def report(values: dict[str, object], _version: int) -> object:
        said = TaskReport(id="", task=id, project="", at=now(), by=actor().id, **values)  # type: ignore[arg-type]
        return recurring_tasks.report(actor(), now(), said)

    return act_page(
        REPORT.having({"due_on": days}),
        (there.task.label, _("Report")),
        _path(project),
        report,
        lambda _made: url_for("desk.recurring_tasks", id=project.id),
        values={"due_on": next((day for day in there.open_dates if day.isoformat() == asked), None)},
    )
