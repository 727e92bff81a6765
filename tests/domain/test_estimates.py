"""Estimates against published numbers, and what each design may claim; every number is a row with its source."""

from decimal import Decimal as D
from fractions import Fraction as F
from math import sqrt

import pytest
from drawn_answers import LEVELS, ONE, cell, counts, drawn, questionnaire
from hypothesis import given
from hypothesis import strategies as st

from service.domain.collect.reaches import Reach
from service.domain.collect.samples import Method, Weights
from service.domain.collect.satisfaction import REASONS as CLAIMS
from service.domain.collect.satisfaction import Estimate, estimate, graded, index_formula
from service.domain.collect.tallies import Tally
from service.domain.errors import Refused
from service.domain.estimates import intervals, scores, weighting
from service.domain.estimates.figures import DESIGNS, LIMITS, REASONS, Figure
from service.domain.estimates.linearised import Linear, Stratum, Unit, stratum_weights, weighted_mean
from service.domain.estimates.sums import Sums, added, of_counts, of_share, of_summary
from service.domain.estimates.two_phase import Phase, two_phase

GRADED = {"l5": 46, "l4": 30, "l3": 14, "l2": 7, "l1": 3}


def simple(issued: int = 100, population: int = 400, method: Method | None = None, **given: int) -> Estimate:
    mapping = graded(LEVELS, 100, 80, 60, 30, 0)
    tally = {cell(): counts(**given)}
    return estimate(ONE, tally, [drawn(issued, population)], mapping=mapping, method=method)


def limits(figure: Figure, digits: int = 4) -> tuple[float, float]:
    assert figure.interval is not None, figure.reason
    low, high = (round(float(end), digits) for end in figure.interval)
    return low, high


# --- published numbers: shares


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (81, 263, 0.2527, 0.3676),  # Newcombe 1998, Stat. Med. 17:857, his four data sets
        (15, 148, 0.0578, 0.1617),
        (0, 20, 0.0, 0.1684),  # both tails alpha/2, not the one-sided .1391
        (1, 29, 0.0009, 0.1776),
        (5, 25, 0.0683, 0.4070),  # printed tables: .068 to .407
    ],
)
def test_clopper_pearson_as_published(k: int, n: int, low: float, high: float) -> None:
    found = intervals.clopper_pearson(F(k, n), n)
    assert [round(float(end), 4) for end in found] == [low, high]


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_clopper_pearson_equals_scipy(pair: tuple[int, int]) -> None:
    from scipy.stats import binomtest

    expected = binomtest(*pair).proportion_ci(0.95, "exact")
    found = intervals.clopper_pearson(F(*pair), pair[1])
    assert [float(end) for end in found] == pytest.approx([expected.low, expected.high], abs=1e-8)


def test_a_finite_list_of_which_all_were_drawn_is_a_census() -> None:
    assert intervals.hypergeometric(3, 10, 10) == (D("0.3"), D("0.3"))
    for good, n, population in ((3, 2, 5), (1, 6, 5), (0, 0, 5)):
        with pytest.raises(ValueError, match="needs"):
            intervals.hypergeometric(good, n, population)


# --- published numbers: means

APISTRAT = {  # R package survey, data api: n, N, mean and variance of api00 by stype
    "E": (100, 4421, "674.43", "15687.419"),
    "H": (50, 755, "625.82", "11947.089"),
    "M": (50, 1018, "636.60", "13824.857"),
}


def strata_of(rows: dict[str, tuple[int, int, str, str]]) -> tuple[list[Unit], dict[str, Stratum]]:
    units = [Unit(of_summary(n, D(mean), D(variance)), name) for name, (n, _, mean, variance) in rows.items()]
    return units, {name: Stratum.of(n, size) for name, (n, size, *_) in rows.items()}


