"""Exact limits of how many items of a population err, from a sample without replacement, in one stratum or several."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, lcm
from typing import Any

CONFIDENCE = Fraction(95, 100)
HYPERGEOMETRIC, WENDELL_SCHMEE, SPLIT, CENSUS = "hypergeometric", "wendell_schmee", "split", "census"
METHODS = (HYPERGEOMETRIC, WENDELL_SCHMEE, SPLIT, CENSUS)
MOST_CELLS = 3_000_000  # of the tables of one search: about a second
_SLACK = 1e-8  # what floating point may be wrong by: a vector this close to the risk is not rejected


@dataclass(frozen=True)
class Stratum:
    """`errors` among `n` drawn of `population`. ValueError for impossible numbers."""

    population: int
    n: int
    errors: int

    def __post_init__(self) -> None:
        if not 0 <= self.errors <= self.n <= self.population:
            raise ValueError(f"impossible: {self}")

    @property
    def sound(self) -> "Stratum":
        """The same seen from the items that do not err."""
        return Stratum(self.population, self.n, self.n - self.errors)


@dataclass(frozen=True)
class Bound:
    """At most `limit` items err, by one of METHODS; None with a reason: `unchecked_stratum` or `no_items`."""

    limit: int | None
    method: str | None
    reason: str | None = None


def upper_bound(strata: Sequence[Stratum], confidence: Fraction = CONFIDENCE) -> Bound:
    """A one-sided upper limit of the erring items in all strata together, at least `confidence` sure whatever they are.

    One stratum: the exact hypergeometric limit. Several: the largest sum over all vectors of errors by stratum that the
    sample does not reject, samples being ordered by the stratified estimate sum N e / n (Wendell and Schmee, JASA 91
    (1996) 825-831). Where that search is too large: the sum of the strata's exact limits, each with an equal part of
    the risk, which is valid too and wider. A pooled limit is neither. No limit while a stratum has no item looked at.
    """
    held = [stratum for stratum in strata if stratum.population]
    if not held:
        return Bound(None, None, "no_items")
    if any(stratum.n == 0 for stratum in held):
        return Bound(None, None, "unchecked_stratum")
    open_strata = [stratum for stratum in held if stratum.n < stratum.population]
    known = sum(stratum.errors for stratum in held if stratum.n == stratum.population)
    if not open_strata:
        return Bound(known, CENSUS)
    if len(open_strata) == 1:
        [one] = open_strata
        return Bound(known + upper_limit(one.errors, one.n, one.population, confidence), HYPERGEOMETRIC)
    split = sum(_limits(open_strata, 1 - (1 - confidence) / len(open_strata)))
    found = _largest_not_rejected(open_strata, float(1 - confidence))
    if found is None:
        return Bound(known + split, SPLIT)
    return Bound(known + found, WENDELL_SCHMEE)


def lower_bound(strata: Sequence[Stratum], confidence: Fraction = CONFIDENCE) -> Bound:
    """At least so many items err: all but the upper limit of those that do not."""
    found = upper_bound([stratum.sound for stratum in strata], confidence)
    if found.limit is None:
        return found
    return Bound(sum(stratum.population for stratum in strata) - found.limit, found.method)


def _limits(strata: Sequence[Stratum], confidence: Fraction) -> list[int]:
    return [upper_limit(one.errors, one.n, one.population, confidence) for one in strata]


def _largest_not_rejected(strata: Sequence[Stratum], risk: float) -> int | None:
    """The largest sum of errors over the vectors not rejected; None where the search would be too large.

    A vector is rejected when a sample from it would give an estimate as small as the one seen with probability at most
    `risk`. That probability falls with the errors of each stratum, so for each combination of the smaller strata the
    largest stratum's errors are found by halving, for all combinations at once.
    """
    ordered = sorted(strata, key=lambda one: one.population)
    # Of the estimate's common denominator: whole numbers are exact too, and sooner added and found.
    unit = lcm(*(one.n for one in ordered))
    weights = [one.population * unit // one.n for one in ordered]
    seen = sum(weight * one.errors for weight, one in zip(weights, ordered, strict=True))
    tables = []
    cells = 1
    for weight, one in zip(weights, ordered, strict=True):
        most = min(one.n, seen // weight)
        if (one.population + 1) * (most + 1) > MOST_CELLS:
            return None
        tables.append(_possible(one, most, risk))
    for _, table in tables[:-1]:
        cells *= len(table)
    sums = _sums(weights[:-1], [table.shape[1] for _, table in tables[:-1]], seen)
    if cells * len(sums) * len(ordered) > MOST_CELLS:
        return None
    return _search(tables, weights, sums, seen, risk)


def _possible(one: Stratum, most: int, risk: float) -> tuple[Any, Any]:
    """(first possible number of errors, table): P(k errors in the sample), k up to `most`, a row for each number.

    Left out are numbers that what was seen contradicts, and those that this stratum alone rejects.
    """
    import numpy as np
    from scipy.special import gammaln

    bad = np.arange(one.errors, one.population - (one.n - one.errors) + 1)[:, None]
    drawn = np.arange(most + 1)[None, :]
    good = one.population - bad

    def log_comb(whole: Any, part: Any) -> Any:
        fits = (part >= 0) & (part <= whole)
        rest = np.where(fits, whole - part, 0)
        part = np.where(fits, part, 0)
        return np.where(fits, gammaln(whole + 1) - gammaln(part + 1) - gammaln(rest + 1), -np.inf)

    logs = log_comb(bad, drawn) + log_comb(good, one.n - drawn)
    table = np.exp(logs - log_comb(np.array(one.population), np.array(one.n)))
    likely = int(np.count_nonzero(table.sum(axis=1) > risk - _SLACK))
    return one.errors, table[: max(1, likely)]


def _sums(weights: Sequence[int], sizes: Sequence[int], most: int) -> list[int]:
    """The different contributions to the estimate, up to `most`, that samples of these strata can make."""
    found = {0}
    for weight, size in zip(weights, sizes, strict=True):
        found = {there + weight * k for there in found for k in range(size) if there + weight * k <= most}
        if len(found) > MOST_CELLS:
            break
    return sorted(found)


def _search(
    tables: Sequence[tuple[int, Any]],
    weights: Sequence[int],
    sums: Sequence[int],
    seen: int,
    risk: float,
) -> int:
    import numpy as np

    place = {value: index for index, value in enumerate(sums)}
    chances = np.zeros((1, len(sums)))  # a row for each combination: the probability of each contribution
    chances[0, place[0]] = 1
    totals = np.zeros(1, dtype=np.int64)
    for weight, (first, table) in zip(weights[:-1], tables[:-1], strict=True):
        more = np.zeros((len(chances), len(table), len(sums)))
        for k in range(table.shape[1]):
            steps = [
                (index, place[value + weight * k]) for value, index in place.items() if value + weight * k in place
            ]
            if steps:
                old, new = (list(side) for side in zip(*steps, strict=True))
                more[:, :, new] += chances[:, None, old] * table[None, :, k, None]
        totals = (totals[:, None] + first + np.arange(len(table))[None, :]).ravel()
        chances = more.reshape(len(totals), len(sums))
    first, table = tables[-1]
    within = np.cumsum(table, axis=1)
    columns = [min((seen - value) // weights[-1], table.shape[1] - 1) for value in sums]
    reach = within[:, columns]  # P(the last stratum adds no more than is left), for each of its numbers of errors
    low, high = np.full(len(totals), -1), np.full(len(totals), len(table) - 1)
    while np.any(low < high):
        middle = (low + high + 1) // 2
        kept = np.einsum("ij,ij->i", chances, reach[middle]) > risk - _SLACK
        low, high = np.where(kept, middle, low), np.where(kept, high, middle - 1)
    return int(np.max(np.where(low >= 0, totals + first + low, -1)))


def upper_limit(errors: int, n: int, population: int, confidence: Fraction = CONFIDENCE) -> int:
    """Exact one-sided upper limit: the largest number D of erring items in the population that is still plausible.

    D is plausible while P(at most `errors` among `n` drawn without replacement) > 1 - confidence. Whole numbers
    throughout, so a probability that equals 1 - confidence decides the same everywhere. n = population gives `errors`.
    ValueError unless 0 <= errors <= n <= population and n > 0.
    """
    if not (0 <= errors <= n <= population and n > 0):
        raise ValueError(f"impossible: {errors} errors among {n} of {population}")
    risk = 1 - confidence
    bound = comb(population, n) * risk.numerator
    low, high = errors, population - (n - errors)  # what was seen is possible with `low`; more than `high` is not
    while low < high:
        middle = (low + high + 1) // 2
        if _ways_up_to(errors, n, middle, population) * risk.denominator > bound:
            low = middle
        else:
            high = middle - 1
    return low


def _ways_up_to(errors: int, n: int, bad: int, population: int) -> int:
    """In how many of the comb(population, n) samples at most `errors` of the `bad` items are."""
    good = population - bad
    seen = max(0, n - good)
    ways = comb(bad, seen) * comb(good, n - seen)
    total = 0
    while seen <= errors and ways:
        total += ways
        ways = ways * (bad - seen) * (n - seen) // ((seen + 1) * (good - n + seen + 1))
        seen += 1
    return total
