"""Intervals: Wilson's on an effective number of answers, exact ones, Student's t; floats inside, settled outside."""

from bisect import bisect_left
from collections.abc import Callable
from fractions import Fraction
from math import sqrt

from service.domain.estimates.linearised import Linear
from service.domain.proportions import Interval, wilson
from service.domain.rounding import settled

CONFIDENCE = 0.95
WILSON, EXACT = "wilson", "exact"
SHARE_METHODS = (WILSON, EXACT)


def quantile(freedom: int, confidence: float = CONFIDENCE) -> float:
    """Student's t, both sides together 1 - confidence; without degrees of freedom the normal one."""
    from scipy.special import ndtri, stdtrit

    tail = (1 + confidence) / 2
    return float(stdtrit(freedom, tail) if freedom > 0 else ndtri(tail))


def student(linear: Linear, lower: float | None = None, upper: float | None = None) -> Interval:
    """The mean ± t × SE, kept within the ends of the scale where there are any (Cochran 1977, 2.8)."""
    half = quantile(linear.freedom) * sqrt(linear.variance)
    low, high = float(linear.value) - half, float(linear.value) + half
    low = low if lower is None else max(lower, low)
    return settled(low), settled(high if upper is None else min(upper, high))


def effective(linear: Linear) -> float:
    """How many answers of a simple draw tell as much of a share: p(1-p) / variance (Korn & Graubard 1998).

    Times (z / t)² for the degrees of freedom, since Wilson's formula takes the variance as known. Where the variance is
    zero (everybody, or nobody, is satisfied; groups that are all alike) Kish's number stands in.
    """
    p = linear.value
    known = float(p * (1 - p) / linear.variance) if linear.variance else float(linear.kish)
    return known * (quantile(0) / quantile(linear.freedom)) ** 2 if linear.freedom else known


def alike(value: Fraction, size: float, lower: float, upper: float) -> Interval:
    """Of a mean on lower..upper whose answers were all the same: the others, at most Wilson's limit of none, may be at
    either end."""
    others, mean = float(wilson(0, 1, size)[1]), float(value)
    return settled(mean - others * (mean - lower)), settled(mean + others * (upper - mean))


def wilson_share(share: Fraction, size: float, confidence: float = CONFIDENCE) -> Interval:
    """Wilson's interval of a weighted share on an effective number of answers."""
    return wilson(float(share), 1, size, confidence)


def clopper_pearson(share: Fraction, size: float, confidence: float = CONFIDENCE) -> Interval:
    """The exact interval of a share (Clopper & Pearson 1934); of weighted answers on their effective number.

    [B⁻¹(α/2; k, n-k+1), B⁻¹(1-α/2; k+1, n-k)]: both tails have α/2, also where k is 0 or n.
    """
    from scipy.special import betaincinv

    tail, k = (1 - confidence) / 2, float(share) * size
    low = float(betaincinv(k, size - k + 1, tail)) if share > 0 else 0.0
    high = float(betaincinv(k + 1, size - k, 1 - tail)) if share < 1 else 1.0
    return settled(low), settled(high)


def hypergeometric(good: int, n: int, population: int, confidence: float = CONFIDENCE) -> Interval:
    """The exact interval of a share in a list of N of which n were drawn and all answered (Cochran 1977, 3.6).

    The smallest and the largest number in the list under which so many good ones, or more (less) of them, are not rarer
    than α/2; by bisection, each step one tail of the hypergeometric distribution. ValueError for n above N.
    """
    if not 0 <= good <= n <= population or not n:
        raise ValueError("needs 0 <= good <= n <= population and n > 0")
    from scipy.stats import hypergeom

    tail = (1 - confidence) / 2
    most = population - (n - good)  # so many can be good at most, given the others that were seen
    low = _first(good, most, lambda size: hypergeom.sf(good - 1, population, size, n) > tail)
    high = _first(low, most, lambda size: hypergeom.cdf(good, population, size + 1, n) <= tail)
    return settled(low / population), settled(high / population)


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The first number of low..high that holds, of a test that holds from some number on; `high` if none does."""
    return low + bisect_left(range(low, high), True, key=holds)
