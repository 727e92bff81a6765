"""Interviews beside slips: two independent samples, or the same persons twice where they were told of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import comb, sqrt
from statistics import NormalDist

from service.domain.estimates import two_phase as two_phase_rules
from service.domain.estimates.sums import of_share
from service.domain.estimates.two_phase import Phase
from service.domain.proportions import Interval, exact, wilson
from service.domain.rounding import settled

REASONS: dict[str, str] = {
    "not_told": "People were not told that their answers stay linked, so nobody's two answers are put side by side.",
    "no_pairs": "Nobody's two answers stand side by side yet.",
    "too_few_pairs": "Of one of the two groups fewer than two persons answered again.",
    "pairs_exceed_first": "More pairs than first answers: the pairs belong to another campaign.",
    "no_answers": "One of the two has no valid answer yet.",
}
"""Why a comparison is refused: stable codes and their English text."""


@dataclass(frozen=True)
class PairedAnswer:
    """One person's two answers as far as they are compared: satisfied at first, satisfied in the interview."""

    id: str
    plan: str
    first: bool
    second: bool


@dataclass(frozen=True)
class Difference:
    """Share of the slips minus share of the interviews, of two samples that know nothing of one another."""

    first: tuple[int, int]  # satisfied, valid answers
    second: tuple[int, int]
    value: Decimal
    interval: Interval


def difference(first: tuple[int, int], second: tuple[int, int], confidence: float = 0.95) -> Difference | None:
    """The difference of two independent shares with Newcombe's hybrid score interval (1998, method 10), no correction.

    Each side is (satisfied, valid answers). None where one has no valid answer.
    """
    (k1, n1), (k2, n2) = first, second
    if not n1 or not n2:
        return None
    value = Fraction(k1, n1) - Fraction(k2, n2)
    (l1, u1), (l2, u2) = (tuple(map(float, wilson(k, n, confidence=confidence))) for k, n in (first, second))
    p1, p2 = k1 / n1, k2 / n2
    lower = float(value) - sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2)
    upper = float(value) + sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)
    return Difference(first, second, exact(value), (settled(lower), settled(upper)))


@dataclass(frozen=True)
class Pairs:
    """Persons who answered twice, by (satisfied at first, satisfied in the interview)."""

    both: int
    only_first: int
    only_second: int
    neither: int

    @property
    def n(self) -> int:
        return self.both + self.only_first + self.only_second + self.neither

    @staticmethod
    def of(pairs: Iterable[PairedAnswer]) -> "Pairs":
        found = Counter((pair.first, pair.second) for pair in pairs)
        return Pairs(found[True, True], found[True, False], found[False, True], found[False, False])


@dataclass(frozen=True)
class Agreement:
    """`p`: McNemar's exact test. `shift`: share satisfied in the interview minus at first. `kappa`: Cohen's."""

    pairs: Pairs
    p: Decimal
    shift: Decimal
    agreement: Decimal
    kappa: Decimal | None


def agreement(pairs: Pairs) -> Agreement | None:
    """How far two answers of the same persons agree; None without any. `kappa` None where all gave one answer twice.

    McNemar (1947), exact: twice the binomial tail of the smaller discordant count among both, at most 1. Cohen (1960).
    """
    n = pairs.n
    if not n:
        return None
    b, c = pairs.only_first, pairs.only_second
    tail = Fraction(sum(comb(b + c, k) for k in range(min(b, c) + 1)), 2 ** (b + c))
    observed = Fraction(pairs.both + pairs.neither, n)
    first, second = Fraction(pairs.both + b, n), Fraction(pairs.both + c, n)
    chance = first * second + (1 - first) * (1 - second)
    kappa = None if chance == 1 else exact((observed - chance) / (1 - chance))
    return Agreement(pairs, exact(min(Fraction(1), 2 * tail)), exact(second - first), exact(observed), kappa)


@dataclass(frozen=True)
class Corrected:
    """The share that the interviews would have found among all who answered at first."""

    value: Decimal
    error: Decimal  # standard error
    interval: Interval
    first: tuple[int, int]
    pairs: Pairs


def two_phase(first: tuple[int, int], pairs: Pairs, confidence: float = 0.95) -> Corrected | str:
    """The first phase corrected by a random part of it that was asked again (Tenenbein 1970; Cochran 1977, 12.2).

    `first` = (satisfied, valid answers) of all in the first phase. p = W1 p1 + W0 p0, where W are the shares of the
    first phase and p_h the share satisfied in the interview among those who said so (or not) at first; variance =
    sum W_h^2 p_h(1-p_h)/(n_h-1) + sum W_h(p_h-p)^2/n', without a finite population correction. A code of REASONS
    where it cannot be computed: a group that nobody is in needs no pairs.
    """
    satisfied, n = first
    found = two_phase_rules.two_phase(
        [
            Phase(satisfied, of_share(pairs.both, pairs.both + pairs.only_first)),
            Phase(n - satisfied, of_share(pairs.only_second, pairs.only_second + pairs.neither)),
        ]
    )
    if isinstance(found, str):
        return found
    value, error = found
    if not error:  # all interviews said the same, which makes nothing certain: they are a simple draw
        return Corrected(exact(value), settled(error), wilson(int(value), 1, pairs.n, confidence), first, pairs)
    half = NormalDist().inv_cdf((1 + confidence) / 2) * error
    interval = (settled(max(0.0, float(value) - half)), settled(min(1.0, float(value) + half)))
    return Corrected(exact(value), settled(error), interval, first, pairs)
