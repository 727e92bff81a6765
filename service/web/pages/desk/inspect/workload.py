"""The desk's pages of workload, and of back-checks with how far the two looks agree."""

from decimal import Decimal
from typing import Any

from flask import Response, url_for
from marshmallow import post_load, validate, validates

from schemas.base import exact
from schemas.inspect.visits import BackCheckDrawSchema
from service.domain.inspect.back_checks import LEAST_SHARE, MOST_SHARE
from service.domain.inspect.draws import RecordedDraw
from service.domain.projects import Project
from service.operations import projects
from service.operations.inspect import assignments, back_checks, conflicts, draws
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import Field, Form, ShownForm, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.inspect.visits import people
from service.web.pages.desk.ways import N_, way

PERCENT = validate.Range(int(LEAST_SHARE * 100), int(MOST_SHARE * 100))


class AskedBackChecksSchema(BackCheckDrawSchema):
    """As over the API, with the share in percent, as people say it."""

    share = exact(required=True)

    @validates("share")
    def percent(self, value: Decimal, **_more: Any) -> None:
        PERCENT(value)

    @post_load
    def of_one(self, values: dict[str, Any], **_more: Any) -> dict[str, Any]:
        return values | {"share": values["share"] / 100}


DRAW = Form(
    AskedBackChecksSchema,
    (
        Field("id", "", "new_id"),
        Field("share", N_("Share in percent (10 to 20)"), "decimal"),
        Field("auditors", N_("Only these (none ticked: all who may)"), "choices"),
    ),
)


@blueprint.get("/projects/<id>/workload", endpoint="workload")
@requires("visits.read")
@way("project", N_("Workload and declarations"), "visits.read", heading=N_("Inspecting"), order=46, endpoint="workload")
def show_workload(id: str) -> Response:
    """Visits, items and days of each person; who has declared what."""
    project = projects.project(actor(), id, "visits.read")
    loads = assignments.workload(actor(), id)
    said = conflicts.of_project(actor(), id)
    return page("inspect/workload.html", project=project, loads=loads, declared=said, people=people())


@blueprint.get("/draws/<id>/back-checks", endpoint="back_checks")
@requires("assignments.write")
def show_back_checks(id: str) -> Response:
    """What is looked up again, by whom, and kappa."""
    found = _drawn(id)
    return _shown(*found, _form(found[1]).shown({"share": Decimal(PERCENT.min)}))


@blueprint.post("/draws/<id>/back-checks")
@requires("assignments.write")
def draw_back_checks(id: str) -> Response:
    """Draw some of what is finished; the page carries the id, so that pressing twice draws once."""
    draw, project = _drawn(id)

    def act(values: dict[str, Any], version: int) -> Any:
        who = tuple(values["auditors"])
        return back_checks.draw_back_checks(actor(), now(), values["id"], id, values["share"], who)

    return save(
        _form(project),
        act,
        lambda made: url_for("desk.back_checks", id=id),
        lambda shown, status: _shown(draw, project, shown, status),
    )


def _drawn(id: str) -> tuple[RecordedDraw, Project]:
    draw = draws.get(actor(), id)
    return draw, projects.project(actor(), draw.project, "assignments.write")


def _form(project: Project) -> Form:
    auditors = [user for user in conflicts.field_workers(project) if "auditor" in user.roles]
    return DRAW.having({"auditors": [(user.id, user.username) for user in auditors]})


def _shown(draw: RecordedDraw, project: Project, shown: ShownForm, status: int = 200) -> Response:
    return page(
        "inspect/back_checks.html",
        status,
        draw=draw,
        project=project,
        rounds=back_checks.of_draw(actor(), draw.id),
        items=back_checks.handed_of(actor(), draw.id),
        told=back_checks.agreement(actor(), draw.id),
        people=people(),
        shown=shown,
    )
