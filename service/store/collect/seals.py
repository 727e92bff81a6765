"""Seals: the single steps of the sealing protocol. Their order is decided in service.operations.collect.seals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from service.domain.collect import tallies
from service.domain.collect.seals import Ledger, OpenBatch, Seal
from service.domain.collect.tallies import Tally
from service.store.collect import ledger
from service.store.documents import FrozenTallyDocument, SealDocument
from service.store.records import collection
from service.store.transactions import Lost, Tx


def begin(read: Ledger, batch: OpenBatch) -> bool:
    """S2: `read` must have been read before the inbox was scanned; its rev is in the filter."""
    where = {"_id": read.campaign, "rev": read.rev, "batch": None}
    return ledger.change(where, {"n": read.n + 1, "batch": ledger.batch_document(batch)})


def count(campaign: str, seal: str) -> bool:
    """O5: the moment of counting."""
    return ledger.change({"_id": campaign, "batch.seal": seal, "batch.phase": "open"}, {"batch.phase": "counted"})


def finish(campaign: str, seal: str) -> bool:
    """C2: the batch is over."""
    return ledger.change({"_id": campaign, "batch.seal": seal, "batch.phase": "counted"}, {"batch": None})


def insert_only(seal: Seal) -> None:
    """O4: whatever is there stays."""
    try:
        collection(SealDocument).insert_one(_stored(seal))
    except DuplicateKeyError:
        return


def roots(campaign: str, tx: Tx | None = None) -> list[Seal]:
    """The seals that count: those with `into` null."""
    found = collection(SealDocument).find({"campaign": campaign, "into": None}, session=tx and tx.session)
    return [_seal(stored) for stored in found]


def roots_of(campaigns: Sequence[str]) -> dict[str, list[Seal]]:
    """The same of several campaigns, in one read."""
    found: dict[str, list[Seal]] = {campaign: [] for campaign in campaigns}
    for stored in collection(SealDocument).find({"campaign": {"$in": list(campaigns)}, "into": None}):
        found[stored["campaign"]].append(_seal(stored))
    return found


def ids(campaign: str) -> set[str]:
    """All seals, compacted ones too."""
    return {stored["_id"] for stored in collection(SealDocument).find({"campaign": campaign}, {"_id": 1})}


def arrivals(campaign: str) -> list[tuple[str, str, int]]:
    """(hour, site, answers sealed then) of every seal: an answer's hour and site are known of it anyway."""
    found = collection(SealDocument).find({"campaign": campaign}, {"hour": 1, "arrivals": 1})
    return [(seal["hour"], part["site"], part["n"]) for seal in found for part in seal.get("arrivals") or ()]


def root_of(id: str, tx: Tx) -> Seal:
    """Follow `into` from a seal to the one that holds its tally; at most two steps."""
    stored = collection(SealDocument).find_one({"_id": id}, session=tx.session)
    while stored["into"] is not None:
        stored = collection(SealDocument).find_one({"_id": stored["into"]}, session=tx.session)
    return _seal(stored)


def put_tally(tx: Tx, root: Seal, tally: Tally) -> None:
    """Replace a root's tally where it is still as it was read. Raises Lost."""
    where = {"_id": root.id, "rev": root.rev, "into": None}
    change = {"$set": {"tally": tallies.to_plain(tally)}, "$inc": {"rev": 1}}
    if collection(SealDocument).update_one(where, change, session=tx.session).matched_count == 0:
        raise Lost


def put_into(tx: Tx, kids: Sequence[Seal], target: str, tally: Tally, hour: str) -> None:
    """Compaction: the kids' tallies go to `target`, the kids stay as stubs. Raises Lost."""
    seals = collection(SealDocument)
    for kid in kids:
        where = {"_id": kid.id, "rev": kid.rev, "into": None}
        change = {"$set": {"into": target}, "$unset": {"tally": ""}, "$inc": {"rev": 1}}
        if seals.update_one(where, change, session=tx.session).matched_count == 0:
            raise Lost
    there = seals.find_one({"_id": target}, session=tx.session)
    if there is None:
        try:
            seals.insert_one(_stored(Seal(target, kids[0].campaign, 0, hour, tally)), session=tx.session)
        except DuplicateKeyError as error:
            raise Lost from error
    else:
        put_tally(tx, _seal(there), tallies.add(tallies.from_plain(there["tally"]), tally))


def freeze(tx: Tx, campaign: str, rev: int, at: Any, digest: str, tally: Tally) -> None:
    """F4: the figures as evidence, a document of its own that no withdrawal touches."""
    frozen = {"_id": campaign, "rev": rev, "at": at, "digest": digest, "tally": tallies.to_plain(tally)}
    collection(FrozenTallyDocument).insert_one(frozen, session=tx.session)


def frozen(campaign: str) -> Tally | None:
    stored = collection(FrozenTallyDocument).find_one({"_id": campaign})
    return tallies.from_plain(stored["tally"]) if stored else None


def frozen_at(campaign: str) -> datetime | None:
    """When the figures were frozen; None while they are not."""
    stored = collection(FrozenTallyDocument).find_one({"_id": campaign}, {"at": 1})
    return stored["at"] if stored else None


def mark_purged(tx: Tx, campaign: str, facts: dict[str, Any]) -> None:
    """Say that the answers are about to be deleted; the frozen tally itself stays as it is."""
    collection(FrozenTallyDocument).update_one({"_id": campaign}, {"$set": {"purged": facts}}, session=tx.session)


def purged(campaign: str) -> dict[str, Any] | None:
    """{at, count, tally}: when how many answers were deleted, the digest of the seals' sum; None if they are there."""
    stored = collection(FrozenTallyDocument).find_one({"_id": campaign}, {"purged": 1})
    return (stored or {}).get("purged") or None


def frozen_of(campaigns: Sequence[str]) -> dict[str, Tally]:
    """The frozen tallies of those campaigns that are final, in one read."""
    found = collection(FrozenTallyDocument).find({"_id": {"$in": list(campaigns)}}) if campaigns else ()
    return {stored["_id"]: tallies.from_plain(stored["tally"]) for stored in found}


def _stored(seal: Seal) -> dict[str, Any]:
    return {
        "_id": seal.id,
        "campaign": seal.campaign,
        "rev": seal.rev,
        "hour": seal.hour,
        "into": seal.into,
        "tally": tallies.to_plain(seal.tally),
        "arrivals": [{"site": site, "n": number} for site, number in seal.arrivals],
    }


def _seal(stored: dict[str, Any]) -> Seal:
    tally = tallies.from_plain(stored.get("tally") or [])
    return Seal(stored["_id"], stored["campaign"], stored["rev"], stored["hour"], tally, stored["into"])
