"""Records from phones: each kept once, what cannot be decided kept for a human, and nothing lost or overwritten."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from factories import EVALUATOR, NOW, OTHER_EVALUATOR
from recording import CASE, GOOD, LATER, LOST, entry, picture, submission, under_way
from visiting import FIRST, SECOND, THIRD, drawn

from service.domain.access import Actor
from service.domain.errors import Refused
from service.domain.inspect.assignments import Assignment
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.spot_checks import SpotCheck
from service.operations.inspect import assignments, spot_check_reviews, spot_checks, spot_media, visits
from service.store import journal, records

pytestmark = pytest.mark.usefixtures("database")


def sent(record: Any, by: Actor = FIRST) -> Any:
    return spot_checks.receive(by, LATER, record)


def state_of(id: str) -> str:
    return records.get(SpotCheck, id).state  # type: ignore[union-attr]


def review(id: str, state: str, comment: str = "seen") -> SpotCheck:
    version = records.get(SpotCheck, id).version  # type: ignore[union-attr]
    return spot_check_reviews.review(EVALUATOR, LATER, id, state, comment, version)


def test_a_record_is_kept_once_with_what_follows_from_its_answers() -> None:
    [serial, *_] = under_way()
    first = sent(submission(serial, answers=GOOD | {"signed": "no"}))
    assert (first.outcome, first.spot_check.state, first.waiting_for) == ("stored", "received", ())
    kept = records.get(SpotCheck, first.spot_check.id)
    assert kept.attributes == {"found": True, "complete": False, "true": True, "timely": True}  # type: ignore[union-attr]
    assert kept.details["signed"] is False  # type: ignore[union-attr]
    assert str(kept.amount) == "1.5"  # type: ignore[union-attr]
    assert (kept.project, kept.visit, kept.by) == ("project-1", "visit-1", FIRST.id)  # type: ignore[union-attr]
    again = sent(submission(serial, answers=GOOD | {"signed": "no"}, sent_at=LATER + timedelta(days=1), device="x"))
    assert (again.outcome, again.spot_check.version) == ("repeat", 1)
    assert len(records.find(SpotCheck)) == 1
    assert [one.state for one in records.find(Assignment, serial=serial)] == ["done"]
    assert [one.act for one in journal.entries("project:project-1")].count("spot_check.received") == 1


def test_four_sends_at_once_make_one_record() -> None:
    [serial, *_] = under_way()
    outcomes: list[Any] = []
    threads = [threading.Thread(target=lambda: outcomes.append(sent(submission(serial)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.outcome for one in outcomes) == ["repeat", "repeat", "repeat", "stored"]
    assert len(records.find(SpotCheck)) == 1


def test_the_same_item_from_the_web_app_and_from_odk_at_once_is_one_record_and_one_conflict() -> None:
    [serial, *_] = under_way()
    two = [submission(serial, "web-1"), submission(serial, "odk-1", source="openrosa", answers=LOST)]
    outcomes: list[Any] = []
    threads = [threading.Thread(target=lambda one=one: outcomes.append(sent(one))) for one in two]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.outcome for one in outcomes) == ["conflict", "stored"]
    [second] = [one.spot_check for one in outcomes if one.outcome == "conflict"]
    assert (second.state, second.reason) == ("conflict", "item_taken")
    # The human takes the second one: the first is laid aside, both are kept, one counts.
    review(second.id, "accepted")
    assert sorted(one.state for one in records.find(SpotCheck)) == ["accepted", "superseded"]
    assert [one.id for one in spot_checks.counted(records.get(RecordedDraw, "draw-1"))] == [second.id]


def test_other_content_under_a_known_id_is_kept_beside_it_once() -> None:
    [serial, *_] = under_way()
    sent(submission(serial))
    other = submission(serial, answers=LOST)
    first, again = sent(other), sent(other)
    assert (first.outcome, again.outcome) == ("conflict", "conflict")
    assert (first.reason, first.spot_check.id) == ("other_content", again.spot_check.id)
    assert first.spot_check.origin == f"record-{serial}"
    assert len(records.find(SpotCheck)) == 2
    assert sent(submission(serial)).outcome == "repeat"


def test_who_is_not_assigned_any_more_loses_nothing() -> None:
    [serial, *_] = under_way()
    [held] = records.find(Assignment, serial=serial)
    assignments.reassign(EVALUATOR, NOW, held.id, SECOND.id, "ill")
    kept = sent(submission(serial))
    assert (kept.outcome, kept.reason, state_of(kept.spot_check.id)) == ("conflict", "not_assigned", "conflict")
    assert sent(submission(serial, "record-2"), SECOND).outcome == "stored"


def test_a_record_of_a_finished_or_cancelled_visit_is_kept_for_a_human() -> None:
    [serial, other, *_] = under_way()
    visits.finish(FIRST, LATER, "visit-1", "the site closed early")
    kept = sent(submission(serial))
    assert (kept.outcome, kept.reason) == ("conflict", "visit_closed")
    review(kept.spot_check.id, "accepted", "was signed before the end")
    assert [one.id for one in spot_checks.counted(records.get(RecordedDraw, "draw-1"))] == [kept.spot_check.id]
    assert sent(submission(other, position={"missing": "denied"})).reason == "visit_closed"


def test_a_returned_record_is_superseded_by_its_correction_and_both_are_kept() -> None:
    [serial, *_] = under_way()
    sent(submission(serial, answers=GOOD | {"complete": "no", "missing": ["plan"]}))
    returned = review(f"record-{serial}", "returned", "which plan is missing?")
    assert [one.state for one in records.find(Assignment, serial=serial)] == ["open"]
    corrected = sent(submission(serial, "record-2", corrects=returned.id))
    assert (corrected.outcome, corrected.spot_check.supersedes) == ("stored", returned.id)
    assert (state_of(returned.id), state_of("record-2")) == ("superseded", "received")
    assert [one["state"] for one in records.get(SpotCheck, returned.id).reviews] == ["returned", "superseded"]  # type: ignore[union-attr]
    # A correction of what was not returned is a second record of the item.
    assert sent(submission(serial, "record-3", corrects="record-2")).reason == "item_taken"


def test_a_correction_has_the_files_of_the_record_that_it_corrects() -> None:
    [serial, *_] = under_way()
    photo = picture()
    sent(submission(serial, media=(entry(photo),)))
    spot_media.piece(FIRST, LATER, f"record-{serial}", entry(photo)["sha256"], 0, len(photo), photo)
    review(f"record-{serial}", "returned", "why?")
    corrected = sent(submission(serial, "record-2", corrects=f"record-{serial}", media=(entry(photo),)))
    assert (corrected.waiting_for, corrected.spot_check.state) == ((), "received")
    assert spot_media.content(EVALUATOR, corrected.spot_check, entry(photo)["sha256"], True)[0] == photo


def test_a_record_waits_for_its_files_and_cannot_be_accepted_before() -> None:
    [serial, *_] = under_way()
    photo = picture()
    first = sent(submission(serial, media=(entry(photo),)))
    assert (first.spot_check.state, first.waiting_for) == ("waiting", (entry(photo)["sha256"],))
    assert spot_checks.status(FIRST, [f"record-{serial}"]) == {
        f"record-{serial}": {"state": "waiting", "complete": False}
    }
    with pytest.raises(Refused, match="waiting"):
        review(f"record-{serial}", "accepted")
    assert spot_check_reviews.review_all(EVALUATOR, LATER, "draw-1", "accepted", "") == 0
    spot_media.piece(FIRST, LATER, f"record-{serial}", entry(photo)["sha256"], 0, len(photo), photo)
    assert state_of(f"record-{serial}") == "received"
    assert spot_checks.status(FIRST, [f"record-{serial}"])[f"record-{serial}"]["complete"] is True
    assert spot_checks.status(SECOND, [f"record-{serial}"]) == {}


def test_what_is_looked_at_once_a_visit_is_kept_and_enters_no_estimate() -> None:
    under_way(6, "document-review@1")
    answers = dict.fromkeys(spot_checks.checklists.parsed("document-review@1").attributes, "yes")
    given = {"checklist": "document-review@1", "part": "observation", "draw": "", "serial": "", "answers": answers}
    kept = sent(replace(submission("x", "review-1"), **given))
    assert (kept.outcome, kept.spot_check.part) == ("stored", "observation")
    assert sent(replace(submission("x", "review-2"), **given), SECOND).outcome == "stored"
    assert sent(replace(submission("x", "review-3"), **given), THIRD).reason == "not_of_visit"
    review("review-1", "accepted")
    assert spot_checks.counted(records.get(RecordedDraw, "draw-1")) == []


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"checklist": "case-record@9"}, "checklist_unknown", "checklist"),
        ({"checklist": "../../etc"}, "checklist_unknown", "checklist"),
        ({"serial": "R999"}, "invalid", "serial"),
        ({"draw": "draw-9"}, "not_found", None),
        ({"answers": GOOD | {"signed": "maybe"}}, "answers_invalid", "answers.signed"),
        ({"answers": {"exists": "yes"}}, "answers_invalid", "answers.in_period"),
        ({"answers": LOST | {"signed": "yes"}}, "answers_invalid", "answers.signed"),
        ({"answers": GOOD | {"amount": "many"}}, "answers_invalid", "answers.amount"),
        ({"part": "observation", "draw": "", "serial": ""}, "invalid", "checklist"),
        ({"part": "third"}, "invalid", "part"),
        ({"media": ({"name": "../../x.jpg"},)}, "invalid", "media.0.name"),
        ({"media": ({"name": "C:\\x.jpg"},)}, "invalid", "media.0.name"),
        ({"media": ({"name": ".."},)}, "invalid", "media.0.name"),
        ({"media": ({"name": "a.jpg"}, {"name": "a.jpg"})}, "invalid", "media.1.name"),
        ({"media": ({"name": "a.jpg", "sha256": "AB"},)}, "invalid", "media.0.sha256"),
        ({"media": ({"name": "a.jpg", "size": 10**9},)}, "invalid", "media.0.size"),
        ({"media": ({"name": "a.jpg", "question": "signed"},)}, "invalid", "media.0.question"),
        ({"media": tuple({"name": f"{number}.jpg"} for number in range(61))}, "invalid", "media"),
        ({"position": {"latitude": 91.0, "longitude": 0.0}}, "invalid", "position.latitude"),
        ({"position": {"latitude": 9.0}}, "invalid", "position"),
        ({"position": {"height": 3.0}}, "invalid", "position.height"),
        ({"elapsed_s": -1.0}, "invalid", "elapsed_s"),
        ({"timings": {"signed": float("inf")}}, "invalid", "timings.signed"),
        ({"note": "x" * 2001}, "invalid", "note"),
        ({"signatures": {"witness": {"refused": True}}}, "invalid", "signatures.witness"),
        ({"signatures": {"witness": {"refused": True, "reason": "no"}}}, "invalid", "signatures.witness"),
        ({"signatures": {"auditor": {"media": "nothing.png"}}}, "invalid", "signatures.auditor.media"),
        ({"signatures": {"mayor": {}}}, "invalid", "signatures.mayor"),
        ({"changes": ({"question": "signed", "reason": " "},)}, "invalid", "changes.0.reason"),
    ],
)
def test_what_is_no_record_is_refused_by_field_and_nothing_is_kept(changes, reason, field) -> None:
    [serial, *_] = under_way(2)
    with pytest.raises(Refused) as refused:
        sent(replace(submission(serial), **changes))
    assert refused.value.reason == reason
    assert field is None or field in {fault.field for fault in refused.value.faults}
    assert all(fault.message for fault in refused.value.faults)
    assert records.find(SpotCheck) == []


def test_another_organisation_sees_and_sends_nothing() -> None:
    [serial, *_] = under_way()
    stranger = Actor("stranger", "stranger", OTHER_EVALUATOR.organisation, ("auditor",))
    with pytest.raises(Refused) as refused:
        sent(submission(serial), stranger)
    assert refused.value.reason == "not_found"
    sent(submission(serial))
    for act in (spot_checks.get, spot_checks.own):
        with pytest.raises(Refused, match="no such"):
            act(stranger, f"record-{serial}")


def test_a_checklist_of_another_kind_of_record_is_refused() -> None:
    [serial, *_] = under_way(2, "document-review@1")
    with pytest.raises(Refused) as refused:
        sent(submission(serial, checklist="document-review@1"))
    assert {fault.field for fault in refused.value.faults} == {"checklist"}


def test_a_draw_opened_by_nobody_and_an_item_of_another_visit_are_told_apart() -> None:
    under_way()
    drawn("draw-2", take=3)
    [item, *_] = records.get(RecordedDraw, "draw-2").items  # type: ignore[union-attr]
    kept = sent(submission(item.serial, draw="draw-2"))
    assert (kept.outcome, kept.reason) == ("conflict", "not_assigned")


@pytest.mark.parametrize("years", [-1, 1])
def test_a_clock_that_is_a_year_off_is_a_fact_and_no_refusal(years: int) -> None:
    [serial, *_] = under_way()
    off = timedelta(days=365 * years)
    moved = submission(
        serial,
        started_at=LATER - timedelta(minutes=40) + off,
        signed_at=LATER - timedelta(minutes=30) + off,
        sent_at=LATER + off,
    )
    kept = sent(moved).spot_check
    assert kept.state == "received"
    assert "clock_off" in kept.circumstances
    assert kept.measures["clock_off"]["value"] == off.total_seconds()
    # The hours since the signing are told by the phone's own clock at both ends.
    assert not {"late", "before_opening"} & set(kept.circumstances)


def test_the_version_by_which_a_phone_began_stays_good() -> None:
    [serial, *_] = under_way()
    assert sent(submission(serial, checklist=CASE)).outcome == "stored"


def test_answers_come_back_in_the_shape_in_which_they_were_sent() -> None:
    [serial, *_] = under_way()
    given = GOOD | {"complete": "no", "missing": ["plan", "summary"], "remark": "缺两份"}
    sent(submission(serial, answers=given))
    assert spot_checks.own(FIRST, f"record-{serial}")["answers"] == given
