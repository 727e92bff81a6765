"""Releases: inserted once, read in the order of their numbers."""

from typing import Any

from pymongo.errors import DuplicateKeyError

from service.domain.collect import tallies
from service.domain.collect.release_units import Layers, Shown
from service.domain.collect.releases import PublishedRelease
from service.store.documents import ReleaseDocument
from service.store.records import Duplicate, collection
from service.store.transactions import Tx

_PUBLIC = ("campaign", "number", "at", "by", "request", "digest", "content")


def insert(release: PublishedRelease, tx: Tx) -> None:
    """Raises Duplicate when the number is taken; that ends the transaction."""
    shown = release.shown
    stored = {"_id": release.id, **{name: getattr(release, name) for name in _PUBLIC}} | {
        "dimensions": list(shown.dimensions),
        "units": [[list(value) for value in unit] for unit in shown.units],
        "marked": shown.marked,
        "items": list(shown.items),
        "kept": tallies.to_plain(shown.layers.kept),
        "excluded": tallies.to_plain(shown.layers.excluded),
    }
    try:
        collection(ReleaseDocument).insert_one(stored, session=tx.session)
    except DuplicateKeyError as error:
        raise Duplicate from error


def of_campaign(campaign: str) -> list[PublishedRelease]:
    found = [_release(stored) for stored in collection(ReleaseDocument).find({"campaign": campaign})]
    return sorted(found, key=lambda release: release.number)


def _release(stored: dict[str, Any]) -> PublishedRelease:
    layers = Layers(tallies.from_plain(stored["kept"]), tallies.from_plain(stored["excluded"]))
    units = tuple(tuple(tuple(value) for value in unit) for unit in stored["units"])
    shown = Shown(tuple(stored["dimensions"]), units, stored["marked"], tuple(stored["items"]), layers)
    return PublishedRelease(stored["_id"], shown=shown, **{name: stored[name] for name in _PUBLIC})
