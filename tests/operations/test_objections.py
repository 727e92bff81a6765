"""Objections to notices of checks: the clock and its edges, and what an upheld one puts right."""

from datetime import UTC, date, datetime, timedelta, timezone

import casework
import pytest
from casework import AUTHORITY, EVALUATOR, NOW, PROVIDER, PURCHASER, TEXT
from demo_round import make_draw
from factories import make_project

from service.domain.errors import Refused
from service.domain.evaluate.rounds import Round
from service.domain.procedure.objections import Reply, clock_start
from service.operations.acts import journal_entries
from service.operations.evaluate import rounds, schemes
from service.operations.inspect import notices
from service.operations.procedure import objection_corrections, objections
from service.operations.procedure.objections import Paper

CHINA = timezone(timedelta(hours=8))
LATER = NOW + timedelta(days=400)


@pytest.fixture(autouse=True)
def city(database):
    make_project()
    make_draw()


def filed(at: datetime, id: str = "objection-1", notice: str = "notice-1", paper: Paper | None = None):
    """An objection of the provider with a picture as evidence, or what came on paper."""
    actor = PURCHASER if paper else PROVIDER
    made, _ = objections.begin(actor, at, id, notice, TEXT, paper)
    objections.add_file(actor, at, id, casework.PICTURE)
    return objections.file(actor, at, id, made.version)


@pytest.mark.rule("C20")
@pytest.mark.parametrize(
    ("served", "filed_at", "reply_by"),
    [
        # Over the National Day: the Saturday after it is worked, and so the fifth working day.
        (date(2026, 9, 25), datetime(2026, 9, 28, 16, 0, tzinfo=CHINA), date(2026, 10, 10)),
        (date(2025, 9, 26), datetime(2025, 9, 29, 9, 0, tzinfo=CHINA), date(2025, 10, 13)),
        # A minute before midnight in China is still that day, whatever the server's clock says.
        (date(2025, 9, 26), datetime(2025, 9, 29, 15, 59, tzinfo=UTC), date(2025, 10, 13)),
        (date(2025, 9, 26), datetime(2025, 9, 29, 16, 0, tzinfo=UTC), date(2025, 10, 14)),
    ],
)
def test_the_answer_is_due_five_working_days_after_receipt(served, filed_at, reply_by):
    casework.serve_notice(served_on=served, at=datetime(served.year, served.month, served.day, 9, tzinfo=CHINA))
    found = filed(filed_at)
    assert (found.reply_by, found.provisional, found.clock) == (reply_by, False, "receipt")
    assert not found.overdue(reply_by)
    assert found.overdue(reply_by + timedelta(days=1))


@pytest.mark.rule("C20")
def test_the_clock_of_a_paper_starts_at_receipt_unless_the_scheme_says_filing():
    """Posted on a Monday and received on the Wednesday: two days between the readings of a silent source."""
    casework.serve_notice(served_on=date(2026, 5, 11), at=datetime(2026, 5, 11, 9, tzinfo=CHINA))
    paper = Paper("post", date(2026, 5, 18), date(2026, 5, 20))
    found = filed(datetime(2026, 5, 20, 17, 0, tzinfo=CHINA), paper=paper)
    assert (found.filed_on, found.received_on) == (paper.filed_on, paper.received_on)
    assert found.reply_by == date(2026, 5, 27)
    assert clock_start(found, Reply()) == paper.received_on
    assert clock_start(found, Reply(clock="filing")) == paper.filed_on


@pytest.mark.rule("C19")
def test_the_last_day_counts_whole_and_the_next_one_is_late():
    """Served before the National Day with five working days: the last day is a worked Saturday, to its last minute."""
    served = date(2026, 9, 28)
    notice = casework.serve_notice(served_on=served, at=datetime(2026, 9, 28, 9, 0, tzinfo=CHINA))
    assert notice.object_by == date(2026, 10, 10)
    midnight = datetime(2026, 10, 11, 0, 0, tzinfo=CHINA)
    assert filed(midnight - timedelta(minutes=1)).state == "filed"
    with pytest.raises(Refused, match="2026-10-10") as late:
        objections.begin(PROVIDER, midnight, "objection-2", "notice-1", TEXT)
    assert late.value.reason == "objection_late"


