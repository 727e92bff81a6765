"""Rows of a list on its way to a frame, in encrypted pieces."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from service.store.documents import FrameImportDocument, FrameImportPieceDocument
from service.store.records import collection


def insert_pieces(id: str, at: datetime, pieces: Iterable[bytes]) -> None:
    """The pieces under their numbers, from 0."""
    found = collection(FrameImportPieceDocument)
    for number, content in enumerate(pieces):
        found.insert_one({"_id": _id(id, number), "of": id, "at": at, "content": content})


def pieces(id: str) -> Iterator[bytes]:
    """The pieces in their order, one read each: all together may be large."""
    found, number = collection(FrameImportPieceDocument), 0
    while stored := found.find_one({"_id": _id(id, number)}):
        yield stored["content"]
        number += 1


def remove_pieces(id: str) -> None:
    collection(FrameImportPieceDocument).delete_many({"of": id})


def remove_stale(before: datetime) -> None:
    """Rows that nobody froze, and what is known of them; what was frozen stays known."""
    found = collection(FrameImportPieceDocument)
    for id in {stored["of"] for stored in found.find({"at": {"$lt": before}}, {"of": 1})}:
        remove_pieces(id)
    collection(FrameImportDocument).delete_many({"at": {"$lt": before}, "state": {"$ne": "frozen"}})


def _id(id: str, number: int) -> str:
    return f"{id}:{number:04}"
