"""Kappa against published examples and against its definition; who is drawn to be checked again and by whom."""

import random
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from service.domain.errors import Refused
from service.domain.inspect import back_checks
from service.domain.inspect.back_checks import agreement, choose, compare, finished_frame, hand_out
from service.domain.inspect.draws import ticket_number
from service.domain.inspect.spot_checks import SpotCheck

SEED = "7752f67bf0ef2aaefc28be1cfa9ea0f4776b26f470d17561e8b2b931f3a24da2"
AT = datetime(2026, 3, 2, tzinfo=UTC)


def pairs(yes_yes: int, yes_no: int, no_yes: int, no_no: int) -> list[tuple[bool, bool]]:
    cells = {(True, True): yes_yes, (True, False): yes_no, (False, True): no_yes, (False, False): no_no}
    return [pair for pair, count in cells.items() for _ in range(count)]


def test_kappa_of_published_examples() -> None:
    # Sim and Wright, Physical Therapy 85 (2005) 257-268: two clinicians, 39 patients, kappa .67.
    shown = agreement("relevant", pairs(22, 2, 4, 11))
    assert (shown.n, shown.agreed, shown.kappa) == (39, 33, Fraction(2, 3))
    # Two doctors, 20 patients, printed as .21 (a textbook page on Cohen's kappa).
    shown = agreement("disease", pairs(12, 2, 4, 2))
    assert (shown.observed, shown.kappa) == (Fraction(7, 10), Fraction(4, 19))


def test_kappa_by_its_definition_on_random_tables() -> None:
    chance = random.Random(4)
    for _ in range(200):
        counts = [chance.randrange(6) for _ in range(4)]
        both, first, second, neither = counts
        n = sum(counts)
        found = agreement("any", pairs(*counts))
        assert found.n == n
        if not n:
            assert (found.kappa, found.reason) == (None, "no_pairs")
            continue
        expected = Fraction((both + first) * (both + second) + (second + neither) * (first + neither), n * n)
        if expected == 1:
            assert (found.kappa, found.reason, found.observed) == (None, "one_value", 1)
        else:
            assert found.kappa == (Fraction(both + neither, n) - expected) / (1 - expected)
            assert found.reason is None
            assert -1 <= found.kappa <= 1


def spot(serial: str, part: str, **attributes: bool | None) -> SpotCheck:
    whole = {"found": True, "complete": True, "true": True, "timely": True} | attributes
    return SpotCheck(f"{part}-{serial}", "draw-1", serial, whole, AT, "somebody", part=part)


def test_two_looks_are_compared_where_both_could_judge() -> None:
    lost = {"found": False, "complete": None, "true": None, "timely": None}
    first = [spot("a", "first"), spot("b", "first", complete=False), spot("c", "first", **lost), spot("d", "first")]
    second = [spot("a", "again"), spot("b", "again"), spot("c", "again", **lost), spot("d", "again", **lost)]
    told = compare(zip(first, second, strict=True), waiting=3)
    by_name = {one.attribute: (one.n, one.agreed, one.kappa, one.reason) for one in told.attributes}
    assert by_name["found"] == (4, 3, Fraction(1, 2), None)
    assert by_name["complete"] == (2, 1, 0, None)
    assert by_name["true"] == (2, 2, None, "one_value")
    assert (told.overall.n, told.overall.agreed, told.overall.kappa) == (4, 2, 0)
    assert told.differing == (("b", "complete"), ("d", "found"))
    assert told.waiting == 3
    assert compare([], 0).overall.reason == "no_pairs"


@pytest.mark.parametrize(("share", "each"), [("0.10", [1, 1, 3]), ("0.15", [1, 2, 4]), ("0.20", [1, 2, 5])])
def test_every_auditor_is_covered_by_the_smallest_tickets(share: str, each: list[int]) -> None:
    checked = {f"R{number:02}": "one" if number < 1 else "two" if number < 9 else "three" for number in range(34)}
    frame = finished_frame(checked)
    chosen = choose(frame, SEED, Decimal(share))
    counted = Counter(item.stratum for item in chosen)
    assert [counted[name] for name in ("one", "two", "three")] == each
    for name, count in counted.items():
        own = sorted(
            (serial for serial in checked if checked[serial] == name), key=lambda one: ticket_number(SEED, one)
        )
        assert [item.serial for item in chosen if item.stratum == name] == own[:count]
    assert choose(finished_frame(dict(reversed(checked.items()))), SEED, Decimal(share)) == chosen


def test_second_looks_are_spread_and_need_somebody() -> None:
    chosen = choose(finished_frame({f"R{number}": "one" for number in range(40)}), SEED, Decimal("0.20"))
    holders = hand_out(chosen, {item.serial: ["three", "two", "four"] for item in chosen})
    assert sorted(Counter(holders.values()).values()) == [2, 3, 3]
    with pytest.raises(Refused) as caught:
        hand_out(chosen, {item.serial: [] for item in chosen})
    assert caught.value.faults[0].reason == "nobody_else"


@pytest.mark.parametrize("share", ["0.09", "0.21", "0", "1", "-0.1"])
def test_a_share_outside_ten_to_twenty_percent_is_refused(share: str) -> None:
    with pytest.raises(Refused):
        back_checks.check_share(Decimal(share))
