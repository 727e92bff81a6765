"""Sealing, reading, compacting and finalising: the protocol of the double envelope, step by step (see CONTRIBUTING).

Anybody may run any of these, any number at once, and may die between any two steps: the next one rolls it forward.
Change a step only with a new search of its states.
"""

import random
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from service import store
from service.domain.collect import seals, tallies
from service.domain.collect.media import named
from service.domain.collect.responses import Envelope, Response, hour_of
from service.domain.collect.seals import Ledger, Member, OpenBatch, Receipt, Seal
from service.domain.collect.tallies import Tally
from service.domain.errors import Refused
from service.operations.collect.questionnaires import of_campaign
from service.store import journal, leases
from service.store.collect import inbox, ledger, media, quality, receipts, responses, texts, withdrawals
from service.store.collect import seals as stored_seals

READ_TRIES = 5
SYSTEM = "system"
LEASE = timedelta(seconds=3)


def seal(campaign: str, size: int = seals.SEAL_SIZE) -> int:
    """Seal all that lies in the inbox, rolling an open batch forward first. -> how many answers this run began."""
    begun = 0
    while True:
        read = _ledger(campaign)  # S0
        if read.batch is not None:
            if read.batch.phase == "open":
                _close(campaign, read.batch)
            else:
                _clean(campaign, read.batch)
            continue
        found = inbox.live(campaign)  # S1
        if read.state == "final":
            for late in found:
                inbox.delete_late(late)
            return begun
        if not found:
            return begun
        first_hour = min(envelope.hour for envelope in found)
        chosen = [envelope for envelope in found if envelope.hour == first_hour][:size]
        members = [Member(envelope.env, envelope.final_id) for envelope in chosen]
        random.SystemRandom().shuffle(members)
        if stored_seals.begin(read, OpenBatch(f"{campaign}:{read.n + 1}", "open", tuple(members))):  # S2
            begun += len(members)


def _close(campaign: str, batch: OpenBatch) -> None:
    """OPEN: copy the answers, write receipts, store the tally, then count them all at once."""
    found = {envelope.env: envelope for envelope in inbox.find_many([member.env for member in batch.members])}
    envelopes = []
    for member in batch.members:  # O1
        envelope = found.get(member.env)
        if envelope is None or envelope.final_id != member.final_id:
            return  # somebody is already past "counted"
        envelopes.append(envelope)
    random.SystemRandom().shuffle(envelopes)
    responses.insert_only([_sealed(envelope, batch.seal) for envelope in envelopes])  # O2
    random.SystemRandom().shuffle(envelopes)  # else the order of receipts in the file would be that of the answers
    receipts.insert_only([seals.receipt_of(e.r, e.final_id, e.digest) for e in envelopes])  # O3
    count = _counter(campaign)
    tally = tallies.total([count(e.cell, e.answers, e.duration) for e in envelopes])
    arrivals = tuple(sorted(Counter(e.cell.site for e in envelopes).items()))
    hour = min(e.hour for e in envelopes)
    stored_seals.insert_only(Seal(batch.seal, campaign, 0, hour, tally, arrivals=arrivals))  # O4
    stored_seals.count(campaign, batch.seal)  # O5


def _clean(campaign: str, batch: OpenBatch) -> None:
    """COUNTED: live documents become guards, then the batch is over."""
    inbox.make_guards(campaign, [(member.env, member.final_id) for member in batch.members])  # C1
    stored_seals.finish(campaign, batch.seal)  # C2


def read(campaign: str) -> tuple[Tally, int]:
    """(tally of every acknowledged answer that was not withdrawn, the ledger's revision it belongs to)."""
    for _ in range(READ_TRIES):
        before = _ledger(campaign)  # R1
        roots = stored_seals.roots(campaign)  # R2
        live = inbox.live(campaign)  # R3
        if ledger.revision(campaign) == before.rev:  # R4, R5
            return _sum(campaign, before, roots, live), before.rev
    raise Refused("busy")


def read_many(campaigns: Sequence[str]) -> dict[str, Tally]:
    """`read` of several campaigns together: each step for all of them before the next, so R1 to R5 hold for each.

    A campaign that was never opened has an empty tally; one that is being written to all the time is read again alone.
    """
    before = ledger.read_many(campaigns)  # R1
    roots = stored_seals.roots_of(list(before))  # R2
    live = inbox.live_of(list(before))  # R3
    after = ledger.read_many(list(before))  # R4
    found: dict[str, Tally] = {id: {} for id in campaigns}
    for id, at in before.items():
        same = id in after and after[id].rev == at.rev  # R5
        found[id] = _sum(id, at, roots[id], live[id]) if same else read(id)[0]
    return found


def _sum(campaign: str, at: Ledger, roots: Sequence[Seal], live: Sequence[Envelope]) -> Tally:
    """R6: an answer counts through its root seal or through the inbox, never both."""
    batch = at.batch
    not_yet = batch.seal if batch and batch.phase == "open" else None
    already = {member.final_id for member in batch.members} if batch and batch.phase == "counted" else set()
    parts = [root.tally for root in roots if root.id != not_yet]
    if at.state != "final":
        count = _counter(campaign)
        waiting = [envelope for envelope in live if envelope.final_id not in already]
        parts += [count(envelope.cell, envelope.answers, envelope.duration) for envelope in waiting]
    return tallies.total(parts)


