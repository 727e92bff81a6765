"""Planning a draw at the desk: which list, how many, which parties, until when, and a test if there is to be one."""

from collections.abc import Mapping, Sequence
from secrets import token_hex
from typing import Any

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from service.domain.errors import Refused
from service.domain.inspect.ceremonies import DrawPlan
from service.operations import projects
from service.operations.inspect import draws, frames
from service.web.auth import actor, now, requires
from service.web.errors import status_of
from service.web.extensions import keys
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.inspect import draw_forms as forms
from service.web.pages.desk.inspect.draws import told
from service.web.pages.desk.ways import N_, way

OTHERS = ("provider", "purchaser", "authority")


@blueprint.get("/projects/<id>/new-draw")
@requires("draws.write")
@way("project", N_("Plan a draw"), "draws.write", heading=N_("Inspecting"), order=42)
def new_draw(id: str) -> Response:
    """The form; it shows of each list whether it adds up to what was claimed."""
    return _form(id)


@blueprint.post("/projects/<id>/new-draw")
@requires("draws.write")
def plan_draw(id: str) -> Response | Redirect:
    """Plan the draw: the server makes and seals the evaluator's secret, and deposits the commitment to it."""
    try:
        made, _ = draws.plan(actor(), now(), keys(), _asked(request.form))
    except Refused as refused:
        return _form(id, status_of(refused), told(refused))
    return redirect(url_for("desk.ceremony", id=made.id), 303)


def _asked(given: Mapping[str, str]) -> DrawPlan:
    others = tuple(part for part in OTHERS if given.get(f"with_{part}"))
    return DrawPlan(
        id=given.get("id") or token_hex(8),
        frame=given.get("frame", ""),
        allocation=_allocation(given),
        parties=("evaluator", *others),
        commit_by=forms.moment(given, "commit_by"),
        reveal_by=forms.moment(given, "reveal_by"),
        public_source=given.get("public_source", "").strip(),
        kind=given.get("kind", "random"),
        trigger=given.get("trigger", "plan"),
        plan=_test(given),
        of=given.get("of", ""),
        reason=given.get("reason", "").strip(),
    )


def _allocation(given: Mapping[str, str]) -> Mapping[str, int]:
    """By stratum as typed; else so many in all, in proportion."""
    if given.get("strata", "").strip():
        return forms.numbers_by_stratum(given["strata"])
    minimum = forms.whole(given, "minimum") or 0
    return draws.proportional(actor(), given.get("frame", ""), forms.whole(given, "n") or 0, minimum)


def _test(given: Mapping[str, str]) -> dict[str, Any]:
    stages = forms.stages(given.get("stages", ""), "plan.stages")
    if not stages:
        return {}
    tolerable, risk = forms.share(given, "tolerable"), forms.share(given, "risk")
    return {"tolerable": str(tolerable or 0), "risk": str(risk or 0), "stages": stages}


def _form(id: str, status: int = 200, errors: Sequence[str] = ()) -> Response:
    owner = projects.project(actor(), id, "draws.write")
    return page(
        "inspect/new_draw.html",
        status,
        project=owner,
        frames=frames.of_project(actor(), id),
        before=[each for each in draws.of_project(actor(), id, now()) if each.stage == 1],
        others=OTHERS,
        given=request.form,
        new_id=token_hex(8),
        errors=errors,
    )
