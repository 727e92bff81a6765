"""Tickets: keyed hashes of codes."""

from collections.abc import Sequence

from service.store.documents import TicketDocument
from service.store.records import collection

_CHUNK = 2000


def insert(hashes: Sequence[str], batch: str) -> None:
    """Not in a transaction: a ticket counts only once its batch is stored."""
    for first in range(0, len(hashes), _CHUNK):
        chunk = [{"_id": hash, "batch": batch} for hash in hashes[first : first + _CHUNK]]
        collection(TicketDocument).insert_many(chunk, ordered=False)


def delete(hashes: Sequence[str]) -> None:
    """Take back what was inserted for a batch that another request had made first."""
    collection(TicketDocument).delete_many({"_id": {"$in": list(hashes)}})


def of_batch(batch: str) -> list[str]:
    """The hashes of all tickets of a batch."""
    return [ticket["_id"] for ticket in collection(TicketDocument).find({"batch": batch}, {"_id": 1})]


def batches_of(hashes: Sequence[str]) -> list[str | None]:
    """For each hash the batch it belongs to, or None."""
    tickets = collection(TicketDocument)
    if len(hashes) == 1:
        found = [tickets.find_one({"_id": hashes[0]})]
    else:
        found = list(tickets.find({"_id": {"$in": list(hashes)}}))
    batches = {ticket["_id"]: ticket["batch"] for ticket in found if ticket}
    return [batches.get(hash) for hash in hashes]
