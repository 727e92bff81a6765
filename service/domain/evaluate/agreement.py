"""How far scorers agree: the spread on each indicator, and Krippendorff's alpha over all of them.

Alpha compares how much scores of the same indicator differ with how much any two scores differ: 1 is full agreement,
0 what chance gives, below 0 less than that (Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011). With few
indicators or scorers it says little; `caution` names why. Agreement is no proof that scores are right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

PLACES = Decimal("0.001")
FEW_NODES = 10  # below, one indicator more or less moves alpha a lot
CAUTIONS = ("one_scorer", "no_variation", "few_nodes", "two_scorers")


@dataclass(frozen=True)
class Spread:
    """The scores of one indicator: how many, lowest, highest, and the mean distance from their mean."""

    n: int
    low: Decimal
    high: Decimal
    mean: Decimal
    mean_deviation: Decimal

    @property
    def range(self) -> Decimal:
        return self.high - self.low


@dataclass(frozen=True)
class Agreement:
    """`alpha` over `nodes` indicators with two scores or more, by `scorers` different people; None with a caution."""

    alpha: Decimal | None
    nodes: int
    scorers: int
    caution: tuple[str, ...]


def spread(scores: Sequence[Decimal]) -> Spread | None:
    """The spread of at least one score; None without any."""
    if not scores:
        return None
    mean = sum(scores, Decimal(0)) / len(scores)
    deviation = sum((abs(one - mean) for one in scores), Decimal(0)) / len(scores)
    return Spread(len(scores), min(scores), max(scores), mean.quantize(PLACES), deviation.quantize(PLACES))


def agreement(scores: Mapping[str, Mapping[str, Decimal]]) -> Agreement:
    """Krippendorff's alpha for interval data; `scores` is node -> scorer -> score. Nodes with one score are left out.

    alpha = 1 - observed / expected disagreement, both as mean squared differences; exact in fractions, then rounded.
    """
    units = [list(map(Fraction, given.values())) for given in scores.values() if len(given) > 1]
    people = {rater for given in scores.values() if len(given) > 1 for rater in given}
    if not units:
        return Agreement(None, 0, 0, ("one_scorer",))
    values = [value for unit in units for value in unit]
    observed = sum((_pairs(unit) / (len(unit) - 1) for unit in units), Fraction(0)) / len(values)
    expected = _pairs(values) / (len(values) * (len(values) - 1))
    caution = ["few_nodes"] if len(units) < FEW_NODES else []
    caution += ["two_scorers"] if len(people) == 2 else []
    if expected == 0:
        return Agreement(None, len(units), len(people), ("no_variation", *caution))
    alpha = 1 - observed / expected
    rounded = (Decimal(alpha.numerator) / Decimal(alpha.denominator)).quantize(PLACES)
    return Agreement(rounded, len(units), len(people), tuple(caution))


def _pairs(values: Sequence[Fraction]) -> Fraction:
    """The sum of squared differences over all ordered pairs, in one pass: 2n·Σx² − 2(Σx)²."""
    total, squares = sum(values, Fraction(0)), sum((value * value for value in values), Fraction(0))
    return 2 * len(values) * squares - 2 * total * total
