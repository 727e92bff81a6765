"""The search for links between slips and answers is itself tried: planted ones, of every sort, must be found."""

from typing import Any

import every_kind
import links
import pictures
import pytest
from factories import KEY, NOW, Opened, open_campaign
from flask import Flask
from phones import open_for_phones

from service.operations.collect import campaigns, media, responses, seals
from service.operations.collect.responses import Submission, submit
from service.store.documents import (
    InboxDocument,
    JournalEntryDocument,
    LeaseDocument,
    PictureDocument,
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


@pytest.fixture
def with_pictures(app: Flask) -> tuple[Opened, list[str]]:
    """The same, each answer with a picture."""
    opened = open_for_phones(app, 3, definition=every_kind.definition(sections=None))
    asking = campaigns.view(opened.id).questionnaire.questions
    told = []
    for code in opened.codes:
        picture = media.keep(opened.id, asking[-1:], pictures.with_position((64, 48)), code)
        answers = {"used": "yes", "advise": "9", "photo": picture}
        now = opened.campaign.opened_at
        assert now
        told.append(submit(code, Submission(f"submission-{code}", answers), now, (opened.key,)).receipt)
    responses.withdraw(told[0])
    seals.seal(opened.id)
    return opened, told


def search_with_pictures(made: tuple[Opened, list[str]]) -> None:
    opened, told = made
    links.check(opened.key, opened.codes, [f"submission-{code}" for code in opened.codes], told)


def test_a_picture_brings_no_link(with_pictures: tuple[Opened, list[str]]) -> None:
    search_with_pictures(with_pictures)
    assert collection(PictureDocument).count_documents({}) == 2


@pytest.mark.parametrize(
    "plant",
    [
        lambda ours: collection(PictureDocument).update_one({}, {"$set": {"hour": "2026-11-24T10"}}),
        lambda ours: collection(TicketDocument).update_one({}, {"$set": {"sent": some_picture()["_id"]}}),
        lambda ours: collection(InboxDocument).update_one({"g": ours.id}, {"$set": {"media": some_picture()["_id"]}}),
        lambda ours: collection(PictureDocument).update_one({}, {"$set": {"content": b"of " + ours.codes[1].encode()}}),
    ],
    ids=["a time", "in a ticket", "in a guard", "a code in a picture"],
)
def test_a_link_planted_in_a_picture_is_found(with_pictures: tuple[Opened, list[str]], plant: Any) -> None:
    plant(with_pictures[0])
    with pytest.raises(AssertionError):
        search_with_pictures(with_pictures)


def some_picture() -> dict[str, Any]:
    found: dict[str, Any] = collection(PictureDocument).find_one({})
    return found
