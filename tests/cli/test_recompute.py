"""`minyi recompute --check` on a real database: right tallies, a tampered one, missing answers and receipts."""

import commands
import pytest
from factories import KEY, NOW, Opened, issue, open_campaign

from service.config import Settings
from service.operations.collect import responses, seals
from service.operations.collect.responses import Submission, submit
from service.store.documents import InboxDocument, ReceiptDocument, ResponseDocument, SealDocument
from service.store.records import collection

ANSWERS = {"satisfaction": "High", "influence": "Low", "contact": "High"}


@pytest.fixture
def opened(database: None) -> Opened:
    opened = open_campaign(4)
    receipts = [
        submit(code, Submission(f"submission-{number}", ANSWERS), NOW, [KEY]).receipt
        for number, code in enumerate(opened.codes)
    ]
    seals.seal(opened.id, 2)
    responses.withdraw(receipts[0])
    return opened


def recompute(settings: Settings, *options: str, anew: bool = False) -> tuple[int, str]:
    """(exit code, all that was said)."""
    code, out, err = commands.run(settings, "recompute", *options, anew=anew)
    return code, out + err


def test_right_tallies_hold_and_what_waits_is_sealed(opened: Opened, settings: Settings) -> None:
    submit(issue(opened, 1)[0], Submission("submission-9", ANSWERS | {"satisfaction": "Low"}), NOW, [KEY])
    assert collection(InboxDocument).count_documents({"campaign": opened.id}) == 1
    assert recompute(settings, "--check", anew=True) == (0, f"{opened.id}: holds\nreceipts: holds\n")
    assert collection(InboxDocument).count_documents({"campaign": opened.id}) == 0


def test_a_tampered_tally_is_named_by_cell_and_count(opened: Opened, settings: Settings) -> None:
    [seal, *_] = collection(SealDocument).find({"campaign": opened.id, "tally": {"$ne": []}})
    counts = seal["tally"][0]["c"]
    changed = counts | {"c|satisfaction|High": counts["c|satisfaction|High"] + 1}
    collection(SealDocument).update_one({"_id": seal["_id"]}, {"$set": {"tally.0.c": changed}})
    code, said = recompute(settings, "--check", "--campaign", opened.id)
    assert code == 1
    assert "east//all_present_evaluator/own_phone/" in said
    assert "c|satisfaction|High: the seals say 4, the responses 3" in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("remove", "sentence"),
    [
        (ResponseDocument, "3 receipts open an answer, but there are 2 answers"),
        (ReceiptDocument, "2 receipts open an answer, but there are 3 answers"),
        (InboxDocument, "3 responses, but only 0 guards"),
        (SealDocument, "which is missing"),
    ],
)
def test_what_is_missing_is_named(opened: Opened, settings: Settings, remove: type, sentence: str) -> None:
    if remove is InboxDocument:
        collection(remove).delete_many({"g": opened.id})
    elif remove is SealDocument:
        collection(remove).delete_one({"campaign": opened.id})
    else:
        collection(remove).delete_one({"gone": None, "withdrawn": None})
    code, said = recompute(settings, "--check")
    assert code == 1
    assert sentence in said


def test_an_unknown_campaign_and_a_missing_check_are_wrong_input(opened: Opened, settings: Settings) -> None:
    assert recompute(settings, "--check", "--campaign", "nothing")[0] == 2
    assert recompute(settings)[0] == 2
