"""Appends to the journal inside the transaction of the act itself, and reads it back."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from service.domain.journal import GENESIS, JournalEntry, chained_hash, details_digest
from service.store.documents import JournalHeadDocument
from service.store.records import collection, find, insert
from service.store.transactions import Lost, Tx


def append(
    tx: Tx, scope: str, act: str, actor: str, at: datetime, subject: str, details: Mapping[str, Any]
) -> JournalEntry:
    """The next entry of the scope's chain. Two acts at once collide on the head, and one of them is run again."""
    heads = collection(JournalHeadDocument)
    head = heads.find_one({"_id": scope}, session=tx.session)
    seq, previous = (head["seq"] + 1, head["hash"]) if head else (1, GENESIS)
    salt = secrets.token_hex(16)
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)  # what the database keeps of a time
    details = dict(details)
    digest = details_digest(salt, details)
    entry = JournalEntry(f"{scope}#{seq}", scope, seq, at, actor, act, subject, digest, previous, "", salt, details)
    entry = replace(entry, hash=chained_hash(entry))
    insert(entry, tx)
    new_head = {"seq": seq, "hash": entry.hash}
    if head is None:
        try:
            heads.insert_one({"_id": scope, **new_head}, session=tx.session)
        except DuplicateKeyError as error:
            raise Lost from error
    elif (
        heads.update_one({"_id": scope, "seq": head["seq"]}, {"$set": new_head}, session=tx.session).matched_count == 0
    ):
        raise Lost
    return entry


def head(scope: str, tx: Tx | None = None) -> str:
    """The hash of the chain's last entry: whoever knows it can tell whether anything before it was changed."""
    found = collection(JournalHeadDocument).find_one({"_id": scope}, session=tx and tx.session)
    return str(found["hash"]) if found else GENESIS


def entries(scope: str) -> list[JournalEntry]:
    return sorted(find(JournalEntry, scope=scope), key=lambda entry: entry.seq)


def length(scope: str) -> int:
    """How many entries the chain has."""
    found = collection(JournalHeadDocument).find_one({"_id": scope})
    return int(found["seq"]) if found else 0


def numbered(scope: str, numbers: Sequence[int]) -> list[JournalEntry]:
    """The entries of these numbers, in this order; asked for by their ids, so that a long chain is not read."""
    found = {one.seq: one for one in find(JournalEntry, _id=tuple(f"{scope}#{number}" for number in numbers))}
    return [found[number] for number in numbers if number in found]


def scopes() -> list[str]:
    return sorted(head["_id"] for head in collection(JournalHeadDocument).find({}, {"_id": 1}))
