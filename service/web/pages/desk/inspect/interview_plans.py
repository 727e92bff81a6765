"""The supervisor's pages of interviews: open a plan, see how far it is, replacements, rates, comparison with slips."""

import secrets
from typing import Any

from flask import Response, make_response, redirect, request, url_for

from service.domain.errors import Refused
from service.domain.inspect.interviews import OPEN, InterviewPlan
from service.operations import organisations, projects
from service.operations.collect import campaigns
from service.operations.inspect import draws, interview_figures, interview_plans
from service.web.auth import actor, now, requires
from service.web.errors import fault_text, status_of
from service.web.extensions import keys
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.inspect import interview_words
from service.web.pages.desk.ways import N_, way


@blueprint.get("/interviews/<id>")
@requires("interviews.read")
def interview_plan(id: str) -> Response:
    """Progress per stratum and mode; with `campaign` also the comparison with its slips."""
    return _shown(id)


@blueprint.post("/interviews/<id>/tickets")
@requires("interviews.write")
def fill_up_interviews(id: str) -> Response:
    """After a top-up of the draw, bring the next tickets in."""
    interview_plans.fill_up(actor(), now(), keys(), id)
    return _to("desk.interview_plan", id)


@blueprint.post("/interviews/<id>/close")
@requires("interviews.write")
def close_interviews(id: str) -> Response:
    """Nobody is called any more."""
    interview_plans.close(actor(), now(), id, interview_plans.get(actor(), id, "interviews.write").version)
    return _to("desk.interview_plan", id)


@blueprint.get("/campaigns/<id>/interviews")
@requires("interviews.write")
@way("campaign", N_("Interviews"), "interviews.write", heading=N_("Answers"), order=13)
def campaign_interviews(id: str) -> Response:
    """The plans of a campaign and the form for another one."""
    return _of_campaign(id)


@blueprint.post("/campaigns/<id>/interviews")
@requires("interviews.write")
def open_interviews(id: str) -> Response:
    """Open the interviews of a station."""
    given: dict[str, Any] = {name: request.form.get(name, "") for name in ("draw", "site", "earlier")}
    asked = InterviewPlan(id=request.form.get("id") or secrets.token_hex(8), project="", campaign=id, **given)
    try:
        plan, _ = interview_plans.open_plan(actor(), now(), keys(), asked)
    except Refused as refused:
        if refused.reason not in ("invalid", "not_found", "state_conflict", "draw_not_ready", "draw_void"):
            raise
        errors = [f"{fault.field}: {fault_text(fault)}" for fault in refused.faults]
        return _of_campaign(id, status_of(refused), errors or [interview_words.why_not(refused)])
    return _to("desk.interview_plan", plan.id)


def _of_campaign(id: str, status: int = 200, errors: Any = ()) -> Response:
    campaign = campaigns.get(actor(), id, "interviews.write")
    sites = [site for site in projects.sites(actor(), campaign.project) if site.id in campaign.sites]
    others = [each for each in campaigns.of_project(actor(), campaign.project) if each.id != id and each.told_linked]
    plans = [plan for plan in interview_plans.of_project(actor(), campaign.project) if plan.campaign == id]
    values: dict[str, Any] = {
        "campaign": campaign,
        "sites": sites,
        "names": {site.id: site.name for site in sites},
        "draws": [draw for draw in draws.of_project(actor(), campaign.project) if not draw.of],
        "earlier": others if campaign.told_linked else [],
        "plans": plans,
        "errors": errors,
        "plan_id": request.form.get("id") or secrets.token_hex(8),
        "typed": request.form if request.method == "POST" else {},
    }
    return page("inspect/interview_plans.html", status, **interview_words.HELPERS, **values)


def _shown(id: str) -> Response:
    found = interview_figures.progress(actor(), id)
    view = campaigns.view(found.plan.campaign)
    wanted = request.args.get("campaign", "")
    values: dict[str, Any] = {
        "found": found,
        "plan": found.plan,
        "campaign": view.campaign,
        "site": view.site_names.get(found.plan.site, found.plan.site),
        "open": found.plan.state == OPEN,
        "campaigns": campaigns.of_project(actor(), found.plan.project),
        "wanted": wanted,
        "compared_with": interview_figures.comparison(actor(), id, wanted) if wanted else None,
        "people": organisations.colleagues(actor()),
        "held": [person for person in found.persons if person.holder],
        "appointments": sorted((p for p in found.persons if p.appointment), key=lambda p: p.appointment),
    }
    return page("inspect/interview_plan.html", **interview_words.HELPERS, **values)


def _to(endpoint: str, id: str) -> Response:
    return make_response(redirect(url_for(endpoint, id=id), 303))
