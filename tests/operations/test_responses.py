"""Accepting an answer exactly once: receipts, repeats, spent slips, posters, windows, bad input."""

from dataclasses import replace
from datetime import timedelta

import database as database_tools
import pytest
from factories import EVALUATOR, KEY, NOW, Opened, issue, open_campaign

from service.domain.errors import Refused
from service.operations.collect import campaigns, responses, seals
from service.operations.collect.responses import Submission, submit

ANSWERS = {"satisfaction": "High", "influence": "Low", "contact": "High"}
FIRST = Submission("submission-1", ANSWERS)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def opened(database: None) -> Opened:
    return open_campaign()


def refusal(*args: object) -> str:
    with pytest.raises(Refused) as caught:
        submit(*args)  # type: ignore[arg-type]
    return caught.value.reason


def counted(campaign: str) -> int:
    return sum(counts["n"] for counts in seals.read(campaign)[0].values())


def test_an_answer_is_acknowledged_and_counted(opened: Opened) -> None:
    acknowledged = submit(opened.codes[0], FIRST, NOW, [KEY])
    assert not acknowledged.repeated
    assert acknowledged.receipt.startswith(opened.campaign.short_code)
    assert counted(opened.id) == 1


@pytest.mark.parametrize("sealed", [False, True])
def test_a_repeat_gets_the_same_receipt_before_and_after_sealing(opened: Opened, sealed: bool) -> None:
    first = submit(opened.codes[0], FIRST, NOW, [KEY])
    if sealed:
        assert seals.seal(opened.id) == 1
    again = submit(opened.codes[0], FIRST, NOW, [KEY])
    assert (again.repeated, again.receipt) == (True, first.receipt)
    assert counted(opened.id) == 1


@pytest.mark.parametrize("sealed", [False, True])
def test_other_content_under_the_same_id_is_a_conflict(opened: Opened, sealed: bool) -> None:
    submit(opened.codes[0], FIRST, NOW, [KEY])
    if sealed:
        seals.seal(opened.id)
    other = replace(FIRST, answers=ANSWERS | {"satisfaction": "Low"})
    assert refusal(opened.codes[0], other, NOW, [KEY]) == "submission_differs"


@pytest.mark.parametrize("sealed", [False, True])
def test_a_second_submission_on_one_slip_finds_it_spent(opened: Opened, sealed: bool) -> None:
    submit(opened.codes[0], FIRST, NOW, [KEY])
    if sealed:
        seals.seal(opened.id)
    assert refusal(opened.codes[0], replace(FIRST, submission_id="submission-2"), NOW, [KEY]) == "code_spent"
    assert counted(opened.id) == 1


def test_one_submission_id_on_two_slips_gives_two_receipts(opened: Opened) -> None:
    receipts = {submit(code, FIRST, NOW, [KEY]).receipt for code in opened.codes[:2]}
    assert len(receipts) == 2
    assert counted(opened.id) == 2


def test_a_poster_takes_many_answers_and_each_only_once(opened: Opened) -> None:
    [code] = issue(opened, 1, "poster")
    for number in range(3):
        submit(code, replace(FIRST, submission_id=f"submission-{number}"), NOW, [KEY])
    assert submit(code, replace(FIRST, submission_id="submission-1"), NOW, [KEY]).repeated
    assert counted(opened.id) == 3


@pytest.mark.parametrize("typed", [str.lower, lambda code: f" {code[:4]} - {code[4:8]} - {code[8:]} "])
def test_codes_may_be_typed_in_lower_case_or_with_spaces(opened: Opened, typed) -> None:  # type: ignore[no-untyped-def]
    assert not submit(typed(opened.codes[0]), FIRST, NOW, [KEY]).repeated


def test_codes_of_a_former_key_still_work(opened: Opened) -> None:
    from service.domain.keys import Key

    newer = Key(bytes(range(1, 33)))
    first = submit(opened.codes[0], FIRST, NOW, [newer, KEY])
    assert submit(opened.codes[0], FIRST, NOW, [KEY]).receipt == first.receipt


def test_outside_the_window_only_a_repeat_is_answered(opened: Opened) -> None:
    first = submit(opened.codes[0], FIRST, NOW, [KEY])
    late = opened.campaign.closes_at + timedelta(seconds=1)
    assert submit(opened.codes[0], FIRST, late, [KEY]).receipt == first.receipt
    assert refusal(opened.codes[1], FIRST, late, [KEY]) == "campaign_closed"
    assert counted(opened.id) == 1


