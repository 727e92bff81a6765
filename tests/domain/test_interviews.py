"""Rules of interviews without a database: response rates as published, tries over days and hours, what is effective."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from service.domain.inspect.dispositions import DISPOSITIONS, EFFECTIVE, FAILURES, GROUPS, NOT_TRIED, rates
from service.domain.inspect.interview_rules import InterviewRules, ending, may_try, tried
from service.domain.inspect.interviews import quotas, right
from service.domain.keys import Key

RULES = InterviewRules()
TEN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10:00 in China
SAID = {"served": "yes", "service": "home help", "period": "February"}


def hours(*after: float) -> list[datetime]:
    return [TEN + timedelta(hours=each) for each in after]


def test_the_six_rates_are_the_published_ones() -> None:
    endings = {"complete": 300, "partial": 20, "refused": 60, "not_reached": 80, "unable": 10, "never_served": 50}
    endings |= {NOT_TRIED: 60, "no_answer": 40, "number_dead": 30}
    found = rates(code for code, number in endings.items() for _ in range(number))
    assert found.eligible_share == Fraction(470, 520)
    assert [round(float(rate), 4) for rate in found.rates.values() if rate is not None] == [
        0.5000,
        0.5333,
        0.5106,
        0.5447,
        0.6383,
        0.6809,
    ]
    assert found.interim


def test_rates_of_nobody_and_of_those_not_eligible_are_none() -> None:
    assert set(rates([]).rates.values()) == {None}
    found = rates(["never_served", "staff_number"])
    assert found.counts["NE"] == 2
    assert not found.interim
    assert set(found.rates.values()) == {None}


def test_every_disposition_stands_in_a_group_and_failures_are_final() -> None:
    assert {each.group for each in DISPOSITIONS.values()} == set(GROUPS)
    assert all(DISPOSITIONS[code].closes and not DISPOSITIONS[code].by_answers for code in FAILURES)
    assert DISPOSITIONS[EFFECTIVE].by_answers


@pytest.mark.parametrize(
    ("tries", "lacking"),
    [
        ([], ("attempts", "days", "bands")),
        (hours(0, 1, 1.5), ("days", "bands")),  # three in one morning
        (hours(0, 5, 9), ("days",)),
        (hours(0, 24, 48), ("bands",)),  # three days, always in the morning
        (hours(0, 29), ("attempts",)),
        (hours(0, 5, 24), ()),
        (hours(0, 14, 38), ("bands",)),  # midnight lies in no band
    ],
)
def test_three_tries_on_two_days_in_two_bands_of_hours(tries: list[datetime], lacking: tuple[str, ...]) -> None:
    assert tried(RULES, tries).lacking == lacking


def test_nobody_is_tried_twice_in_one_band_on_one_day() -> None:
    assert not may_try(RULES, hours(0), *hours(1))
    assert may_try(RULES, hours(0), *hours(2.5))  # 12:30: another band
    assert may_try(RULES, hours(0), *hours(24))


@pytest.mark.parametrize(
    ("answered", "asked", "said", "found"),
    [
        (8, 10, SAID, "complete"),
        (7, 10, SAID, "partial"),
        (5, 10, SAID, "partial"),
        (4, 10, SAID, "break_off"),
        (10, 10, SAID | {"period": " "}, "partial"),
        (0, 0, SAID, "partial"),
    ],
)
def test_what_is_effective(answered: int, asked: int, said: dict[str, str], found: str) -> None:
    assert ending(RULES, answered, asked, said) == found


def test_numbers_of_a_station_add_up_whatever_the_strata_are() -> None:
    for sizes in ({"": 500}, {"a": 1, "b": 1, "c": 1}, {"a": 301, "b": 99, "c": 7, "d": 3}):
        spread = quotas(sizes, {"phone": 50, "on_site": 10})
        for mode, number in (("phone", 50), ("on_site", 10)):
            wanted = min(number, sum(sizes.values()))
            assert sum(each["effective"] for each in spread if each["mode"] == mode) == wanted


def test_a_right_is_a_code_of_its_own_for_each_plan_person_and_key() -> None:
    made = {
        right(Key(secret), plan, serial)
        for secret in (b"a" * 32, b"b" * 32)
        for plan in ("p", "q")
        for serial in ("1", "2")
    }
    assert len(made) == 8
    assert right(Key(b"a" * 32), "p", "1") in made
