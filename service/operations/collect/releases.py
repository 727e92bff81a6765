"""Releases: made by the evaluator, once and for ever; read by purchaser, authority and, as totals, by the provider."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from service.domain import access
from service.domain.access import Actor
from service.domain.collect import releases as rules
from service.domain.collect import tallies
from service.domain.collect.campaigns import DRAFT, FINAL, OPEN, Campaign
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.releases import Layers, Limits, PublishedRelease, ReleaseRequest
from service.domain.errors import Fault, Refused
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import act, load
from service.operations.collect import campaigns, quality
from service.operations.collect.questionnaires import of_campaign
from service.store import records
from service.store.collect import releases as stored
from service.store.collect import seals as stored_seals


def make(actor: Actor, now: datetime, campaign: str, request: ReleaseRequest) -> tuple[PublishedRelease, bool]:
    """-> (the release, whether this call made it); a repeat under the same id finds what it made the first time.

    Raises Refused: invalid, filter_unavailable, campaign_not_open, release_too_soon, release_unsafe, id_taken, busy.
    """
    there = campaigns.get(actor, campaign, "releases.write")
    rules.check_request(request)
    earlier = stored.of_campaign(campaign)
    for release in earlier:
        if release.request == request.id:
            if json.loads(release.content)["asked"] != request.plain:
                raise Refused("id_taken", id=request.id)
            return release, False
    made = _made(actor, now, there, request, earlier)
    details = {"number": made.number, "sha256": made.digest, "asked": request.plain}
    scope = projects.scope(there.project)
    try:
        act("release.made", actor, now, scope, campaign, details, lambda tx: stored.insert(made, tx))
    except records.Duplicate:  # another one was made meanwhile, which this one must be held against
        raise Refused("busy") from None
    return made, True


def _made(
    actor: Actor, now: datetime, campaign: Campaign, request: ReleaseRequest, earlier: list[PublishedRelease]
) -> PublishedRelease:
    state = campaigns.state(campaign.id)
    if state == DRAFT:
        raise Refused("campaign_not_open")
    questionnaire = of_campaign(campaign.id)
    scale = questionnaire.scales.get(request.scale)
    if scale is None:
        options = ", ".join(questionnaire.scales)
        raise Refused("invalid", [Fault("scale", "not_an_option", {"value": request.scale, "options": options})])
    names = _fields(questionnaire, request)
    layers = _layers(campaign.id, state)
    layers = Layers(rules.countable(scale, layers.kept), rules.countable(scale, layers.excluded))
    limits, before = Limits(request.minimum, request.everybody), [release.shown for release in earlier]
    if state == OPEN and now < campaign.closes_at:
        short = rules.too_soon(scale, layers, before, limits)
        if short:
            raise Refused("release_too_soon", cells=short, minimum=limits.minimum)
    tables = [tuple(names[name] for name in table) for table in request.tables]
    release = rules.make(scale, layers, tables, before, marked=request.marked, limits=limits)
    number = len(earlier) + 1
    head = {
        "campaign": campaign.id,
        "questionnaire": f"{questionnaire.id}@{questionnaire.version}",
        "number": number,
        "at": now.isoformat(timespec="seconds"),
        "final": state == FINAL,
    }
    text = rules.content(request, scale, release, {field: name for name, field in names.items()}, head)
    id, digest = f"{campaign.id}:{number}", rules.digest(text)
    return PublishedRelease(id, campaign.id, number, now, actor.id, request.id, digest, text, release.shown)


def may_show(campaign: str, scale: str, admitted: Mapping[str, Collection[str]], headline: bool) -> bool:
    """Whether a figure of a final campaign may be read by others than the evaluator (design §7).

    It is of the answers whose dimensions have the `admitted` values, over the scale's items or its `headline` alone.

    It is one more sum beside the releases there are: nothing that follows from them together may be about too few.
    """
    found = of_campaign(campaign).scales.get(scale)
    frozen = stored_seals.frozen(campaign)
    if found is None or frozen is None:
        return True  # no figure
    layers = Layers(rules.countable(found, frozen))
    cells = tallies.select(layers.kept, **admitted)
    earlier = [release.shown for release in stored.of_campaign(campaign)]
    return rules.may_show(found, layers, cells, earlier, (found.headline,) if headline else tuple(found.items))


def _fields(questionnaire: Questionnaire, request: ReleaseRequest) -> dict[str, str]:
    """Name of each dimension asked -> field of the tally's cells. Raises Refused("filter_unavailable")."""
    return {name: tallies.dimension(questionnaire, name) for table in request.tables for name in table}


def _layers(campaign: str, state: str) -> Layers:
    """Once the campaign is final what was frozen then, as in the score; marks are those of the answers still there."""
    whole, excluded, _ = quality.split(campaign)
    frozen = stored_seals.frozen(campaign) if state == FINAL else None
    return Layers(tallies.subtract(whole if frozen is None else frozen, excluded), excluded)


def listing(actor: Actor, campaign: str) -> list[PublishedRelease]:
    """All releases, the first one first."""
    campaigns.get(actor, campaign, "releases.read")
    return stored.of_campaign(campaign)


def one(actor: Actor, campaign: str, number: int) -> tuple[PublishedRelease, Mapping[str, Any]]:
    """(the release, what of it this reader may see): the provider one total a site, the others all of it."""
    there = campaigns.get(actor, campaign, "releases.read")
    for release in stored.of_campaign(campaign):
        if release.number == number:
            parties = load(Project, there.project, "project").parties
            whole = access.may(actor, "campaigns.read", parties)  # the provider reads no campaigns either
            return release, json.loads(release.content) if whole else rules.totals_by_site(release.content)
    raise Refused("not_found", noun="release")
