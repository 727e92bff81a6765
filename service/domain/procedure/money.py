"""Sums of money: Decimal with two places, never a float; parts of a sum add up to it to the cent."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from service.domain.errors import Fault

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
MOST = Decimal("99999999999.99")


def money_faults(field: str, amount: Decimal, lowest: Decimal = CENT) -> list[Fault]:
    """What is wrong with a sum: not finite, under `lowest`, too large, more than two places."""
    if not amount.is_finite() or not lowest <= amount <= MOST:
        return [Fault(field, "out_of_range", {"lower": lowest, "upper": MOST})]
    return [Fault(field, "too_many_decimals", {"limit": 2})] if amount != amount.quantize(CENT) else []


def share(amount: Decimal, percent: Decimal) -> Decimal:
    """`percent` of a sum, to the cent, half a cent up."""
    return (amount * percent / HUNDRED).quantize(CENT, ROUND_HALF_UP)


def split(amount: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """A sum in parts as the weights say, each to the cent; what rounding down leaves goes to the last part."""
    whole = sum(weights, Decimal(0))
    parts = [(amount * weight / whole).quantize(CENT, ROUND_DOWN) for weight in weights]
    parts[-1] += amount - sum(parts, Decimal(0))
    return tuple(parts)
