"""Sizes of draws against the published tables, and the risk of stages against what they add up to."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, hypergeom

from service.domain.errors import Refused
from service.domain.inspect import draw_planning as planning
from service.domain.inspect.draw_planning import acceptance, check_plan, continues, error_rate_plans, krejcie_morgan

FIVE, EIGHT, TEN = Fraction(5, 100), Fraction(8, 100), Fraction(10, 100)


def faults(caught):
    return {fault.field for fault in caught.value.faults}


def smallest(tolerable, risk, errors, population=None):
    return next(one.n for one in error_rate_plans(tolerable, risk, population) if one.errors == errors)


# --- A limit of the error rate


def test_published_sizes_of_the_aicpa():
    assert smallest(FIVE, FIVE, 0) == 59
    assert smallest(EIGHT, FIVE, 2) == 77


@pytest.mark.parametrize(
    ("errors", "n", "risk"), [(0, 45, 0.0994), (2, 105, 0.0992), (3, 132, 0.0992), (4, 158, 0.0996)]
)
def test_published_sizes_of_the_gao(errors, n, risk):
    assert smallest(FIVE, TEN, errors) == n
    assert round(float(acceptance((n,), (errors,), FIVE)), 4) == risk


def test_the_gao_prints_one_more_than_needed_for_one_error():
    assert round(float(acceptance((78,), (1,), FIVE)), 4) == 0.0934
    assert smallest(FIVE, TEN, 1) == 77
    assert acceptance((76,), (1,), FIVE) > TEN >= acceptance((77,), (1,), FIVE)


@pytest.mark.parametrize(("population", "n"), [(100, 45), (200, 51), (500, 56), (1000, 57), (None, 59)])
def test_sizes_without_an_error_in_lists_of_these_sizes(population, n):
    assert smallest(FIVE, FIVE, 0, population) == n


@given(st.integers(1, 400), st.data())
def test_each_plan_is_the_smallest_that_keeps_the_risk(population, data):
    tolerable = Fraction(data.draw(st.integers(1, 40)), 100)
    risk = Fraction(data.draw(st.integers(1, 30)), 100)
    bad = planning.tolerable_count(tolerable, population)
    plans = {one.errors: one for one in error_rate_plans(tolerable, risk, population)}
    for errors in range(5):
        if errors not in plans:  # so many errors would be tolerable in the whole list
            assert bad <= errors
            continue
        n = plans[errors].n
        assert hypergeom.cdf(errors, population, bad, n) <= float(risk) + 1e-9
        assert n == 1 or hypergeom.cdf(errors, population, bad, n - 1) > float(risk) - 1e-9


def test_shares_and_lists_that_mean_nothing_are_refused():
    for tolerable, risk, field in ((Fraction(0), FIVE, "tolerable"), (FIVE, Fraction(1), "risk")):
        with pytest.raises(Refused) as caught:
            error_rate_plans(tolerable, risk)
        assert faults(caught) == {field}
    for population in (0, 100_001):
        with pytest.raises(Refused) as caught:
            error_rate_plans(FIVE, FIVE, population)
        assert faults(caught) == {"population"}


# --- The escalation trap


def test_looking_again_after_an_error_doubles_the_risk():
    sizes, limits = (45, 33, 27, 27), (0, 1, 2, 3)
    found = [round(float(acceptance(sizes[:stages], limits[:stages], FIVE)), 4) for stages in (1, 2, 3, 4)]
    assert found == [0.0994, 0.1428, 0.1742, 0.1972]


def test_risk_of_two_stages_is_the_sum_over_what_the_first_one_finds():
    population, bad, n, more = 300, 24, 40, 35
    by_hand = hypergeom.cdf(0, population, bad, n) + sum(
        hypergeom.pmf(seen, population, bad, n) * hypergeom.cdf(2 - seen, population - n, bad - seen, more)
        for seen in (1, 2)
    )
    assert abs(float(acceptance((n, more), (0, 2), EIGHT, population)) - by_hand) < 1e-12
    unlimited = binom.cdf(0, n, 0.08) + sum(binom.pmf(s, n, 0.08) * binom.cdf(2 - s, more, 0.08) for s in (1, 2))
    assert abs(float(acceptance((n, more), (0, 2), EIGHT)) - unlimited) < 1e-12


def plan_of(*stages, risk="0.10"):
    return {"tolerable": "0.05", "risk": risk, "stages": [{"n": n, "errors": errors} for n, errors in stages]}


def test_a_plan_that_spends_its_risk_anew_in_each_stage_is_refused():
    with pytest.raises(Refused) as caught:
        check_plan(plan_of((45, 0), (33, 1)), 45, {"": 100_000})
    assert caught.value.reason == "plan_risk"
    # without end .1428; of 100,000 without replacement a little less
    assert caught.value.params == {"total": "0.1427", "risk": "0.10"}


def test_a_plan_that_splits_its_risk_is_kept_with_the_exact_total():
    kept = check_plan(plan_of((60, 0), (40, 1)), 60, {"": 100_000})
    assert kept["total_risk"] == "0.0647"
    exact = acceptance((60, 40), (0, 1), FIVE, 100_000)
    assert exact <= Fraction(kept["total_risk"]) < exact + Fraction(1, 10_000)
    assert check_plan({}, 60, {"a": 5, "b": 7}) == {}


def test_only_the_planned_stages_continue_a_draw():
    plan = check_plan(plan_of((60, 0), (40, 1)), 60, {"": 100_000})
    assert continues(plan, [60], 40)
    assert not continues(plan, [60], 41)
    assert not continues(plan, [60, 40], 40)
    assert not continues({}, [60], 40)


@pytest.mark.parametrize(
    ("stages", "n", "sizes", "field"),
    [
        (((45, 0),), 50, {"": 400}, "plan.stages.0.n"),
        (((45, 1), (45, 0)), 45, {"": 400}, "plan.stages"),
        (((300, 0), (200, 1)), 300, {"": 400}, "plan.stages"),
        ((), 45, {"": 400}, "plan.stages"),
        (((45, 0),), 45, {"a": 200, "b": 200}, "plan"),
    ],
)
def test_plans_that_do_not_fit_the_draw_are_refused(stages, n, sizes, field):
    with pytest.raises(Refused) as caught:
        check_plan(plan_of(*stages), n, sizes)
    assert faults(caught) == {field}


# --- Surveys


@pytest.mark.parametrize(("population", "n"), [(50, 44), (500, 217), (1000, 278), (10_000, 370)])
def test_published_sizes_of_krejcie_and_morgan(population, n):
    assert krejcie_morgan(population) == n


def test_how_many_must_be_drawn_for_so_many_answers():
    assert planning.to_issue(278, 0.40) == 695
    with pytest.raises(Refused):
        planning.to_issue(278, 0)


def test_separating_two_rates_by_hand():
    # ((1.64485 x .4 + .84162 x .35707) / .05)^2 = 367.46
    found = planning.separate(0.80, 0.85)
    assert (found.base, found.n, found.issue, found.census) == (368, 368, 368, False)
    bigger = planning.separate(0.80, 0.85, 10_000, design_effect=1.5, response=0.5)
    # 367.46 / (1 + 366.46 / 10,000) = 354.47; times 1.5 = 531.70; half of them answer
    assert (bigger.n, bigger.issue, bigger.census) == (532, 1064, False)
    assert planning.separate(0.80, 0.85, 400, response=0.4).census
    assert planning.separate(0.85, 0.80).n > 0


def test_the_planned_size_has_about_the_planned_power():
    n = planning.separate(0.80, 0.85).n
    critical = next(k for k in range(n + 1) if binom.sf(k - 1, n, 0.80) <= 0.05)
    assert 0.77 < binom.sf(critical - 1, n, 0.85) < 0.83


def test_a_total_near_the_edge_of_a_band_is_a_rate_near_another():
    assert planning.rate_at_edge(0.88, -1.2, 30) == pytest.approx(0.84)
    for distance, points in ((10, 30), (-30, 30), (1, 0)):
        with pytest.raises(Refused) as caught:
            planning.rate_at_edge(0.88, distance, points)
        assert faults(caught) == {"distance"}


@pytest.mark.parametrize(
    ("edge", "expected", "more", "field"),
    [
        (0.8, 0.8, {}, "expected"),
        (0.0, 0.8, {}, "edge"),
        (0.8, 1.0, {}, "expected"),
        (0.8, 0.9, {"power": 1.0}, "power"),
        (0.8, 0.9, {"response": 0.0}, "response"),
        (0.8, 0.9, {"design_effect": 0.0}, "design_effect"),
        (0.8, 0.9, {"population": 0}, "population"),
    ],
)
def test_what_no_sample_can_separate_is_refused(edge, expected, more, field):
    with pytest.raises(Refused) as caught:
        planning.separate(edge, expected, **more)
    assert faults(caught) == {field}
