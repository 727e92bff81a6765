"""Files of spot checks: bytes in GridFS under a random id, what is known of them, pieces until they are whole."""

import io
import secrets
from collections.abc import Iterator
from typing import Any

import mongoengine
from bson import Binary
from gridfs import GridFSBucket
from gridfs.errors import NoFile
from pymongo.errors import DuplicateKeyError

from service.domain.inspect.evidence_files import EvidenceFile
from service.store.documents import EvidenceFileDocument, EvidencePieceDocument
from service.store.records import Duplicate, collection, insert

BUCKET = "evidence"
CHUNK = 256 * 1024


def _bucket() -> GridFSBucket:
    return GridFSBucket(mongoengine.get_db(), BUCKET, chunk_size_bytes=CHUNK)


def put(content: bytes) -> str:
    """Keep the bytes. -> where. Never the same place twice: a crash in between leaves nothing that is in the way."""
    place = secrets.token_hex(12)
    _bucket().upload_from_stream_with_id(place, place, io.BytesIO(content))
    return place


def read(place: str) -> bytes:
    """The bytes; b"" if they are gone."""
    found = io.BytesIO()
    try:
        _bucket().download_to_stream(place, found)
    except NoFile:
        return b""
    return found.getvalue()


def drop(place: str) -> None:
    _bucket().delete(place)


def add(file: EvidenceFile) -> bool:
    """Enter a file whose bytes are kept. -> False if it was there already."""
    try:
        insert(file)
    except Duplicate:
        return False
    return True


def present(origin: str) -> dict[str, int]:
    """SHA-256 -> size of the files of a record that are there."""
    found = collection(EvidenceFileDocument).find({"origin": origin}, {"sha256": 1, "size": 1})
    return {stored["sha256"]: stored["size"] for stored in found}


def present_of(origins: list[str]) -> dict[str, set[str]]:
    """Origin -> the SHA-256 of its files that are there, of many records at once."""
    found: dict[str, set[str]] = {origin: set() for origin in origins}
    if found:
        for stored in collection(EvidenceFileDocument).find({"origin": {"$in": origins}}, {"sha256": 1, "origin": 1}):
            found[stored["origin"]].add(stored["sha256"])
    return found


def add_piece(whole: str, offset: int, content: bytes) -> None:
    """Keep a piece; the same piece again changes nothing."""
    stored = {"whole": whole, "offset": offset, "size": len(content), "content": Binary(content)}
    try:
        collection(EvidencePieceDocument).insert_one({"_id": f"{whole}:{offset}", **stored})
    except DuplicateKeyError:
        return


def pieces(whole: str) -> list[tuple[int, int]]:
    """(offset, size) of the pieces that are there."""
    found = collection(EvidencePieceDocument).find({"whole": whole}, {"offset": 1, "size": 1})
    return sorted((stored["offset"], stored["size"]) for stored in found)


def joined(whole: str) -> bytes:
    """The pieces one after the other."""
    return b"".join(_contents(whole))


def _contents(whole: str) -> Iterator[Any]:
    found = collection(EvidencePieceDocument).find({"whole": whole})
    return (bytes(stored["content"]) for stored in sorted(found, key=lambda stored: stored["offset"]))


def forget_pieces(whole: str) -> None:
    collection(EvidencePieceDocument).delete_many({"whole": whole})
