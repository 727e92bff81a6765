"""Sums that add up to the cent, percentages that a result earns, years that follow one another, dates that recur."""

from datetime import date
from decimal import Decimal

import pytest
from factories import NOW
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.errors import Refused
from service.domain.procedure import payments as rules
from service.domain.procedure import recurring_tasks, renewals
from service.domain.procedure.payments import Part
from service.domain.procedure.recurring_tasks import RecurringTask
from service.domain.procedure.renewals import ContractYear

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
money = st.decimals(Decimal("0.10"), Decimal("99999999.99"), places=2)


@settings(max_examples=50, deadline=None)
@given(money, st.sampled_from(["month", "quarter", "completion"]), st.sampled_from([0, 3, 5, 10]), st.integers(1, 1200))
@pytest.mark.rule("S02")
def test_instalments_add_up_to_the_contract_to_the_cent(contract: Decimal, kind: str, kept: int, days: int) -> None:
    period = (YEAR[0], date.fromordinal(YEAR[0].toordinal() + days))
    parts = rules.instalments(kind, contract, period, retained=Decimal(kept))
    assert sum(part.amount for part in parts) == contract
    assert all(part.amount == part.amount.quantize(Decimal("0.01")) >= 0 for part in parts)
    assert all(YEAR[0] < part.due_on <= period[1] for part in parts if part.due_on)
    assert [part.id for part in parts if part.retained] == (["retained"] if parts[-1].retained else [])


@pytest.mark.rule("S02")
@pytest.mark.parametrize(("kind", "count"), [("month", 12), ("quarter", 4), ("completion", 1)])
def test_four_ways_to_pay_and_a_sum_that_stays_behind(kind: str, count: int) -> None:
    parts = rules.instalments(kind, Decimal(100000), YEAR, retained=Decimal(10))
    assert len(parts) == count + 1
    assert (parts[-1].id, parts[-1].amount, parts[-1].due_on) == ("retained", Decimal(10000), YEAR[1])
    assert parts[-2].due_on == YEAR[1]


@pytest.mark.rule("S09")
def test_thirty_sixty_five_and_five_percent() -> None:
    parts = [
        Part("advance", "签订后", Decimal(30), needs_result=False),
        Part("accepted", "验收后", Decimal(65)),
        Part("rest", "质保期满", Decimal(5), retained=True),
    ]
    found = rules.instalments("stage", Decimal("333333.33"), YEAR, parts)
    assert [part.amount for part in found] == [Decimal("99999.99"), Decimal("216666.66"), Decimal("16666.68")]
    assert sum(part.amount for part in found) == Decimal("333333.33")
    assert [(part.needs_result, part.retained) for part in found] == [(False, False), (True, False), (True, True)]


@pytest.mark.rule("S02")
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "weekly"}, "kind"),
        ({"contract": Decimal("0.001")}, "contract"),
        ({"contract": Decimal("10.001")}, "contract"),
        ({"period": (YEAR[1], YEAR[0])}, "ends_on"),
        ({"retained": Decimal(100)}, "retained_percent"),
        ({"kind": "stage", "parts": [Part("a", "a", Decimal(99))]}, "parts"),
        ({"kind": "stage", "parts": [Part("a", "a", Decimal(50)), Part("a", "b", Decimal(50))]}, "parts.1.id"),
        ({"parts": [Part("a", "a", Decimal(100))]}, "parts"),
    ],
)
def test_a_plan_that_does_not_hold_names_the_place(values: dict[str, object], field: str) -> None:
    asked = {"kind": "month", "contract": Decimal(10), "period": YEAR} | values
    with pytest.raises(Refused) as refused:
        rules.instalments(**asked)  # type: ignore[arg-type]
    assert field in {fault.field for fault in refused.value.faults}


