"""Tickets: batches of codes are made once and shown once; later a typed code is looked up by its keyed hash."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from service.domain.access import Actor
from service.domain.collect import batches as batch_rules
from service.domain.collect import tickets as rules
from service.domain.collect.campaigns import OPEN
from service.domain.collect.opinions import PURPOSE
from service.domain.collect.tickets import Batch, Ticket
from service.domain.errors import Fault, Refused, invalid, problem
from service.domain.inspect.frames import FrozenFrame
from service.domain.keys import Key
from service.domain.modes import DISTRIBUTIONS
from service.domain.projects import Site, sessions_of
from service.operations import limits, projects
from service.operations.acts import act
from service.operations.collect import campaigns
from service.operations.collect.questionnaires import of_campaign
from service.store import records
from service.store.collect import tickets as stored

BATCH_LIMIT = 20_000
KEPT_LIMIT = 100_000  # tickets that a process keeps in mind: some 18 MB
_batches: dict[str, tuple[float, Batch]] = {}
_kept: dict[str, str] = {}  # hash -> batch, whole batches only
_in_use: set[str] = set()  # batches whose tickets are being used and are not in mind yet
_posters: dict[str, tuple[float, Ticket]] = {}


def create_batch(
    actor: Actor, now: datetime, batch: Batch, key: Key, codes: Sequence[str] = ()
) -> tuple[Batch, list[str]]:
    """(the batch, its codes). The codes are shown this once; what is stored are keyed hashes.

    A repeat cannot show them again: Refused("id_taken"), and the batch is made anew under another id. `codes` are given
    instead of fresh ones where the server itself uses them (interviews).
    """
    campaign = campaigns.get(actor, batch.campaign, "tickets.write")
    if of_campaign(campaign.id).purpose_kind == PURPOSE:
        raise Refused("not_for_persons")
    check(batch, campaign.sites)
    site = records.get(Site, batch.site)
    batch_rules.check_session(batch, list(sessions_of(site).values()) if site else [])
    if batch.replaces:
        others = records.find(Batch, campaign=batch.campaign)
        batch_rules.check_replacement(batch, records.get(Batch, batch.replaces), others)
    batch = replace(batch, population=_population(batch, campaign.project))
    if records.get(Batch, batch.id):
        raise Refused("id_taken", id=batch.id)
    codes = list(codes) or _fresh_codes(batch.kind, batch.count)
    # Hashes first: a ticket whose batch is missing is not valid, so a crash between the two leaves nothing half-made.
    hashes = [rules.hashed(key, code) for code in codes]
    stored.insert(hashes, batch.id)
    details = {"campaign": campaign.id, "kind": batch.kind, "count": batch.count, "distribution": batch.distribution}
    details |= {"site": batch.site, "session": batch.session, "key_id": key.id}
    details |= {"grace_minutes": batch.grace_minutes, "replaces": batch.replaces}
    scope = projects.scope(campaign.project)
    try:
        act("tickets.issued", actor, now, scope, batch.id, details, lambda tx: records.insert(batch, tx))
    except records.Duplicate:  # made meanwhile by another request: its codes count, ours were shown to nobody
        stored.delete(hashes)
        raise Refused("id_taken", id=batch.id) from None
    return batch, codes


def check(batch: Batch, sites: Sequence[str]) -> None:
    """What can be said of a batch by itself, before a sheet is tried. Raises Refused("invalid") naming the field."""
    faults = []
    if batch.kind not in rules.LENGTHS:
        faults.append(Fault("kind", "not_an_option", {"value": batch.kind, "options": ", ".join(rules.LENGTHS)}))
    if batch.distribution not in DISTRIBUTIONS:
        options = ", ".join(DISTRIBUTIONS)
        faults.append(Fault("distribution", "not_an_option", {"value": batch.distribution, "options": options}))
    elif (batch.kind == rules.POSTER) != (batch.distribution == "poster"):
        text = "a poster's distribution is `poster`, and a slip has one of the others"
        faults.append(problem("distribution", text))
    elif batch.kind == rules.KIOSK and batch.distribution != "free_choice":
        text = (
            "a kiosk code counts nobody twice nor once, so who uses it is `free_choice`; give slips to who is counted"
        )
        faults.append(problem("distribution", text))
    if batch.site not in sites:
        faults.append(Fault("site", "not_an_option", {"value": batch.site, "options": ", ".join(sites)}))
    if not 1 <= batch.count <= BATCH_LIMIT:
        faults.append(Fault("count", "out_of_range", {"lower": 1, "upper": BATCH_LIMIT}))
    if faults:
        raise Refused("invalid", faults)


def _population(batch: Batch, project: str) -> int | None:
    """The size of the frame that a batch for drawn persons names; no other batch has one."""
    if batch.distribution != "drawn_persons":
        if batch.frame:
            raise invalid("frame", "only drawn persons come from a frame")
        return None
    if not batch.frame:
        raise Refused("invalid", [Fault("frame", "missing")])
    frame = records.get(FrozenFrame, batch.frame)
    if frame is None or frame.project != project:
        raise invalid("frame", "this project has no frame {frame!r}", frame=batch.frame)
    others = records.find(Batch, campaign=batch.campaign, frame=batch.frame)
    left = len(frame.serials) - sum(other.count for other in others if not other.replaces)
    if batch.count > left and not batch.replaces:
        raise Refused("invalid", [Fault("count", "out_of_range", {"lower": 1, "upper": left})])
    return len(frame.serials)


def _fresh_codes(kind: str, count: int) -> list[str]:
    codes: set[str] = set()
    while len(codes) < count:
        codes.add(rules.new_code(kind, secrets.randbelow))
    return sorted(codes, key=lambda _: secrets.randbits(64))


def batches(actor: Actor, campaign: str) -> list[Batch]:
    campaigns.get(actor, campaign)
    return records.find(Batch, campaign=campaign)


def look_up(typed: str, keys: Sequence[Key]) -> tuple[Ticket, Batch]:
    """The ticket that a typed code belongs to. Raises Refused code_mistyped or code_unknown."""
    [found] = find([rules.normalise(typed)], keys)
    if found is None:
        raise Refused("code_unknown")
    return found


def find(codes: Sequence[str], keys: Sequence[Key]) -> list[tuple[Ticket, Batch] | None]:
    """For each normalised code its ticket and batch, or None; those not seen lately are read in one call."""
    found = [_recent_poster(code, keys) for code in codes]
    for key in keys:
        missing = [at for at, ticket in enumerate(found) if ticket is None]
        if not missing:
            break
        hashes = [rules.hashed(key, codes[at]) for at in missing]
        for at, hash, batch in zip(missing, hashes, _batches_of(hashes), strict=True):
            found[at] = Ticket(hash, batch, key) if batch else None
    return [_with_batch(code, ticket) for code, ticket in zip(codes, found, strict=True)]


def _with_batch(code: str, ticket: Ticket | None) -> tuple[Ticket, Batch] | None:
    batch = _batch(ticket.batch) if ticket else None
    if ticket is None or batch is None:
        return None
    if batch.kind == rules.POSTER:
        _posters[code] = (time.monotonic(), ticket)
    return ticket, batch


def _batches_of(hashes: Sequence[str]) -> list[str | None]:
    """As the store's; what is in mind needs no look at the database."""
    unknown = [hash for hash in hashes if hash not in _kept]
    read = dict(zip(unknown, stored.batches_of(unknown), strict=True)) if unknown else {}
    _in_use.update(batch for batch in read.values() if batch)
    return [_kept.get(hash) or read.get(hash) for hash in hashes]


