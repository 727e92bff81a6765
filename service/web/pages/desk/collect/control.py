"""The desk's page of a campaign at work: progress by site against target, pause, a longer window, quotas."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Response, make_response, redirect, request, url_for
from flask_babel import gettext

from service.domain import access
from service.domain.collect.campaigns import FINAL, OPEN, Campaign
from service.domain.collect.imports import CHINA
from service.domain.collect.quotas import Quota, of_plain
from service.domain.errors import Fault, Refused
from service.operations import projects
from service.operations.collect import campaigns, progress, questionnaires, quotas
from service.web.auth import actor, now, requires
from service.web.errors import fault_text, status_of
from service.web.pages.answer_texts import option_label
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way

DAYS = 31
_MOST_DIGITS = 7


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
    return _changed(
        id, lambda version: campaigns.pause(actor(), now(), id, _moment("resumes_at", needed=False), _reason(), version)
    )


@blueprint.post("/campaigns/<id>/resume")
@requires("campaigns.write")
def resume(id: str) -> Response:
    """Go on."""
    return _changed(id, lambda version: campaigns.resume(actor(), now(), id, _reason(), version))


@blueprint.post("/campaigns/<id>/window")
@requires("campaigns.write")
def extend(id: str) -> Response:
    """Close later than was said."""

    def act(version: int) -> Campaign:
        closes_at = _moment("closes_at")
        assert closes_at is not None  # noqa: S101 - for the type: it is needed
        return campaigns.extend(actor(), now(), id, closes_at, _reason(), version)

    return _changed(id, act)


@blueprint.post("/campaigns/<id>/quotas")
@requires("campaigns.write")
def set_quotas(id: str) -> Response:
    """Put the numbers that are filled in in the place of all quotas."""
    return _changed(id, lambda version: quotas.replace(actor(), now(), id, _wanted(), version))


def _changed(id: str, act: Callable[[int], Campaign]) -> Response:
    """Back to the page, or the page with what is wrong and what was typed."""
    version = request.form.get("version", "")
    try:
        act(int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0)
    except Refused as refused:
        if refused.reason not in ("invalid", "stale", "state_conflict"):
            raise
        message = gettext(refused.entry.message).format(**refused.params)
        errors = [fault_text(fault) for fault in refused.faults] or [message]
        return _progress_page(id, status_of(refused), errors, request.form)
    return make_response(redirect(url_for("desk.progress", id=id), 303))


def _reason() -> str:
    text = request.form.get("reason", "").strip()
    if len(text) > 1000:
        raise Refused("invalid", [Fault("reason", "too_long", {"limit": 1000})])
    if not text:
        raise Refused("invalid", [Fault("reason", "problem", {"text": gettext("Please give the reason.")})])
    return text


def _moment(name: str, needed: bool = True) -> datetime | None:
    """A time of day in China, as browsers send it."""
    text = request.form.get(name, "").strip()
    if not text and not needed:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=CHINA)
    except ValueError:
        told = gettext("Please give the time as 2026-05-31 18:00.")
        raise Refused("invalid", [Fault(name, "problem", {"text": told})]) from None


def _wanted() -> list[Quota]:
    """Fields `q|site|variable|value`; what is left empty has no quota."""
    found, faults = [], []
    for name, text in request.form.items():
        if not name.startswith("q|") or not text.strip():
            continue
        _, site, variable, value = (name.split("|") + ["", "", ""])[:4]
        number = text.strip()
        if number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS:
            found.append(Quota(site, int(number), variable, value))
        else:
            faults.append(Fault(name, "wrong_type", {"expected": gettext("a whole number")}))
    if faults:
        raise Refused("invalid", faults[:1])
    return found


def _progress_page(id: str, status: int = 200, errors: Any = (), typed: Mapping[str, str] | None = None) -> Response:
    told = progress.of(actor(), id)
    campaign = told.campaign
    project = projects.project(actor(), campaign.project)
    questionnaire = questionnaires.of_campaign(id)
    state = campaigns.state(id)
    controls = access.may(actor(), "campaigns.write", project.parties)
    groups = [
        (variable, code, option_label(questionnaire, variable, code))
        for variable in questionnaire.weights
        for code in questionnaire.items[variable].codes
    ]
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
        groups=groups,
        labels={(variable, code): label for variable, code, label in groups},
        targets={f"q|{one.site}|{one.variable}|{one.value}": one.target for one in of_plain(campaign.quotas)},
        typed=typed or {},
        errors=errors,
    )
