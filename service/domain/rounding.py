"""The one place where a computed figure is rounded before it is hashed, frozen or turned into points."""

from decimal import ROUND_HALF_EVEN, Context, Decimal

GRID = Decimal("1e-9")
# 60 digits hold every figure of this product exactly before the one rounding happens.
_WIDE = Context(prec=60)


def settled(value: float | Decimal) -> Decimal:
    """`value` on the grid of 1e-9, ties to the even neighbour (design: statistics are rounded once, by name).

    Floats of different machines differ in their last bits; on this grid they are equal, so that digests are too.
    A float is taken at its exact binary value; negative zero becomes zero. Raises ValueError for what is not finite.
    """
    exact = value if isinstance(value, Decimal) else Decimal(float(value))
    if not exact.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    rounded = exact.quantize(GRID, rounding=ROUND_HALF_EVEN, context=_WIDE)
    return rounded.copy_abs() if rounded.is_zero() else rounded
