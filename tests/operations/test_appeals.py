"""Appeals to results: who may file until when, the review and who sits in it, and that what it decides is final."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import casework
import pytest
from casework import AUTHORITY, EVALUATOR, PROVIDER, PURCHASER, TEXT
from factories import AUDITOR

from service.domain.access import Actor
from service.domain.errors import Refused
from service.domain.evaluate.corrections import Edit
from service.domain.evaluate.rounds import Round
from service.operations.acts import journal_entries, load
from service.operations.evaluate import results
from service.operations.procedure import appeals, deadlines, moves, objection_corrections, objections, reviews
from service.operations.procedure.appeals import OnPaper

CHINA = timezone(timedelta(hours=8))
DAY = datetime(2026, 9, 18, 10, 0, tzinfo=CHINA)  # a Friday two weeks before the National Day
LAST = date(2026, 10, 8)  # fifteen days later, rolled over the holidays
PANEL = (
    {"name": "复核员甲", "user": "", "organisation": "市民政局", "category": "supervising_department"},
    {"name": "复核员乙", "user": "", "organisation": "某大学", "category": "expert"},
)


@pytest.fixture(autouse=True)
def round(database) -> Round:
    casework.make_case_round()
    casework.make_accounts()
    return casework.notify("round-1", DAY, LAST)


def filed(at: datetime, id: str = "appeal-1", actor: Actor = PROVIDER, paper: OnPaper | None = None):
    made, _ = appeals.begin(actor, at, id, "round-1", TEXT, paper)
    return appeals.file(actor, at, id, made.version)


def accepted(at: datetime = DAY):
    there = filed(at)
    return appeals.accept(AUTHORITY, at, there.id, there.version)


def judged(round: str = "round-1") -> Edit:
    """A correction of one judgement of the frozen evidence, to full points."""
    return casework.edit_of_judgement(round)


@pytest.mark.rule("G56")
def test_an_appeal_is_in_time_to_the_last_minute_of_the_last_day_over_the_holidays():
    midnight = datetime(2026, 10, 9, 0, 0, tzinfo=CHINA)
    found = filed(midnight - timedelta(minutes=1))
    assert (found.state, found.last_day, found.result) == ("filed", LAST, "round-1#1")
    with pytest.raises(Refused, match="2026-10-08") as late:
        appeals.begin(PURCHASER, midnight, "appeal-2", "round-1", TEXT)
    assert late.value.reason == "appeal_late"
    # Posted on the last day and received two days later: in time. Posted after it: late.
    paper = OnPaper("post", LAST, date(2026, 10, 10), "purchaser")
    assert filed(datetime(2026, 10, 10, 9, tzinfo=CHINA), "appeal-2", AUTHORITY, paper).initiator == "purchaser"
    with pytest.raises(Refused) as late:
        filed(midnight, "appeal-3", AUTHORITY, OnPaper("post", date(2026, 10, 9), date(2026, 10, 9), "purchaser"))
    assert late.value.reason in ("appeal_late", "appeal_exists")


@pytest.mark.rule("G57")
@pytest.mark.parametrize(
    ("on", "due_on"),
    [
        (date(2026, 9, 18), date(2026, 10, 19)),  # the thirtieth day is a Sunday
        (date(2026, 9, 21), date(2026, 10, 21)),
    ],
)
def test_the_review_is_due_thirty_days_after_acceptance_not_after_filing(on, due_on):
    there = filed(DAY)
    at = datetime(on.year, on.month, on.day, 17, 0, tzinfo=CHINA)
    found = appeals.accept(AUTHORITY, at, there.id, there.version)
    assert (found.accepted_on, found.due_on) == (on, due_on)
    moved = load(Round, "round-1", "round")
    assert (moved.state, moved.deadlines["review"]["on"]) == ("appeal", due_on.isoformat())
    assert [(one.kind, one.on, one.whom) for one in appeals.due(["project-1"], on)] == [
        ("appeal_review", due_on, "authority")
    ]
    assert appeals.due(["project-1"], due_on + timedelta(days=1))[0].overdue


@pytest.mark.rule("G56", "G07")
def test_provider_and_purchaser_may_each_appeal_once_and_one_that_was_refused_may_be_mended_in_time():
    first = filed(DAY)
    with pytest.raises(Refused) as second:
        filed(DAY, "appeal-2")
    assert second.value.reason == "appeal_exists"
    assert filed(DAY, "appeal-3", PURCHASER).initiator == "purchaser"
    for outsider in (EVALUATOR, AUTHORITY):
        with pytest.raises(Refused) as no:
            appeals.begin(outsider, DAY, "appeal-4", "round-1", TEXT)
        assert no.value.reason == "forbidden"
    with pytest.raises(Refused) as mute:
        appeals.refuse(AUTHORITY, DAY, first.id, first.version, " ")
    assert [fault.field for fault in mute.value.faults] == ["reason"]
    refused = appeals.refuse(AUTHORITY, DAY, first.id, first.version, "没有写明对哪一项有异议。")
    assert (refused.state, load(Round, "round-1", "round").state) == ("refused", "notified")
    assert filed(DAY, "appeal-5").state == "filed"
    # Nothing becomes final while an appeal waits.
    after = datetime(2026, 10, 12, 9, tzinfo=CHINA)
    with pytest.raises(Refused) as open_:
        moves.move(PURCHASER, after, "round-1", "final", load(Round, "round-1", "round").version, {})
    assert {fault.reason for fault in open_.value.faults} == {"appeal_undecided"}


@pytest.mark.rule("G57")
def test_nobody_who_scored_visited_led_or_is_the_provider_s_sits_in_the_review():
    there = accepted()
    casework.group_member("round-1", "评分人甲", ("scorer",))
    casework.group_member("round-1", "组长", ("lead",))
    wrong = (
        {"name": " 评分人 甲", "user": "", "organisation": "", "category": "expert"},
        {"name": "组长", "user": "", "organisation": "", "category": "expert"},
        {"name": "走访人", "user": AUDITOR.id, "organisation": "", "category": "expert"},
        {"name": "机构代表", "user": PROVIDER.id, "organisation": "", "category": "buyer"},
        {"name": "另一代表", "user": "", "organisation": "", "category": "provider"},
    )
    with pytest.raises(Refused) as barred:
        reviews.appoint(AUTHORITY, DAY, there.id, [*PANEL, *wrong])
    assert barred.value.reason == "panel_not_disjoint"
    assert {fault.field for fault in barred.value.faults} == {f"members.{place}" for place in range(2, 7)}
    with pytest.raises(Refused) as few:
        reviews.appoint(AUTHORITY, DAY, there.id, PANEL[:1])
    assert [fault.field for fault in few.value.faults] == ["members"]
    with pytest.raises(Refused) as twice:
        reviews.appoint(AUTHORITY, DAY, there.id, [PANEL[0], PANEL[0] | {"name": "复核员 甲"}])
    assert [fault.reason for fault in twice.value.faults] == ["duplicate"]
    with pytest.raises(Refused) as unknown:
        reviews.appoint(AUTHORITY, DAY, there.id, [PANEL[0], PANEL[1] | {"user": "nobody"}])
    assert [fault.field for fault in unknown.value.faults] == ["members.1.user"]
    assert reviews.appoint(AUTHORITY, DAY, there.id, PANEL).version == 1
    with pytest.raises(Refused) as stale:
        reviews.appoint(AUTHORITY, DAY, there.id, PANEL)
    assert stale.value.reason == "stale"
    assert reviews.appoint(AUTHORITY, DAY, there.id, PANEL, 1).version == 2


@pytest.mark.rule("G57", "G58")
def test_an_upheld_appeal_makes_a_new_version_that_is_final_and_keeps_the_old_one():
    there = accepted()
    with pytest.raises(Refused) as alone:
        reviews.decide(AUTHORITY, DAY, there.id, there.version, "upheld", "属实。", [judged()])
    assert alone.value.reason == "panel_missing"
    reviews.appoint(AUTHORITY, DAY, there.id, PANEL)
    for outcome, edits in (("upheld", []), ("partly", []), ("dismissed", [judged()])):
        with pytest.raises(Refused) as odd:
            reviews.decide(AUTHORITY, DAY, there.id, there.version, outcome, "理由。", edits)
        assert [fault.field for fault in odd.value.faults] == ["edits"]
    before = results.latest("round-1")
    shown = reviews.preview(AUTHORITY, there.id, [judged()])
    assert results.latest("round-1") == before
    done = reviews.decide(AUTHORITY, DAY, there.id, there.version, "upheld", "属实。", [judged()])
    first, second = results.versions("round-1")
    assert (done.state, done.result, done.result_after) == ("decided", first.id, second.id)
    assert (first, second.case, second.of) == (before, there.id, first.id)
    assert second.total > first.total
    assert results.difference(first, second) == shown
    assert load(Round, "round-1", "round").state == "final"
    # A repeat of the decision, as after a lost answer, changes nothing.
    assert reviews.decide(AUTHORITY, DAY, there.id, done.version, "upheld", "属实。", [judged()]) == done
    assert len(results.versions("round-1")) == 2
    acts = [entry.act for entry in journal_entries(["project:project-1"]) if entry.act.startswith(("appeal", "review"))]
    assert acts == ["appeal.begun", "appeal.filed", "appeal.accepted", "review.appointed", "appeal.decided"]
    assert TEXT not in " ".join(str(entry.details) for entry in journal_entries(["project:project-1"]))


def test_a_review_does_not_give_back_figures_of_too_few_answers():
    """As everywhere but at the evaluator's: neither by what the group reads nor by the totals of an edit."""
    there = accepted()
    reviews.appoint(AUTHORITY, DAY, there.id, PANEL)
    casework.withhold("round-1#1", "records")
    seen = reviews.reviewed(AUTHORITY, there.id)
    parts = {node["id"]: node for node in seen.tree["standards"][0]["children"]}
    assert (parts["records"]["points"], parts["plans"]["withheld"]) == (None, False)
    assert seen.evidence["judgements"][0]["score"] == "70"
    hidden = Edit("surveys", "records", "figure_value", "50", "重算。")
    for attempt in (
        lambda: reviews.preview(AUTHORITY, there.id, [hidden]),
        lambda: reviews.decide(AUTHORITY, DAY, there.id, there.version, "upheld", "属实。", [hidden]),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert [(fault.field, fault.reason) for fault in refused.value.faults] == [("edits.0.node", "figure_withheld")]


@pytest.mark.rule("G58")
def test_what_a_review_left_half_done_is_finished_by_a_repeat(monkeypatch):
    """Decision and version are one write; the service went down before the round was moved."""
    there = accepted()
    reviews.appoint(AUTHORITY, DAY, there.id, PANEL)
    with monkeypatch.context() as power_cut:
        power_cut.delattr(moves, "move")
        with pytest.raises(AttributeError):
            reviews.decide(AUTHORITY, DAY, there.id, there.version, "upheld", "属实。", [judged()])
    assert (len(results.versions("round-1")), load(Round, "round-1", "round").state) == (2, "appeal")
    done = reviews.decide(AUTHORITY, DAY, there.id, there.version, "upheld", "属实。", [judged()])
    assert (len(results.versions("round-1")), done.result_after) == (2, "round-1#2")
    assert load(Round, "round-1", "round").state == "final"


@pytest.mark.rule("G58", "G56")
def test_a_final_result_is_locked():
    there = accepted()
    reviews.appoint(AUTHORITY, DAY, there.id, PANEL)
    reviews.decide(AUTHORITY, DAY, there.id, there.version, "dismissed", "查无实据。", [])
    assert (len(results.versions("round-1")), load(Round, "round-1", "round").state) == (1, "final")
    for actor in (PROVIDER, PURCHASER):
        with pytest.raises(Refused) as again:
            appeals.begin(actor, DAY, "appeal-2", "round-1", TEXT)
        assert again.value.reason == "appeal_decided"
    with pytest.raises(Refused) as moved:
        moves.move(PURCHASER, DAY, "round-1", "notified", load(Round, "round-1", "round").version, {})
    assert moved.value.reason == "round_step"


@pytest.mark.rule("G58")
def test_an_unappealed_result_becomes_final_when_the_window_has_passed_and_not_before():
    version = load(Round, "round-1", "round").version
    last = datetime(2026, 10, 8, 23, 59, tzinfo=CHINA)
    with pytest.raises(Refused) as open_:
        moves.move(PURCHASER, last, "round-1", "final", version, {})
    assert open_.value.reason == "gate_unmet"
    assert moves.move(PURCHASER, last + timedelta(minutes=1), "round-1", "final", version, {}).state == "final"
    with pytest.raises(Refused) as locked:
        appeals.begin(PROVIDER, last, "appeal-1", "round-1", TEXT)
    assert locked.value.reason == "result_final"


@pytest.mark.rule("G07", "G57")
def test_two_parties_appeal_and_the_last_decision_makes_it_final():
    mine = filed(DAY)
    theirs = filed(DAY, "appeal-2", PURCHASER)
    mine = appeals.accept(AUTHORITY, DAY, mine.id, mine.version)
    theirs = appeals.accept(AUTHORITY, DAY, theirs.id, theirs.version)
    for one in (mine, theirs):
        reviews.appoint(AUTHORITY, DAY, one.id, PANEL)
    reviews.decide(AUTHORITY, DAY, mine.id, mine.version, "upheld", "属实。", [judged()])
    assert load(Round, "round-1", "round").state == "appeal"
    reviews.decide(AUTHORITY, DAY, theirs.id, theirs.version, "dismissed", "查无实据。", [])
    assert load(Round, "round-1", "round").state == "final"


@pytest.mark.rule("G04", "G57")
def test_the_authority_does_not_review_what_it_led_but_records_the_paper_of_the_body_that_did():
    there = filed(DAY)
    round = load(Round, "round-1", "round")
    casework.put_round(replace(round, lead="authority", review_body={"name": "市民政局", "address": "", "phone": ""}))
    with pytest.raises(Refused, match="市民政局") as unwritten:
        appeals.accept(AUTHORITY, DAY, there.id, there.version)
    assert [fault.field for fault in unwritten.value.faults] == ["document"]
    done = appeals.accept(AUTHORITY, DAY, there.id, there.version, document="穗民复〔2026〕3号")
    assert done.document == "穗民复〔2026〕3号"


@pytest.mark.rule("C20", "C21")
def test_an_upheld_objection_after_the_notice_of_the_result_makes_a_new_version_and_a_new_notice():
    """Both kinds of cases in one round: the objection corrects the check, and the appeal's window opens anew."""
    casework.serve_notice(at=DAY)
    wrong = casework.wrong_record()
    made, _ = objections.begin(PROVIDER, DAY, "objection-1", "notice-1", TEXT)
    objections.add_file(PROVIDER, DAY, made.id, casework.PICTURE)
    there = objections.file(PROVIDER, DAY, made.id, made.version)
    there = objections.answer(PURCHASER, DAY, there.id, there.version, "upheld", "属实。", [wrong.id])
    pending, later = filed(DAY), DAY + timedelta(days=3)
    casework.mend(wrong, later)
    done = objection_corrections.correct(EVALUATOR, later, there.id, there.version, "notice-2", "更正。")
    first, second = results.versions("round-1")
    assert (done.correction["results"], done.correction["locked"]) == ([second.id], [])
    assert second.total > first.total
    assert [row.node for row in results.difference(first, second)][0] == ""
    round = load(Round, "round-1", "round")
    assert (round.state, dict(round.notice)) == ("reported", {})
    with pytest.raises(Refused) as early:
        appeals.begin(PROVIDER, later, "appeal-2", "round-1", TEXT)
    assert early.value.reason == "result_not_notified"
    with pytest.raises(Refused) as waiting:
        appeals.accept(AUTHORITY, later, pending.id, pending.version)
    assert (waiting.value.reason, waiting.value.params["state"]) == ("state_conflict", "reported")
    # Told anew: the days to appeal run from the new service, although the first window was over or nearly so.
    again = deadlines.start(round, "result_served", later.date())
    assert again.deadlines["appeal"]["on"] == "2026-10-08"
    assert deadlines.start(round, "result_served", date(2026, 10, 9)).deadlines["appeal"]["on"] == "2026-10-26"
    casework.renotify("round-1", later.date(), LAST)
    casework.set_state("round-1", "notified")
    assert appeals.accept(AUTHORITY, later, pending.id, pending.version).state == "accepted"


@pytest.mark.rule("C20", "G58")
def test_a_final_result_stays_although_an_objection_to_its_check_is_upheld():
    casework.serve_notice(at=DAY, days=40)
    wrong = casework.wrong_record()
    made, _ = objections.begin(PROVIDER, DAY, "objection-1", "notice-1", TEXT)
    objections.add_file(PROVIDER, DAY, made.id, casework.PICTURE)
    there = objections.file(PROVIDER, DAY, made.id, made.version)
    there = objections.answer(PURCHASER, DAY, there.id, there.version, "upheld", "属实。", [wrong.id])
    after = datetime(2026, 10, 9, 9, tzinfo=CHINA)
    moves.move(PURCHASER, after, "round-1", "final", load(Round, "round-1", "round").version, {})
    casework.mend(wrong, after)
    done = objection_corrections.correct(EVALUATOR, after, there.id, there.version, "notice-2", "更正。")
    assert (done.correction["results"], done.correction["locked"]) == ([], ["round-1"])
    assert len(results.versions("round-1")) == 1
