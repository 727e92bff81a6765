"""The search for links between slips and answers is itself tried: planted ones, of every sort, must be found."""

from typing import Any

import links
import pytest
from factories import KEY, NOW, Opened, open_campaign

from service.operations.collect import responses, seals
from service.operations.collect.responses import Submission, submit
from service.store.documents import (
    InboxDocument,
    JournalEntryDocument,
    LeaseDocument,
    ReceiptDocument,
    ResponseDocument,
    TicketDocument,
)
from service.store.records import collection

ANSWERS = {"satisfaction": "High", "influence": "Low", "contact": "High"}


@pytest.fixture
def sealed(database: None) -> tuple[Opened, list[str]]:
    opened = open_campaign(4)
    told = [submit(code, Submission(f"submission-{code}", ANSWERS), NOW, [KEY]).receipt for code in opened.codes]
    responses.withdraw(told[0])
    seals.seal(opened.id)
    return opened, told


def search(sealed: tuple[Opened, list[str]]) -> None:
    opened, told = sealed
    links.check(KEY, opened.codes, [f"submission-{code}" for code in opened.codes], told)


def some(document: type) -> dict[str, Any]:
    found: dict[str, Any] = collection(document).find_one({"gone": None})
    return found


def test_there_is_none(sealed: tuple[Opened, list[str]]) -> None:
    search(sealed)


@pytest.mark.parametrize(
    "plant",
    [
        lambda ours: (
            collection(ResponseDocument).update_one({"seal": {"$ne": None}}, {"$set": {"minute": 23}})
            and collection(InboxDocument).update_one({"g": ours.id}, {"$set": {"minute": 23}})
        ),
        lambda ours: collection(LeaseDocument).insert_one({"_id": "last", "env": some(InboxDocument)["_id"]}),
        lambda ours: collection(LeaseDocument).insert_one({"_id": f"of {ours.codes[0]}", "code": ours.codes[0]}),
        lambda ours: collection(JournalEntryDocument).insert_one(
            {"_id": "x#1", "scope": "x", "seq": 1, "details": {"made": [some(ResponseDocument)["_id"]]}}
        ),
        lambda ours: collection(ReceiptDocument).update_one({}, {"$set": {"slip": some(TicketDocument)["_id"]}}),
        lambda ours: collection(ReceiptDocument).database["stray"].insert_one({"kept": f"submission-{ours.codes[1]}"}),
    ],
    ids=["a time on both sides", "lease", "code", "journal", "ticket in a receipt", "unknown collection"],
)
def test_a_planted_link_is_found(sealed: tuple[Opened, list[str]], plant: Any) -> None:
    plant(sealed[0])
    try:
        with pytest.raises(AssertionError):
            search(sealed)
    finally:
        collection(ReceiptDocument).database.drop_collection("stray")
