"""How often 95 % intervals hold the truth: every possible sample where they can be listed, seeded draws elsewhere."""

from collections.abc import Callable
from fractions import Fraction as F
from functools import cache

import numpy as np
import pytest
from drawn_answers import LEVELS, ONE, cell, counts, drawn
from scipy.stats import binom, hypergeom

from service.domain.collect.reaches import Asked, Reach
from service.domain.collect.samples import Method, Weights, sample
from service.domain.collect.satisfaction import estimate, graded
from service.domain.collect.scale_figures import figure, scoring
from service.domain.collect.tallies import Tally
from service.domain.estimates import comparisons, intervals
from service.domain.estimates.comparisons import Member
from service.domain.estimates.figures import POINTS, SHARE, Figure
from service.domain.estimates.sums import of_share
from service.domain.estimates.trends import Point, line
from service.domain.estimates.two_phase import Phase, two_phase
from service.domain.proportions import Interval, effective_size, wilson
from service.domain.rounding import settled

WORTH = graded(LEVELS, 100, 80, 60, 30, 0)
TRUTHS = np.linspace(0.02, 0.98, 49)


@cache
def ends(of: Callable[[int, int], Interval], n: int) -> np.ndarray:
    """The interval of each number of good answers, as two columns."""
    return np.array([[float(end) for end in of(k, n)] for k in range(n + 1)])


def held(limits: np.ndarray, truth: float) -> np.ndarray:
    return (limits[:, 0] <= truth + 1e-9) & (truth - 1e-9 <= limits[:, 1])


# --- every possible sample


@pytest.mark.parametrize("n", [10, 30, 60, 150])
def test_wilson_holds_on_average_what_it_says(n: int) -> None:
    limits = ends(wilson, n)
    coverage = [binom.pmf(range(n + 1), n, p) @ held(limits, p) for p in TRUTHS]
    assert 0.945 < np.mean(coverage) < 0.965
    assert min(coverage) > 0.85  # near 0 and 1 (Brown, Cai & DasGupta 2001, figure 5)


@pytest.mark.parametrize("n", [10, 30, 60, 150])
def test_clopper_pearson_never_holds_less_than_it_says(n: int) -> None:
    limits = ends(lambda k, m: intervals.clopper_pearson(F(k, m), m), n)
    assert min(binom.pmf(range(n + 1), n, p) @ held(limits, p) for p in TRUTHS) >= 0.95


@pytest.mark.parametrize(("n", "population"), [(10, 40), (30, 60), (45, 50)])
def test_the_exact_interval_of_a_list_never_holds_less_than_it_says(n: int, population: int) -> None:
    limits = ends(lambda k, m: intervals.hypergeometric(k, m, population), n)
    coverage = [
        hypergeom.pmf(range(n + 1), population, good, n) @ held(limits, good / population)
        for good in range(population + 1)
    ]
    assert min(coverage) >= 0.95


