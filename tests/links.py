"""Searches all that is stored for anything by which a slip and its answer could be brought together again."""

from collections.abc import Iterator
from typing import Any

from service.domain.collect.responses import parse_receipt
from service.domain.collect.tickets import hashed
from service.domain.keys import Key
from service.store.documents import (
    InboxDocument,
    LedgerDocument,
    PictureDocument,
    ReceiptDocument,
    ResponseDocument,
    TicketDocument,
)
from service.store.records import collection

SLIPS = (InboxDocument, TicketDocument)
ANSWERS = (ResponseDocument, ReceiptDocument, PictureDocument)


def everything() -> list[tuple[str, dict[str, Any]]]:
    """(collection, document) of all collections that the database has, whether the product still knows them or not."""
    database = collection(LedgerDocument).database
    return [(name, stored) for name in database.list_collection_names() for stored in database[name].find({})]


def leaves(value: Any) -> Iterator[Any]:
    """The single values in a document, keys of inner documents too."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part)
    else:
        yield value


def check(key: Key, codes: list[str], submission_ids: list[str], receipts: list[str]) -> None:
    """Asserts that, sealed, no value but those that all have in common stands on both sides, and none elsewhere."""
    stored = everything()
    names = {collection(document).name: document for document in (*SLIPS, *ANSWERS)}
    of_slips = [one for name, one in stored if names.get(name) in SLIPS]
    of_answers = [one for name, one in stored if names.get(name) in ANSWERS]
    assert len(of_slips) > 1
    assert len(of_answers) > 1
    _nothing_shared(of_slips, of_answers)
    inner_names = {name for one in of_slips + of_answers for name in one}
    pictures = {one["_id"] for name, one in stored if names.get(name) is PictureDocument}
    ids = {one["_id"] for one in of_slips + of_answers} - pictures
    secrets = [parse_receipt(receipt)[1] for receipt in receipts]
    told = {*codes, *submission_ids, *receipts, *secrets, *(secret.hex() for secret in secrets)}
    told |= {key.hex("sub", id)[:32] for id in submission_ids}
    hashes = {hashed(key, code) for code in codes}
    for name, one in stored:
        values = set(map(_plain, leaves(one)))
        assert not values & told, f"{name} keeps what only the respondent was told"
        known = values & (ids | hashes) - inner_names
        assert known <= {one["_id"]}, f"{name} names a slip or an answer: {one}"
        # An answer names its picture, and nothing else does.
        if names.get(name) is not ResponseDocument:
            assert values & pictures <= {one["_id"]}, f"{name} names a picture: {one}"
        if names.get(name) is PictureDocument:
            _only_a_picture(one, codes, submission_ids)


def _only_a_picture(one: dict[str, Any], codes: list[str], submission_ids: list[str]) -> None:
    assert set(one) == {"_id", "campaign", "content"}, (
        f"a picture is kept with more than what is to be seen: {set(one)}"
    )
    for text in (*codes, *submission_ids):
        assert text.encode() not in one["content"]


def _nothing_shared(of_slips: list[dict[str, Any]], of_answers: list[dict[str, Any]]) -> None:
    """A value on both sides is a link, unless every document of one side has it, as all have the campaign."""
    slips = [set(map(_plain, leaves(list(one.values())))) for one in of_slips]
    answers = [set(map(_plain, leaves(list(one.values())))) for one in of_answers]
    guards = [values for one, values in zip(of_slips, slips, strict=True) if "g" in one]
    for value in set().union(*slips) & set().union(*answers):
        assert all(value in values for values in guards), f"{value!r} stands with slips and with answers"


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, bytes | bytearray) else value
