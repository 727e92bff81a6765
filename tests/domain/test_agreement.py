"""Agreement of scorers: Krippendorff's published example, the spread, and what alpha cannot tell."""

from decimal import Decimal

import pytest

from service.domain.evaluate.agreement import agreement, spread

# Krippendorff 2011, example C: four observers, twelve units, some without a value; interval alpha is 0.849.
OBSERVERS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


def units(rows: tuple[str, ...]) -> dict[str, dict[str, Decimal]]:
    found: dict[str, dict[str, Decimal]] = {}
    for observer, row in enumerate(rows):
        for unit, value in enumerate(row.split()):
            if value != ".":
                found.setdefault(f"u{unit}", {})[f"o{observer}"] = Decimal(value)
    return found


def test_alpha_is_that_of_the_published_example():
    found = agreement(units(OBSERVERS))
    assert (found.alpha, found.nodes, found.scorers, found.caution) == (Decimal("0.849"), 11, 4, ())


@pytest.mark.parametrize(
    ("rows", "alpha", "caution"),
    [
        (("80 70",), None, ("one_scorer",)),
        (("80 80", "80 80"), None, ("no_variation", "few_nodes", "two_scorers")),
        (("10 90", "10 90"), Decimal("1.000"), ("few_nodes", "two_scorers")),
        (("10 90", "90 10"), Decimal("-0.500"), ("few_nodes", "two_scorers")),
    ],
)
def test_it_says_when_alpha_tells_little_or_nothing(rows, alpha, caution):
    found = agreement(units(rows))
    assert (found.alpha, found.caution) == (alpha, caution)


def test_the_spread_of_one_indicator():
    found = spread([Decimal(60), Decimal(70), Decimal(95)])
    assert found is not None
    assert (found.n, found.low, found.high, found.range) == (3, 60, 95, 35)
    assert (found.mean, found.mean_deviation) == (Decimal("75.000"), Decimal("13.333"))
    assert spread([]) is None
