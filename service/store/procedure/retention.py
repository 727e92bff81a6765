"""Deleting what was kept long enough, in bounded steps that may be repeated after a crash."""

from collections.abc import Iterable
from datetime import datetime

from gridfs.errors import NoFile

from service.store.collect import scans
from service.store.collect.responses import SLOTS
from service.store.documents import (
    EvidenceFileDocument,
    JournalEntryDocument,
    PairedAnswerDocument,
    PictureDocument,
    QualityMarksDocument,
    ResponseDocument,
    ScanPieceDocument,
    TextTagDocument,
)
from service.store.inspect import evidence_files
from service.store.records import collection

_CONTENT = ("campaign", "seal", "slot", "answers", "cell", "hour", "duration")
_STEPS = 64


def delete_answers(campaign: str) -> None:
    """Leave of each sealed answer its random id and nothing else, so that receipts and counts still agree."""
    change = {"$set": {"gone": True, "purged": True}, "$unset": dict.fromkeys(_CONTENT, "")}
    step = SLOTS // _STEPS
    for first in range(0, SLOTS, step):
        where = {"campaign": campaign, "slot": {"$gte": first, "$lt": first + step}}
        collection(ResponseDocument).update_many(where, change)
    for document in (PictureDocument, QualityMarksDocument, TextTagDocument):
        collection(document).delete_many({"campaign": campaign})


def delete_pairs(plans: Iterable[str]) -> None:
    """Whether people were satisfied twice is an answer too."""
    for plan in plans:
        collection(PairedAnswerDocument).delete_many({"plan": plan})


def delete_photo(id: str, place: str) -> None:
    """The bytes, the small picture and what the camera told; that there was a file of this SHA-256 stays.

    Records that correct one another share their files: a place may be empty already.
    """
    try:
        evidence_files.drop(place)
    except NoFile:
        pass
    change = {"$set": {"file": "", "facts": {}}, "$unset": {"thumbnail": ""}}
    collection(EvidenceFileDocument).update_one({"_id": id}, change)


def delete_pieces(whole: scans.Whole) -> None:
    """The bytes of a paper; its record with the SHA-256 stays."""
    collection(ScanPieceDocument).delete_many({"_id": {"$in": scans.piece_ids(whole)}})


def has_pieces(whole: scans.Whole) -> bool:
    """Whether the bytes of a paper are still there."""
    return collection(ScanPieceDocument).find_one({"_id": scans.piece_ids(whole)[0]}, {"_id": 1}) is not None


def delete_details(scope: str, before: datetime) -> None:
    """The details and salts of a chain's old entries; the chain covers their digests, so it still holds."""
    where = {"scope": scope, "at": {"$lt": before}}
    collection(JournalEntryDocument).update_many(where, {"$unset": {"salt": "", "details": ""}})
