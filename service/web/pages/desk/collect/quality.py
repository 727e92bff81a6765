"""The desk's page of quality marks: what the rules found, decisions in bulk, figures with and without."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for

from schemas.collect.quality import QualityDecisionSchema, QualityScanRequestSchema
from service.domain.collect import quality as rules
from service.domain.collect.campaigns import Campaign
from service.domain.collect.quality import QualityDecision
from service.domain.errors import Refused
from service.operations import organisations, projects
from service.operations.collect import campaigns, quality, satisfaction
from service.operations.evaluate import rounds
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import Field, Form, ShownForm, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import word

SCAN = Form(
    QualityScanRequestSchema,
    (
        Field(
            "contacts",
            N_("Service contacts by your own records (empty: not judged)"),
            "rows",
            rows=(Field("site", "", "hidden"), Field("n", N_("Service contacts"), "number")),
            grid=True,
        ),
    ),
    key="scan",
)
DECIDE = Form(
    QualityDecisionSchema,
    (
        Field("id", "", "new_id"),
        Field("kind", N_("Mark"), "choice"),
        Field("place.site", N_("Site"), "choice", empty=N_("All sites")),
        Field("verdict", N_("What becomes of these answers"), "choice"),
        Field("reason", N_("Reason")),
    ),
    key="decide",
)


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

    def act(values: dict[str, Any], version: int) -> Any:
        contacts = {one["site"]: one["n"] for one in values["contacts"]}
        return quality.scan(actor(), now(), id, _parameters(id, _last(id)), contacts)

    campaign = campaigns.get(actor(), id, "quality.read")
    return _taken(id, _scan(campaign), act)


def _taken(id: str, form: Form, act: Any) -> Response:
    def again(shown: ShownForm, status: int) -> Response:
        return _shown(id, status, {form.key: shown})

    return save(form, act, lambda made: url_for("desk.quality", id=id), again)


def _parameters(id: str, last: quality.Quality | None) -> dict[str, dict[str, float]]:
    """Those of the round's scheme, else of the last scan; what neither names keeps its default."""
    return rules.overlaid(last.scan.parameters if last else {}, rounds.thresholds(id))


@blueprint.post("/campaigns/<id>/quality/decide")
@requires("quality.write")
def decide_quality(id: str) -> Response:
    """Keep or exclude all marks of a rule that the page showed, or those of one site."""

    def act(values: dict[str, Any], version: int) -> QualityDecision:
        given = values | {"final_ids": tuple(values["final_ids"])}
        asked = QualityDecision(**given, campaign=id, number=0, scan=0, by="", at=now())
        return quality.decide(actor(), now(), asked, version)

    campaign = campaigns.get(actor(), id, "quality.read")
    return _taken(id, _decide(campaign, _last(id)), act)


def _last(id: str) -> quality.Quality | None:
    """None before the first scan."""
    campaigns.get(actor(), id, "quality.read")
    try:
        return quality.of(actor(), id)
    except Refused as refused:
        if refused.reason != "not_found":
            raise
        return None


def _names(campaign: Campaign) -> list[tuple[str, str]]:
    named = {site.id: site.name for site in projects.sites(actor(), campaign.project)}
    return [(site, named.get(site, site)) for site in campaign.sites]


def _scan(campaign: Campaign) -> Form:
    return SCAN.having({"contacts.site": _names(campaign)})


def _decide(campaign: Campaign, found: quality.Quality | None) -> Form:
    """The marks that there are, each with how many are undecided; that is also what somebody who decides has read."""
    numbers = found.kinds.items() if found else ()
    marked = [(kind, f"{word('mark', kind)} ({one.undecided})") for kind, one in numbers if one.marked]
    verdicts = [(one, word("verdict", one)) for one in (rules.KEEP, rules.EXCLUDE)]
    said = "\n".join(
        f"{word('mark', one.kind)}: {word('verdict', one.verdict)} ({one.reason})"
        for one in (found.decisions if found else ())
    )
    seen = {
        N_("Undecided"): "\n".join(f"{word('mark', kind)}: {one.undecided}" for kind, one in numbers),
        N_("Decisions"): said,
    }
    return DECIDE.having({"kind": marked, "place.site": _names(campaign), "verdict": verdicts}, seen=seen)


def _shown(id: str, status: int = 200, refused: Mapping[str, ShownForm] | None = None) -> Response:
    campaign = campaigns.get(actor(), id, "quality.read")
    found = _last(id)
    told = {one["site"]: one["n"] for one in found.scan.contacts} if found else {}
    rows = [{"site": site, "n": told.get(site)} for site in campaign.sites]
    shown = {SCAN.key: _scan(campaign).shown({"contacts": rows})}
    values: dict[str, Any] = _of_scan(campaign, found) if found else {}
    if found and values["marked"]:
        shown[DECIDE.key] = _decide(campaign, found).shown(version=found.scan.version)
    return page(
        "collect/quality.html",
        status,
        campaign=campaign,
        found=found,
        names=dict(_names(campaign)),
        shown={**shown, **(refused or {})},
        **values,
    )


def _of_scan(campaign: Campaign, found: quality.Quality) -> dict[str, Any]:
    return {
        "figures": satisfaction.side_by_side(actor(), campaign.id),
        "people": organisations.colleagues(actor()),
        "marked": [kind for kind, numbers in found.kinds.items() if numbers.marked],
    }
