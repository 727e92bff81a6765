"""What codes are worth in scores that have a name of their own: the net promoter score, reliability of items."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import sqrt

from service.domain.proportions import exact
from service.domain.rounding import settled

NET_PROMOTER: Mapping[str, int] = {str(code): 100 if code >= 9 else -100 if code <= 6 else 0 for code in range(11)}
"""9 and 10 promote, 0 to 6 detract (Reichheld 2003)."""


def net_promoter_error(promoters: int, detractors: int, n: int) -> Decimal:
    """Its standard error in points, 100 √((p + d - (p - d)²) / n); ZeroDivisionError without answers."""
    p, d = Fraction(promoters, n), Fraction(detractors, n)
    return settled(100 * sqrt((p + d - (p - d) ** 2) / n))


def cronbach(items: int, own: Fraction, whole: Fraction) -> Decimal | None:
    """Alpha from the sum of the items' variances and the variance of their sum; None for one item or without spread."""
    if items < 2 or not whole:
        return None
    return exact(Fraction(items, items - 1) * (1 - own / whole))
