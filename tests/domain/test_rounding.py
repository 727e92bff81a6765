"""`settled`: figures are rounded to 1e-9, half to even, whatever machine computed them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.rounding import GRID, settled


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1 / 3, "0.333333333"),
        (0.1 + 0.2, "0.300000000"),
        (Decimal("2.0000000005"), "2.000000000"),
        (Decimal("2.0000000015"), "2.000000002"),
        (Decimal("-0.0000000001"), "0.000000000"),
        (80.5, "80.500000000"),
        (7, "7.000000000"),
    ],
)
def test_values_land_on_the_grid(value: float | Decimal, expected: str) -> None:
    assert format(settled(value), "f") == expected


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("-Infinity"), Decimal("NaN")])
def test_what_is_not_finite_is_refused(value: float | Decimal) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        settled(value)


@given(st.floats(min_value=-1e9, max_value=1e9, allow_nan=False))
def test_settling_is_idempotent_and_near(value: float) -> None:
    once = settled(value)
    assert settled(once) == once
    assert abs(once - Decimal(value)) <= GRID / 2
