"""The desk's page of a project's cases: objections to its checks, appeals to its results, and where one begins."""

from flask import Response, url_for
from flask_babel import gettext as _

from service.domain import access
from service.domain.access import Actor
from service.domain.days import day_of
from service.domain.evaluate.rounds import APPEAL, AUTHORITY, NOTIFIED, RoundRow
from service.domain.inspect.notices import SERVED, Notice
from service.domain.procedure.appeals import INITIATORS
from service.domain.projects import Project
from service.operations import projects
from service.operations.evaluate import rounds
from service.operations.inspect import notices
from service.operations.procedure import appeals, objections
from service.operations.procedure.objections import is_part
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import Steps
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.procedure.act_pages import project_steps
from service.web.pages.desk.ways import N_, way


@blueprint.get("/projects/<id>/cases")
@requires("objections.read")
@way("project", N_("Objections and appeals"), "objections.read", heading=N_("What follows"), order=70)
def cases(id: str) -> Response:
    """All cases that the reader may see, the latest first, and the notices and results that can still be met by one."""
    project = projects.project(actor(), id, "objections.read")
    today = day_of(now())
    found = objections.of_project(actor(), id)
    told = notices.of_project(actor(), id)
    rows = rounds.listed(actor(), project=id)
    return page(
        "procedure/cases.html",
        project=project,
        objections=found,
        appeals=appeals.of_project(actor(), id),
        numbers={one.id: one.number for one in told},
        names={one.id: one.name for one in rows},
        open_notices=_open_notices(actor(), project, told),
        open_rounds=_open_rounds(actor(), project, rows),
        today=today,
    )


def _open_notices(reader: Actor, project: Project, told: list[Notice]) -> list[Notice]:
    """Served notices, for who may object; whether it is still in time is said there, since a paper may be under way."""
    if not access.may(reader, "objections.write", project.parties):
        return []
    today = day_of(now())
    own = is_part(reader, project, objections.PROVIDER)
    in_time = [one for one in told if not own or one.object_by is None or one.object_by >= today]
    return [one for one in in_time if one.state == SERVED]


def _open_rounds(reader: Actor, project: Project, rows: list[RoundRow]) -> list[RoundRow]:
    """Rounds whose result was notified, for the parties and for the body that enters papers."""
    if not any(is_part(reader, project, part) for part in (*INITIATORS, AUTHORITY)):
        return []
    return [one for one in rows if one.state in (NOTIFIED, APPEAL)]


def path_to(project: Project) -> Steps:
    """The steps above a case."""
    return [*project_steps(project), (_("Objections and appeals"), url_for("desk.cases", id=project.id))]
