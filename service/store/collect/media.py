"""Pictures: one document each, under a random id."""

from collections.abc import Collection

from service.domain.collect.media import Picture
from service.store.documents import PictureDocument
from service.store.records import collection
from service.store.transactions import Tx


def insert(picture: Picture) -> None:
    stored = {"_id": picture.id, "campaign": picture.campaign, "content": picture.content}
    collection(PictureDocument).insert_one(stored)


def get(campaign: str, id: str) -> Picture | None:
    stored = collection(PictureDocument).find_one({"_id": id, "campaign": campaign})
    return Picture(id, campaign, bytes(stored["content"])) if stored else None


def present(campaign: str, ids: Collection[str]) -> set[str]:
    """Those of `ids` that are kept for this campaign."""
    if not ids:
        return set()
    found = collection(PictureDocument).find({"_id": {"$in": sorted(ids)}}, {"campaign": 1})
    return {stored["_id"] for stored in found if stored["campaign"] == campaign}


def of_campaign(campaign: str) -> set[str]:
    """The ids of all pictures of a campaign."""
    return {stored["_id"] for stored in collection(PictureDocument).find({"campaign": campaign}, {"_id": 1})}


def delete(ids: Collection[str], tx: Tx | None = None) -> int:
    """-> how many there were."""
    where = {"_id": {"$in": sorted(ids)}}
    return int(collection(PictureDocument).delete_many(where, session=tx and tx.session).deleted_count) if ids else 0
