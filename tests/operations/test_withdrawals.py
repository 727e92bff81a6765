"""Appeals and objections taken back before the decision, two corrections at once, and duties that nobody decided on."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import casework
import pytest
from casework import AUTHORITY, EVALUATOR, PROVIDER, PURCHASER, TEXT
from outcomes import failed_round, final_round
from pausing import PAUSER

from service.domain.errors import Refused
from service.domain.evaluate.rounds import Round
from service.operations.acts import journal_entries, load
from service.operations.evaluate import results
from service.operations.procedure import (
    appeals,
    consequences,
    due,
    duties,
    moves,
    objection_corrections,
    objections,
    reviews,
)
from service.operations.procedure.appeals import OnPaper
from service.operations.procedure.objections import Paper

CHINA = timezone(timedelta(hours=8))
DAY = datetime(2026, 9, 18, 10, 0, tzinfo=CHINA)
LAST = date(2026, 10, 8)
PANEL = (
    {"name": "复核员甲", "user": "", "organisation": "市民政局", "category": "supervising_department"},
    {"name": "复核员乙", "user": "", "organisation": "某大学", "category": "expert"},
)
WHY = "双方已经谈妥。"


@pytest.fixture
def notified(database) -> Round:
    casework.make_case_round()
    casework.make_accounts()
    return casework.notify("round-1", DAY, LAST)


def filed(id="appeal-1", actor=PROVIDER, paper=None):
    made, _ = appeals.begin(actor, DAY, id, "round-1", TEXT, paper)
    return appeals.file(actor, DAY, id, made.version)


def state() -> str:
    return load(Round, "round-1", "round").state


@pytest.mark.rule("G56")
def test_a_filed_appeal_is_taken_back_with_a_reason_and_may_be_filed_again_in_time(notified):
    there = filed()
    for other in (PURCHASER, AUTHORITY):
        with pytest.raises(Refused) as refused:
            appeals.withdraw(other, DAY, there.id, there.version, WHY)
        assert refused.value.reason == "forbidden"
    with pytest.raises(Refused) as mute:
        appeals.withdraw(PROVIDER, DAY, there.id, there.version, " ")
    assert [fault.field for fault in mute.value.faults] == ["reason"]
    with pytest.raises(Refused) as stale:
        appeals.withdraw(PROVIDER, DAY, there.id, 1, WHY)
    assert stale.value.reason == "stale"
    done = appeals.withdraw(PROVIDER, DAY, there.id, there.version, WHY)
    assert (done.state, done.withdrawn_on, done.pending) == ("withdrawn", DAY.date(), False)
    assert appeals.due(["project-1"], DAY.date()) == []
    told = [entry for entry in journal_entries(["project:project-1"]) if entry.act == "appeal.withdrawn"]
    assert [entry.subject for entry in told] == ["appeal-1"]
    assert WHY not in str(told[0].details)
    with pytest.raises(Refused) as gone:
        appeals.accept(AUTHORITY, DAY, done.id, done.version)
    assert gone.value.reason == "state_conflict"
    assert filed("appeal-2").state == "filed"


@pytest.mark.rule("G56", "G57")
def test_with_the_only_appeal_taken_back_the_result_is_notified_again_and_its_window_is_what_it_was(notified):
    there = filed()
    begun = load(Round, "round-1", "round")
    begun = casework.put_round(deadlines_of_the_notice(begun))
    there = appeals.accept(AUTHORITY, DAY, there.id, there.version)
    reviews.appoint(AUTHORITY, DAY, there.id, PANEL)
    held = load(Round, "round-1", "round")
    assert (held.state, bool(held.deadlines["appeal"]["done_on"])) == ("appeal", True)
    later = DAY + timedelta(days=3)
    appeals.withdraw(PROVIDER, later, there.id, there.version, WHY)
    round = load(Round, "round-1", "round")
    assert (round.state, round.notice) == ("notified", begun.notice)
    assert round.deadlines["review"]["done_on"] == later.date().isoformat()
    assert (round.deadlines["appeal"]["on"], round.deadlines["appeal"]["done_on"]) == ("2026-10-03", None)
    assert filed("appeal-2", PURCHASER).last_day == LAST
    with pytest.raises(Refused) as open_:
        moves.move(PURCHASER, later, "round-1", "final", round.version, {})
    assert open_.value.reason == "gate_unmet"


def deadlines_of_the_notice(round: Round) -> Round:
    """The round with the window of its notice running, as the step to `notified` begins it."""
    one = {"id": "appeal", "event": "result_served", "event_on": "2026-09-18", "on": "2026-10-03"}
    one |= {"first_on": "2026-10-03", "provisional": False, "unit": "calendar", "days": 15, "roll": True}
    return replace(round, deadlines={"appeal": one | {"basis": "G56", "hard": True, "served": "2026-09-18"}})


@pytest.mark.rule("G57", "G58")
def test_an_appeal_taken_back_beside_a_decided_one_leaves_the_decision_and_the_result_is_final(notified):
    mine, theirs = filed(), filed("appeal-2", PURCHASER)
    mine = appeals.accept(AUTHORITY, DAY, mine.id, mine.version)
    theirs = appeals.accept(AUTHORITY, DAY, theirs.id, theirs.version)
    reviews.appoint(AUTHORITY, DAY, mine.id, PANEL)
    decided = reviews.decide(AUTHORITY, DAY, mine.id, mine.version, "dismissed", "查无实据。", [])
    assert state() == "appeal"
    with pytest.raises(Refused) as late:
        appeals.withdraw(PROVIDER, DAY, mine.id, decided.version, WHY)
    assert late.value.reason == "state_conflict"
    appeals.withdraw(PURCHASER, DAY, theirs.id, theirs.version, WHY)
    assert state() == "final"
    assert appeals.get(PROVIDER, theirs.id).withdrawn_reason == ""


@pytest.mark.rule("G58")
def test_a_withdrawal_that_a_crash_left_half_done_is_finished_by_a_repeat(notified, monkeypatch):
    there = filed()
    there = appeals.accept(AUTHORITY, DAY, there.id, there.version)
    with monkeypatch.context() as power_cut:
        power_cut.delattr(moves, "move")
        with pytest.raises(AttributeError):
            appeals.withdraw(PROVIDER, DAY, there.id, there.version, WHY)
    assert state() == "appeal"
    appeals.withdraw(PROVIDER, DAY, there.id, there.version, WHY)
    assert state() == "notified"


@pytest.mark.rule("G56")
def test_a_paper_is_taken_back_by_its_party_and_not_by_who_must_have_it_reviewed(notified):
    there = filed("appeal-1", AUTHORITY, OnPaper("post", DAY.date(), DAY.date(), "provider"))
    for other in (AUTHORITY, PURCHASER):
        with pytest.raises(Refused) as no:
            appeals.withdraw(other, DAY, there.id, there.version, "来函撤回。")
        assert no.value.reason == "forbidden"
    assert appeals.withdraw(PROVIDER, DAY, there.id, there.version, WHY).state == "withdrawn"


@pytest.mark.rule("C20")
def test_an_objection_on_paper_is_not_ended_by_who_owes_its_answer(notified):
    casework.serve_notice(served_on=DAY.date(), at=DAY)
    paper = Paper("post", DAY.date(), DAY.date())
    made, _ = objections.begin(PURCHASER, DAY, "objection-1", "notice-1", TEXT, paper)
    objections.add_file(PURCHASER, DAY, made.id, casework.PICTURE)
    there = objections.file(PURCHASER, DAY, made.id, made.version)
    with pytest.raises(Refused) as no:
        objections.withdraw(PURCHASER, DAY, there.id, there.version, WHY)
    assert no.value.reason == "forbidden"
    assert objections.withdraw(PROVIDER, DAY, there.id, there.version, WHY).state == "withdrawn"


def objected(at: datetime):
    made, _ = objections.begin(PROVIDER, at, "objection-1", "notice-1", TEXT)
    objections.add_file(PROVIDER, at, made.id, casework.PICTURE)
    return objections.file(PROVIDER, at, made.id, made.version)


@pytest.mark.rule("C19", "C20")
def test_an_objection_is_taken_back_before_its_answer_and_nothing_of_it_is_due_any_more(notified):
    casework.serve_notice(served_on=DAY.date(), at=DAY)
    there = objected(DAY)
    with pytest.raises(Refused) as no:
        objections.withdraw(PURCHASER, DAY, there.id, there.version, WHY)
    assert no.value.reason == "forbidden"
    done = objections.withdraw(PROVIDER, DAY, there.id, there.version, WHY)
    assert (done.state, done.withdrawn_reason) == ("withdrawn", WHY)
    assert objections.due(["project-1"], LAST) == []
    assert not done.overdue(LAST)
    with pytest.raises(Refused) as late:
        objections.answer(PURCHASER, DAY, done.id, done.version, "upheld", "属实。", [])
    assert late.value.reason == "state_conflict"
    assert objections.begin(PROVIDER, DAY, "objection-2", "notice-1", TEXT)[1]


@pytest.mark.rule("C20")
@pytest.mark.parametrize("stop", [18, 26, 36])
def test_two_corrections_at_once_make_one_version(notified, stop):
    casework.serve_notice(served_on=DAY.date(), at=DAY)
    wrong = casework.wrong_record()
    there = objected(DAY)
    there = objections.answer(PURCHASER, DAY, there.id, there.version, "upheld", "属实。", [wrong.id])
    later = DAY + timedelta(days=1)
    casework.mend(wrong, later)
    casework.set_state("round-1", "reported")

    def correct(notice: str):
        return objection_corrections.correct(EVALUATOR, later, there.id, there.version, notice, "更正：签名齐全。")

    first = PAUSER.start(lambda: correct("notice-2"), stop_before=stop)
    with suppress(Refused):  # busy: the stopped one holds its transaction open
        correct("notice-3")
    first.go_on()
    assert first.reached
    assert [one.case for one in results.versions("round-1")] == ["", "objection-1"]
    done = objections.get(EVALUATOR, there.id)
    assert (done.state, done.correction["results"]) == ("corrected", ["round-1#2"])


@pytest.mark.rule("G60", "G61")
def test_duties_of_a_failed_result_are_due_until_somebody_decides(database):
    made, result = failed_round()
    today = DAY.date()
    found = [one for one in due.of(PURCHASER, DAY) if one.kind == "consequence"]
    assert [(one.subject, one.whom, one.overdue) for one in found] == [
        ("cut-funds", "purchaser", False),
        ("barred", "purchaser", False),
    ]
    assert found[1].label["en"].startswith("Decide: ")
    assert found[0].on <= today
    said = consequences.Decided("ban-1", "barred", "applied", "不合格。", document="穗民〔2026〕1号")
    consequences.decide(PURCHASER, DAY, made.round.id, said)
    assert [one.subject for one in duties.due(["project-1"], today)] == ["cut-funds"]
    assert duties.due([], today) == []
    assert result.grade == "fail"


@pytest.mark.rule("G59")
def test_of_a_result_that_passed_nothing_is_due(database):
    final_round()
    assert duties.due(["project-1"], DAY.date()) == []
