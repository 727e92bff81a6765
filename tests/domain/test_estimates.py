"""Estimates against published numbers; every number is a row with its source."""

from decimal import Decimal as D
from fractions import Fraction as F
from math import sqrt

import pytest
from drawn_answers import LEVELS, ONE, cell, counts, drawn
from hypothesis import given
from hypothesis import strategies as st

from service.domain.collect.samples import Method
from service.domain.collect.satisfaction import Estimate, estimate, graded
from service.domain.estimates import intervals, scores, weighting
from service.domain.estimates.figures import Figure
from service.domain.estimates.linearised import Linear, Stratum, Unit, stratum_weights, weighted_mean
from service.domain.estimates.sums import of_counts, of_share, of_summary
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


def test_poststratification_gives_the_published_mean() -> None:
    # apisrs weighted to school types: 656.7816. Its linearised error is the oracle's matter (test_estimate_oracle).
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