def test_after_finalising_repeats_are_answered_and_nothing_new_is(opened: Opened) -> None:
    first = submit(opened.codes[0], FIRST, NOW, [KEY])
    campaigns.change_state(EVALUATOR, NOW, opened.id, "final", opened.campaign.version)
    assert submit(opened.codes[0], FIRST, NOW, [KEY]).receipt == first.receipt
    assert refusal(opened.codes[0], replace(FIRST, submission_id="submission-2"), NOW, [KEY]) == "campaign_closed"
    assert refusal(opened.codes[1], FIRST, NOW, [KEY]) == "campaign_closed"
    assert counted(opened.id) == 1


def test_all_faults_of_the_answers_are_named_at_once(opened: Opened) -> None:
    wrong = replace(FIRST, answers={"satisfaction": "Splendid", "unasked": "1", "contact": ["High"]})
    with pytest.raises(Refused) as caught:
        submit(opened.codes[0], wrong, NOW, [KEY])
    assert caught.value.reason == "answers_invalid"
    assert {fault.field for fault in caught.value.faults} >= {
        "answers.satisfaction",
        "answers.unasked",
        "answers.contact",
    }
    assert not submit(opened.codes[0], FIRST, NOW, [KEY]).repeated


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"submission_id": "short"}, "submission_id"),
        ({"submission_id": "with space in it"}, "submission_id"),
        ({"mode": "paper"}, "mode"),
        ({"language": "fr"}, "lang"),
    ],
)
def test_faults_of_the_submission_itself_are_named(opened: Opened, change: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as caught:
        submit(opened.codes[0], replace(FIRST, **change), NOW, [KEY])
    assert [fault.field for fault in caught.value.faults] == [field]


def test_a_mistyped_code_and_an_unknown_one_are_told_apart(opened: Opened) -> None:
    code = opened.codes[0]
    swapped = (
        code[1] + code[0] + code[2:] if code[0] != code[1] else code[0] + ("2" if code[1] != "2" else "3") + code[2:]
    )
    assert refusal(swapped, FIRST, NOW, [KEY]) == "code_mistyped"
    from service.domain.keys import Key

    assert refusal(code, FIRST, NOW, [Key(b"x" * 32)]) == "code_unknown"


def test_withdrawing_takes_the_answer_out_and_leaves_the_slip_spent(opened: Opened) -> None:
    acknowledged = submit(opened.codes[0], FIRST, NOW, [KEY])
    submit(opened.codes[1], FIRST, NOW, [KEY])
    responses.withdraw(acknowledged.receipt)
    responses.withdraw(acknowledged.receipt.lower())
    assert counted(opened.id) == 1
    assert submit(opened.codes[0], FIRST, NOW, [KEY]).receipt == acknowledged.receipt
    assert refusal(opened.codes[0], replace(FIRST, submission_id="submission-2"), NOW, [KEY]) == "code_spent"
    assert counted(opened.id) == 1
    assert seals.recount(opened.id) == []


def test_a_receipt_that_nobody_was_given_is_unknown(opened: Opened) -> None:
    receipt = submit(opened.codes[0], FIRST, NOW, [KEY]).receipt
    with pytest.raises(Refused, match="receipt"):
        responses.withdraw(receipt[:-1] + ("2" if receipt[-1] != "2" else "3"))


def test_after_sealing_nothing_stored_links_slip_and_answer(opened: Opened) -> None:
    for number, code in enumerate(opened.codes):
        submit(code, replace(FIRST, submission_id=f"submission-{number}"), NOW, [KEY])
    seals.seal(opened.id)
    documents = database_tools.every_document()
    final_ids = {stored["_id"] for name, stored in documents if name == "ResponseDocument"}
    tickets = {stored["_id"] for name, stored in documents if name == "TicketDocument"}
    guards = {stored["_id"] for name, stored in documents if name == "InboxDocument"}
    assert len(final_ids) == len(guards) == len(opened.codes)
    for name, stored in documents:
        text = repr(stored)
        assert not any(code in text or f"submission-{number}" in text for number, code in enumerate(opened.codes)), name
        of_answer = any(id in text for id in final_ids)
        of_slip = any(id in text for id in tickets | guards)
        assert not (of_answer and of_slip), f"{name} links a slip with an answer: {text}"
    assert all(set(stored) == {"_id", "g"} for name, stored in documents if name == "InboxDocument")