def waiting(campaign: str) -> int:
    """How many live answers no counted seal holds; as it stood at some moment, for telling only."""
    at = _ledger(campaign)
    batch = at.batch
    already = {member.final_id for member in batch.members} if batch and batch.phase == "counted" else set()
    live = inbox.live(campaign) if at.state != "final" else []
    return sum(envelope.final_id not in already for envelope in live)


def sealed(campaign: str) -> int:
    """How many answers can be read one by one: counted seals without what was withdrawn; none once they are deleted."""
    if stored_seals.purged(campaign) is not None:
        return 0
    for _ in range(READ_TRIES):
        before = _ledger(campaign)
        not_yet = before.batch.seal if before.batch and before.batch.phase == "open" else None
        roots = [root for root in stored_seals.roots(campaign) if root.id != not_yet]
        if ledger.revision(campaign) == before.rev:
            return sum(counts.get("n", 0) for root in roots for counts in root.tally.values())
    raise Refused("busy")


def withdraw(campaign: str, r: bytes) -> None:
    """Take an answer out by its receipt's secret: a tombstone stays, the tally is corrected. Again: nothing more.

    Raises Refused("receipt_unknown").
    """
    receipt = _receipt(campaign, r)
    while not receipt.withdrawn and not store.retrying(lambda tx: _bury(tx, campaign, r)):  # W1
        seal(campaign)
    if receipt.box is not None:  # a scan may have marked the answer while the transaction was under way
        for store_of in (quality, texts):  # a tag may have been put on it too
            store_of.forget([seals.unbox(r, receipt.box)])


def _receipt(campaign: str, r: bytes) -> Receipt:
    """W0: what is kept of a receipt; its answer is sealed first if that has not been done yet."""
    id = seals.receipt_id(r)
    receipt = receipts.find(id)
    if receipt is None:
        seal(campaign)
        receipt = receipts.find(id)
    if receipt is None:
        raise Refused("receipt_unknown")
    return receipt


def own(campaign: str, r: bytes) -> Response:
    """The answer that a receipt's secret opens. Raises Refused: receipt_unknown, answers_withdrawn."""
    receipt = _receipt(campaign, r)
    found = responses.get(seals.unbox(r, receipt.box)) if receipt.box is not None else None
    if found is None and not receipt.withdrawn and stored_seals.purged(campaign) is not None:
        raise Refused("kept_long_enough")
    if found is None:
        raise Refused("answers_withdrawn")
    if found.campaign != campaign:  # a receipt under another's short code
        raise Refused("receipt_unknown")
    return found


def _bury(tx: store.Tx, campaign: str, r: bytes) -> bool:
    """False when the answer's seal is still open: seal first, then try again."""
    receipt = receipts.find(seals.receipt_id(r), tx)
    if receipt is None or receipt.box is None:
        return True
    final_id = seals.unbox(r, receipt.box)
    response = responses.get(final_id, tx)
    at = ledger.read(campaign, tx)
    if response is None and stored_seals.purged(campaign) is not None:
        raise Refused("kept_long_enough")
    if response is None or at is None or response.campaign != campaign:  # a receipt under another's short code
        raise Refused("receipt_unknown")
    if at.batch and at.batch.phase == "open" and at.batch.seal == response.seal:
        return False
    root = stored_seals.root_of(response.seal, tx)
    taken_out = _counter(campaign)(response.cell, response.answers, response.duration)
    stored_seals.put_tally(tx, root, tallies.subtract(root.tally, taken_out))
    responses.bury(tx, final_id)
    quality.forget([final_id], tx)
    texts.forget([final_id], tx)
    media.delete(named(of_campaign(campaign).questions, response.answers).values(), tx)
    receipts.withdraw(tx, receipt.id)
    withdrawals.count(tx, campaign, response.cell.site)
    _raise_revision(tx, at)
    return True


def compact(campaign: str, now: datetime) -> int:
    """Put seals together, hour into day into campaign, so that a read adds up few. -> how many were put away."""

    def act(tx: store.Tx) -> int:
        at = ledger.read(campaign, tx)
        if at is None:
            return 0
        under_way = at.batch.seal if at.batch else None
        roots = [root for root in stored_seals.roots(campaign, tx) if root.id != under_way]
        plan = seals.plan_compaction(roots, campaign, hour_of(now))
        for target, kids in plan.items():
            together = tallies.total([kid.tally for kid in kids])
            stored_seals.put_into(tx, kids, target, together, max(kid.hour for kid in kids))
        if plan:
            _raise_revision(tx, at)
            digests = {kid.id: tallies.digest(kid.tally) for kids in plan.values() for kid in kids}
            journal.append(tx, f"campaign:{campaign}", "seals.compacted", SYSTEM, now, campaign, {"tallies": digests})
        return sum(len(kids) for kids in plan.values())

    return store.retrying(act)


