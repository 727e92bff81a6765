"""Leases: who is at some work just now. They save work only; nothing depends on them."""

from datetime import datetime, timedelta

from pymongo.errors import DuplicateKeyError

from service.store.documents import LeaseDocument
from service.store.records import collection


def take(name: str, owner: str, now: datetime, length: timedelta) -> bool:
    """Whether `owner` may do the work: it holds the lease already, or nobody does any more."""
    leases = collection(LeaseDocument)
    mine = {"$set": {"owner": owner, "until": now + length}}
    free = {"_id": name, "$or": [{"owner": owner}, {"until": {"$lt": now}}]}
    if leases.update_one(free, mine).matched_count:
        return True
    try:
        leases.insert_one({"_id": name, "owner": owner, "until": now + length})
    except DuplicateKeyError:
        return False
    return True