BY_GRADE = {"grades": {"good": "100", "pass": "80", "fail": "0"}}
BY_SCORE = {
    "steps": [
        {"from_score": "0", "percent": "0"},
        {"from_score": "60", "percent": "80"},
        {"from_score": "90", "percent": "100"},
    ]
}


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    ("factors", "grade", "total", "percent"),
    [
        (BY_GRADE, "pass", "75", "80"),
        (BY_GRADE, "fail", "59.99", "0"),
        (BY_SCORE, "x", "59.99", "0"),
        (BY_SCORE, "x", "60", "80"),
        (BY_SCORE, "x", "95", "100"),
        ({}, "fail", "10", "100"),
    ],
)
def test_grade_or_score_say_what_share_is_earned(factors: dict, grade: str, total: str, percent: str) -> None:  # type: ignore[type-arg]
    rules.check_factors(factors, ("good", "pass", "fail"))
    assert rules.factor(factors, grade, Decimal(total)) == Decimal(percent)


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    "factors",
    [
        {"grades": {"good": "100"}},
        {"grades": {"good": "100", "pass": "80", "fail": "0", "better": "1"}},
        {"grades": {"good": "101", "pass": "80", "fail": "0"}},
        {"steps": [{"from_score": "10", "percent": "0"}]},
        {"steps": [{"from_score": "0", "percent": "0"}, {"from_score": "0", "percent": "5"}]},
        BY_GRADE | BY_SCORE,
    ],
)
def test_a_table_leaves_no_grade_and_no_score_open(factors: dict) -> None:  # type: ignore[type-arg]
    with pytest.raises(Refused):
        rules.check_factors(factors, ("good", "pass", "fail"))


@pytest.mark.rule("G60")
def test_cuts_are_borne_in_their_order_and_never_below_nothing() -> None:
    left = {"a": Decimal("70.00"), "b": Decimal("50.00")}
    assert rules.cut_off(Decimal("100.00"), left) == {"a": Decimal("70.00"), "b": Decimal("30.00")}
    assert rules.cut_off(Decimal("10.00"), left) == {"a": Decimal("10.00")}
    assert rules.cut_off(Decimal("10.00"), {"a": Decimal(0)}) == {}


def year(number: int, start: str, end: str) -> ContractYear:
    days = (date.fromisoformat(start), date.fromisoformat(end))
    return ContractYear(f"y{number}", "p", number, *days, days[0], "合同1号", NOW, "me")


FIRST, SECOND = year(1, "2026-03-01", "2027-02-28"), year(2, "2027-03-01", "2028-02-29")


@pytest.mark.rule("C11")
def test_a_contract_is_signed_year_by_year_for_three_at_most() -> None:
    renewals.check_year([], FIRST, 3)
    renewals.check_year([FIRST], SECOND, 3)
    renewals.check_year([FIRST, SECOND], year(3, "2028-03-01", "2029-02-28"), 3)
    fourth = year(4, "2029-03-01", "2030-02-28")
    for years, new, most, wanted in (
        ([FIRST, SECOND, year(3, "2028-03-01", "2029-02-28")], fourth, 10, "renewal_over"),  # no parameter lifts C11
        ([FIRST], SECOND, 1, "renewal_over"),
        ([FIRST], year(2, "2027-03-02", "2028-02-28"), 3, "year_follows"),
        ([], year(1, "2026-03-01", "2027-03-01"), 3, "year_too_long"),
        ([], year(1, "2026-03-01", "2026-02-28"), 3, "ends_before"),
    ):
        with pytest.raises(Refused) as refused:
            renewals.check_year(years, new, most)
        assert wanted in (refused.value.reason, *(fault.reason for fault in refused.value.faults))


@pytest.mark.rule("S05")
@pytest.mark.parametrize(
    ("months", "end", "expected"),
    [
        (3, "2027-01-01", ["2026-04-01", "2026-07-01", "2026-10-01", "2027-01-01"]),
        (6, "2027-01-01", ["2026-07-01", "2027-01-01"]),
        (6, "2026-09-30", ["2026-07-01", "2026-09-30"]),
        (3, "2026-02-01", ["2026-02-01"]),
    ],
)
def test_progress_each_quarter_and_an_audit_each_half_year(months: int, end: str, expected: list[str]) -> None:
    task = RecurringTask("t", "p", "x", months, YEAR[0], date.fromisoformat(end), "purchaser")
    recurring_tasks.check_task(task)
    assert [day.isoformat() for day in recurring_tasks.dates(task)] == expected
    assert recurring_tasks.open_dates(task, recurring_tasks.dates(task)[:1]) == recurring_tasks.dates(task)[1:]