@pytest.mark.rule("C19")
def test_a_draft_of_the_last_day_cannot_be_filed_on_the_next():
    casework.serve_notice(served_on=date(2026, 9, 28), at=datetime(2026, 9, 28, 9, 0, tzinfo=CHINA))
    last = datetime(2026, 10, 10, 23, 0, tzinfo=CHINA)
    made, _ = objections.begin(PROVIDER, last, "objection-1", "notice-1", TEXT)
    objections.add_file(PROVIDER, last, made.id, casework.PICTURE)
    with pytest.raises(Refused) as late:
        objections.file(PROVIDER, last + timedelta(hours=1), made.id, made.version)
    assert late.value.reason == "objection_late"
    # The same words posted in time are in time, although they arrive later: the way of the post is not counted.
    paper = Paper("post", date(2026, 10, 10), date(2026, 10, 12))
    assert filed(datetime(2026, 10, 12, 9, 0, tzinfo=CHINA), "objection-2", paper=paper).state == "filed"
    with pytest.raises(Refused) as late:
        filed(datetime(2026, 10, 12, 9, 0, tzinfo=CHINA), "objection-3", paper=Paper("post", *[date(2026, 10, 11)] * 2))
    assert late.value.reason == "objection_late"


@pytest.mark.rule("C19", "C21")
def test_any_notice_of_any_time_of_the_year_can_be_objected_to_and_none_that_was_not_served():
    """Two checks of one year, each with a term of its own; no round and no result is needed for either."""
    casework.serve_notice("notice-1", served_on=NOW.date())
    autumn = NOW + timedelta(days=200)
    casework.serve_notice("notice-2", served_on=autumn.date(), at=autumn)
    assert filed(NOW, "objection-1", "notice-1").state == "filed"
    assert filed(autumn, "objection-2", "notice-2").state == "filed"
    with pytest.raises(Refused) as late:
        objections.begin(PROVIDER, autumn, "objection-3", "notice-1", TEXT)
    assert late.value.reason == "objection_late"
    issued, _ = notices.write(
        EVALUATOR, NOW, notices.Notice("notice-3", "project-1", 1, "", ("draw-1",), "x", casework.BODY)
    )
    notices.issue(EVALUATOR, NOW, issued.id, issued.version)
    with pytest.raises(Refused) as early:
        objections.begin(PROVIDER, NOW, "objection-4", "notice-3", TEXT)
    assert early.value.reason == "notice_not_served"


@pytest.mark.rule("C20", "C18")
def test_an_upheld_objection_is_corrected_by_a_new_notice_and_the_old_one_stays():
    old = casework.serve_notice()
    wrong = casework.wrong_record()
    found = objections.answer(PURCHASER, NOW, "objection-1", filed(NOW).version, "upheld", "属实。", [wrong.id])
    with pytest.raises(Refused) as open_:
        objection_corrections.correct(EVALUATOR, NOW, found.id, found.version, "notice-2", "更正。")
    assert (open_.value.reason, open_.value.faults[0].params["value"]) == ("correction_open", wrong.id)
    later = NOW + timedelta(days=1)
    casework.mend(wrong, later)
    done = objection_corrections.correct(EVALUATOR, later, found.id, found.version, "notice-2", "更正：签名齐全。")
    assert (done.state, done.correction["notice"], done.correction["results"]) == ("corrected", "notice-2", [])
    assert notices.get(PROVIDER, old.id) == old
    made = notices.get(PROVIDER, "notice-2")
    assert (made.state, made.number, made.corrects, made.because) == ("issued", 2, old.id, found.id)
    assert ([one["errors"] for one in old.findings], [one["errors"] for one in made.findings]) == ([1], [0])
    # It is served like any other, and has its own days to object.
    served = notices.serve(EVALUATOR, later, made.id, made.version, later.date(), "handed_over", "前台")
    assert served.object_by > old.object_by
    acts = [entry.act for entry in journal_entries(["project:project-1"]) if entry.act.startswith("objection.")]
    assert acts == ["objection.begun", "objection.filed", "objection.answered", "objection.corrected"]
    told = " ".join(str(entry.details) for entry in journal_entries(["project:project-1"]))
    assert TEXT not in told
    assert "属实" not in told
    with pytest.raises(Refused) as again:
        objection_corrections.correct(EVALUATOR, later, done.id, done.version, "notice-3", "再更正。")
    assert again.value.reason == "state_conflict"


