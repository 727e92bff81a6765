"""Quality marks: written a scan at a time under its generation, which counts from the moment the scan names it."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from service.domain.collect.quality import Mark, MarkedResponse, QualityScan
from service.store import records
from service.store.collect.responses import ranges, slot_of
from service.store.documents import QualityMarksDocument
from service.store.records import collection
from service.store.transactions import Tx


def insert(marked: Sequence[MarkedResponse]) -> None:
    if marked:
        collection(QualityMarksDocument).insert_many([_stored(one) for one in marked], ordered=False)


def page(campaign: str, generation: str, first_slot: int, slots: int) -> list[MarkedResponse]:
    """Those with first_slot <= slot < first_slot + slots, in the order of their random ids."""
    where = {
        "campaign": campaign,
        "generation": generation,
        "slot": {"$gte": first_slot, "$lt": first_slot + slots},
    }
    found = [_marked(stored) for stored in collection(QualityMarksDocument).find(where)]
    return sorted(found, key=lambda one: one.final_id)


def each(campaign: str, generation: str) -> Iterator[MarkedResponse]:
    """Every marked answer of a scan, a bounded range at a time."""
    for _, _, found in ranges(partial(page, campaign, generation)):
        yield from found


def forget(final_ids: Sequence[str], tx: Tx | None = None) -> None:
    """Nothing stays marked about an answer that was withdrawn."""
    where = {"final_id": {"$in": list(final_ids)}}
    collection(QualityMarksDocument).delete_many(where, session=tx and tx.session)


def forget_other_generations(campaign: str, generation: str) -> None:
    collection(QualityMarksDocument).delete_many({"campaign": campaign, "generation": {"$ne": generation}})


def forget_generation(campaign: str, generation: str) -> None:
    collection(QualityMarksDocument).delete_many({"campaign": campaign, "generation": generation})


def scan(campaign: str, tx: Tx | None = None) -> QualityScan | None:
    found = records.get(QualityScan, campaign, tx)
    return found and QualityScan(**vars(found) | {"places": tuple(_mark(place) for place in found.places)})


def put_scan(made: QualityScan, version: int, tx: Tx) -> None:
    """In the place of the scan of version `version`, or as the first one (0). Raises Refused("stale"), Duplicate."""
    plain = QualityScan(**vars(made) | {"places": tuple(vars(place) for place in made.places)})
    if version:
        records.replace(plain, version, tx)
    else:
        records.insert(plain, tx)


def _stored(one: MarkedResponse) -> dict[str, Any]:
    return {
        "_id": f"{one.final_id}:{one.generation}",
        "campaign": one.campaign,
        "generation": one.generation,
        "slot": slot_of(one.final_id),
        "final_id": one.final_id,
        "marks": [dict(vars(mark)) for mark in one.marks],
    }


def _marked(stored: dict[str, Any]) -> MarkedResponse:
    marks = tuple(_mark(mark) for mark in stored["marks"])
    return MarkedResponse(stored["final_id"], stored["campaign"], stored["generation"], marks)


def _mark(stored: Any) -> Mark:
    return Mark(**stored)
