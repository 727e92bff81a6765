"""Weighted means and their variance by linearisation: strata, groups drawn or alike, cells weighted to known totals.

One formula covers the designs of this product: residuals from the mean (or from what a cell's weighting explains),
added up by group where answers of a group are alike, and compared within each stratum (Cochran 1977, 2.9, 5.3, 9A.3;
Särndal, Swensson & Wretman 1992, 5.5 and 6.6).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from service.domain.estimates.sums import Sums, added

Cell = tuple[str, ...]


@dataclass(frozen=True)
class Unit:
    """Answers that share a stratum, a cluster and a weighting cell."""

    sums: Sums
    stratum: str = ""
    cluster: str = ""
    cell: Cell = ()


@dataclass(frozen=True)
class Stratum:
    """A list that was drawn from: `issued` of its `population`; without N there is no finite population correction.

    `fraction` is issued / N, or what is known of it where N is not (a part of one draw).
    """

    issued: int
    population: int | None = None
    fraction: Fraction = Fraction(0)

    @staticmethod
    def of(issued: int, population: int | None) -> "Stratum":
        return Stratum(issued, population, Fraction(issued, population) if population else Fraction(0))


@dataclass(frozen=True)
class Linear:
    """The mean with its variance, degrees of freedom, and the variance over that of a simple draw of as many.

    `kish` is n_eff = (Σw)² / Σw², which stands in where the variance is zero.
    """

    value: Fraction
    variance: Fraction
    freedom: int
    n: int
    design_effect: Fraction | None
    kish: Fraction


def weighted_mean(
    units: Sequence[Unit],
    strata: Mapping[str, Stratum],
    weights: Mapping[tuple[str, Cell], Fraction],
    fitted: Mapping[Cell, Fraction] | None = None,
    clustered: bool = False,
) -> Linear | str:
    """Σ w y / Σ w over all answers, weight by (stratum, cell), with its linearised variance.

    `fitted` are the means that weighting to known totals explains, by cell: residuals are taken from them. A code of
    figures.REASONS where it cannot be had: no answers, a stratum (or a clustered one: a group) of one.
    """
    units = [unit for unit in units if unit.sums.n]
    n = sum(unit.sums.n for unit in units)
    if not n:
        return "no_answers"
    whole = sum((weights[unit.stratum, unit.cell] * unit.sums.n for unit in units), Fraction(0))
    value = sum((weights[unit.stratum, unit.cell] * unit.sums.total for unit in units), Fraction(0)) / whole
    centres = {unit.cell: value if fitted is None else fitted[unit.cell] for unit in units}
    variance, freedom = Fraction(0), 0
    for name in dict.fromkeys(unit.stratum for unit in units):
        own = [unit for unit in units if unit.stratum == name]
        found = _within(own, strata[name], weights, centres, clustered)
        if isinstance(found, str):
            return found
        variance, freedom = variance + found[0] / whole**2, freedom + found[1]
    squares = sum((weights[unit.stratum, unit.cell] ** 2 * unit.sums.n for unit in units), Fraction(0))
    effect = _design_effect(units, strata, weights, value, whole, variance)
    return Linear(value, variance, freedom, n, effect, whole**2 / squares)


def _within(
    units: Sequence[Unit],
    stratum: Stratum,
    weights: Mapping[tuple[str, Cell], Fraction],
    centres: Mapping[Cell, Fraction],
    clustered: bool,
) -> tuple[Fraction, int] | str:
    """(variance of the stratum's weighted total of residuals, degrees of freedom)."""
    sums: dict[str, Fraction] = {}
    squares = Fraction(0)
    for unit in units:
        weight, centre = weights[unit.stratum, unit.cell], centres[unit.cell]
        sums[unit.cluster] = sums.get(unit.cluster, Fraction(0)) + weight * (unit.sums.total - unit.sums.n * centre)
        squares += weight * weight * unit.sums.around(centre)
    rest = 1 - stratum.fraction
    if not rest:
        return Fraction(0), 0
    n = sum(unit.sums.n for unit in units)
    if clustered:
        n, squares = len(sums), sum((part * part for part in sums.values()), Fraction(0))
    if n < 2:
        return "too_few_clusters" if clustered else "stratum_with_one"
    total = sum(sums.values(), Fraction(0))
    return rest * n / (n - 1) * (squares - total * total / n), n - 1


def _design_effect(
    units: Sequence[Unit],
    strata: Mapping[str, Stratum],
    weights: Mapping[tuple[str, Cell], Fraction],
    value: Fraction,
    whole: Fraction,
    variance: Fraction,
) -> Fraction | None:
    """Variance over that of a simple draw without replacement of as many from all lists (Kish 1965)."""
    n = sum(unit.sums.n for unit in units)
    held = [strata[name] for name in dict.fromkeys(unit.stratum for unit in units)]
    rest = _rest(held)
    spread = sum((weights[unit.stratum, unit.cell] * unit.sums.around(value) for unit in units), Fraction(0)) / whole
    if n < 2 or not spread or not rest:
        return None
    return variance / (rest * spread / (n - 1))


def _rest(strata: Sequence[Stratum]) -> Fraction:
    """What a simple draw of as many from all lists together would have left out."""
    if len(strata) == 1:
        return 1 - strata[0].fraction
    sizes = [stratum.population for stratum in strata if stratum.population is not None]
    known = len(sizes) == len(strata)
    return 1 - Fraction(sum(stratum.issued for stratum in strata), sum(sizes)) if known else Fraction(1)


def stratum_weights(units: Sequence[Unit], strata: Mapping[str, Stratum]) -> dict[tuple[str, Cell], Fraction] | str:
    """N / n of each stratum, n its valid answers; equal weights of one list, or where a list's size is not known.

    "stratum_without_answers" where a list of which something was issued has none: it cannot be left out in silence.
    """
    if len(strata) == 1 or any(stratum.population is None for stratum in strata.values()):
        return {(unit.stratum, unit.cell): Fraction(1) for unit in units}
    numbers = {name: added(unit.sums for unit in units if unit.stratum == name).n for name in strata}
    if not all(numbers.values()):
        return "no_answers" if not any(numbers.values()) else "stratum_without_answers"
    sizes = {name: Fraction(stratum.population or 0) for name, stratum in strata.items()}
    return {(unit.stratum, unit.cell): sizes[unit.stratum] / numbers[unit.stratum] for unit in units}
