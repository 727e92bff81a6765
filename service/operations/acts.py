"""Administrative acts: the change and its journal entry in one transaction, declared side by side."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from service import store
from service.domain.access import Actor
from service.domain.errors import Refused
from service.domain.journal import JournalEntry
from service.store import journal, records

R = TypeVar("R")
# What a record holds that the journal must not: others read it, and it is kept for ever.
UNTOLD = frozenset({"password_hash", "serials", "strata", "findings", "pieces", "passed", "pairs"})


def act(
    name: str,
    actor: Actor,
    now: datetime,
    scope: str,
    subject: str,
    details: Mapping[str, Any],
    write: Callable[[store.Tx], R],
) -> R:
    """Run `write` and enter it into the journal of `scope`; both happen or neither."""

    def both(tx: store.Tx) -> R:
        result = write(tx)
        journal.append(tx, scope, name, actor.id, now, subject, details)
        return result

    return store.retrying(both)


def create_once(
    name: str,
    actor: Actor,
    now: datetime,
    scope: str,
    record: R,
    ignoring: tuple[str, ...] = (),
    untold: tuple[str, ...] = (),
    check: Callable[[store.Tx], object] | None = None,
) -> tuple[R, bool]:
    """Store a new record under its (client-made) id. -> (the stored record, whether this call made it).

    A repeat with the same content finds what it made the first time; other content is Refused("id_taken"). Fields that
    the server fills in, such as times, are named in `ignoring`, what the journal must not hold in `untold`. `check`
    refuses inside the transaction what may have become otherwise since it was asked.
    """
    id = record.id  # type: ignore[attr-defined]
    details = {key: value for key, value in vars(record).items() if key not in UNTOLD and key not in untold}

    def write(tx: store.Tx) -> None:
        if check is not None:
            check(tx)
        records.insert(record, tx)

    try:
        act(name, actor, now, scope, id, plain(details), write)
    except records.Duplicate:
        there = records.get(type(record), id)
        if there is None or _differ(there, record, ignoring):
            raise Refused("id_taken", id=id) from None
        return there, False
    return record, True


def replacing(
    record: object, version: int, check: Callable[[store.Tx], object] | None = None
) -> Callable[[store.Tx], None]:
    """The write of a changed record where version `version` was read, after a last `check` in the same transaction."""

    def write(tx: store.Tx) -> None:
        if check is not None:
            check(tx)
        records.replace(record, version, tx)

    return write


def load(record: type[R], id: str, noun: str) -> R:
    """The record, or Refused("not_found")."""
    found = records.get(record, id)
    if found is None:
        raise Refused("not_found", noun=noun)
    return found


def journal_entries(scopes: Sequence[str] = ()) -> Iterator[JournalEntry]:
    """The entries of these chains, or of all, each in its order."""
    for scope in scopes or journal.scopes():
        yield from journal.entries(scope)


def _differ(there: Any, record: Any, ignoring: tuple[str, ...]) -> bool:
    mine, theirs = vars(record), vars(there)
    return any(plain(theirs[key]) != plain(value) for key, value in mine.items() if key not in ignoring)


def plain(value: Any) -> Any:
    """A value as the journal keeps it: texts, numbers, lists and mappings of these."""
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, datetime):  # the same moment may be written in several zones; milliseconds are kept
        return value.astimezone(UTC).isoformat(timespec="milliseconds")
    return value if isinstance(value, str | int | float | bool | type(None)) else str(value)
