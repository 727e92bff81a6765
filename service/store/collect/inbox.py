"""The inbox: accepting an answer is one insert whose `_id` decides, and one look at the campaign's state a group."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pymongo.errors import BulkWriteError, DuplicateKeyError

from service.domain.collect.responses import Envelope
from service.domain.collect.tallies import Cell
from service.store.collect import ledger
from service.store.documents import InboxDocument
from service.store.records import collection

ACCEPTED, TAKEN, CLOSED = "accepted", "taken", "closed"
_DUPLICATE_KEY = 11000


def accept_group(envelopes: Sequence[Envelope]) -> list[str]:
    """Steps 2 and 3 for a group: insert all, then read each campaign's state after the insert was acknowledged.

    -> for each envelope ACCEPTED, TAKEN (its place is taken: step 4 tells by whom) or CLOSED. Never ACCEPTED without a
    later "open". The same `_id` twice in one group: the database lets the first in, as it would one after another.
    """
    outcomes = _insert([_live(envelope) for envelope in envelopes])
    states = {campaign: ledger.state(campaign) for campaign in {envelope.campaign for envelope in envelopes}}
    return [
        CLOSED if outcome == ACCEPTED and states[envelope.campaign] != "open" else outcome
        for envelope, outcome in zip(envelopes, outcomes, strict=True)
    ]


def _insert(documents: list[dict[str, Any]]) -> list[str]:
    """ACCEPTED or TAKEN for each; one by itself costs the driver less than a group of one."""
    inbox = collection(InboxDocument)
    outcomes = [ACCEPTED] * len(documents)
    try:
        if len(documents) == 1:
            inbox.insert_one(documents[0])
        else:
            inbox.insert_many(documents, ordered=False)
    except DuplicateKeyError:
        return [TAKEN]
    except BulkWriteError as error:
        for failure in error.details["writeErrors"]:
            if failure["code"] != _DUPLICATE_KEY:
                raise
            outcomes[failure["index"]] = TAKEN
    return outcomes


def find(env: str) -> Envelope | None:
    """The live document under this id; None for a guard or nothing."""
    stored = collection(InboxDocument).find_one({"_id": env})
    return _envelope(stored) if stored and "campaign" in stored else None


def find_many(envs: Sequence[str]) -> list[Envelope]:
    """The live documents among these ids."""
    found = collection(InboxDocument).find({"_id": {"$in": list(envs)}})
    return [_envelope(stored) for stored in found if "campaign" in stored]


def taken(envs: Sequence[str]) -> set[str]:
    """Which of these places are taken, by a live document or by a guard."""
    return {stored["_id"] for stored in collection(InboxDocument).find({"_id": {"$in": list(envs)}}, {"_id": 1})}


def live(campaign: str) -> list[Envelope]:
    """All live documents of a campaign. Sealing keeps them few."""
    return [_envelope(stored) for stored in collection(InboxDocument).find({"campaign": campaign})]


def live_of(campaigns: Sequence[str]) -> dict[str, list[Envelope]]:
    """The same of several campaigns, in one read."""
    found: dict[str, list[Envelope]] = {campaign: [] for campaign in campaigns}
    for stored in collection(InboxDocument).find({"campaign": {"$in": list(campaigns)}}):
        found[stored["campaign"]].append(_envelope(stored))
    return found


def make_guards(campaign: str, members: Sequence[tuple[str, str]]) -> None:
    """Live -> guard for each (env, final id). A guard is never deleted while the campaign can accept."""
    unset = dict.fromkeys(("campaign", "final_id", "content"), "")
    where = {"_id": {"$in": [env for env, _ in members]}, "final_id": {"$in": [final_id for _, final_id in members]}}
    collection(InboxDocument).update_many(where, {"$unset": unset, "$set": {"g": campaign}})


def delete_late(envelope: Envelope) -> None:
    """After `final`: an insert that came too late and was never acknowledged."""
    where = {"_id": envelope.env, "final_id": envelope.final_id, "campaign": envelope.campaign}
    collection(InboxDocument).delete_one(where)


def delete_guards(campaign: str, envs: Sequence[str]) -> int:
    """Step F5, only in `final`: guards lie in the order of arrival, so they go soon after closing."""
    return int(collection(InboxDocument).delete_many({"_id": {"$in": list(envs)}, "g": campaign}).deleted_count)


def guards(campaign: str) -> list[str]:
    """A scan: for checks and for F5 only."""
    return [stored["_id"] for stored in collection(InboxDocument).find({"g": campaign}, {"_id": 1})]


def _live(envelope: Envelope) -> dict[str, Any]:
    """What the database need not look into is one field: a third cheaper to insert than a field each."""
    content = [envelope.sub, envelope.digest, envelope.r.hex(), envelope.answers, envelope.cell]
    packed = json.dumps(
        [*content, envelope.hour, envelope.duration], ensure_ascii=False, separators=(",", ":")
    ).encode()
    return {"_id": envelope.env, "campaign": envelope.campaign, "final_id": envelope.final_id, "content": packed}


def _envelope(stored: Mapping[str, Any]) -> Envelope:
    sub, digest, r, answers, cell, hour, duration = json.loads(stored["content"])
    return Envelope(
        env=stored["_id"],
        campaign=stored["campaign"],
        sub=sub,
        digest=digest,
        r=bytes.fromhex(r),
        final_id=stored["final_id"],
        answers=answers,
        cell=Cell(*cell),
        hour=hour,
        duration=duration,
    )
