"""The desk's page of a campaign at work: progress by site against target, pause, a longer window, quotas."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Response, url_for
from flask_babel import gettext

from schemas.collect.campaigns import PauseSchema, QuotasSchema, WindowSchema
from service.domain import access
from service.domain.collect.campaigns import FINAL, OPEN, Campaign
from service.domain.collect.quotas import Quota, of_plain
from service.operations import projects
from service.operations.collect import campaigns, progress, questionnaires, quotas
from service.web.auth import actor, now, requires
from service.web.pages.answer_texts import option_label
from service.web.pages.desk.forms import Field, Form, ShownForm, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import moment, word

DAYS = 31
REASON = Field("reason", N_("Reason"))
PAUSE = Form(
    PauseSchema,
    (Field("resumes_at", N_("Goes on at (China time; empty: until you end it)"), "moment"), REASON),
    fixed={"paused": True},
    key="pause",
)
RESUME = Form(PauseSchema, (REASON,), fixed={"paused": False}, key="resume")
WINDOW = Form(WindowSchema, (Field("closes_at", N_("Closes at (China time)"), "moment"), REASON), key="window")
HIDDEN_CELLS = tuple(Field(name, "", "hidden") for name in ("site", "variable", "value"))
QUOTAS = Form(
    QuotasSchema,
    (
        Field(
            "quotas",
            N_("Targets by site"),
            "rows",
            rows=(*HIDDEN_CELLS, Field("target", N_("Target"), "number")),
            grid=True,
        ),
    ),
    key="quotas",
)


@blueprint.get("/campaigns/<id>/progress", endpoint="progress")
@requires("progress.read")
@way("campaign", N_("Progress and control"), "progress.read", heading=N_("Control"), order=30, endpoint="progress")
def show_progress(id: str) -> Response:
    """By site against target, with the forms of control for the evaluator; coarse totals for the others."""
    return _progress_page(id)


@blueprint.post("/campaigns/<id>/pause")
@requires("campaigns.write")
def pause(id: str) -> Response:
    """Take in nothing new for a time."""

    def act(values: dict[str, Any], version: int) -> Campaign:
        return campaigns.pause(actor(), now(), id, values["resumes_at"], values["reason"], version)

    return _controlled(id, PAUSE, act)


@blueprint.post("/campaigns/<id>/resume")
@requires("campaigns.write")
def resume(id: str) -> Response:
    """Go on."""

    def act(values: dict[str, Any], version: int) -> Campaign:
        return campaigns.resume(actor(), now(), id, values["reason"], version)

    return _controlled(id, RESUME, act)


@blueprint.post("/campaigns/<id>/window")
@requires("campaigns.write")
def extend(id: str) -> Response:
    """Close later than was said."""

    def act(values: dict[str, Any], version: int) -> Campaign:
        return campaigns.extend(actor(), now(), id, values["closes_at"], values["reason"], version)

    return _controlled(id, WINDOW, act)


@blueprint.post("/campaigns/<id>/quotas")
@requires("campaigns.write")
def set_quotas(id: str) -> Response:
    """Put the numbers that are filled in in the place of all quotas."""
    campaign = campaigns.get(actor(), id, "campaigns.write")

    def act(values: dict[str, Any], version: int) -> Campaign:
        return quotas.replace(actor(), now(), id, [Quota(**one) for one in values["quotas"]], version)

    def current() -> tuple[Any, int]:
        stored = campaigns.get(actor(), id, "campaigns.write")
        return _grid(stored), stored.version

    return _controlled(id, _quotas(campaign), act, current)


def _controlled(
    id: str,
    form: Form,
    act: Callable[[dict[str, Any], int], Campaign],
    current: Callable[[], tuple[Any, int]] | None = None,
) -> Response:
    def again(shown: ShownForm, status: int) -> Response:
        return _progress_page(id, status, {form.key: shown})

    asked = form if current else form.having(seen=_seen(campaigns.get(actor(), id, "campaigns.write")))
    return save(asked, act, to=lambda _: url_for("desk.progress", id=id), again=again, current=current)


def _seen(campaign: Campaign) -> dict[str, str]:
    """What somebody who pauses, resumes or extends has read of it."""
    state = word("state", campaigns.state(campaign.id))
    names = {site.id: site.name for site in projects.sites(actor(), campaign.project)}
    return {
        N_("State"): f"{state} · {gettext('paused')}" if campaign.paused(now()) else state,
        N_("Goes on at (China time; empty: until you end it)"): _at(campaign.resumes_at),
        N_("Closes at (China time)"): _at(campaign.closes_at),
        N_("Targets by site"): "\n".join(f"{names.get(one['site'], '')}: {one['target']}" for one in campaign.quotas),
    }


def _at(at: datetime | None) -> str:
    return moment(at).striptags() if at else ""


def _groups(id: str) -> list[tuple[str, str, str]]:
    """(variable, code, label) of each group that may have a target of its own."""
    questionnaire = questionnaires.of_campaign(id)
    return [
        (variable, code, option_label(questionnaire, variable, code))
        for variable in questionnaire.weights
        for code in questionnaire.items[variable].codes
    ]


def _quotas(campaign: Campaign) -> Form:
    """A row for each site, and for each group at it."""
    sites = [(site.id, site.name) for site in projects.sites(actor(), campaign.project)]
    groups = [(code, label) for _variable, code, label in _groups(campaign.id)]
    return QUOTAS.having({"quotas.site": sites, "quotas.value": groups})


def _grid(campaign: Campaign) -> dict[str, Any]:
    wanted = {(one.site, one.variable, one.value): one.target for one in of_plain(campaign.quotas)}
    places = [("", ""), *((variable, code) for variable, code, _label in _groups(campaign.id))]
    rows = [
        {"site": site, "variable": variable, "value": code, "target": wanted.get((site, variable, code))}
        for site in campaign.sites
        for variable, code in places
    ]
    return {"quotas": rows}


def _forms(campaign: Campaign) -> dict[str, ShownForm]:
    """The forms of control as they stand before anybody types."""
    seen = _seen(campaign)
    steps = [form.having(seen=seen) for form in (PAUSE, RESUME, WINDOW)]
    plain = {form.key: form.shown(version=campaign.version) for form in steps}
    return plain | {QUOTAS.key: _quotas(campaign).shown(_grid(campaign), version=campaign.version)}


def _progress_page(id: str, status: int = 200, shown: Mapping[str, ShownForm] | None = None) -> Response:
    told = progress.of(actor(), id)
    campaign = told.campaign
    project = projects.project(actor(), campaign.project)
    state = campaigns.state(id)
    controls = access.may(actor(), "campaigns.write", project.parties)
    return page(
        "collect/progress.html",
        status,
        campaign=campaign,
        state=state,
        project=project,
        sites=told.sites,
        totals=told.totals,
        days=sorted({day for site in told.sites for day in site.days})[-DAYS:],
        names={site.id: site.name for site in projects.sites(actor(), campaign.project)},
        opened=access.may(actor(), "satisfaction.read", project.parties),
        controls=controls and state == OPEN,
        limits=controls and state != FINAL,
        paused=campaign.paused(now()),
        labels={(variable, code): label for variable, code, label in _groups(id)},
        control={**_forms(campaign), **(shown or {})} if controls else {},
    )