def _raise_revision(tx: store.Tx, at: Ledger) -> None:
    if not ledger.change({"_id": at.campaign, "rev": at.rev}, {}, tx=tx):
        raise store.Lost


def finalise(campaign: str) -> tuple[Tally, int]:
    """Close for ever and count to the last answer. -> (tally, revision) to be frozen as evidence (F1 to F4)."""
    ledger.change({"_id": campaign, "state": "open"}, {"state": "closing"})  # F1
    while True:
        at = _ledger(campaign)  # F2
        if at.state == "final":
            return read(campaign)
        if at.batch is not None or inbox.live(campaign):
            seal(campaign)
            continue
        where = {"_id": campaign, "rev": at.rev, "batch": None, "state": "closing"}
        ledger.change(where, {"state": "final"})  # F3


def forget_order(campaign: str) -> int:
    """F5: delete the guards of a final campaign, whose order in the file is that of arrival. -> how many."""
    if _ledger(campaign).state != "final":
        raise Refused("state_conflict", noun="campaign", state="not final")
    return inbox.delete_guards(campaign, inbox.guards(campaign))


def tend(campaign: str, owner: str, now: datetime) -> bool:
    """Seal and compact, unless another process is at it: the lease only saves work. -> False when one was.

    Whoever was kept out must come again: what it accepted may be newer than what the other has looked at.
    """
    if not leases.take(f"seal:{campaign}", owner, now, LEASE):
        return False
    seal(campaign)
    compact(campaign, now)
    return True


def unfinished() -> list[str]:
    """The campaigns in which something may be left to seal."""
    return ledger.campaigns(("open", "closing"))


def all_campaigns() -> list[str]:
    """Every campaign that was ever opened."""
    return ledger.campaigns(("open", "closing", "final"))


def recount(campaign: str) -> list[str]:
    """Seal what is there, then compare the seals with a full recount of the responses; safe beside a running service.

    -> sentences on what does not hold, empty when all is well (invariants I2 and I3). Raises Refused("busy") when
    something is sealed or withdrawn all the time.
    """
    for _ in range(READ_TRIES):
        seal(campaign)
        at = _ledger(campaign)
        broken = _broken(at)
        if at.batch is None and ledger.revision(campaign) == at.rev:
            return broken
    raise Refused("busy")


def _broken(at: Ledger) -> list[str]:
    if (deleted := stored_seals.purged(at.campaign)) is not None:
        return _broken_without_answers(at.campaign, deleted)
    count, known = _counter(at.campaign), stored_seals.ids(at.campaign)
    sealed = list(responses.each(at.campaign))
    roots = tallies.total([root.tally for root in stored_seals.roots(at.campaign)])
    again = tallies.total([count(r.cell, r.answers, r.duration) for r in sealed])
    broken = seals.broken_invariants(roots, again)
    strays = sorted({response.seal for response in sealed} - known)
    broken += [f"there are responses of the seal {stray}, which is missing" for stray in strays]
    guards = len(inbox.guards(at.campaign))
    if at.state != "final" and guards < len(sealed):
        broken.append(f"{len(sealed)} responses, but only {guards} guards: a slip may be answered twice")
    return broken


def sealed_digest(campaign: str) -> str:
    """The digest of what all seals of a campaign add up to."""
    return tallies.digest(tallies.total([root.tally for root in stored_seals.roots(campaign)]))


def _broken_without_answers(campaign: str, deleted: Mapping[str, Any]) -> list[str]:
    """Once the answers are deleted on schedule, the seals must still come to what they came to then."""
    broken = []
    if next(responses.each(campaign), None) is not None:
        broken.append("deleting its answers was cut off: run `minyi purge` again")
    if sealed_digest(campaign) != deleted["tally"]:
        broken.append("the seals do not add up to what they did when the answers were deleted")
    return broken


def recount_receipts() -> list[str]:
    """Every receipt opens one response or one tombstone (I2), over all campaigns: receipts name none."""
    opening, withdrawn = receipts.numbers()
    present, gone = responses.numbers()
    broken = []
    if opening != present:
        broken.append(f"{opening} receipts open an answer, but there are {present} answers")
    if withdrawn != gone:
        broken.append(f"{withdrawn} receipts were withdrawn, but there are {gone} tombstones")
    return broken


def new_final_id() -> str:
    return secrets.token_hex(16)


def _ledger(campaign: str) -> Ledger:
    found = ledger.read(campaign)
    if found is None:
        raise Refused("campaign_not_open")
    return found


def _sealed(envelope: Envelope, seal_id: str) -> Response:
    return Response(
        final_id=envelope.final_id,
        campaign=envelope.campaign,
        seal=seal_id,
        answers=envelope.answers,
        cell=envelope.cell,
        hour=envelope.hour,
        duration=envelope.duration,
    )


def _counter(campaign: str) -> Callable[..., Tally]:
    questionnaire = of_campaign(campaign)
    return lambda cell, answers, duration: tallies.tally_of(questionnaire, cell, answers, duration)
