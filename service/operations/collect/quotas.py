"""Quotas: set by the evaluator, looked at when a page is opened, never when an answer comes."""

import time
from collections.abc import Sequence
from datetime import datetime

from service.domain.access import Actor
from service.domain.collect import quotas as rules
from service.domain.collect.campaigns import FINAL, Campaign
from service.domain.collect.quotas import Quota
from service.domain.collect.tallies import Tally
from service.domain.collect.tickets import Batch
from service.domain.errors import Refused
from service.operations.collect import campaigns, seals
from service.operations.collect.campaigns import FRESH_SECONDS, View
from service.operations.collect.questionnaires import of_campaign

_tallies: dict[str, tuple[float, Tally]] = {}


def replace(actor: Actor, now: datetime, campaign: str, quotas: Sequence[Quota], version: int) -> Campaign:
    """Put these in the place of all that were there. Raises Refused("invalid") for a site outside the campaign."""
    there = campaigns.get(actor, campaign, "campaigns.write")
    if campaigns.state(campaign) == FINAL:
        raise Refused("state_conflict", noun="campaign", state=FINAL)
    rules.check(quotas, there.sites, of_campaign(campaign))
    plain = tuple(quota.plain for quota in quotas)
    return campaigns.control(
        "campaign.quotas_set", actor, now, there, {"quotas": plain}, {"quotas": list(plain)}, version
    )


def refuse_if_full(view: View, batch: Batch) -> None:
    """Raises Refused("quota_full") when nobody more is wanted at the batch's site.

    Only for pages that are being opened: whoever has filled one in meanwhile is taken in, and the overshoot is shown.
    """
    if not view.campaign.quotas or batch.distribution in rules.NEVER_TURNED_AWAY:
        return
    quotas = rules.of_plain(view.campaign.quotas)
    if rules.is_full(quotas, batch.site, view.questionnaire, _tally(view.campaign.id)):
        raise Refused("quota_full")


def _tally(campaign: str) -> Tally:
    """At most FRESH_SECONDS old: a soft limit need not be read afresh for every page."""
    at, tally = _tallies.get(campaign, (0.0, None))
    if tally is None or time.monotonic() - at >= FRESH_SECONDS:
        tally, _ = seals.read(campaign)
        _tallies[campaign] = (time.monotonic(), tally)
    return tally


def forget_tallies() -> None:
    """Drop what is cached; for tests, which empty the database under it."""
    _tallies.clear()
