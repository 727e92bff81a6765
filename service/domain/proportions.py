"""Shares and what may be said about them: Wilson's interval, finite populations, bounds of silence, response rates."""

from decimal import Context, Decimal
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

from service.domain.rounding import settled

_WIDE = Context(prec=60)
Interval = tuple[Decimal, Decimal]


def exact(value: Fraction | int) -> Decimal:
    """A fraction as a settled Decimal."""
    return settled(_WIDE.divide(Decimal(value.numerator), Decimal(value.denominator)))


def effective_size(n: int, population: int, issued: int) -> float:
    """n* = n(N-1)/(N-m), which replaces n in Wilson's interval for a draw of m units from N of which n answered.

    With m = n this is the finite population correction of the variance (Cochran 1977, section 2.6). Those who answer
    are a random sample of the part of the population that would answer, and of it the draw took m/N: so the sampling
    fraction counts what was issued. Of the silent it says nothing; see `bounds`. ValueError if m is not below N.
    """
    if not 0 <= n <= issued < population:
        raise ValueError("needs answered <= issued < population")
    return n * (population - 1) / (population - issued)


def wilson(satisfied: int | float, n: int, size: float | None = None, confidence: float = 0.95) -> Interval:
    """Wilson's score interval of the share satisfied/n (Wilson 1927; method 3 of Newcombe 1998), as fractions of 1.

    `size` replaces n in the formula (an effective size), not in the share. ValueError if n is 0.
    """
    if not 0 <= satisfied <= n or n == 0:
        raise ValueError("needs 0 <= satisfied <= n and n > 0")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    p, size = satisfied / n, size or n
    scale = 1 + z * z / size
    centre = (p + z * z / (2 * size)) / scale
    half = z * sqrt(p * (1 - p) / size + z * z / (4 * size * size)) / scale
    return settled(centre - half), settled(centre + half)


def bounds(satisfied: int, n: int, silent: int) -> Interval:
    """The share if all who stayed silent were dissatisfied, and if all were satisfied (Manski's bounds; design §6)."""
    asked = n + silent
    if not 0 <= satisfied <= n or silent < 0 or asked == 0:
        raise ValueError("needs 0 <= satisfied <= n, silent >= 0 and somebody asked")
    return exact(Fraction(satisfied, asked)), exact(Fraction(satisfied + silent, asked))


# AAPOR writes its dispositions as capital letters; so do we, to be read beside the standard.
def aapor(
    I: int,  # noqa: E741
    P: int = 0,
    R: int = 0,
    NC: int = 0,
    O: int = 0,  # noqa: E741
    UH: int = 0,
    UO: int = 0,
    e: Fraction | Decimal | int = 1,
) -> dict[str, Decimal | None]:
    """Response rates RR1 to RR6 of AAPOR's Standard Definitions as fractions of 1; None where nobody was eligible.

    I complete, P partial, R refused or broken off, NC not reached, O other, UH and UO of unknown eligibility; e is the
    share of the unknown who are estimated to be eligible (used by RR3 and RR4).
    """
    resolved = I + P + R + NC + O
    denominators = {
        "12": Fraction(resolved + UH + UO),
        "34": resolved + Fraction(e) * (UH + UO),
        "56": Fraction(resolved),
    }
    rates: dict[str, Decimal | None] = {}
    for pair, denominator in denominators.items():
        for number, numerator in zip(pair, (I, I + P), strict=True):
            rates[f"RR{number}"] = exact(numerator / denominator) if denominator else None
    return rates
