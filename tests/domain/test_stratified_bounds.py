"""Limits over several strata: against plain enumeration, and what they cover, exactly and by simulation."""

from fractions import Fraction
from functools import cache
from itertools import product
from math import comb

import numpy as np
import pytest
from scipy.stats import hypergeom

from service.domain.inspect import stratified_bounds as bounds
from service.domain.inspect.stratified_bounds import Stratum, lower_bound, upper_bound, upper_limit

RISK = Fraction(5, 100)
LARGE, SMALL = (350, 30), (50, 30)  # strata of 350 and 50 items, 30 drawn of each


def chance(population: int, bad: int, n: int, errors: int) -> Fraction:
    return Fraction(comb(bad, errors) * comb(population - bad, n - errors), comb(population, n))


def enumerated(strata: list[Stratum]) -> int:
    """The largest sum over all vectors that are possible and not rejected, in whole numbers throughout."""
    seen = sum(Fraction(one.population * one.errors, one.n) for one in strata)
    best = -1
    for bad in product(*(range(one.errors, one.population - one.n + one.errors + 1) for one in strata)):
        likely = sum(
            (
                np.prod([chance(one.population, d, one.n, k) for one, d, k in zip(strata, bad, sample, strict=True)])
                for sample in product(*(range(one.n + 1) for one in strata))
                if sum(Fraction(one.population * k, one.n) for one, k in zip(strata, sample, strict=True)) <= seen
            ),
            Fraction(0),
        )
        best = max(best, sum(bad)) if likely > RISK else best
    return best


@pytest.mark.parametrize(
    "strata",
    [
        [Stratum(9, 4, 0), Stratum(5, 3, 0)],
        [Stratum(9, 4, 1), Stratum(5, 3, 0)],
        [Stratum(9, 4, 0), Stratum(5, 3, 2)],
        [Stratum(8, 3, 3), Stratum(8, 5, 1)],
        [Stratum(6, 2, 0), Stratum(5, 2, 1), Stratum(4, 2, 0)],
    ],
)
def test_the_search_finds_what_enumeration_finds(strata: list[Stratum]) -> None:
    found = upper_bound(strata)
    assert (found.limit, found.method) == (enumerated(strata), bounds.WENDELL_SCHMEE)
    assert upper_bound(strata[::-1]) == found
    sound = upper_bound([one.sound for one in strata]).limit
    assert lower_bound(strata).limit == sum(one.population for one in strata) - (sound or 0)


def test_one_stratum_is_the_hypergeometric_limit_and_a_census_is_known() -> None:
    assert upper_bound([Stratum(200, 60, 0)]) == bounds.Bound(8, bounds.HYPERGEOMETRIC)
    assert upper_bound([Stratum(5, 5, 2), Stratum(3, 3, 0)]) == bounds.Bound(2, bounds.CENSUS)
    beside = upper_bound([Stratum(200, 60, 1), Stratum(5, 5, 2), Stratum(0, 0, 0)])
    assert beside == bounds.Bound(2 + upper_limit(1, 60, 200), bounds.HYPERGEOMETRIC)


def test_there_is_none_while_a_stratum_was_not_looked_at() -> None:
    assert upper_bound([Stratum(50, 10, 0), Stratum(3, 0, 0)]) == bounds.Bound(None, None, "unchecked_stratum")
    assert upper_bound([]) == bounds.Bound(None, None, "no_items")
    with pytest.raises(ValueError, match="impossible"):
        Stratum(5, 6, 0)


@cache
def bound_of(large: int, small: int) -> int:
    return upper_bound([Stratum(*LARGE, large), Stratum(*SMALL, small)]).limit or 0


@pytest.mark.parametrize(
    ("large", "small"), [(0, 0), (14, 0), (18, 2), (35, 0), (35, 5), (70, 0), (87, 13), (20, 20), (0, 25)]
)
def test_it_covers_where_a_pooled_limit_does_not(large: int, small: int) -> None:
    """Exactly: the chance, over all samples of 30 and 30, that the limit is at least the true number of errors."""
    first = hypergeom.pmf(range(31), 350, large, 30)
    second = hypergeom.pmf(range(31), 50, small, 30)
    samples = [(i, j) for i in range(31) for j in range(31) if first[i] * second[j] > 1e-9]
    covered = sum(first[i] * second[j] for i, j in samples if bound_of(i, j) >= large + small)
    assert covered >= 0.95 - 1e-6
    if small == 0 and large >= 35:
        pooled = sum(first[i] * second[j] for i, j in samples if upper_limit(i + j, 60, 400) >= large + small)
        assert pooled < 0.85


@pytest.mark.parametrize("searched", [True, False])
def test_simulated_coverage_with_three_strata(searched: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """By simulation with fixed seeds, by the search and by the split risk that stands in where it is too large."""
    if not searched:
        monkeypatch.setattr(bounds, "MOST_CELLS", 1)
    strata = [(40, 12), (120, 20), (300, 30)]
    limits: dict[tuple[int, ...], int] = {}
    for seed, bad in enumerate([(2, 6, 15), (10, 0, 30), (0, 24, 3), (1, 1, 45)]):
        generator = np.random.default_rng(seed)
        drawn = np.column_stack(
            [generator.hypergeometric(d, size - d, n, 4000) for (size, n), d in zip(strata, bad, strict=True)]
        )
        covered = 0
        for sample, times in zip(*np.unique(drawn, axis=0, return_counts=True), strict=True):
            seen = tuple(int(k) for k in sample)
            if seen not in limits:
                found = upper_bound([Stratum(size, n, k) for (size, n), k in zip(strata, seen, strict=True)])
                assert found.method == (bounds.WENDELL_SCHMEE if searched else bounds.SPLIT)
                limits[seen] = found.limit or 0
            covered += int(times) if limits[seen] >= sum(bad) else 0
        assert covered / 4000 >= 0.95, (bad, covered)


def test_a_search_that_would_be_too_large_gives_way_to_the_wider_limit() -> None:
    found = upper_bound([Stratum(100, 20, 4)] * 6)
    assert (found.limit, found.method) == (6 * upper_limit(4, 20, 100, 1 - RISK / 6), bounds.SPLIT)