def weighed(rows: dict[str, tuple[int, int, str, str]]) -> Linear:
    units, strata = strata_of(rows)
    weights = stratum_weights(units, strata)
    assert not isinstance(weights, str)
    found = weighted_mean(units, strata, weights)
    assert isinstance(found, Linear)
    return found


def test_a_simple_draw_as_the_package_survey_prints_it() -> None:
    # apisrs: n 200 of 6194, mean 656.585, SE 9.2497 with and 9.4028 without finite population correction.
    units = [Unit(of_summary(200, D("656.585"), F(200) * F("9.402772") ** 2))]
    weights = {("", ()): F(1)}
    found = weighted_mean(units, {"": Stratum.of(200, 6194)}, weights)
    assert isinstance(found, Linear)
    assert (round(sqrt(found.variance), 4), found.design_effect) == (9.2497, 1)
    assert [round(float(end), 3) for end in intervals.student(found)] == [638.345, 674.825]
    without = weighted_mean(units, {"": Stratum(200)}, weights)
    assert isinstance(without, Linear)
    assert round(sqrt(without.variance), 4) == 9.4028


def test_a_stratified_draw_as_the_package_survey_prints_it() -> None:
    found = weighed(APISTRAT)
    assert (round(float(found.value), 4), round(sqrt(found.variance), 4)) == (662.2874, 9.4089)
    assert [round(float(end), 3) for end in intervals.student(found)] == [643.732, 680.843]
    assert found.freedom == 197
    assert round(float(found.design_effect or 0), 4) == 1.2045  # against a draw without replacement
    assert round(found.n / float(found.kish), 4) == 1.1864  # Kish: what unequal weights alone cost


def test_two_strata_by_hand() -> None:
    # 80 and 320 in the lists, 20 and 40 answers, means 72 and 86: 83.2, SE 1.3181; unweighted 81.33 is wrong.
    found = weighed({"key": (20, 80, "72", "225"), "other": (40, 320, "86", "100")})
    assert (float(found.value), round(sqrt(found.variance), 4)) == (83.2, 1.3181)
    assert [round(float(end), 3) for end in intervals.student(found)] == [80.561, 85.839]


def test_an_index_of_a_hundred_answers_by_hand() -> None:
    # 100/80/60/30/0 by 46/30/14/7/3, N 400: mean 80.5, s 24.7564, SE 2.4756, corrected 2.1440, 76.246 to 84.754.
    figure = simple(**GRADED).found("index")
    assert (figure.value, figure.n, figure.population, figure.design) == (D("80.5"), 100, 400, "simple")
    assert round(float(figure.se or 0), 4) == 2.144
    assert limits(figure, 3) == (76.246, 84.754)
    assert figure.method == "Student's t"
    assert figure.formula == "mean of item means, 100-80-60-30-0"
    sums = of_counts({"5": 46, "4": 30, "3": 14, "2": 7, "1": 3}, {"5": 100, "4": 80, "3": 60, "2": 30, "1": 0})
    assert round(sqrt(sums.variance), 4) == 24.7564


def test_poststratification_has_the_linearised_variance() -> None:
    # apisrs weighted to school types: 656.7816; linearised SE 9.1565 (Cochran's 5A.42 would be 9.2324).
    cells = {("E",): 4421, ("H",): 755, ("M",): 1018}
    means = {("E",): (142, F("666.1408451")), ("H",): (25, F("605.36")), ("M",): (33, F("654.2727273"))}
    weights = weighting.poststratified(cells, {name: n for name, (n, _) in means.items()})
    assert not isinstance(weights, str)
    value = sum(weights[name] * n * mean for name, (n, mean) in means.items()) / sum(cells.values())
    assert round(float(value), 3) == 656.782


KALTON = {  # Kalton & Flores-Cervantes 2003: sample and population, a within b
    "sample": ((20, 50, 100, 30), (40, 140, 50, 100), (40, 310, 50, 70)),
    "population": ((80, 60, 170, 55), (40, 150, 60, 165), (55, 340, 200, 125)),
}


