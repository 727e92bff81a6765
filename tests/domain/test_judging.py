"""Blind scoring as a rule of records: the moment at which scores are known, whatever happens to the group after it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.errors import Refused
from service.domain.evaluate.judgements import DRAFT, IN, LAPSED, RoundJudgement
from service.domain.procedure.groups import GroupMember
from service.domain.procedure.judging import Awaited, Judging, check_asked, check_due, check_lapse, unblinded_at

START = datetime(2026, 11, 2, 1, tzinfo=UTC)


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def member(id: str, hour: int = 0, left: int | None = None) -> GroupMember:
    gone = None if left is None else at(left)
    return GroupMember(id, "r", id, "expert", ("scorer",), appointed_at=at(hour), left_at=gone)


def judgement(rater: str, hour: int, state: str = IN) -> RoundJudgement:
    score = None if state == LAPSED else Decimal(80)
    return RoundJudgement(f"j-{rater}", "r", "n", rater, score, "理由", at(hour), rater, state=state)


def awaited(members, judgements, quorum: int = 1) -> Awaited:
    return Awaited("n", tuple(members), (), quorum, tuple(judgements))


@pytest.mark.parametrize(
    ("members", "judgements", "quorum", "hour"),
    [
        ([member("a"), member("b")], [judgement("a", 1)], 1, None),
        ([member("a"), member("b")], [judgement("a", 1), judgement("b", 3)], 1, 3),
        ([member("a"), member("b")], [judgement("a", 1), judgement("b", 3, DRAFT)], 1, None),
        ([member("a"), member("b")], [judgement("a", 1), judgement("b", 4, LAPSED)], 1, 4),
        ([member("a"), member("b")], [judgement("a", 1), judgement("b", 4, LAPSED)], 2, None),
        ([member("a"), member("b", left=5)], [judgement("a", 1)], 1, 5),
        ([member("a", left=5)], [], 1, None),
        ([member("a"), member("late", 2)], [judgement("a", 1)], 1, 1),
        ([member("a"), member("b", 1)], [judgement("a", 1)], 1, None),
    ],
)
def test_the_moment_at_which_scores_are_known(members, judgements, quorum, hour):
    assert unblinded_at(members, judgements, quorum) == (None if hour is None else at(hour))


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers(6, 12)), min_size=1, max_size=5),
    st.lists(st.tuples(st.sampled_from([IN, DRAFT, LAPSED]), st.integers(6, 12)) | st.none(), min_size=5, max_size=5),
    st.integers(13, 20),
)
def test_nothing_that_happens_later_hides_again_what_was_seen(appointed, given_, later):
    members = [member(f"m{place}", *each) for place, each in enumerate(appointed)]
    scored = [
        judgement(one.id, each[1], each[0]) for one, each in zip(members, given_, strict=False) if each is not None
    ]
    known = unblinded_at(members, scored, 1)
    afterwards = unblinded_at([*members, member("new", later)], [*scored, judgement("new", later + 1)], 1)
    assert known is None or afterwards == known
    if known is not None:
        assert "new" not in [one.id for one in awaited([*members, member("new", later)], scored).asked]


@pytest.mark.parametrize(
    ("rater", "reason"),
    [
        ("a", "judgement_twice"),
        ("b", "judgement_lapsed"),
        ("gone", "member_left"),
        ("late", "node_unblinded"),
        ("nobody", "not_asked"),
    ],
)
def test_who_may_not_score_is_told_why(rater, reason):
    members = [member("a"), member("b"), member("gone", left=2), member("late", 9)]
    with pytest.raises(Refused) as refused:
        check_asked(awaited(members, [judgement("a", 1), judgement("b", 3, LAPSED)]), rater)
    assert refused.value.reason == reason


def test_a_lapse_needs_a_day_that_is_over_and_a_reason():
    waiting, last = awaited([member("a"), member("b")], [judgement("a", 1)]), date(2026, 11, 9)
    due = Judging("r", due_on=last)
    for judging, rater, today, text in (
        (Judging("r"), "b", last, "未交"),
        (due, "b", last, "未交"),
        (due, "a", date(2026, 11, 10), "未交"),
        (due, "b", date(2026, 11, 10), " "),
    ):
        with pytest.raises(Refused):
            check_lapse(judging, waiting, rater, today, text)
    assert check_lapse(due, waiting, "b", date(2026, 11, 10), " 未交 ") == "未交"
    assert waiting.waiting == ("b",)
    ended = replace(waiting, judgements=(judgement("a", 1), judgement("b", 400, LAPSED)))
    assert (ended.waiting, ended.raters, ended.blind) == ((), ("a",), False)


def test_the_last_day_may_be_put_off_only():
    today = date(2026, 11, 9)
    check_due(None, today, today)
    check_due(Judging("r", due_on=today), date(2026, 11, 20), today)
    for there, on in ((None, date(2026, 11, 8)), (Judging("r", due_on=date(2026, 11, 20)), today)):
        with pytest.raises(Refused):
            check_due(there, on, today)
