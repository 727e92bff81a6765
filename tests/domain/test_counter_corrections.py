"""Counters corrected by their own draw: worked numbers, every case without a value, and what the intervals cover."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from math import sqrt

import numpy as np
import pytest

from service.domain.inspect import counter_corrections as rules
from service.domain.inspect.counter_corrections import Claim, ClaimedItem, correct
from service.domain.inspect.spot_checks import SpotCheck
from service.domain.inspect.stratified_bounds import upper_limit

AT = datetime(2026, 3, 2, tzinfo=UTC)
GOOD = {"found": True, "complete": True, "true": True, "timely": True}
LOST = {"found": False}


def item(number, claimed=None, verified=None, attributes=GOOD, stratum="", checked=True):
    amount = None if verified is None else Decimal(verified)
    spot = SpotCheck(f"s{number}", "d", f"R{number}", attributes, AT, "auditor", amount=amount)
    return ClaimedItem(f"R{number}", stratum, None if claimed is None else Decimal(claimed), spot if checked else None)


def claim(rule, items, claimed, sizes=None, **more):
    return Claim(rule, "draw-1", sizes or {"": 400}, None if claimed is None else Decimal(claimed), items, **more)


def test_items_are_claimed_times_the_share_found_and_true() -> None:
    fails = [LOST, GOOD | {"true": False}, GOOD | {"complete": False}, GOOD | {"timely": False}]
    items = [item(number, attributes=fails[number] if number < 4 else GOOD) for number in range(60)]
    found = correct(claim("G20", items, 400))
    # Incomplete and late records are poor records of work that was done: two of sixty are unfounded.
    assert (found.status, found.wanting, found.corrected) == (rules.CORRECTED, 2, Decimal("386.666666667"))
    most = upper_limit(2, 60, 400, Fraction(975, 1000))
    assert (found.lower, found.interval) == (Decimal(400 - most), rules.EXACT)
    assert found.upper == 400 - (400 - upper_limit(58, 60, 400, Fraction(975, 1000)))
    assert found.lower < found.corrected < found.upper <= 400


def test_items_of_several_strata_are_weighted() -> None:
    items = [item(n, stratum="a", attributes=LOST if n < 3 else GOOD) for n in range(30)]
    items += [item(n, stratum="b") for n in range(30, 60)]
    found = correct(claim("G14", items, 400, {"a": 350, "b": 50}))
    assert found.factor == Decimal("0.9125")
    assert (found.corrected, found.interval) == (Decimal(365), rules.EXACT)
    assert found.lower < 365 - 350 / 400 * 3 / 30 * 100


def test_amounts_are_the_ratio_of_sums_with_its_interval() -> None:
    pairs = [(10, 10), (20, 15), (30, 30), (40, 38), (25, 20)]
    found = correct(claim("G15", [item(n, x, y) for n, (x, y) in enumerate(pairs)], 10000))
    ratio = 113 / 125
    residuals = [y - ratio * x for x, y in pairs]
    spread = sqrt(sum(each**2 for each in residuals) / 4)
    half = 2.7764451052 * sqrt(1 - 5 / 400) * spread / sqrt(5) / 25
    assert (found.factor, found.corrected, found.interval) == (Decimal("0.904"), Decimal(9040), rules.RATIO_T)
    assert float(found.lower) == pytest.approx(10000 * (ratio - half), rel=1e-9)
    assert float(found.upper) == pytest.approx(10000 * (ratio + half), rel=1e-9)


def test_what_is_not_found_confirms_nothing_but_stays_claimed() -> None:
    items = [item(0, 10, 10), item(1, 10, None, LOST), item(2, 10, 10), item(3, 10, 8)]
    found = correct(claim("G22", items, 100))
    assert (found.factor, found.wanting) == (Decimal("0.7"), 2)


def test_strata_of_amounts_are_combined_by_their_sizes() -> None:
    items = [item(n, 10, y, stratum="a") for n, y in enumerate((10, 8, 10))]
    items += [item(n, 2, y, stratum="b") for n, y in enumerate((2, 0), 3)]
    found = correct(claim("G24", items, 1000, {"a": 300, "b": 100}))
    assert found.factor == rules._decimal(Fraction(28 * 100 + 2 * 50, 30 * 100 + 4 * 50))


def test_no_deviation_is_not_taken_for_certainty() -> None:
    items = [item(n, 5, 5) for n in range(60)]
    amounts = [Decimal(5)] * 390 + [Decimal(100)] * 10
    bare = correct(claim("G17", items, 2950))
    assert (bare.corrected, bare.lower, bare.reason) == (Decimal(2950), None, rules.NO_BOUND)
    found = correct(claim("G17", items, 2950, amounts=amounts))
    most = upper_limit(0, 60, 400)
    assert found.interval == rules.WORST_CASE
    assert found.lower == 2950 - 10 * 100 - 5 * (most - 10)
    assert found.upper == 2950


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"claimed": None}, rules.NO_CLAIM),
        ({"items": [item(0, 5, 5), item(1, 5, 5, checked=False)]}, rules.UNCHECKED),
        ({"items": []}, rules.UNCHECKED),
        ({"items": [item(0, 5, 5), item(1, 5)]}, rules.NO_AMOUNTS),
        ({"items": [item(0, 5, 5), item(1, None, 5)]}, rules.NO_AMOUNTS),
        ({"items": [item(0, 0, 0), item(1, 0, 0)]}, rules.NO_AMOUNTS),
        ({"items": [item(0, 5, 5, stratum="a")], "sizes": {"a": 3, "b": 2}}, rules.UNCHECKED),
    ],
)
def test_without_evidence_a_claim_stays_a_claim(changed, reason) -> None:
    found = correct(replace(claim("G16", [item(0, 5, 5), item(1, 5, 4)], 100), **changed))
    assert (found.status, found.corrected, found.lower, found.reason) == (rules.UNVERIFIED, None, None, reason)


def test_a_census_has_no_interval_and_one_item_gives_none() -> None:
    whole = correct(claim("G16", [item(0, 5, 5), item(1, 5, 4)], 10, {"": 2}))
    assert (whole.corrected, whole.interval, whole.reason) == (Decimal(9), None, rules.CENSUS)
    every = correct(claim("G18", [item(0), item(1, attributes=LOST)], 2, {"": 2}))
    assert (every.corrected, every.reason) == (Decimal(1), rules.CENSUS)
    single = correct(claim("G16", [item(0, 5, 4)], 10))
    assert (single.corrected, single.interval, single.reason) == (Decimal(8), None, rules.ONE_ITEM)


@pytest.mark.rule("G14", "G15", "G16", "G17", "G18", "G19", "G20", "G21", "G22", "G23", "G24")
def test_every_counter_of_the_measures_has_its_way() -> None:
    assert rules.COUNTERS == tuple(f"G{number}" for number in range(14, 25))
    with pytest.raises(ValueError, match="no counter"):
        correct(claim("G35", [], 1))


def test_simulated_coverage_of_the_ratio_and_of_items() -> None:
    """Fixed seeds: 400 claimed items, some of them inflated, 60 drawn; intervals of 95 % cover about that often."""
    generator = np.random.default_rng(20261124)
    claimed = generator.integers(5, 60, 400)
    kept = np.where(generator.random(400) < 0.3, generator.random(400), 1.0)
    verified = np.floor(claimed * kept).astype(int)
    amounts = bounded = 0
    total, whole = int(claimed.sum()), int(verified.sum())
    for _ in range(600):
        drawn = generator.choice(400, 60, replace=False)
        items = [item(int(n), int(claimed[n]), int(verified[n])) for n in drawn]
        found = correct(claim("G15", items, total))
        amounts += found.lower <= whole <= found.upper
        flags = [item(int(n), attributes=GOOD if kept[n] == 1 else LOST) for n in drawn]
        counted = correct(claim("G18", flags, 400))
        bounded += counted.lower <= int((kept == 1).sum()) <= counted.upper
    assert amounts / 600 >= 0.92  # approximate by nature: a linearised variance
    assert bounded / 600 >= 0.95  # exact by construction
