"""Scans in pieces that any database takes: written once, read whole, removed whole."""

from contextlib import suppress
from typing import Protocol

from pymongo.errors import DuplicateKeyError

from service.domain.collect.scans import SCAN_LIMIT, Scan
from service.domain.errors import Refused
from service.store import records
from service.store.documents import ScanPieceDocument
from service.store.records import collection


class Whole(Protocol):
    """A record of a file: a scan, or the evidence of an answer to a follow-up."""

    @property
    def id(self) -> str: ...

    @property
    def size(self) -> int: ...


PIECE = 500_000  # bytes; a stored document may have 16 MB, a small one keeps the server's memory small


def write(scan: Whole, data: bytes) -> None:
    """Pieces first, then the record that makes them a scan. A repeat after a crash finds its own pieces."""
    for at in range(0, len(data), PIECE):
        with suppress(DuplicateKeyError):
            collection(ScanPieceDocument).insert_one({"_id": _id(scan.id, at), "data": data[at : at + PIECE]})
    with suppress(records.Duplicate):
        records.insert(scan)


def read(scan: Whole) -> bytes:
    """The whole file. Raises Refused("kept_long_enough") when its bytes were deleted on schedule."""
    names = piece_ids(scan)
    found = {piece["_id"]: piece["data"] for piece in collection(ScanPieceDocument).find({"_id": {"$in": names}})}
    if not found:
        raise Refused("kept_long_enough")
    return b"".join(bytes(found[name]) for name in names)


def remove(scan: Scan) -> None:
    """The record first: what is half removed is no scan any more."""
    records.delete(Scan, scan.id)
    collection(ScanPieceDocument).delete_many({"_id": {"$in": piece_ids(scan)}})


def piece_ids(scan: Whole) -> list[str]:
    """The ids of a file's pieces, in their order."""
    return [_id(scan.id, at) for at in range(0, min(scan.size, SCAN_LIMIT), PIECE)]


def _id(scan: str, at: int) -> str:
    return f"{scan}#{at // PIECE:03}"
