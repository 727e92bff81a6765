"""Batches after printing: voided with a reason, counted by people, reconciled with what was used."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from service.domain.access import Actor
from service.domain.collect import batches as rules
from service.domain.collect.batches import Count, Reconciled
from service.domain.collect.campaigns import OPEN, Campaign
from service.domain.collect.tickets import Batch
from service.domain.errors import Fault, Refused
from service.domain.keys import Key
from service.domain.projects import Site, sessions_of
from service.operations import projects
from service.operations.acts import act
from service.operations.collect import campaigns, tickets, used_slips
from service.store import records


def get(actor: Actor, campaign: str, id: str, action: str = "campaigns.read") -> Batch:
    campaigns.get(actor, campaign, action)
    found = records.get(Batch, id)
    if found is None or found.campaign != campaign:
        raise Refused("not_found", noun="batch of codes")
    return found


def void(actor: Actor, now: datetime, campaign: str, id: str, reason: str, version: int) -> Batch:
    """Take the codes out of use: every process has noticed after FRESH_SECONDS. What was accepted stays accepted."""
    batch = get(actor, campaign, id, "tickets.write")
    if not reason.strip():
        raise Refused("invalid", [Fault("reason", "missing")])
    if batch.version != version:
        raise Refused("stale", version=batch.version)
    if batch.voided_at is not None:
        raise Refused("state_conflict", noun="batch of codes", state="voided")
    changed = replace(batch, voided_at=now, voided_by=actor.id, void_reason=reason.strip())
    return _write("tickets.voided", actor, now, changed, {"campaign": campaign, "reason": changed.void_reason}, version)


def count(
    actor: Actor, now: datetime, campaign: str, id: str, counted: Count, version: int, keys: Sequence[Key]
) -> Batch:
    """Enter what people counted. Raises Refused("invalid") where the numbers cannot all be true."""
    batch = get(actor, campaign, id, "tickets.write")
    if batch.version != version:
        raise Refused("stale", version=batch.version)
    told = reconciled(batch, records.get(Site, batch.site), campaigns.get(actor, campaign), now, keys)
    rules.check_count(batch, counted, told.used)
    numbers = vars(counted)
    return _write("tickets.counted", actor, now, replace(batch, **numbers), {"campaign": campaign, **numbers}, version)


def _write(name: str, actor: Actor, now: datetime, batch: Batch, details: dict[str, object], version: int) -> Batch:
    changed = replace(batch, version=version + 1)
    scope = projects.scope(campaigns.get(actor, batch.campaign).project)
    act(name, actor, now, scope, batch.id, details, lambda tx: records.replace(changed, version, tx))
    tickets.forget_batch(batch.id)
    return changed


def reconciliation(actor: Actor, now: datetime, campaign: str, keys: Sequence[Key]) -> list[Reconciled]:
    """Every batch of the campaign and what became of its slips."""
    found = campaigns.get(actor, campaign)
    sites = {site.id: site for site in records.find(Site, project=found.project)}
    return [
        reconciled(batch, sites.get(batch.site), found, now, keys) for batch in records.find(Batch, campaign=campaign)
    ]


def reconciled(batch: Batch, site: Site | None, campaign: Campaign, now: datetime, keys: Sequence[Key]) -> Reconciled:
    """One batch: the number used is looked up only once it may be told."""
    why = rules.may_tell_used(batch, _is_over(batch, site, campaign, now))
    used = None if why else used_slips.count(batch, keys)
    if not why and used is None:
        why = "not_counted"
    return Reconciled(batch, used, why)


def _is_over(batch: Batch, site: Site | None, campaign: Campaign, now: datetime) -> bool:
    """Whether no phone can use a slip of this batch any more."""
    if now >= campaign.closes_at or campaigns.state(campaign.id) != OPEN:
        return True
    if batch.voided_at is not None:  # the other processes may not have noticed yet
        return (now - batch.voided_at).total_seconds() > 2 * campaigns.FRESH_SECONDS
    session = sessions_of(site).get(batch.session) if site else None
    until = rules.works_until(batch, session)
    return until is not None and now >= until
