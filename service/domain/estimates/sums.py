"""What an estimate needs of a group of answers: how many, their sum, and the sum of their squares."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

Worth = Fraction | Decimal | int


@dataclass(frozen=True)
class Sums:
    """`n` answers, the `total` of what they are worth and of its `squares`; exact."""

    n: int
    total: Fraction
    squares: Fraction

    @property
    def mean(self) -> Fraction:
        """ZeroDivisionError without answers."""
        return self.total / self.n

    @property
    def variance(self) -> Fraction:
        """With n - 1. ZeroDivisionError for fewer than two answers."""
        return self.around(self.mean) / (self.n - 1)

    def around(self, centre: Fraction) -> Fraction:
        """The sum of squared distances from `centre`."""
        return self.squares - 2 * centre * self.total + self.n * centre * centre

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.n + other.n, self.total + other.total, self.squares + other.squares)


NOTHING = Sums(0, Fraction(0), Fraction(0))


def of_counts(counts: Mapping[str, int], worth: Mapping[str, Worth]) -> Sums:
    """From answers by code and what each code is worth; codes without a worth are no valid answers."""
    n, total, squares = 0, 0, 0
    for code, value in worth.items():
        if number := counts.get(code, 0):
            exact: Any = value if isinstance(value, int) else Fraction(value)
            n, total, squares = n + number, total + number * exact, squares + number * exact * exact
    return Sums(n, Fraction(total), Fraction(squares))


def of_share(good: int, n: int) -> Sums:
    """Of n answers of which `good` count 1 and the others 0."""
    return Sums(n, Fraction(good), Fraction(good))


def of_summary(n: int, mean: Worth, variance: Worth) -> Sums:
    """From a published size, mean and variance (with n - 1)."""
    centre = Fraction(mean)
    return Sums(n, n * centre, (n - 1) * Fraction(variance) + n * centre * centre)


def added(sums: Iterable[Sums]) -> Sums:
    """The sums of all groups together."""
    return sum(sums, NOTHING)
