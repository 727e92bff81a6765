"""Follow-ups: their turns, what is late and since when, and the statistics of a month (N01, C30, O04)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from service.domain.errors import Refused
from service.domain.inspect import follow_ups as rules
from service.domain.inspect.follow_ups import FollowUp, Month


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 3, tzinfo=UTC)


CASE = FollowUp(
    id="case-1",
    project="project-1",
    source="deviation",
    title="缺少签名",
    text="三份记录没有服务对象签名。",
    due_on=date(2026, 3, 16),
    opened_at=at(3, 2),
    opened_by="evaluator-1",
)


def fields(call, *args, **more) -> set[str]:
    with pytest.raises(Refused) as caught:
        call(*args, **more)
    return {fault.field for fault in caught.value.faults} or {caught.value.reason}


IN_TIME = at(3, 16)


def answered(case=CASE, when=IN_TIME):
    return rules.answered(case, "已补签", (), when, "provider-1")


@pytest.mark.rule("C30", "O04")
def test_it_is_answered_returned_with_a_new_term_answered_again_verified_and_looked_at_again():
    once = answered()
    assert (once.state, once.version, once.answers[0]["due_on"]) == ("answered", 2, "2026-03-16")
    back = rules.returned(once, "看不到签名", date(2026, 3, 30), False, at(3, 18), "evaluator-1")
    assert (back.state, back.due_on) == ("returned", date(2026, 3, 30))
    twice = answered(back, at(3, 29))
    done = rules.verified(twice, "已核实", date(2026, 6, 1), at(4, 1), "evaluator-1")
    assert (done.state, [one["state"] for one in done.verdicts]) == ("verified", ["returned", "verified"])
    assert [done.look_back_due(date(2026, 5, 31)), done.look_back_due(date(2026, 6, 1))] == [False, True]
    assert [done.overdue(date(2026, 6, 1)), done.overdue(date(2026, 6, 2))] == [False, True]
    seen = rules.looked_back(done, "fell_back", "又出现三份", at(6, 1), "evaluator-1")
    assert (seen.look_back["result"], seen.look_back_due(date(2026, 6, 2))) == ("fell_back", False)


def test_what_is_not_the_next_step_is_refused():
    assert fields(rules.verified, CASE, "已核实", None, at(3, 3), "x") == {"state_conflict"}
    assert fields(rules.returned, CASE, "不行", date(2026, 4, 1), False, at(3, 3), "x") == {"state_conflict"}
    assert fields(rules.answered, answered(), "又一次", (), at(3, 17), "x") == {"state_conflict"}
    done = rules.verified(answered(), "已核实", None, at(3, 18), "x")
    assert fields(rules.looked_back, done, "held", "好", at(9, 1), "x") == {"state_conflict"}


def test_a_look_back_lies_after_the_verification_and_is_not_held_before_its_day():
    assert fields(rules.verified, answered(), "好", date(2026, 3, 18), at(3, 18), "x") == {"look_back_on"}
    done = rules.verified(answered(), "好", date(2026, 6, 1), at(3, 18), "x")
    assert fields(rules.looked_back, done, "better", "  ", at(5, 31), "x") == {"result", "comment"}


def test_only_a_rating_is_called_back_and_it_must_be():
    assert fields(rules.verified, answered(), "好", None, at(3, 18), "x", "satisfied") == {"call_back"}
    rating = answered(replace(CASE, source="rating"))
    assert fields(rules.verified, rating, "好", None, at(3, 18), "x") == {"call_back"}
    assert rules.verified(rating, "好", None, at(3, 18), "x", "no_contact").verdicts[0]["call_back"] == "no_contact"


def test_it_is_late_from_the_day_after_its_last_one():
    assert [CASE.overdue(date(2026, 3, 16)), CASE.overdue(date(2026, 3, 17))] == [False, True]
    assert not answered().overdue(date(2027, 1, 1))


def test_texts_that_nobody_could_read_are_refused():
    assert fields(rules.check_opening, " ", "x" * 4001, "rumour", 0) == {"title", "text", "source", "working_days"}
    assert fields(rules.answered, CASE, "a\u202eb", ("x",) * 21, at(3, 3), "x") == {"text", "evidence"}


def test_a_month_counts_what_happened_in_it_and_what_waited_at_its_end():
    late = answered(replace(CASE, id="late"), at(3, 17))
    back = rules.returned(answered(), "不行", date(2026, 3, 27), False, at(3, 18), "x")
    done = rules.verified(late, "好", date(2026, 4, 1), at(3, 20), "x")
    fell = rules.looked_back(done, "fell_back", "又有", at(4, 2), "x")
    later = replace(CASE, id="later", opened_at=at(4, 1), due_on=date(2026, 4, 15))
    cases = [CASE, back, fell, later]
    assert rules.month_of(cases, "2026-03", date(2026, 9, 1)) == Month(
        "2026-03",
        opened=3,
        answered=2,
        answered_late=1,
        verified=1,
        returned=1,
        looked_back=0,
        fell_back=0,
        waiting=2,
        overdue=2,
    )
    april = rules.month_of(cases, "2026-04", date(2026, 4, 10))
    assert (april.opened, april.looked_back, april.fell_back, april.waiting, april.overdue) == (1, 1, 1, 3, 2)


def test_an_answer_given_after_the_month_was_still_waited_for_at_its_end():
    given = answered(CASE, at(4, 3))
    assert rules.month_of([given], "2026-03", date(2026, 5, 1)).overdue == 1
    assert rules.month_of([given], "2026-04", date(2026, 5, 1)).waiting == 0


@pytest.mark.parametrize("month", ["2026-13", "March", "2026-05"])
def test_a_month_that_is_none_or_has_not_begun_is_refused(month):
    assert fields(rules.month_of, [CASE], month, date(2026, 4, 30)) == {"month"}
