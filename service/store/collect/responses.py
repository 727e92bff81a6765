"""Responses: sealed answers under random ids, and the tombstones of those that were withdrawn."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from service.domain.collect.responses import Response
from service.domain.collect.tallies import Cell
from service.store.collect.receipts import insert_many_only
from service.store.documents import ResponseDocument
from service.store.records import collection
from service.store.transactions import Tx

SLOTS = 1 << 30  # `slot` is the head of the random id: pages are bounded ranges of it
FEW = 500  # answers
T = TypeVar("T")


def slot_of(final_id: str) -> int:
    return int(final_id[:8], 16) >> 2


def insert_only(responses: Sequence[Response]) -> None:
    """O2: whatever is there stays, so a slow sealer's copy bounces off a tombstone."""
    insert_many_only(ResponseDocument, [_stored(response) for response in responses])


def get(final_id: str, tx: Tx | None = None) -> Response | None:
    """None for a tombstone too."""
    stored = collection(ResponseDocument).find_one({"_id": final_id}, session=tx and tx.session)
    return _response(stored) if stored and not stored.get("gone") else None


def bury(tx: Tx, final_id: str) -> None:
    collection(ResponseDocument).replace_one({"_id": final_id}, {"_id": final_id, "gone": True}, session=tx.session)


def page(campaign: str, first_slot: int, slots: int) -> list[Response]:
    """Those with first_slot <= slot < first_slot + slots, in the order of their random ids."""
    where = {"campaign": campaign, "slot": {"$gte": first_slot, "$lt": first_slot + slots}}
    found = [_response(stored) for stored in collection(ResponseDocument).find(where)]
    return sorted(found, key=lambda response: response.final_id)


def many(campaign: str, final_ids: Sequence[str]) -> list[Response]:
    """Those of these that are there, in the order of their random ids; for a page of them."""
    found = collection(ResponseDocument).find({"_id": {"$in": list(final_ids)}}) if final_ids else ()
    mine = [_response(one) for one in found if not one.get("gone") and one.get("campaign") == campaign]
    return sorted(mine, key=lambda response: response.final_id)


def ranges(read: Callable[[int, int], list[T]]) -> Iterator[tuple[int, int, list[T]]]:
    """(first slot, slots, what `read` finds there) of all slots; each range holds a bounded part of what there is.

    Random ids lie evenly, so few in one range allow a wider next one.
    """
    first, slots = 0, SLOTS // 64
    while first < SLOTS:
        found = read(first, slots)
        yield first, slots, found
        first += slots
        slots *= 2 if len(found) < FEW else 1


def each(campaign: str) -> Iterator[Response]:
    """Every sealed answer, a bounded range at a time."""
    for _, _, found in ranges(partial(page, campaign)):
        yield from found


def numbers() -> tuple[int, int]:
    """(answers, tombstones) of all campaigns: a scan, for checks only. What was deleted on schedule was an answer."""
    found = collection(ResponseDocument).find({}, {"gone": 1, "purged": 1})
    gone = [bool(stored.get("gone")) and not stored.get("purged") for stored in found]
    return len(gone) - sum(gone), sum(gone)


def _stored(response: Response) -> dict[str, Any]:
    return {
        "_id": response.final_id,
        "campaign": response.campaign,
        "seal": response.seal,
        "slot": slot_of(response.final_id),
        "answers": dict(response.answers),
        "cell": list(response.cell),
        "hour": response.hour,
        "duration": response.duration,
    }


def _response(stored: dict[str, Any]) -> Response:
    values = {name: stored[name] for name in ("campaign", "seal", "answers", "hour", "duration")}
    return Response(final_id=stored["_id"], cell=Cell(*stored["cell"]), **values)
