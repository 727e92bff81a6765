"""What follows from a result, as the scheme says it: grades, grounds, periods in a row, chances to rectify."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from factories import NOW

from service.domain.errors import Refused
from service.domain.evaluate.scheme_parts import Calendar, Consequence
from service.domain.procedure import consequences as rules
from service.domain.procedure.bans import Ban, refuse_barred
from service.domain.procedure.consequences import ConsequenceDecision, Continuation, Facts, Standing

LABEL = {"en": "x"}
FAIL, GOOD = Standing("fail", Decimal("59.99")), Standing("good", Decimal(85))


def consequence(action: str, duty: str = "must", months: int | None = None, **when: object) -> Consequence:
    return Consequence("c", LABEL, "", duty, months, (), when, action)


def decision(action: str, **more: object) -> ConsequenceDecision:
    made = ConsequenceDecision("d", "r", "p", "o", "r#1", "c", action, "applied", "Because.", "", NOW, "me")
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.mark.rule("G59", "G60", "G61")
@pytest.mark.parametrize(
    ("when", "standing", "expected"),
    [
        ({"grade": "fail"}, FAIL, rules.APPLIES),
        ({"grade": "fail"}, GOOD, rules.NO),
        ({"score_below": Decimal(60)}, FAIL, rules.APPLIES),
        ({"score_below": Decimal("59.99")}, FAIL, rules.NO),
        ({"score_from": Decimal(85)}, GOOD, rules.APPLIES),
        ({"grade": "fail", "score_below": Decimal(40)}, FAIL, rules.NO),
    ],
)
def test_grade_and_score_decide(when: dict[str, object], standing: Standing, expected: str) -> None:
    assert rules.status(consequence("cut", **when), Facts((standing,))) == expected


@pytest.mark.rule("G62", "G63")
def test_what_only_a_person_can_find_follows_on_grounds() -> None:
    """Unfinished tasks and grave cases are found by the lead; old schemes name them by their rule alone."""
    tasks = consequence("continue", grade="fail", reason="tasks_unfinished")
    assert rules.status(tasks, Facts((FAIL,))) == rules.ON_GROUNDS
    assert rules.status(tasks, Facts((FAIL,), ("tasks_unfinished",))) == rules.APPLIES
    old = Consequence("disqualify", LABEL, "fail", "must", None, ("G63",))
    assert rules.action_of(old) == "disqualify"
    assert rules.status(old, Facts((FAIL,))) == rules.ON_GROUNDS
    assert rules.status(old, Facts((FAIL,), ("grave",))) == rules.APPLIES


@pytest.mark.rule("O13")
def test_one_chance_to_rectify_comes_before_the_ban_where_the_scheme_gives_one() -> None:
    """The same failure: a ban at once in one city (G61), a chance to rectify first in another."""
    ban, rectify = consequence("ban", grade="fail"), consequence("rectify", grade="fail")
    assert rules.status(ban, Facts((FAIL,))) == rules.APPLIES
    first, second = Facts((FAIL,), chances=1), Facts((FAIL,), chances=1, used=1)
    assert (rules.status(rectify, first), rules.status(ban, first)) == (rules.APPLIES, rules.WAITS)
    assert (rules.status(rectify, second), rules.status(ban, second)) == (rules.NO, rules.APPLIES)


def quarters(*outcomes: str, skip: int = 0) -> tuple[Standing, ...]:
    """One standing a quarter; `skip` leaves out so many quarters before the last one."""
    last = len(outcomes) - 1
    return tuple(
        Standing("", Decimal(18), outcome, at + (skip if at == last else 0)) for at, outcome in enumerate(outcomes)
    )


@pytest.mark.rule("I12", "I13")
@pytest.mark.parametrize(
    ("target", "k", "standings", "follows"),
    [
        ("met", 4, quarters("met", "met", "met", "met"), True),
        ("met", 4, quarters("missed", "met", "met", "met"), False),
        ("met", 4, quarters("missed", "met", "met", "met", "met"), True),
        ("met", 4, quarters("met", "met", "met", "met", skip=1), False),
        ("missed", 1, quarters("met", "missed"), True),
        ("missed", 1, quarters("missed", "met"), False),
        ("missed", 4, quarters("missed", "missed", "missed", "missed"), True),
        ("missed", 4, quarters("missed", "", "missed", "missed", "missed"), False),
    ],
)
def test_k_periods_in_a_row(target: str, k: int, standings: tuple[Standing, ...], follows: bool) -> None:
    """Praise after four quarters met, criticism after one missed and more after four; a gap breaks the run."""
    rule = consequence("praise", target=target, periods_in_a_row=k)
    assert (rules.status(rule, Facts(standings)) == rules.APPLIES) is follows


@pytest.mark.rule("I12")
def test_periods_are_those_of_the_schemes_own_year() -> None:
    calendar = Calendar("12-01", "quarter")
    numbers = [
        rules.period_number(calendar, date(*day))
        for day in ((2025, 11, 30), (2025, 12, 1), (2026, 2, 28), (2026, 3, 1))
    ]
    assert [number - numbers[0] for number in numbers] == [0, 1, 1, 2]


@pytest.mark.rule("G61")
def test_two_years_end_on_the_day_before_the_same_day() -> None:
    assert rules.last_day(date(2026, 3, 2), 24) == date(2028, 3, 1)
    assert rules.last_day(date(2028, 2, 29), 12) == date(2029, 2, 27)
    assert rules.later(date(2026, 1, 31), 1) == date(2026, 2, 28)


@pytest.mark.rule("O10")
def test_rewards_are_graded_run_for_years_and_come_back() -> None:
    """A subsidy instead of a grant for three years, and praise after two good years running."""
    subsidy = consequence("reward", "may", 36, score_from=Decimal(95))
    praise = consequence("praise", "may", grade="good", periods_in_a_row=2)
    assert rules.status(subsidy, Facts((Standing("excellent", Decimal(95)),))) == rules.APPLIES
    assert rules.status(subsidy, Facts((GOOD,))) == rules.NO
    assert rules.status(praise, Facts((GOOD,))) == rules.NO
    assert rules.status(praise, Facts((GOOD, GOOD))) == rules.APPLIES
    assert rules.yearly(date(2026, 5, 1), 36) == (date(2026, 5, 1), date(2027, 5, 1), date(2028, 5, 1))


@pytest.mark.rule("G60", "G61", "G63")
@pytest.mark.parametrize(
    ("made", "field", "reason"),
    [
        (decision("cut"), "amount", "missing"),
        (decision("cut", amount=Decimal("0.00")), "amount", "out_of_range"),
        (decision("cut", amount=Decimal("1.005")), "amount", "too_many_decimals"),
        (decision("cut", amount=Decimal(5), reason=" "), "reason", "missing"),
        (decision("ban"), "document", "missing"),
        (decision("disqualify", document=" "), "document", "missing"),
        (decision("praise", amount=Decimal(5)), "amount", "no_amount_here"),
        (decision("rectify"), "ends_on", "missing"),
        (decision("rectify", starts_on=date(2026, 5, 2), ends_on=date(2026, 5, 1)), "ends_on", "ends_before"),
    ],
)
def test_a_decision_says_what_it_must(made: ConsequenceDecision, field: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_decision(consequence(made.action, grade="fail"), rules.APPLIES, made)
    assert [(fault.field, fault.reason) for fault in refused.value.faults] == [(field, reason)]


@pytest.mark.rule("G59", "G60", "G63")
def test_a_duty_is_carried_out_and_a_power_may_be_left() -> None:
    left = decision("cut", outcome="not_applied")
    with pytest.raises(Refused) as refused:
        rules.check_decision(consequence("cut", "must", grade="fail"), rules.APPLIES, left)
    assert refused.value.reason == "consequence_must"
    rules.check_decision(consequence("reward", "may", grade="good"), rules.APPLIES, replace(left, action="reward"))
    grave = consequence("disqualify", grade="fail", reason="grave")
    rules.check_decision(grave, rules.ON_GROUNDS, decision("disqualify", outcome="not_applied"))
    with pytest.raises(Refused) as refused:
        rules.check_decision(grave, rules.ON_GROUNDS, decision("disqualify", document="1"))
    assert [fault.reason for fault in refused.value.faults] == ["ground_missing"]
    for status, reason in ((rules.NO, "consequence_none"), (rules.WAITS, "consequence_waits")):
        with pytest.raises(Refused) as refused:
            rules.check_decision(grave, status, decision("disqualify", document="1"))
        assert refused.value.reason == reason


BAN = Ban("b", "o", "r", "p", "d", "穗民罚1号", "x", date(2026, 3, 2), NOW, "me", date(2028, 3, 1))


@pytest.mark.rule("G61", "G63")
def test_a_ban_holds_from_its_first_to_its_last_day_or_until_it_is_lifted() -> None:
    days = [date(2026, 3, 1), date(2026, 3, 2), date(2028, 3, 1), date(2028, 3, 2)]
    assert [BAN.holds(day) for day in days] == [False, True, True, False]
    assert not replace(BAN, lifted_on=date(2027, 1, 1)).holds(date(2027, 1, 1))
    assert replace(BAN, to_on=None).holds(date(2126, 1, 1))
    refuse_barred([BAN], date(2028, 3, 2))
    with pytest.raises(Refused) as refused:
        refuse_barred([BAN], date(2028, 3, 1))
    assert (refused.value.reason, refused.value.params["document"]) == ("provider_banned", "穗民罚1号")
    with pytest.raises(Refused) as refused:
        refuse_barred([BAN, replace(BAN, to_on=None)], date(2027, 1, 1))
    assert refused.value.reason == "provider_disqualified"


@pytest.mark.rule("G62")
def test_tasks_go_on_until_the_last_target_is_reached() -> None:
    """Targets per worker are compared by the sum that they come to (G13)."""
    evidence = {
        "quantities": [
            {"node": "g14", "target": "4", "verified": "3"},
            {"node": "g15", "target": "40", "verified": "40"},
            {"node": "g17", "target": "50", "verified": "228", "workers": "5"},
            {"node": "g18", "target": None, "verified": "3"},
        ]
    }
    targets, reached = rules.unfinished(evidence, {"g17": "headcount"})
    assert (targets, reached) == ({"g14": "4", "g17": "250"}, {"g14": "3", "g17": "228"})
    task = Continuation("t", "r", "p", "o", NOW, "me", targets, reached)
    task = rules.verified(task, "g14", Decimal(5), date(2026, 4, 1), "register", "me")
    assert (task.open_nodes, task.done_on) == (("g17",), None)
    for node, value, field in (("g17", 100, "value"), ("g15", 41, "node")):
        with pytest.raises(Refused) as refused:
            rules.verified(task, node, Decimal(value), date(2026, 4, 2), "register", "me")
        assert refused.value.faults[0].field == field
    task = rules.verified(task, "g17", Decimal("250"), date(2026, 5, 1), "register", "me")
    assert (task.open_nodes, task.done_on) == ((), date(2026, 5, 1))
    with pytest.raises(Refused):
        rules.verified(task, "g17", Decimal("260"), date(2026, 5, 2), "register", "me")
