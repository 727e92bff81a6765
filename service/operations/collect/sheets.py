"""What a sheet of codes shows. Only keyed hashes of codes are stored, so the codes in hand come with the request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.access import Actor
from service.domain.collect import batches as batch_rules
from service.domain.collect import tickets as rules
from service.domain.collect.campaigns import Campaign
from service.domain.collect.tickets import SLIP, Batch
from service.domain.errors import Fault, Refused, invalid, problem
from service.domain.keys import Key
from service.domain.projects import Session, Site, sessions_of
from service.operations.collect import batches, campaigns
from service.store import records
from service.store.collect import tickets as stored


@dataclass(frozen=True)
class Sheet:
    """`works_from` is None for codes that are not of a session; `works_until` is the last moment in any case."""

    campaign: Campaign
    kind: str
    site: Site
    session: Session | None
    works_from: datetime | None
    works_until: datetime
    codes: tuple[str, ...]


def of_batch(actor: Actor, campaign: str, batch: str, typed: Sequence[str], keys: Sequence[Key]) -> Sheet:
    """The sheet of these codes. Raises Refused("invalid") naming each that is not of this batch, or stands twice."""
    found = batches.get(actor, campaign, batch, "tickets.write")
    if found.voided_at is not None:
        raise Refused("state_conflict", noun="batch of codes", state="voided")
    return blank(actor, found, _checked(found, typed, keys))


def blank(actor: Actor, batch: Batch, codes: Sequence[str] = ()) -> Sheet:
    """The sheet of a batch, perhaps one that is still to be made; `codes` must be known to be its own."""
    campaign = campaigns.get(actor, batch.campaign, "tickets.write")
    site = records.get(Site, batch.site)
    if site is None or site.project != campaign.project:
        raise Refused("not_found", noun="site")
    session = sessions_of(site).get(batch.session)
    until = batch_rules.works_until(batch, session)
    until = min(until, campaign.closes_at) if until else campaign.closes_at
    begins = session.starts_at if session else None
    return Sheet(campaign, batch.kind, site, session, begins, until, tuple(codes))


def invitations(sheet: Sheet) -> tuple[str, ...]:
    """The codes to be sent out one by one. Raises Refused("invalid") for a poster: its code is for everybody."""
    if sheet.kind != SLIP:
        raise invalid("layout", "only slips are sent to one person each")
    return sheet.codes


def _checked(batch: Batch, typed: Sequence[str], keys: Sequence[Key]) -> list[str]:
    key = next((key for key in keys if key.id == batch.key_id), None)
    kept = set(stored.of_batch(batch.id)) if key else set()
    codes: dict[str, int] = {}
    faults = []
    for at, text in enumerate(typed):
        try:
            code = rules.normalise(text)
        except Refused:
            faults.append(problem(f"codes.{at}", "this is no code of ours"))
            continue
        if code in codes:
            faults.append(Fault(f"codes.{at}", "duplicate", {"value": rules.grouped(code)}))
        elif key is None or rules.hashed(key, code) not in kept:
            faults.append(problem(f"codes.{at}", "this code is not of this batch"))
        codes[code] = at
    if not typed:
        faults.append(Fault("codes", "missing"))
    if faults:
        raise Refused("invalid", faults[:100])
    return list(codes)
