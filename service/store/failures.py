"""Counts of wrong tries, one document for each key and window."""

import hashlib

from service.store.documents import FailureDocument
from service.store.records import collection


def _id(key: str, window: str) -> str:
    return f"{window}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def count(key: str, window: str) -> int:
    stored = collection(FailureDocument).find_one({"_id": _id(key, window)})
    return stored["n"] if stored else 0


def add(key: str, window: str) -> int:
    """One more; -> how many there are now. An upsert is right here: nothing is lost if two tries count as one."""
    where, change = {"_id": _id(key, window)}, {"$inc": {"n": 1}, "$setOnInsert": {"window": window}}
    collection(FailureDocument).update_one(where, change, upsert=True)
    return count(key, window)


def forget_before(window: str) -> None:
    collection(FailureDocument).delete_many({"window": {"$lt": window}})
