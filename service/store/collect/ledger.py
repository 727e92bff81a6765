"""The ledger: one document a campaign, in which every change of what counts is one compare-and-set."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo.read_concern import ReadConcern

from service.domain.collect.seals import Ledger, Member, OpenBatch
from service.store import connection
from service.store.documents import LedgerDocument
from service.store.records import collection
from service.store.transactions import Tx


def create(tx: Tx, campaign: str) -> None:
    fresh = {"_id": campaign, "rev": 0, "n": 0, "state": "open", "batch": None}
    collection(LedgerDocument).insert_one(fresh, session=tx.session)


def read(campaign: str, tx: Tx | None = None) -> Ledger | None:
    """The whole ledger; outside a transaction the newest one, whatever node answers."""
    source = collection(LedgerDocument) if tx else _newest()
    stored = source.find_one({"_id": campaign}, session=tx and tx.session)
    return stored and _ledger(stored)


def read_many(campaigns: Sequence[str]) -> dict[str, Ledger]:
    """The ledgers of those that were opened. A linearizable read is of one document, so on a replica set one each."""
    if connection.is_embedded():
        found = list(collection(LedgerDocument).find({"_id": {"$in": list(campaigns)}})) if campaigns else []
    else:
        found = [one for id in campaigns if (one := _newest().find_one({"_id": id})) is not None]
    return {stored["_id"]: _ledger(stored) for stored in found}


def state(campaign: str) -> str | None:
    """Only the state, uncached: the look that follows every accepted answer (step 3)."""
    stored = _newest().find_one({"_id": campaign}, {"state": 1})
    return stored and stored["state"]


def states(campaigns: Sequence[str]) -> dict[str, str]:
    """The states of those that were opened, for lists: nothing is decided by them."""
    found = collection(LedgerDocument).find({"_id": {"$in": list(campaigns)}}, {"state": 1})
    return {stored["_id"]: stored["state"] for stored in found}


def revision(campaign: str) -> int | None:
    stored = _newest().find_one({"_id": campaign}, {"rev": 1})
    return stored and stored["rev"]


def campaigns(states: tuple[str, ...]) -> list[str]:
    found = collection(LedgerDocument).find({"state": {"$in": list(states)}}, {"_id": 1})
    return sorted(ledger["_id"] for ledger in found)


def change(where: Mapping[str, Any], to: Mapping[str, Any], *, tx: Tx | None = None) -> bool:
    """Compare and set; `rev` goes up by one. False when nothing matched: somebody else has done it."""
    update = {"$inc": {"rev": 1}} | ({"$set": dict(to)} if to else {})
    done = collection(LedgerDocument).update_one(dict(where), update, session=tx and tx.session)
    return bool(done.matched_count)


def batch_document(batch: OpenBatch | None) -> dict[str, Any] | None:
    if batch is None:
        return None
    members = [{"env": member.env, "final_id": member.final_id} for member in batch.members]
    return {"seal": batch.seal, "phase": batch.phase, "members": members}


def _newest() -> Any:
    """On a replica set "insert, then read the flag" needs a linearizable read; one node has no other newest."""
    if connection.is_embedded():
        return collection(LedgerDocument)
    return collection(LedgerDocument).with_options(read_concern=ReadConcern("linearizable"))


def _ledger(stored: Mapping[str, Any]) -> Ledger:
    batch = stored.get("batch")
    members = tuple(Member(member["env"], member["final_id"]) for member in batch["members"]) if batch else ()
    under_way = OpenBatch(batch["seal"], batch["phase"], members) if batch else None
    return Ledger(stored["_id"], stored["rev"], stored["n"], stored["state"], under_way)
