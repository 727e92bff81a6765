"""Rows of frames, and their personal columns, in pieces that are found by serial and count once a frame names them."""

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import bson

from service.domain.inspect.frame_rows import FrameRow, piece_of
from service.store.documents import ContactDocument, FrameRowsDocument, FrozenFrameDocument
from service.store.records import collection
from service.store.transactions import Tx

GROUP = 64  # documents of one insert
Sealed = tuple[str, bytes, Sequence[tuple[str, bytes]]]  # serial, ciphertext, keyed hashes of what tells the person
_BOTH = (FrameRowsDocument, ContactDocument)


def insert_rows(pieces: str, frame: str, at: datetime, rows: Iterable[FrameRow]) -> None:
    """All rows of a frame that will name `pieces`."""
    found: dict[str, list[list[Any]]] = {}
    for row in rows:
        found.setdefault(piece_of(row.serial), []).append(_packed(row))
    about = {"pieces": pieces, "frame": frame, "at": at}
    _insert(FrameRowsDocument, [_piece(digits, about, {"rows": each}) for digits, each in found.items()])


def rows_of(frame: str, serials: Iterable[str]) -> dict[str, FrameRow]:
    """Serial -> row, for those that the frame has."""
    wanted, pieces = set(serials), _pieces(frame)
    ids = [f"{pieces}:{digits}" for digits in {piece_of(serial) for serial in wanted}] if pieces else []
    found = {}
    for stored in collection(FrameRowsDocument).find({"_id": {"$in": ids}}) if ids else ():
        for packed in _content(stored)["rows"]:
            if packed[0] in wanted:
                found[packed[0]] = _unpacked(frame, packed)
    return found


def insert_contacts(
    pieces: str, frame: str, at: datetime, purge_on: date, key_id: str, sealed: Iterable[Sealed]
) -> None:
    """The sealed personal columns of the items that have some."""
    found: dict[str, list[list[Any]]] = {}
    for serial, content, identities in sealed:
        found.setdefault(piece_of(serial), []).append([serial, content, [list(each) for each in identities]])
    about = {"pieces": pieces, "frame": frame, "at": at, "key_id": key_id, "purge_on": purge_on.isoformat()}
    _insert(ContactDocument, [_piece(digits, about, {"rows": each}) for digits, each in found.items()])


def contact(frame: str, serial: str) -> tuple[str, bytes] | None:
    """(name of the key, sealed columns) of one item; None when there are none, or none any more."""
    stored = collection(ContactDocument).find_one({"_id": f"{_pieces(frame)}:{piece_of(serial)}"})
    for found, sealed, _ in _content(stored)["rows"] if stored else ():
        if found == serial:
            return stored["key_id"], sealed
    return None


def identities_of(pieces: str) -> tuple[str, dict[str, list[tuple[str, bytes]]]]:
    """(name of the key, serial -> what the item can be recognised by) of all items with personal columns."""
    key_id, found = "", {}
    for stored in collection(ContactDocument).find({"pieces": pieces}):
        key_id = stored["key_id"]
        for serial, _, identities in _content(stored)["rows"]:
            found[serial] = [(kind, hash) for kind, hash in identities]
    return key_id, found


def contact_count(pieces: str) -> int:
    """Of how many items there are personal columns."""
    return len(identities_of(pieces)[1])


def contact_digest(pieces: str) -> str:
    """SHA-256 (hex) over the serials and their sealed columns: what a proof of deletion says was there."""
    digest = hashlib.sha256()
    found = collection(ContactDocument).find({"pieces": pieces})
    for stored in sorted(found, key=lambda stored: str(stored["_id"])):
        for serial, sealed, _ in _content(stored)["rows"]:
            digest.update(f"{serial}\n".encode() + bytes(sealed))
    return digest.hexdigest()


def overdue(today: date) -> list[str]:
    """Frames whose personal columns are to be deleted by now."""
    found = collection(ContactDocument).find({"purge_on": {"$lte": today.isoformat()}}, {"frame": 1})
    return sorted({stored["frame"] for stored in found})


def remove_contacts(tx: Tx, pieces: str) -> None:
    collection(ContactDocument).delete_many({"pieces": pieces}, session=tx.session)


def remove_pieces(pieces: str) -> None:
    """What was written for a frame that did not come to be."""
    for document in _BOTH:
        collection(document).delete_many({"pieces": pieces})


def remove_loose(before: datetime) -> None:
    """What imports wrote that were cut off: pieces older than this that no frame names."""
    written = {
        (stored["pieces"], stored["frame"])
        for document in _BOTH
        for stored in collection(document).find({"at": {"$lt": before}}, {"pieces": 1, "frame": 1})
    }
    for pieces, frame in written:
        if _pieces(frame) != pieces:
            remove_pieces(pieces)


def _pieces(frame: str) -> str:
    """Under which name the rows of a frame are kept; the frame itself is large and not read for this."""
    found = collection(FrozenFrameDocument).find_one({"_id": frame}, {"pieces": 1})
    return (found or {}).get("pieces") or ""


def _piece(digits: str, about: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    return {"_id": f"{about['pieces']}:{digits}", **about, "content": zlib.compress(bson.encode(content), 1)}


def _content(stored: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = bson.decode(zlib.decompress(stored["content"]))
    return found


def _insert(document: type, made: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(made), GROUP):
        collection(document).insert_many(made[start : start + GROUP])


def _packed(row: FrameRow) -> list[Any]:
    on = row.on.isoformat() if row.on else ""
    details = [text for pair in row.details.items() for text in pair]  # names of columns may hold what no key may
    return [row.serial, row.stratum, row.site, on, "" if row.amount is None else str(row.amount), details]


def _unpacked(frame: str, packed: list[Any]) -> FrameRow:
    serial, stratum, site, on, amount, details = packed
    return FrameRow(
        id=f"{frame}:{serial}",
        frame=frame,
        serial=serial,
        stratum=stratum,
        site=site,
        on=date.fromisoformat(on) if on else None,
        amount=Decimal(amount) if amount else None,
        details=dict(zip(details[::2], details[1::2], strict=True)),
    )
