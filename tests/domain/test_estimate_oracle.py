"""Random designs: our variances, made from sums of answers, against those that svy makes from single answers."""

from collections.abc import Mapping, Sequence
from fractions import Fraction as F
from math import sqrt
from typing import Any

import numpy as np
import polars as pl
import pytest
import svy

from service.domain.estimates import intervals, weighting
from service.domain.estimates.linearised import Cell, Linear, Stratum, Unit, stratum_weights, weighted_mean
from service.domain.estimates.sums import Sums

SEEDS = range(12)
SIZES = {"A": 80, "B": 320, "C": 1500}
Answers = dict[str, Any]


def answers(seed: int) -> Answers:
    """Three strata, sessions within them, two weighting variables; levels that depend on all of these."""
    rng = np.random.default_rng(seed)
    numbers = rng.integers(8, 60, 3)
    strata = np.repeat(list(SIZES), numbers)
    n = len(strata)
    sessions = np.array([f"{stratum}{rng.integers(0, 5)}" for stratum in strata])
    age, sex = (rng.choice(codes, n) for codes in (["old", "young"], ["f", "m", "x"]))
    leaning = 2.2 + (strata == "B") + (age == "old") * 0.6 + np.array([int(s[1]) for s in sessions]) * 0.2
    levels = np.clip(np.rint(rng.normal(leaning, 1.0)), 1, 5).astype(int)
    if rng.random() < 0.5:  # a share
        levels = (levels > 3).astype(int)
    issued = dict(zip(SIZES, map(int, numbers), strict=True))
    return {"y": levels, "h": strata, "c": sessions, "age": age, "sex": sex, "issued": issued, "n": n}


def units(given: Answers, *by: str) -> list[Unit]:
    """Answers added up by stratum, session and cell, as tallies have them."""
    found: dict[tuple[str, str, Cell], list[int]] = {}
    for at in range(given["n"]):
        stratum = str(given["h"][at]) if "h" in by else ""
        session = str(given["c"][at]) if "c" in by else ""
        cell = tuple(str(given[name][at]) for name in ("age", "sex") if name in by)
        found.setdefault((stratum, session, cell), []).append(int(given["y"][at]))
    return [
        Unit(Sums(len(values), F(sum(values)), F(sum(value * value for value in values))), *key)
        for key, values in found.items()
    ]


def frame(given: Answers, **more: Any) -> pl.DataFrame:
    columns = {name: list(map(str, given[name])) for name in ("h", "c", "age", "sex")}
    return pl.DataFrame({"y": given["y"].astype(float), **columns, **more})


def same(ours: Linear | str, theirs: Any, effect: bool = True) -> None:
    assert isinstance(ours, Linear)
    estimate = theirs.estimates[0]
    assert float(ours.value) == pytest.approx(estimate.est, rel=1e-9)
    assert sqrt(ours.variance) == pytest.approx(estimate.se, rel=1e-9)
    assert ours.freedom == estimate.df
    half = intervals.quantile(ours.freedom) * sqrt(ours.variance)
    assert [float(ours.value) - half, float(ours.value) + half] == pytest.approx([estimate.lci, estimate.uci], rel=1e-7)
    if effect:
        assert float(ours.design_effect or 0) == pytest.approx(estimate.deff, rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_strata(seed: int) -> None:
    given = answers(seed)
    strata = {name: Stratum.of(issued, SIZES[name]) for name, issued in given["issued"].items()}
    own = units(given, "h")
    weights = stratum_weights(own, strata)
    assert not isinstance(weights, str)
    size = [SIZES[name] for name in given["h"]]
    weight = [SIZES[name] / given["issued"][name] for name in given["h"]]
    sample = svy.Sample(frame(given, w=weight, N=size), svy.Design(stratum="h", wgt="w", pop_size="N"))
    same(weighted_mean(own, strata, weights), sample.estimation.mean("y", deff="wor"))


@pytest.mark.parametrize("seed", SEEDS)
def test_groups_that_are_alike(seed: int) -> None:
    given = answers(seed)
    own = units(given, "c")
    sample = svy.Sample(frame(given, w=[1.0] * given["n"]), svy.Design(psu="c", wgt="w"))
    found = weighted_mean(own, {"": Stratum(given["n"])}, {("", ()): F(1)}, clustered=True)
    same(found, sample.estimation.mean("y", deff="wr"))


@pytest.mark.parametrize("seed", SEEDS)
def test_groups_within_strata(seed: int) -> None:
    given = answers(seed)
    own = units(given, "h", "c")
    strata = {name: Stratum(issued) for name, issued in given["issued"].items()}
    weights = {(name, ()): F(SIZES[name], issued) for name, issued in given["issued"].items()}
    weight = [SIZES[name] / given["issued"][name] for name in given["h"]]
    sample = svy.Sample(frame(given, w=weight), svy.Design(stratum="h", psu="c", wgt="w"))
    found = weighted_mean(own, strata, weights, clustered=True)
    same(found, sample.estimation.mean("y", deff="wr"))


def drawn_of(given: Answers, population: int) -> svy.Sample:
    n = given["n"]
    return svy.Sample(frame(given, w=[population / n] * n, N=[population] * n), svy.Design(wgt="w", pop_size="N"))


def weighed(own: Sequence[Unit], weights: Mapping[Cell, F], n: int, fitted: Mapping[Cell, F]) -> Linear | str:
    return weighted_mean(own, {"": Stratum.of(n, 1000)}, {("", cell): w for cell, w in weights.items()}, fitted)


@pytest.mark.parametrize("seed", SEEDS)
def test_weights_to_cells(seed: int) -> None:
    given = answers(seed)
    own = units(given, "age")
    weights = weighting.poststratified({("old",): 350, ("young",): 650}, {unit.cell: unit.sums.n for unit in own})
    assert not isinstance(weights, str)
    sample = drawn_of(given, 1000).weighting.poststratify({"old": 350, "young": 650}, cells="age")
    found = weighed(own, weights, given["n"], {unit.cell: unit.sums.mean for unit in own})
    same(found, sample.estimation.mean("y", deff="wor"))


@pytest.mark.parametrize("seed", SEEDS)
def test_weights_to_margins(seed: int) -> None:
    """Values to 1e-6. svy stops its rounds early, and takes residuals in another way: variances within 5 %."""
    given = answers(seed)
    own = units(given, "age", "sex")
    numbers = {unit.cell: unit.sums.n for unit in own}
    margins = [{"old": 350, "young": 650}, {"f": 500, "m": 400, "x": 100}]
    weights = weighting.raked(margins, numbers)
    assert not isinstance(weights, str)
    masses = {cell: weight * numbers[cell] for cell, weight in weights.items()}
    fitted = weighting.fitted({unit.cell: float(unit.sums.mean) for unit in own}, masses)
    exact = {cell: F(weight) for cell, weight in weights.items()}
    found = weighed(own, exact, given["n"], {cell: F(value) for cell, value in fitted.items()})
    sample = drawn_of(given, 1000).weighting.rake(controls={"age": margins[0], "sex": margins[1]})
    theirs = sample.estimation.mean("y").estimates[0]
    assert isinstance(found, Linear)
    assert float(found.value) == pytest.approx(theirs.est, rel=1e-6)
    assert sqrt(found.variance) == pytest.approx(theirs.se, rel=0.05)
