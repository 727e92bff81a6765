"""The journal: a hash chain of administrative acts that anybody can check, even after personal details were purged."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from service.domain.errors import invalid

GENESIS = "0" * 64


@dataclass(frozen=True)
class JournalEntry:
    """One act in a `scope` such as `round:...` or `project:...`; `seq` counts from 1 without gaps.

    The chain covers `digest`, a salted hash of the details, so that details and salt can be purged and it still holds.
    """

    id: str  # scope#seq
    scope: str
    seq: int
    at: datetime
    actor: str
    act: str
    subject: str
    digest: str
    previous: str
    hash: str
    salt: str | None = None
    details: Mapping[str, Any] | None = None


def to_plain(entry: JournalEntry) -> dict[str, Any]:
    """The entry as one JSON object of a dump; the time in RFC 3339 with milliseconds."""
    return {**vars(entry), "at": entry.at.astimezone(UTC).isoformat(timespec="milliseconds")}


def from_plain(plain: Any) -> JournalEntry:
    """The inverse of `to_plain`. Raises Refused("invalid") for anything that is no entry."""
    try:
        entry = JournalEntry(**plain | {"at": datetime.fromisoformat(plain["at"])})
        well_formed = isinstance(entry.seq, int) and isinstance(entry.scope, str) and entry.at.tzinfo is not None
    except (TypeError, KeyError, ValueError):
        well_formed = False
    if not well_formed:
        raise invalid("entry", "this is no entry of a journal")
    return entry


def details_digest(salt: str, details: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over the salt and the canonical JSON: without the salt nobody can try out what the details were."""
    canonical = json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{salt}\n{canonical}".encode()).hexdigest()


def chained_hash(entry: JournalEntry) -> str:
    """SHA-256 over the lines previous, scope, seq, time, actor, act, subject, digest."""
    at = entry.at.astimezone(UTC).isoformat(timespec="milliseconds")
    lines = [entry.previous, entry.scope, str(entry.seq), at, entry.actor, entry.act, entry.subject, entry.digest]
    return hashlib.sha256("\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()).hexdigest()


def first_break(entries: Iterable[JournalEntry]) -> str | None:
    """Why the chain of one scope does not hold, in order of `seq`; None when it does."""
    previous, expected = GENESIS, 1
    for entry in entries:
        if entry.seq != expected:
            return f"entry {expected} is missing: after it comes {entry.seq}"
        if entry.previous != previous:
            return f"entry {entry.seq} does not follow from the one before it"
        if chained_hash(entry) != entry.hash:
            return f"entry {entry.seq} was changed: its hash is not that of its lines"
        if entry.salt is not None and entry.details is not None:
            if details_digest(entry.salt, entry.details) != entry.digest:
                return f"entry {entry.seq} carries other details than were entered"
        previous, expected = entry.hash, expected + 1
    return None
