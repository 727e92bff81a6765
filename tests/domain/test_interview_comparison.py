"""Comparisons of interviews with slips against the published figures; what may not be computed says why."""

from decimal import Decimal
from fractions import Fraction

import pytest

from service.domain.inspect.interview_comparison import (
    REASONS,
    Corrected,
    PairedAnswer,
    Pairs,
    agreement,
    difference,
    two_phase,
)


def near(value: Decimal | None, wanted: float, places: int) -> bool:
    return value is not None and round(float(value), places) == wanted


def test_the_difference_of_two_samples_has_newcombes_interval() -> None:
    # Newcombe 1998 (Stat. Med. 17:873-890), example (a) of table II: 56/70 and 48/80, method 10: 0.0524 to 0.3339.
    found = difference((56, 70), (48, 80))
    assert found is not None
    assert found.value == Decimal("0.2")
    assert near(found.interval[0], 0.0524, 4)
    assert near(found.interval[1], 0.3339, 4)
    # His examples (c) and (h): extreme counts stay within -1 and 1.
    c, h = difference((6, 7), (2, 7)), difference((10, 10), (0, 10))
    assert c is not None
    assert near(c.interval[0], 0.0582, 4)
    assert near(c.interval[1], 0.8062, 4)
    assert h is not None
    assert near(h.interval[0], 0.6075, 4)
    assert h.interval[1] == 1


def test_no_difference_without_answers_on_both_sides() -> None:
    assert difference((0, 0), (1, 2)) is None
    assert difference((1, 2), (0, 0)) is None


def test_the_two_phase_share_is_the_published_one() -> None:
    # 400 slips of which 360 claim good; of 60 called back 46 of 54 claimers and 1 of 6 others confirm.
    found = two_phase((360, 400), Pairs(46, 8, 1, 5))
    assert isinstance(found, Corrected)
    assert near(found.value, 0.7833, 4)
    assert near(found.error, 0.0481, 4)
    assert found.interval[0] < found.value < found.interval[1]


@pytest.mark.parametrize(
    ("first", "pairs", "reason"),
    [
        ((0, 0), Pairs(0, 0, 0, 0), "no_answers"),
        ((3, 4), Pairs(0, 0, 0, 0), "no_pairs"),
        ((30, 40), Pairs(5, 1, 1, 0), "too_few_pairs"),
        ((3, 9), Pairs(4, 0, 1, 1), "pairs_exceed_first"),
    ],
)
def test_what_cannot_be_corrected_says_why(first: tuple[int, int], pairs: Pairs, reason: str) -> None:
    assert two_phase(first, pairs) == reason
    assert reason in REASONS


def test_a_group_that_nobody_is_in_needs_no_pairs() -> None:
    found = two_phase((40, 40), Pairs(9, 1, 0, 0))
    assert isinstance(found, Corrected)
    assert found.value == Decimal("0.9")
    alike = two_phase((40, 40), Pairs(10, 0, 0, 0))  # ten interviews that all agree make the others' not certain
    assert isinstance(alike, Corrected)
    assert [round(float(end), 4) for end in alike.interval] == [0.7225, 1]  # Wilson of 10 of 10


def test_agreement_of_the_same_persons_is_the_published_one() -> None:
    found = agreement(Pairs(46, 8, 1, 5))
    assert found is not None
    assert near(found.p, 0.0391, 4)
    assert near(found.shift, -0.1167, 4)
    assert near(found.kappa, 0.4512, 4)
    assert near(found.agreement, 0.85, 4)


def test_agreement_agrees_with_the_library() -> None:
    from scipy.stats import binomtest

    for b, c in ((0, 0), (3, 0), (7, 7), (12, 5)):
        found = agreement(Pairs(10, b, c, 3))
        assert found is not None
        wanted = binomtest(min(b, c), b + c).pvalue if b + c else 1
        assert abs(float(found.p) - wanted) < 1e-8


def test_agreement_without_pairs_or_without_difference() -> None:
    assert agreement(Pairs(0, 0, 0, 0)) is None
    same = agreement(Pairs(5, 0, 0, 0))
    assert same is not None
    assert same.kappa is None
    assert same.agreement == 1


def test_pairs_are_counted() -> None:
    said = [(True, True), (True, False), (True, False), (False, True), (False, False)]
    found = Pairs.of(PairedAnswer(str(place), "plan", *each) for place, each in enumerate(said))
    assert found == Pairs(1, 2, 1, 1)
    assert Fraction(found.n, 5) == 1
