"""The supervisor's pages of interviews: open a plan, see how far it is, replacements, rates, comparison with slips."""

from dataclasses import replace
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext

from schemas.inspect.interviews import InterviewPlanSchema
from service.domain.collect.campaigns import Campaign
from service.domain.inspect.interviews import OPEN, InterviewPlan
from service.operations import organisations, projects
from service.operations.collect import campaigns
from service.operations.inspect import draws, interview_figures, interview_plans
from service.web.auth import actor, now, requires
from service.web.extensions import keys
from service.web.pages.desk.forms import NOTHING, Field, Form, ShownForm, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.inspect import interview_words
from service.web.pages.desk.inspect.draws import draw_title
from service.web.pages.desk.ways import N_, way

OPENING = Form(
    InterviewPlanSchema,
    (
        Field("id", "", "new_id"),
        Field("draw", N_("Draw of persons"), "choice"),
        Field("site", N_("Site"), "choice", also=("*",)),
    ),
)
EARLIER = Field("earlier", N_("The same persons' earlier answers"), "choice", empty=N_("not put side by side"))


@blueprint.get("/interviews/<id>")
@requires("interviews.read")
def interview_plan(id: str) -> Response:
    """Progress per stratum and mode; with `campaign` also the comparison with its slips."""
    return _shown(id)


@blueprint.post("/interviews/<id>/tickets")
@requires("interviews.write")
def fill_up_interviews(id: str) -> Response:
    """After a top-up of the draw, bring the next tickets in."""
    return _step(id, lambda values, version: interview_plans.fill_up(actor(), now(), keys(), id))


@blueprint.post("/interviews/<id>/close")
@requires("interviews.write")
def close_interviews(id: str) -> Response:
    """Nobody is called any more."""
    return _step(id, lambda values, version: interview_plans.close(actor(), now(), id, version))


def _step(id: str, act: Any) -> Response:
    form = NOTHING.having(seen=_seen(interview_plans.get(actor(), id, "interviews.write")))
    return save(form, act, lambda made: url_for("desk.interview_plan", id=id), lambda *again: _shown(id, *again))


def _seen(plan: InterviewPlan) -> dict[str, str]:
    return {N_("State"): gettext("Open") if plan.state == OPEN else gettext("Closed")}


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
    campaign = campaigns.get(actor(), id, "interviews.write")

    def act(values: dict[str, Any], version: int) -> tuple[InterviewPlan, bool]:
        asked = InterviewPlan(**values | {"quotas": tuple(values["quotas"]), "project": ""})
        return interview_plans.open_plan(actor(), now(), keys(), asked)

    return save(
        _opening(campaign),
        act,
        lambda plan: url_for("desk.interview_plan", id=plan.id),
        lambda *again: _of_campaign(id, *again),
    )


def _opening(campaign: Campaign) -> Form:
    """Earlier answers are asked for only where people were told of the link."""
    there = [each for each in campaigns.of_project(actor(), campaign.project) if each.id != campaign.id]
    others = [(each.id, each.name) for each in there if each.told_linked and campaign.told_linked]
    sites = [(one.id, one.name) for one in projects.sites(actor(), campaign.project) if one.id in campaign.sites]
    drawn = [(one.id, draw_title(one.id)) for one in draws.of_project(actor(), campaign.project) if not one.of]
    form = replace(OPENING, fields=(*OPENING.fields, EARLIER)) if others else OPENING
    return form.having({"draw": drawn, "site": sites, "earlier": others}, {"campaign": campaign.id})


def _of_campaign(id: str, shown: ShownForm | None = None, status: int = 200) -> Response:
    campaign = campaigns.get(actor(), id, "interviews.write")
    plans = [plan for plan in interview_plans.of_project(actor(), campaign.project) if plan.campaign == id]
    values: dict[str, Any] = {
        "campaign": campaign,
        "names": {site.id: site.name for site in projects.sites(actor(), campaign.project)},
        "plans": plans,
        "shown": shown or _opening(campaign).shown(),
    }
    return page("inspect/interview_plans.html", status, **interview_words.HELPERS, **values)


def _shown(id: str, failed: ShownForm | None = None, status: int = 200) -> Response:
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
    values |= {"failed": failed, "pressed": NOTHING.having(seen=_seen(found.plan)).shown(version=found.plan.version)}
    return page("inspect/interview_plan.html", status, **interview_words.HELPERS, **values)
