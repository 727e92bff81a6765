"""Personal columns of frames: sealed apart from the rows, opened one item at a time, deleted on their day."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from service import store
from service.domain.access import Actor
from service.domain.errors import Refused
from service.domain.inspect.frames import FrozenFrame
from service.domain.keys import Key
from service.operations import projects
from service.operations.acts import act, load
from service.operations.ciphers import Cipher, key_of
from service.store.inspect import frame_imports, frame_rows

SYSTEM = Actor("system", "system", "", ())
CHINA = timezone(timedelta(hours=8))
PURPOSE, RECOGNISED = "frame-contacts", "frame-person"
HASH = 12  # bytes of a keyed hash: two of 100,000 persons agree by chance once in 10^19
CUT_OFF = timedelta(days=1)  # no import takes so long


@dataclass(frozen=True)
class Person:
    """The personal columns of one item, and what it can be recognised by in another list: (kind, text)."""

    serial: str
    columns: Mapping[str, str] = field(repr=False)
    identities: Sequence[tuple[str, str]] = field(default=(), repr=False)


def open(actor: Actor, now: datetime, key: Key | Iterable[Key], frame_id: str, serial: str, why: str) -> dict[str, str]:
    """Column -> text of one item. The CALLER has checked that the actor is assigned to it; the opening is journalled.

    Raises Refused("contacts_purged") when the day of deletion has come, "not_found" when the item has none.
    """
    frame = load(FrozenFrame, frame_id, "frame")
    if frame.contacts_until is not None and frame.contacts_until <= now.astimezone(CHINA).date():
        raise Refused("contacts_purged", on=frame.contacts_until)
    found = frame_rows.contact(frame_id, serial)
    if found is None:
        raise Refused("not_found", noun="contact")
    key_id, sealed = found
    plain = Cipher(key_of(key, key_id), PURPOSE, frame_id).unseal(sealed, serial)
    details = {"frame": frame_id, "serial": serial, "why": why}
    act("contact.opened", actor, now, projects.scope(frame.project), frame_id, details, lambda tx: None)
    columns: dict[str, str] = json.loads(plain)
    return columns


def sealed(key: Key, frame_id: str, people: Iterable[Person]) -> Iterator[frame_rows.Sealed]:
    """Each person's columns, bound to the serial so that none can be put in another's place, and what tells them."""
    cipher = Cipher(key, PURPOSE, frame_id)
    for person in people:
        content = json.dumps(person.columns, ensure_ascii=False).encode()
        yield person.serial, cipher.seal(content, person.serial), hashed(key, frame_id, person.identities)


def hashed(key: Key, frame_id: str, identities: Iterable[tuple[str, str]]) -> list[tuple[str, bytes]]:
    """Keyed hashes by which persons of one frame are recognised; those of two frames say nothing of one another."""
    return [(kind, key.hash(RECOGNISED, frame_id, kind, text)[:HASH]) for kind, text in identities]


def purge(now: datetime) -> int:
    """Delete the personal columns whose day has come; of how many items. Journalled with the number.

    What an import left that was cut off goes too.
    """
    frame_rows.remove_loose(now - CUT_OFF)
    frame_imports.remove_stale(now - CUT_OFF)
    return sum(_purge(now, frame) for frame in frame_rows.overdue(now.astimezone(CHINA).date()))


def due(now: datetime) -> int:
    """Of how many items personal columns would be deleted now; nothing is."""
    frames = [load(FrozenFrame, id, "frame") for id in frame_rows.overdue(now.astimezone(CHINA).date())]
    return sum(frame_rows.contact_count(frame.pieces) for frame in frames)


def _purge(now: datetime, frame_id: str) -> int:
    frame = load(FrozenFrame, frame_id, "frame")
    count = frame_rows.contact_count(frame.pieces)
    proof = frame_rows.contact_digest(frame.pieces)
    details = {"items": count, "until": str(frame.contacts_until), "before": proof}

    def write(tx: store.Tx) -> None:
        frame_rows.remove_contacts(tx, frame.pieces)

    act("contacts.purged", SYSTEM, now, projects.scope(frame.project), frame_id, details, write)
    return count
