"""Quality marks over real answers: repeatable scans, decisions, and figures without marked as a recount gives them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from factories import EVALUATOR, KEY, NOW, PROVIDER, Opened, issue, open_campaign

from service.domain.collect import tallies
from service.domain.collect.quality import EXCLUDE, KEEP, QualityDecision
from service.domain.collect.tallies import Tally
from service.domain.errors import Refused
from service.operations.acts import journal_entries
from service.operations.collect import campaigns, quality, responses, satisfaction, seals
from service.operations.collect.questionnaires import of_campaign
from service.operations.collect.responses import Submission
from service.store.collect import quality as stored_marks
from service.store.collect import responses as stored

pytestmark = pytest.mark.usefixtures("database")
ASPECTS = ("attitude", "skill", "timing", "needs")
NIGHT, DAY = NOW.replace(hour=18), NOW.replace(hour=3)  # 2 and 11 o'clock where people live


def answer(opened: Opened, codes: list[str], level: str, at=DAY, text: str = "", seconds: float = 120) -> list[str]:
    receipts = []
    for code in codes:
        answers = {"overall": level, "aspects": dict.fromkeys(ASPECTS, "4")} | ({"wish": text} if text else {})
        submission = Submission(f"submission-{code}", answers, duration_s=seconds)
        receipts.append(responses.submit(code, submission, at, (KEY,)).receipt)
    return receipts


@pytest.fixture
def opened() -> Opened:
    """20 honest answers by day, 4 at night of which all have the same text, 2 within five seconds."""
    opened = open_campaign(26, questionnaire="recipients")
    for hour in range(5):
        answer(opened, opened.codes[hour:20:5], "4", DAY + timedelta(hours=hour))
    opened.receipts = answer(opened, opened.codes[20:24], "1", NIGHT, "换一个地方办,很好!")  # type: ignore[attr-defined]
    answer(opened, opened.codes[24:], "5", seconds=3)
    return opened


def scan(opened: Opened) -> quality.QualityScan:
    return quality.scan(EVALUATOR, NOW, opened.id, {}, {})


def decide(opened: Opened, kind: str, verdict: str = EXCLUDE, **narrowed: object) -> QualityDecision:
    number = len(quality.decisions(opened.id)) + 1
    asked = QualityDecision(f"d{number}", opened.id, 0, 0, kind, verdict, "called back", "", NOW, **narrowed)  # type: ignore[arg-type]
    return quality.decide(EVALUATOR, NOW, asked, quality.of(EVALUATOR, opened.id).scan.version)


def recount(opened: Opened, out: set[str]) -> Tally:
    """The tally of all answers that are there, without these: the oracle for the subtraction."""
    questionnaire = of_campaign(opened.id)
    kept = [one for one in stored.each(opened.id) if one.final_id not in out]
    return tallies.total(tallies.tally_of(questionnaire, one.cell, one.answers, one.duration) for one in kept)


def of_kind(opened: Opened, kind: str) -> set[str]:
    found, cursor = quality.page(EVALUATOR, opened.id, kind, 0, 1000)
    assert cursor is None
    return {final_id for final_id, _, _ in found}


def without(opened: Opened) -> Tally:
    whole, excluded, _ = quality.split(opened.id)
    return tallies.subtract(whole, excluded)


def test_a_scan_marks_what_its_rules_say_and_a_second_one_the_same(opened: Opened) -> None:
    first = scan(opened)
    assert first.answers == 26
    assert dict(first.counts) == {"identical_text": 4, "night": 4, "too_fast": 2}
    marked = {kind: of_kind(opened, kind) for kind in first.counts}
    assert marked["night"] == marked["identical_text"]
    again = scan(opened)
    assert (again.number, again.counts) == (2, first.counts)
    assert {kind: of_kind(opened, kind) for kind in again.counts} == marked
    assert {one.generation for one in stored_marks.each(opened.id, again.generation)} == {again.generation}
    assert list(stored_marks.each(opened.id, first.generation)) == []


def test_marks_alone_change_no_figure(opened: Opened) -> None:
    before = satisfaction.figures(EVALUATOR, opened.id).groups
    scan(opened)
    assert satisfaction.figures(EVALUATOR, opened.id).groups == before
    assert satisfaction.figures(EVALUATOR, opened.id, marked="without").groups == before


def test_without_marked_is_what_a_recount_without_them_gives(opened: Opened) -> None:
    scan(opened)
    decide(opened, "night")
    night, fast = of_kind(opened, "night"), of_kind(opened, "too_fast")
    assert without(opened) == recount(opened, night)
    decide(opened, "too_fast", final_ids=(min(fast),))
    assert without(opened) == recount(opened, night | {min(fast)})
    decide(opened, "night", KEEP, place={"site": "east"})
    assert without(opened) == recount(opened, {min(fast)})
    decide(opened, "identical_text")
    figure = dict(satisfaction.figures(EVALUATOR, opened.id, marked="without").groups)[()]
    assert (figure.n, figure.satisfied) == (21, 1)
    both = satisfaction.side_by_side(EVALUATOR, opened.id)
    assert (both["with"].n, both["without"]) == (26, figure)


def test_a_withdrawn_answer_loses_its_marks_and_leaves_both_figures(opened: Opened) -> None:
    scan(opened)
    decide(opened, "night")
    night = of_kind(opened, "night")
    assert without(opened) == recount(opened, night)  # what is cached now must not outlive the withdrawal
    responses.withdraw(opened.receipts[0])  # type: ignore[attr-defined]
    left = of_kind(opened, "night")
    assert len(left) == 3
    assert left < night
    assert without(opened) == recount(opened, night)
    assert sum(counts["n"] for counts in quality.split(opened.id)[1].values()) == 3
    assert quality.of(EVALUATOR, opened.id).kinds["night"].excluded == 3


def test_who_withdraws_while_a_scan_marks_is_not_marked(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer is read by the scan, then withdrawn, then its mark is written."""
    write = stored_marks.insert

    def late(marked) -> None:  # type: ignore[no-untyped-def]
        responses.withdraw(opened.receipts[0])  # type: ignore[attr-defined]
        write(marked)

    monkeypatch.setattr(stored_marks, "insert", late)
    assert scan(opened).counts["night"] == 3
    assert len(of_kind(opened, "night")) == 3