def test_poststratification_and_raking_as_kalton_and_flores_cervantes_print_them() -> None:
    places = [(str(a), str(b)) for b in range(3) for a in range(4)]
    sample, population = (
        {(a, b): KALTON[name][int(b)][int(a)] for a, b in places} for name in ("sample", "population")
    )
    whole = weighting.poststratified(population, sample)
    assert not isinstance(whole, str)
    assert [f"{float(whole[place]):.2f}" for place in places] == (
        "4.00 1.20 1.70 1.83 1.00 1.07 1.20 1.65 1.38 1.10 4.00 1.79".split()
    )
    margins = [{"0": 175, "1": 550, "2": 430, "3": 345}, {"0": 365, "1": 415, "2": 720}]
    raked = weighting.raked(margins, sample)
    assert not isinstance(raked, str)
    expected = [1.81, 1.08, 2.20, 1.83, 1.45, 0.87, 1.76, 1.47, 2.02, 1.21, 2.45, 2.04]
    assert [raked[place] for place in places] == pytest.approx(expected, abs=0.006)
    assert sum(raked[place] * sample[place] for place in places if place[0] == "1") == pytest.approx(550)


def test_unequal_weights_cost_what_kish_says() -> None:
    found = weighting.kish({("a",): F(1), ("b",): F(3)}, {("a",): 60, ("b",): 40})
    assert (round(100 / found, 4), round(found, 2)) == (1.2963, 77.14)


def test_the_net_score_as_published() -> None:
    # A half promote, a sixth detract: 33.3, √(5/9) a head, SE 4.14 for 324; .5 and .2 of 100: 30 ± 7.81.
    assert round(float(scores.net_promoter_error(162, 54, 324)), 2) == 4.14
    assert round(float(scores.net_promoter_error(50, 20, 100)), 2) == 7.81
    given = {"n": 100, "c|net|10": 50, "c|net|7": 30, "c|net|2": 20}
    figure = estimate(ONE, {cell(): given}, [drawn(100, 1_000_000)]).found("nps:net")
    assert figure.value == 30
    assert round(float(figure.se or 0), 2) == 7.81


@pytest.mark.parametrize(
    ("items", "own", "whole", "alpha"),
    [
        (10, F("11.16"), F("77.44"), 0.9510),  # Bland & Altman, BMJ 1997;314:572 prints .95
        (3, F("4.6"), F("12.2"), 0.9344),
    ],
)
def test_alpha_as_published(items: int, own: F, whole: F, alpha: float) -> None:
    assert round(float(scores.cronbach(items, own, whole) or 0), 4) == alpha


def test_the_two_phase_share_as_published() -> None:
    # 400 slips, 360 good; called back: 46 of 54 and 1 of 6: .7833, SE .0481 (statistics after Cochran 1977, 12.2).
    found = two_phase([Phase(360, of_share(46, 54)), Phase(40, of_share(1, 6))])
    assert not isinstance(found, str)
    assert [round(float(part), 4) for part in found] == [0.7833, 0.0481]


# --- what a figure says of itself


def test_a_share_says_how_it_came_about() -> None:
    figure = simple(60, 400, l5=54, l1=6).found("satisfied")
    assert (figure.value, figure.n, figure.population, figure.design) == (D("0.9"), 60, 400, "simple")
    assert limits(figure) == (0.8080, 0.9506)
    assert (figure.formula, figure.method) == ("share of 4+5", "Wilson, finite population")
    assert (round(float(figure.effective_n or 0), 2), figure.limits, figure.interval_reason) == (70.41, (), None)