@pytest.mark.rule("C20")
def test_a_dismissed_objection_corrects_nothing_and_an_empty_correction_is_refused():
    casework.serve_notice()
    wrong = casework.wrong_record()
    found = filed(NOW)
    with pytest.raises(Refused) as odd:
        objections.answer(PURCHASER, NOW, found.id, found.version, "dismissed", "不属实。", [wrong.id])
    assert [fault.field for fault in odd.value.faults] == ["spot_checks"]
    dismissed = objections.answer(PURCHASER, NOW, found.id, found.version, "dismissed", "不属实。", [])
    with pytest.raises(Refused) as nothing:
        objection_corrections.correct(EVALUATOR, NOW, found.id, dismissed.version, "notice-2", "更正。")
    assert (nothing.value.reason, nothing.value.params["state"]) == ("state_conflict", "dismissed")
    second = filed(NOW, "objection-2")
    partly = objections.answer(AUTHORITY, NOW, second.id, second.version, "partly", "部分属实。", [])
    with pytest.raises(Refused) as empty:
        objection_corrections.correct(EVALUATOR, NOW, second.id, partly.version, "notice-2", "一份记录缺少签名。")
    assert empty.value.reason == "correction_empty"


@pytest.mark.rule("C20")
def test_answers_and_corrections_are_due():
    casework.serve_notice()
    found = filed(NOW)
    [waiting] = objections.due(["project-1"], NOW.date())
    assert (waiting.kind, waiting.whom, waiting.on, waiting.overdue) == (
        "objection_answer",
        "purchaser",
        found.reply_by,
        False,
    )
    assert objections.due(["project-1"], found.reply_by + timedelta(days=1))[0].overdue
    objections.answer(PURCHASER, NOW, found.id, found.version, "upheld", "属实。", [casework.wrong_record().id])
    assert [(one.kind, one.whom) for one in objections.due(["project-1"], NOW.date())] == [
        ("objection_correction", "evaluator")
    ]
    assert objections.due(["project-2"], NOW.date()) == []


@pytest.mark.rule("C20")
def test_the_scheme_whose_evidence_a_check_is_sets_the_days_and_the_start_of_the_clock():
    scheme = casework.SCHEME.replace(
        "deadlines:", "parameters: {objection_days: 7, objection_clock: filing}\ndeadlines:"
    )
    schemes.publish(AUTHORITY, NOW, scheme)
    opened = Round("round-1", "project-1", "final", "期末评估", "small@1", "", NOW, checks={"records": "draw-1"})
    rounds.open_round(EVALUATOR, NOW, opened, adoption_needed=False)
    casework.serve_notice(served_on=date(2026, 5, 11), at=datetime(2026, 5, 11, 9, tzinfo=CHINA))
    paper = Paper("post", date(2026, 5, 18), date(2026, 5, 20))
    found = filed(datetime(2026, 5, 20, 17, 0, tzinfo=CHINA), paper=paper)
    assert (found.clock, found.reply_days, found.reply_by) == ("filing", 7, date(2026, 5, 27))