def test_after_finalising_the_frozen_tally_stays_and_both_live_figures_follow_withdrawals(opened: Opened) -> None:
    scan(opened)
    decide(opened, "night")
    campaigns.change_state(EVALUATOR, NOW, opened.id, "final", opened.campaign.version)
    from service.store.collect import seals as stored_seals

    frozen = stored_seals.frozen(opened.id)
    responses.withdraw(opened.receipts[0])  # type: ignore[attr-defined]
    assert stored_seals.frozen(opened.id) == frozen
    assert without(opened) == recount(opened, of_kind(opened, "night"))
    both = satisfaction.side_by_side(EVALUATOR, opened.id)
    assert (both["with"].answered, both["without"].answered) == (25, 22)
    assert sum(counts["n"] for counts in (frozen or {}).values()) == 26
    assert scan(opened).counts["night"] == 3  # a scan of a final campaign works too


def test_decisions_outlive_a_new_scan_and_new_marks_wait(opened: Opened) -> None:
    scan(opened)
    decide(opened, "night")
    night = of_kind(opened, "night")
    answer(opened, issue(opened, 1), "1", NIGHT + timedelta(days=1))
    scan(opened)
    kinds = quality.of(EVALUATOR, opened.id).kinds["night"]
    assert (kinds.marked, kinds.excluded, kinds.undecided) == (5, 4, 1)
    assert without(opened) == recount(opened, night)


def test_a_place_excludes_the_answers_that_belong_to_it(opened: Opened) -> None:
    helped = issue(opened, 10, site="west")
    for number, code in enumerate(helped):
        answers = {"overall": "5", "helped": "service_staff" if number < 4 else "no"}
        responses.submit(code, Submission(f"submission-{code}", answers), DAY, (KEY,))
    assert scan(opened).counts["staff_assisted"] == 4
    decide(opened, "staff_assisted", place={"site": "west"})
    found = quality.of(EVALUATOR, opened.id)
    [(mark, verdict)] = [(mark, verdict) for mark, verdict in found.places if mark.kind == "staff_assisted"]
    assert (dict(mark.place), mark.n, verdict) == ({"site": "west", "assistance": "service_staff"}, 4, EXCLUDE)
    out = {one.final_id for one in stored.each(opened.id) if one.cell.assistance == "service_staff"}
    assert len(out) == found.excluded == 4
    assert without(opened) == recount(opened, out)


def test_nothing_is_decided_unseen_and_every_decision_is_journalled(opened: Opened) -> None:
    version = scan(opened).version
    made = decide(opened, "night")
    late = replace(made, id="late", reason="too late")
    with pytest.raises(Refused, match="changed"):
        quality.decide(EVALUATOR, NOW, late, version)
    assert quality.decide(EVALUATOR, NOW, made, version) == made  # a repeat
    with pytest.raises(Refused, match="already used"):
        quality.decide(EVALUATOR, NOW, replace(made, verdict=KEEP), version)
    with pytest.raises(Refused, match="reason"):
        quality.decide(EVALUATOR, NOW, replace(late, reason=" "), version + 1)
    with pytest.raises(Refused, match="role"):
        quality.decide(PROVIDER, NOW, late, version + 1)
    entries = [entry for entry in journal_entries(["project:project-1"]) if entry.act.startswith("quality.")]
    assert [entry.act for entry in entries] == ["quality.scanned", "quality.decided"]
    assert dict(entries[1].details)["reason"] == "called back"


def test_of_two_scans_at_once_one_is_told_and_leaves_nothing(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    first = scan(opened)
    put = stored_marks.put_scan

    def overtaken(*values) -> None:  # type: ignore[no-untyped-def]
        monkeypatch.setattr(stored_marks, "put_scan", put)
        scan(opened)
        put(*values)

    monkeypatch.setattr(stored_marks, "put_scan", overtaken)
    with pytest.raises(Refused, match="changed"):
        scan(opened)
    found = quality.of(EVALUATOR, opened.id)
    assert found.scan.number == 2
    assert {kind: one.marked for kind, one in found.kinds.items() if one.marked} == first.counts


def test_nothing_can_be_reviewed_before_the_first_scan() -> None:
    opened = open_campaign(1, questionnaire="recipients")
    with pytest.raises(Refused, match="quality scan"):
        quality.of(EVALUATOR, opened.id)
    with pytest.raises(Refused, match="north"):
        quality.scan(EVALUATOR, NOW, opened.id, {}, {"north": 5})
    assert quality.split(opened.id)[1] == {}
    assert seals.read(opened.id)[0] == {}