def test_exact_intervals_on_request() -> None:
    full = simple(60, 400, Method("exact"), l5=54, l1=6).found("satisfied")
    assert full.method == "exact, hypergeometric"
    assert limits(full) == (0.805, 0.9575)  # 322 to 383 of 400: no other number makes 54 of 60 rarer than 2.5 %
    silent = simple(60, 400, Method("exact"), l5=45, l1=5).found("satisfied")
    assert (silent.method, silent.limits) == ("exact, Clopper-Pearson", ("silent",))
    assert limits(silent) == (0.7819, 0.9667)


def two_lists(first: dict[str, int], second: dict[str, int], age: str = "") -> Estimate:
    tally = {cell("A", age=age): counts(**first), cell("B", age=age): counts(**second)}
    tally = {where: each for where, each in tally.items() if each["n"]}
    return estimate(ONE, tally, [drawn(20, 80, "A"), drawn(40, 320, "B")])


def test_lists_with_unequal_fractions_are_strata_and_weighted_by_their_sizes() -> None:
    found = two_lists({"l5": 10, "l1": 10}, {"l5": 36, "l1": 4})
    figure = found.found("satisfied")
    assert (figure.value, figure.design, figure.population) == (D("0.82"), "stratified", 400)  # .2 × .5 + .8 × .9
    assert (found.satisfied, found.top2, found.interval) == (figure.value, figure.value, figure.interval)
    assert found.share_of(("5",)) == D("0.82")
    # Cochran 5.14 with n - 1: .2² × .75 × .25/19 + .8² × .875 × .09/39.
    assert round(float(figure.se or 0), 6) == round(sqrt(0.04 * 0.75 * 0.25 / 19 + 0.64 * 0.875 * 0.09 / 39), 6)
    assert "stratified" in found.formulas["satisfied"]
    assert figure.freedom == 58
    size = float(figure.effective_n or 0)
    assert figure.interval == intervals.wilson_share(F(82, 100), size)


def test_a_stratum_of_one_has_a_value_and_no_interval_and_an_empty_one_has_none() -> None:
    one = two_lists({"l5": 1}, {"l5": 36, "l1": 4}).found("satisfied")
    assert (one.value, one.interval, one.reason) == (D("0.92"), None, "stratum_with_one")
    none = two_lists({}, {"l5": 36, "l1": 4})
    assert (none.found("satisfied").value, none.satisfied) == (None, None)
    assert none.reasons["satisfied"] == none.reasons["interval"] == "stratum_without_answers"


@pytest.mark.parametrize(
    ("way", "reach", "given", "reason"),
    [
        ("drawn_persons", drawn(10, 10), {"l5": 10}, "census"),
        ("drawn_persons", drawn(10, 10), {"l5": 9}, "attempted_census"),
        ("drawn_persons", drawn(10, 90), {"l5": 11}, "more_answers_than_issued"),
        ("drawn_persons", drawn(10, 90), {}, "no_answers"),
        ("drawn_persons", drawn(10, 90), {"l5": 1}, "too_few"),
        ("all_present_evaluator", Reach("all_present_evaluator", 10), {"l5": 10}, "census"),
        ("all_present_evaluator", Reach("all_present_evaluator", 10), {"l5": 9}, "attempted_census"),
        ("all_present_provider", Reach("all_present_provider", 10), {"l5": 9}, "handed_out_by_provider"),
        ("poster", Reach("poster", 10), {"l5": 9}, "self_selected"),
    ],
)
def test_no_interval_without_its_reason(way: str, reach: Reach, given: dict[str, int], reason: str) -> None:
    tally = {cell(way=way): counts(**given)} if given else {}
    found = estimate(ONE, tally, [reach])
    for name in ("satisfied", "index", "top3", "mean:q0"):
        figure = found.found(name)
        assert (figure.interval, figure.reason) == (None, reason), name
        assert figure.design in DESIGNS
    assert reason in {**REASONS, **CLAIMS}


