"""The desk's pages of workload, and of back-checks with how far the two looks agree."""

import uuid
from decimal import Decimal, InvalidOperation

from flask import Response, request

from service.domain.errors import Fault, Refused
from service.operations import projects
from service.operations.inspect import assignments, back_checks, conflicts, draws
from service.web.auth import actor, now, requires
from service.web.errors import status_of
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.inspect.visits import people, to, told
from service.web.pages.desk.ways import N_, way


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
    return _shown(id)


@blueprint.post("/draws/<id>/back-checks")
@requires("assignments.write")
def draw_back_checks(id: str) -> Response:
    """Draw some of what is finished; the page carries the id, so that pressing twice draws once."""
    try:
        fresh = request.form.get("id") or uuid.uuid4().hex
        back_checks.draw_back_checks(actor(), now(), fresh, id, _share(), tuple(request.form.getlist("auditor")))
    except Refused as refused:
        return _shown(id, refused)
    return to("desk.back_checks", id=id)


def _share() -> Decimal:
    """Percent, as people write it."""
    text = request.form.get("share", "").strip()
    try:
        share = Decimal(text) / 100 if text.isascii() and len(text) < 6 else None
    except InvalidOperation:
        share = None
    if share is None or not share.is_finite():
        raise Refused("invalid", [Fault("share", "not_a_number")])
    return share


def _shown(id: str, refused: Refused | None = None) -> Response:
    errors = told(refused)
    draw = draws.get(actor(), id)
    project = projects.project(actor(), draw.project, "assignments.write")
    return page(
        "inspect/back_checks.html",
        status_of(refused) if refused else 200,
        draw=draw,
        project=project,
        rounds=back_checks.of_draw(actor(), id),
        items=back_checks.handed_of(actor(), id),
        told=back_checks.agreement(actor(), id),
        workers=[user for user in conflicts.field_workers(project) if "auditor" in user.roles],
        people=people(),
        fresh=uuid.uuid4().hex,
        form=request.form,
        errors=errors,
    )
