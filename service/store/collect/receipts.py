"""Receipts: which answer a receipt opens is known to its holder only."""

from collections.abc import Sequence

from pymongo.errors import BulkWriteError

from service.domain.collect.seals import Receipt
from service.store.documents import ReceiptDocument
from service.store.records import collection
from service.store.transactions import Lost, Tx

_DUPLICATE_KEY = 11000


def find(id: str, tx: Tx | None = None) -> Receipt | None:
    stored = collection(ReceiptDocument).find_one({"_id": id}, session=tx and tx.session)
    if stored is None:
        return None
    return Receipt(stored["_id"], stored["box"], stored["check"], stored.get("withdrawn", False))


def numbers() -> tuple[int, int]:
    """(receipts that open an answer, withdrawn ones) of all campaigns: a scan, for checks only."""
    boxes = [stored["box"] for stored in collection(ReceiptDocument).find({}, {"box": 1})]
    return sum(box is not None for box in boxes), sum(box is None for box in boxes)


def insert_only(receipts: Sequence[Receipt]) -> None:
    """O3: whatever is there already stays, withdrawn ones too."""
    documents = [{"_id": receipt.id, "box": receipt.box, "check": receipt.check} for receipt in receipts]
    insert_many_only(ReceiptDocument, documents)


def withdraw(tx: Tx, id: str) -> None:
    where = {"_id": id, "box": {"$ne": None}}
    change = {"$set": {"box": None, "withdrawn": True}}
    if collection(ReceiptDocument).update_one(where, change, session=tx.session).matched_count == 0:
        raise Lost


def insert_many_only(document: type, documents: list[dict]) -> None:
    """Insert each; a duplicate key is "already there" and fine, anything else is an error."""
    try:
        collection(document).insert_many(documents, ordered=False)
    except BulkWriteError as error:
        if any(failure["code"] != _DUPLICATE_KEY for failure in error.details["writeErrors"]):
            raise