def test_answers_helped_by_staff_and_silence_are_said() -> None:
    tally = {cell(): counts(l5=30, l1=10), cell(assistance="service_staff"): counts(l5=5)}
    figure = estimate(ONE, tally, [drawn(60, 400)]).found("satisfied")
    assert (figure.value, figure.n, figure.limits) == (D("0.75"), 40, ("staff_helped", "silent"))
    assert set(figure.limits) <= set(LIMITS)


# --- alike answers, weights


def clustered(by: str, *sessions: tuple[int, int]) -> Estimate:
    tally = {cell("A", f"s{at}"): counts(l5=good, l1=bad) for at, (good, bad) in enumerate(sessions)}
    reach = Reach("drawn_persons", 400, 40_000, "f", frozenset({("A", f"s{at}") for at in range(9)}), 400, 40_000)
    return estimate(ONE, tally, [reach], method=Method(cluster=by))


def test_answers_of_a_session_that_are_alike_count_less() -> None:
    alike = clustered("session", *[(20, 0), (0, 20)] * 6).found("satisfied")
    apart = clustered("session", *[(10, 10)] * 12).found("satisfied")
    plain = clustered("", *[(20, 0), (0, 20)] * 6).found("satisfied")
    assert (alike.design, alike.freedom, plain.design) == ("clustered", 11, "simple")
    # Every answer of a session is the same: the design effect is the size of a session, but for k/(k-1) and n/(n-1).
    assert float(alike.design_effect or 0) == pytest.approx(20 * 12 / 11 * 239 / 240, rel=1e-3)
    assert float(apart.design_effect or 0) == 0
    assert limits(alike)[0] < limits(plain)[0]
    assert float(alike.effective_n or 0) < 12 < float(plain.effective_n or 0)


def test_few_sessions_are_said_and_one_gives_no_interval() -> None:
    few = clustered("session", (20, 5), (10, 5)).found("satisfied")
    assert "few_clusters" in few.limits
    one = clustered("session", (20, 5)).found("satisfied")
    assert (one.value, one.interval, one.reason) == (D("0.8"), None, "too_few_clusters")


def by_age(method: Method, old: dict[str, int], young: dict[str, int], way: str = "drawn_persons") -> Estimate:
    tally: Tally = {cell(age="old", way=way): counts(**old), cell(age="young", way=way): counts(**young)}
    tally = {where: each for where, each in tally.items() if each["n"]}
    reach = drawn(100, 400) if way == "drawn_persons" else Reach(way, 100)
    return estimate(ONE, tally, [reach], method=method)


AGES = Weights(("w1",), {("old",): 300, ("young",): 100}, source="register")


def test_answers_are_weighted_to_the_frame() -> None:
    found = by_age(Method(weights=AGES), {"l5": 40, "l1": 10}, {"l5": 25, "l1": 25})
    figure = found.found("satisfied")
    assert (figure.value, figure.design, figure.population) == (
        D("0.725"),
        "post_stratified",
        400,
    )  # .75 × .8 + .25 × .5
    # (1 - f) n/(n-1) Σ W² (n-1) s²/n² with s² (n-1) = n p q.
    variance = 0.75 * 100 / 99 * (0.5625 * 0.16 + 0.0625 * 0.25) / 50
    assert float(figure.se or 0) == pytest.approx(sqrt(variance), abs=1e-8)
    assert found.satisfied == figure.value


def test_weights_do_not_turn_volunteers_into_a_sample() -> None:
    figure = by_age(Method(weights=AGES), {"l5": 40, "l1": 10}, {"l5": 25, "l1": 25}, "poster").found("satisfied")
    assert (figure.value, figure.interval, figure.reason) == (D("0.725"), None, "self_selected")


def test_a_cell_that_nobody_answered_in_is_not_left_out_in_silence() -> None:
    figure = by_age(Method(weights=AGES), {"l5": 40, "l1": 10}, {}).found("satisfied")
    assert (figure.value, figure.reason) == (None, "cell_without_answers")