def keep_in_mind() -> None:
    """Read the tickets of batches in use once, off the request path: tickets never change once they are printed.

    Closed campaigns make room for open ones; what finds no room is looked up in the database, as before.
    """
    while _in_use:
        batch = _batch(_in_use.pop())
        if batch is None or batch.kind == rules.POSTER:
            continue
        if len(_kept) + batch.count > KEPT_LIMIT:
            _forget_closed()
        if len(_kept) + batch.count <= KEPT_LIMIT:
            _kept.update(dict.fromkeys(stored.of_batch(batch.id), batch.id))


def _forget_closed() -> None:
    ids = {id: _batch(id) for id in set(_kept.values())}
    open_ones = {id for id, batch in ids.items() if batch and campaigns.state(batch.campaign) == OPEN}
    for hash in [hash for hash, id in _kept.items() if id not in open_ones]:
        del _kept[hash]


def hold_back(address: str, now: datetime) -> float:
    """Count a failed look-up of this address; -> seconds to wait before saying so."""
    return limits.delay_after(limits.count_failure([f"code:{address}"], now))


def _recent_poster(code: str, keys: Sequence[Key]) -> Ticket | None:
    """Posters answer many times over, so theirs is the one look-up that is worth keeping for a moment."""
    at, ticket = _posters.get(code, (0.0, None))
    fresh = ticket is not None and time.monotonic() - at < campaigns.FRESH_SECONDS and ticket.key in keys
    return ticket if fresh else None


def _batch(id: str) -> Batch | None:
    """At most FRESH_SECONDS old: a batch changes only by being voided or counted."""
    at, batch = _batches.get(id, (0.0, None))
    if batch is None or time.monotonic() - at >= campaigns.FRESH_SECONDS:
        batch = records.get(Batch, id)
        if batch is None:
            return None
        _batches[id] = (time.monotonic(), batch)
    return batch


def forget_batch(id: str) -> None:
    """Look at it anew when it is needed next."""
    _batches.pop(id, None)


def forget_batches() -> None:
    """Drop what is cached; for tests, which empty the database under it."""
    _batches.clear()
    _posters.clear()
    _kept.clear()
    _in_use.clear()
