"""A figure over rounds: the steps between neighbours, and the straight line through them with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import sqrt
from typing import Final

from service.domain.estimates.comparisons import Comparison, Member, Pair
from service.domain.estimates.figures import SHARE
from service.domain.estimates.intervals import quantile
from service.domain.proportions import Interval
from service.domain.rounding import settled

YEAR = 365.25 * 86400  # seconds
REASONS: Final[dict[str, str]] = {
    "too_few_rounds": "A line needs three rounds at different times.",
    "not_sampled": "A round has no sampling error that could be stated, so the line has no interval.",
    "no_value": "A round has no value.",
}


@dataclass(frozen=True)
class Point:
    """One round: when it was asked, and its figure."""

    member: Member
    at: datetime


@dataclass(frozen=True)
class Line:
    """The line through the rounds: change a year, its interval, p of no change, and p that a line fits at all.

    `fit`: small where the rounds scatter more around the line than sampling explains. None without standard errors.
    """

    slope: Decimal | None
    interval: Interval | None
    p: Decimal | None
    fit: Decimal | None
    reason: str | None = None
    formula: str = "weighted least squares, weights 1 / SE²"


@dataclass(frozen=True)
class Trend:
    """Points in order of time, the steps between neighbours (adjusted together by Holm), the line through all."""

    figure: str
    unit: str
    points: tuple[Point, ...]
    steps: tuple[Pair, ...]
    line: Line
    comparison: Comparison


def line(points: Sequence[Point]) -> Line:
    """Slope a year by weighted least squares with known variances; without standard errors, unweighted and bare.

    Draper & Smith 1998, 9.2: slope = Σ w (t - t̄)(y - ȳ) / Σ w (t - t̄)², variance 1 / Σ w (t - t̄)². The test that the
    line fits holds Σ w (y - line)² against chi-square with k - 2 degrees of freedom.
    """
    if any(point.member.figure.value is None for point in points):
        return Line(None, None, None, None, "no_value")
    times = [point.at.timestamp() / YEAR for point in points]
    if len(set(times)) < 3:
        return Line(None, None, None, None, "too_few_rounds")
    errors = [_error(point) for point in points]
    bare = any(not error for error in errors)
    weights = [1.0 if bare else 1 / float(error or 1) ** 2 for error in errors]
    values = [float(point.member.figure.value or 0) for point in points]
    whole = sum(weights)
    middle = sum(w * t for w, t in zip(weights, times, strict=True)) / whole
    mean = sum(w * y for w, y in zip(weights, values, strict=True)) / whole
    spread = sum(w * (t - middle) ** 2 for w, t in zip(weights, times, strict=True))
    slope = sum(w * (t - middle) * (y - mean) for w, t, y in zip(weights, times, values, strict=True)) / spread
    if bare:
        return Line(settled(slope), None, None, None, "not_sampled", "least squares, all rounds alike")
    se = 1 / sqrt(spread)
    rest = sum(w * (y - mean - slope * (t - middle)) ** 2 for w, t, y in zip(weights, times, values, strict=True))
    return _told(slope, se, rest, len(points) - 2)


def _error(point: Point) -> float | None:
    """The standard error of a sampled round; of a share half its interval over z, so that 0 % is not certain."""
    figure = point.member.figure
    if figure.interval is None:
        return None
    if figure.unit != SHARE:
        return float(figure.se or 0)
    return float(figure.interval[1] - figure.interval[0]) / (2 * quantile(0))


def _told(slope: float, se: float, rest: float, freedom: int) -> Line:
    from scipy.special import chdtrc, ndtr

    half = quantile(0) * se
    p = 2 * float(ndtr(-abs(slope) / se))
    fit = float(chdtrc(freedom, rest))
    return Line(settled(slope), (settled(slope - half), settled(slope + half)), settled(p), settled(fit))