def test_thin_cells_uneven_weights_and_unknown_cells_are_said() -> None:
    uneven = Weights(("w1",), {("old",): 390, ("young",): 10})
    found = by_age(Method(weights=uneven), {"l5": 5, "l1": 4}, {"l5": 50, "l1": 26}).found("satisfied")
    assert set(found.limits) >= {"thin_cells", "uneven_weights"}
    tally = {cell(age="old"): counts(l5=20), cell(age="young"): counts(l1=20), cell(age="_skipped"): counts(l5=5)}
    skipped = estimate(ONE, tally, [drawn(45, 400)], method=Method(weights=AGES)).found("satisfied")
    assert (skipped.value, skipped.n, "unknown_cells" in skipped.limits) == (D("0.75"), 40, True)


def test_raking_that_cannot_settle_says_so() -> None:
    numbers = {("a", "x"): 5, ("b", "y"): 5}
    assert weighting.raked([{"a": 50, "b": 50}, {"x": 80, "y": 20}], numbers) == "raking_did_not_settle"
    assert weighting.raked([{"a": 50, "c": 50}, {"x": 80, "y": 20}], numbers) == "cell_without_answers"
    assert weighting.raked([{"a": 50}], {}) == "no_answers"


# --- several items, formulas


def persons(rows: list[tuple[int, ...]]) -> Tally:
    """The tally of persons who chose these levels for q0, q1, …, with the sums of products."""
    from service.domain.collect.tallies import tally_of, total

    asked = questionnaire(len(rows[0]))
    return total(tally_of(asked, cell(), {f"q{at}": str(level) for at, level in enumerate(row)}) for row in rows)


@given(st.lists(st.tuples(*[st.integers(1, 5)] * 3), min_size=2, max_size=30))
def test_the_mean_of_persons_means_is_exact_from_the_sums_of_products(rows: list[tuple[int, int, int]]) -> None:
    import numpy as np

    own = (np.array(rows).mean(axis=1) - 1) * 25
    figure = estimate(questionnaire(3), persons(rows), [drawn(30, 400)]).found("persons")
    assert float(figure.value or 0) == pytest.approx(own.mean(), abs=1e-8)
    assert float(figure.se or 0) == pytest.approx(sqrt((1 - 30 / 400) * own.var(ddof=1) / len(rows)), abs=1e-6)


def test_a_mean_of_persons_needs_equal_steps() -> None:
    figure = estimate(
        questionnaire(2), persons([(5, 4), (3, 3)]), [drawn(9, 90)], mapping=graded(LEVELS, 100, 80, 60, 30, 0)
    ).found("persons")
    assert (figure.value, figure.reason) == (None, "not_linear")


def test_items_errors_are_added_as_if_they_went_together() -> None:
    found = estimate(questionnaire(2), persons([(5, 1), (4, 2), (1, 5), (2, 3)]), [drawn(40, 400)])
    index, parts = found.found("index"), [found.found(f"mean:q{at}") for at in (0, 1)]
    assert index.value == found.index
    assert float(index.se or 0) == pytest.approx(sum(float(one.se or 0) for one in parts) / 2, abs=1e-8)
    assert "items_taken_as_correlated" in index.limits
    assert (index.effective_n, index.design_effect) == (None, None)


def test_an_index_is_asked_for_by_name() -> None:
    assert index_formula("linear", LEVELS).name == "linear"
    assert index_formula("100-80-60-30-0", LEVELS).points["2"] == 30
    for wrong in ("", "best", "100-0", "100-80-60-30-x", "200-80-60-30-0"):
        with pytest.raises(Refused) as caught:
            index_formula(wrong, LEVELS)
        assert [fault.field for fault in caught.value.faults] == ["formula"]


def test_sums_add_and_come_back_from_a_summary() -> None:
    both = added([of_summary(4, 3, 2), of_share(1, 2)])
    assert both == Sums(6, F(13), F(43))
    assert of_summary(4, 3, 2).variance == 2
