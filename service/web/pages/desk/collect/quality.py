"""The desk's page of quality marks: what the rules found, decisions in bulk, figures with and without."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, redirect, request, url_for
from flask_babel import gettext

from service.domain.collect import quality as rules
from service.domain.collect.campaigns import Campaign
from service.domain.collect.quality import QualityDecision
from service.domain.errors import Fault, Refused
from service.operations import organisations, projects
from service.operations.collect import campaigns, quality, satisfaction
from service.operations.evaluate import rounds
from service.web.auth import actor, now, requires
from service.web.errors import fault_text, message_of, status_of
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way

_MOST_DIGITS = 8
_LONGEST = 1000


@blueprint.get("/campaigns/<id>/quality", endpoint="quality")
@requires("quality.read")
@way("campaign", N_("Quality marks"), "quality.read", heading=N_("Control"), order=31, endpoint="quality")
def show_quality(id: str) -> Response:
    """Marks by rule, with the form that keeps or excludes them."""
    return _shown(id)


@blueprint.post("/campaigns/<id>/quality/scan")
@requires("quality.write")
def scan_quality(id: str) -> Response:
    """Look at all answers again, by the parameters of the last scan; contacts are what the form says."""
    try:
        last = _last(id)
        quality.scan(actor(), now(), id, _parameters(id, last), _contacts(id))
    except Refused as refused:
        return _shown(id, refused)
    return _back(id)


def _parameters(id: str, last: quality.Quality | None) -> dict[str, dict[str, float]]:
    """Those of the round's scheme, else of the last scan; what neither names keeps its default."""
    return rules.overlaid(last.scan.parameters if last else {}, rounds.thresholds(id))


@blueprint.post("/campaigns/<id>/quality/decide")
@requires("quality.write")
def decide_quality(id: str) -> Response:
    """Keep or exclude all marks of a rule that the page showed, or those of one site."""
    form = request.form
    site, version = form.get("site", ""), form.get("version", "")
    try:
        if len(form.get("reason", "")) > _LONGEST:
            raise Refused("invalid", [Fault("reason", "too_long", {"limit": _LONGEST})])
        asked = QualityDecision(
            id=uuid.uuid4().hex,
            campaign=id,
            number=0,
            scan=0,
            kind=form.get("kind", ""),
            verdict=form.get("verdict", ""),
            reason=form.get("reason", "").strip(),
            by="",
            at=now(),
            place={"site": _one_of(id, site)} if site else {},
        )
        quality.decide(actor(), now(), asked, int(version) if _is_number(version) else 0)
    except Refused as refused:
        return _shown(id, refused)
    return _back(id)


def _last(id: str) -> quality.Quality | None:
    """None before the first scan."""
    campaigns.get(actor(), id, "quality.read")
    try:
        return quality.of(actor(), id)
    except Refused as refused:
        if refused.reason != "not_found":
            raise
        return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def _one_of(id: str, site: str) -> str:
    sites = campaigns.get(actor(), id, "quality.read").sites
    if site not in sites:
        raise Refused("invalid", [Fault("site", "not_an_option", {"value": site[:80], "options": ", ".join(sites)})])
    return site


def _contacts(id: str) -> Mapping[str, int]:
    """Fields `contacts|site`; a site without a number is not judged."""
    found = {}
    for name, text in request.form.items():
        if not name.startswith("contacts|") or not text.strip():
            continue
        if not _is_number(text.strip()):
            raise Refused("invalid", [Fault(name, "wrong_type", {"expected": gettext("a whole number")})])
        found[_one_of(id, name.removeprefix("contacts|"))] = int(text)
    return found


def _back(id: str) -> Response:
    return make_response(redirect(url_for("desk.quality", id=id), 303))


def _errors(refused: Refused | None) -> list[str]:
    if refused is None:
        return []
    told = [fault_text(fault) for fault in refused.faults]
    return told or [message_of(refused)]


def _shown(id: str, refused: Refused | None = None) -> Response:
    """The page, also with what is wrong; refusals that no form of it can mend go on to the writer for all."""
    if refused is not None and refused.reason not in ("invalid", "stale", "campaign_not_open", "busy"):
        raise refused
    campaign = campaigns.get(actor(), id, "quality.read")
    found = _last(id)
    values: dict[str, Any] = _of_scan(campaign, found) if found else {"contacts": {}}
    return page(
        "collect/quality.html",
        status_of(refused) if refused else 200,
        campaign=campaign,
        found=found,
        kinds=rules.RULES,
        names={site.id: site.name for site in projects.sites(actor(), campaign.project)},
        errors=_errors(refused),
        typed=request.form,
        verdicts=(rules.KEEP, rules.EXCLUDE),
        **values,
    )


def _of_scan(campaign: Campaign, found: quality.Quality) -> dict[str, Any]:
    return {
        "contacts": {one["site"]: one["n"] for one in found.scan.contacts},
        "figures": satisfaction.side_by_side(actor(), campaign.id),
        "people": organisations.colleagues(actor()),
        "marked": [kind for kind, numbers in found.kinds.items() if numbers.marked],
    }
