"""Two phases: all who answered, corrected by a random part of them who were asked again (Cochran 1977, 12.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from service.domain.estimates.sums import Sums


@dataclass(frozen=True)
class Phase:
    """A group of the first phase: how many answered in it, and what those of them said who were asked again."""

    first: int
    again: Sums


def two_phase(groups: Sequence[Phase]) -> tuple[Fraction, float] | str:
    """(value, standard error): Σ W ȳ, variance Σ W² s²/n_h + Σ W (ȳ - value)² / n', W the first phase's shares.

    Without a finite population correction. "no_answers", "no_pairs", "too_few_pairs" (fewer than two of a group) or
    "pairs_exceed_first": codes of inspect.interview_comparison.REASONS.
    """
    n = sum(group.first for group in groups)
    if not n:
        return "no_answers"
    if any(group.again.n > group.first for group in groups):
        return "pairs_exceed_first"
    held = [group for group in groups if group.first]
    if any(group.again.n < 2 for group in held):
        return "too_few_pairs" if any(group.again.n for group in held) else "no_pairs"
    value = sum((Fraction(group.first, n) * group.again.mean for group in held), Fraction(0))
    variance = sum((_part(group, n, value) for group in held), Fraction(0))
    return value, sqrt(variance)


def _part(group: Phase, n: int, value: Fraction) -> Fraction:
    weight = Fraction(group.first, n)
    return weight**2 * group.again.variance / group.again.n + weight * (group.again.mean - value) ** 2 / n
