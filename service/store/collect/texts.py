"""Tags on free text: put on and taken off many at a time."""

from collections.abc import Sequence

from service.domain.collect.texts import TextTag
from service.store import records
from service.store.documents import TextTagDocument
from service.store.records import collection
from service.store.transactions import Tx


def of_question(campaign: str, question: str) -> list[TextTag]:
    """In the order of the answers' random ids."""
    found = records.find(TextTag, campaign=campaign, question=question)
    return sorted(found, key=lambda one: (one.response, one.tag))


def put(tx: Tx, tags: Sequence[TextTag]) -> int:
    """Those that are not there yet; how many they were."""
    where = {"_id": {"$in": [one.id for one in tags]}}
    known = {found["_id"] for found in collection(TextTagDocument).find(where, {"_id": 1}, session=tx.session)}
    fresh = [one for one in tags if one.id not in known]
    for one in fresh:
        records.insert(one, tx)
    return len(fresh)


def take(tx: Tx, ids: Sequence[str]) -> int:
    """Delete these; how many there were."""
    done = collection(TextTagDocument).delete_many({"_id": {"$in": list(ids)}}, session=tx.session)
    return int(done.deleted_count)


def forget(responses: Sequence[str], tx: Tx | None = None) -> None:
    """Nothing stays said about an answer that was withdrawn."""
    where = {"response": {"$in": list(responses)}}
    collection(TextTagDocument).delete_many(where, session=tx and tx.session)