@pytest.mark.parametrize(("n", "population"), [(30, 60), (60, 400), (45, 50)])
def test_wilson_of_a_list_holds_on_average_what_it_says(n: int, population: int) -> None:
    limits = ends(lambda k, m: wilson(k, m, effective_size(m, population, m)), n)
    inner = range(population // 20, population - population // 20)
    coverage = [hypergeom.pmf(range(n + 1), population, good, n) @ held(limits, good / population) for good in inner]
    assert 0.94 < np.mean(coverage) < 0.985


def test_a_mean_of_answers_that_are_nearly_all_alike_is_not_taken_as_certain() -> None:
    n, found = 20, []
    for bad in range(n + 1):
        tally = {cell(): counts(l5=n - bad, l1=bad)}
        found.append(estimate(ONE, tally, [drawn(n, 100_000)], mapping=WORTH).found("index").interval)
    limits = np.array([[float(end) / 100 for end in interval or (0, 0)] for interval in found])
    coverage = [binom.pmf(range(n + 1), n, 1 - p) @ held(limits, p) for p in (0.9, 0.95, 0.98)]
    assert min(coverage) > 0.87  # were nothing claimed to vary where nothing was seen to, 0.33 at 98 of 100


def share(k: int, n: int) -> Figure:
    return Figure("satisfied", settled(k / n), SHARE, "", "simple", n, interval=wilson(k, n))


@pytest.mark.parametrize(("first", "second"), [(20, 20), (15, 40)])
def test_newcombes_difference_holds_on_average_what_it_says(first: int, second: int) -> None:
    low, high = np.empty((first + 1, second + 1)), np.empty((first + 1, second + 1))
    p_value = np.empty_like(low)
    for a in range(first + 1):
        for b in range(second + 1):
            (low[a, b], high[a, b]), p_value[a, b] = comparisons.newcombe(share(a, first), share(b, second))
    coverage, wrong = [], []
    for p in np.linspace(0.05, 0.95, 10):
        for q in np.linspace(0.05, 0.95, 10):
            chance = np.outer(binom.pmf(range(first + 1), first, p), binom.pmf(range(second + 1), second, q))
            coverage.append((chance * ((low <= p - q + 1e-9) & (p - q - 1e-9 <= high))).sum())
            if p == q:
                wrong.append((chance * (p_value <= 0.05)).sum())
    assert 0.945 < np.mean(coverage) < 0.975
    assert min(coverage) > 0.9
    assert max(wrong) < 0.08
    # The test and the interval say the same: p is below 5 % where the interval leaves zero out.
    apart = (low > 0) | (high < 0)
    assert (apart == (p_value < 0.05)).all()


# --- seeded draws from lists

DRAWS = 900
SLACK = 3 * (0.95 * 0.05 / DRAWS) ** 0.5


def chance(hits: list[bool]) -> float:
    return sum(hits) / len(hits)


def hit(figure: Figure, truth: float) -> bool:
    assert figure.interval is not None, figure.reason
    return float(figure.interval[0]) <= truth <= float(figure.interval[1])


def satisfied(tally: Tally, reach: list[Reach], method: Method | None = None) -> Figure:
    """Only this figure of what `estimate` would give: hundreds of draws need no more."""
    responded = sum(numbers["n"] for numbers in tally.values())
    answers = sample(tally, Asked.of(("drawn_persons",), reach, True), method or Method(), responded)
    return figure(scoring(ONE, "satisfaction", WORTH.points, WORTH.name), answers, "satisfied")


def levels(numbers: np.ndarray) -> dict[str, int]:
    return {f"l{at + 1}": int(number) for at, number in enumerate(numbers)}


def good(people: np.ndarray) -> float:
    return float(people[3:].sum() / people.sum())


def test_students_t_of_an_index_and_wilson_of_a_share_in_one_draw() -> None:
    rng, people = np.random.default_rng(11), np.array([20, 50, 90, 140, 100])
    worth = np.array([float(WORTH.points[code]) for code in LEVELS])
    index, shares = [], []
    for numbers in rng.multivariate_hypergeometric(people, 60, size=DRAWS):
        found = estimate(ONE, {cell(): counts(**levels(numbers))}, [drawn(60, 400)], mapping=WORTH)
        index.append(hit(found.found("index"), float(people @ worth / 400)))
        shares.append(hit(found.found("satisfied"), good(people)))
    assert abs(chance(index) - 0.95) < SLACK + 0.01
    assert abs(chance(shares) - 0.95) < SLACK + 0.01


def test_a_stratified_share_holds_where_the_pooled_one_does_not() -> None:
    rng = np.random.default_rng(12)
    small, large = np.array([30, 10, 10, 10, 20]), np.array([20, 20, 60, 120, 100])
    truth, stratified, pooled = good(small + large), [], []
    for a, b in zip(
        rng.multivariate_hypergeometric(small, 40, size=DRAWS // 2),
        rng.multivariate_hypergeometric(large, 40, size=DRAWS // 2),
        strict=True,
    ):
        tally: Tally = {cell("A"): counts(**levels(a)), cell("B"): counts(**levels(b))}
        stratified.append(hit(satisfied(tally, [drawn(40, 80, "A"), drawn(40, 320, "B")]), truth))
        low, high = wilson(int(a[3:].sum() + b[3:].sum()), 80, effective_size(80, 400, 80))
        pooled.append(float(low) <= truth <= float(high))
    assert abs(chance(stratified) - 0.95) < SLACK * 2**0.5 + 0.01
    assert chance(pooled) < 0.75


def test_alike_answers_hold_only_as_groups() -> None:
    rng, truth = np.random.default_rng(13), 0.6
    clustered, plain = [], []
    reach = drawn(200, 100_000)
    for _ in range(DRAWS // 2):
        own = rng.beta(truth * 3, (1 - truth) * 3, size=20)  # how satisfied each of 20 sessions is
        tally: Tally = {
            cell("A", f"s{at}"): counts(l5=int(k), l1=10 - int(k)) for at, k in enumerate(rng.binomial(10, own))
        }
        for found, cluster in ((clustered, "session"), (plain, "")):
            found.append(hit(satisfied(tally, [reach], Method(cluster=cluster)), truth))
    assert abs(chance(clustered) - 0.95) < 3 * (0.95 * 0.05 / len(clustered)) ** 0.5 + 0.01
    assert chance(plain) < 0.8


@pytest.mark.parametrize("raked", [False, True])
def test_weights_to_the_frame_hold_where_one_age_stays_silent(raked: bool) -> None:
    """Old people answer half as often: the plain share is biased, the weighted one is not."""
    rng, people = np.random.default_rng(14), {"old": 0.8, "young": 0.4}
    truth, weighted, plain = 0.6, [], []
    totals = {"old": 50_000, "young": 50_000}
    weights = Weights(("w1", "site"), margins=(totals, {"A": 40_000, "B": 60_000})) if raked else None
    weights = weights or Weights(("w1",), {(name,): size for name, size in totals.items()})
    for _ in range(DRAWS // 2):
        tally: Tally = {}
        for (name, p), answer in zip(people.items(), (0.3, 0.9), strict=True):
            for site, size in (("A", 50), ("B", 75)):
                n = int(rng.binomial(size, answer))
                k = int(rng.binomial(n, p))
                tally[cell(site, age=name)] = counts(l5=k, l1=n - k)
        reach = drawn(250, 100_000)
        weighted.append(hit(satisfied(tally, [reach], Method(weights=weights)), truth))
        plain.append(hit(satisfied(tally, [reach]), truth))
    assert chance(weighted) > 0.95 - 3 * (0.95 * 0.05 / len(weighted)) ** 0.5
    assert chance(plain) < 0.5


def test_the_two_phase_share_holds() -> None:
    rng, hits = np.random.default_rng(15), []
    for _ in range(DRAWS):
        first = int(rng.binomial(400, 0.85))
        again = int(rng.hypergeometric(first, 400 - first, 100))
        found = two_phase(
            [
                Phase(first, of_share(int(rng.binomial(again, 0.88)), again)),
                Phase(400 - first, of_share(int(rng.binomial(100 - again, 0.25)), 100 - again)),
            ]
        )
        assert not isinstance(found, str)
        hits.append(abs(float(found[0]) - (0.85 * 0.88 + 0.15 * 0.25)) <= 1.96 * found[1])
    assert abs(chance(hits) - 0.95) < SLACK + 0.015


def mean(value: float, se: float, freedom: int) -> Figure:
    return Figure(
        "index", settled(value), POINTS, "", "simple", freedom + 1, se=settled(se), freedom=freedom,
        interval=(settled(value - 2 * se), settled(value + 2 * se)),
    )  # fmt: skip


def test_welchs_difference_of_two_means_holds() -> None:
    rng, hits = np.random.default_rng(16), []
    for _ in range(DRAWS):
        a, b = rng.normal(70, 25, 12), rng.normal(60, 10, 30)
        one, other = (mean(x.mean(), x.std(ddof=1) / len(x) ** 0.5, len(x) - 1) for x in (a, b))
        low, high = comparisons.welch(one, other)[0]
        hits.append(float(low) <= 10 <= float(high))
    assert abs(chance(hits) - 0.95) < SLACK + 0.01


def test_holm_names_a_difference_that_is_none_in_five_families_of_a_hundred() -> None:
    rng, named = np.random.default_rng(17), []
    for _ in range(DRAWS // 5):
        members = [Member(str(at), "", share(int(k), 80)) for at, k in enumerate(rng.binomial(80, 0.7, size=6))]
        named.append(any(pair.separated for pair in comparisons.compare(members).pairs))
    assert chance(named) < 0.05 + 3 * (0.05 * 0.95 / len(named)) ** 0.5


def test_a_line_through_rounds_holds() -> None:
    from datetime import UTC, datetime

    rng, hits, fits = np.random.default_rng(18), [], []
    days = [datetime(2022 + at, 1, 1, tzinfo=UTC) for at in range(5)]
    years = [(day - days[0]).days / 365.25 for day in days]
    for _ in range(DRAWS):
        values = [rng.normal(60 + 2 * year, 3) for year in years]
        found = line(
            [Point(Member("r", "", mean(value, 3, 200)), day) for value, day in zip(values, days, strict=True)]
        )
        assert found.interval is not None
        hits.append(float(found.interval[0]) <= 2 <= float(found.interval[1]))
        fits.append(float(found.fit or 0) < 0.05)
    assert abs(chance(hits) - 0.95) < SLACK + 0.01
    assert abs(chance(fits) - 0.05) < SLACK + 0.01
