"""Quality marks against examples computed by hand, and against the published ones of the literature."""

from datetime import UTC, datetime

import pytest
from scipy.stats import poisson

from service.domain.collect import quality, quality_persons, quality_places
from service.domain.collect.quality import EXCLUDE, KEEP, RULES, Mark, MarkedResponse, QualityDecision
from service.domain.errors import Refused

DEFAULTS = quality.parameters({})
AT = datetime(2026, 3, 2, tzinfo=UTC)


def test_twelve_where_two_were_expected_is_one_in_a_million() -> None:
    assert f"{quality_places.burst_probability(12, 2):.1e}" == "1.4e-06"
    assert quality_places.burst_probability(0, 2) == 1
    for expected in (0.01, 0.7, 2, 31.5, 700):
        for seen in (1, 2, 12, 31, 32, 90, 690, 1100):
            wanted = pytest.approx(float(poisson.sf(seen - 1, expected)), rel=1e-9, abs=1e-300)
            assert quality_places.burst_probability(seen, expected) == wanted


def test_within_person_deviation_of_one_four_among_fives() -> None:
    assert round(quality_persons.deviation_within([5, 5, 5, 5, 4, 5, 5, 5]), 4) == 0.3536
    assert quality_persons.deviation_within([5]) == 0
    assert quality_persons.longest_run([5, 5, 5, 5, 4, 5, 5, 5]) == 4
    assert quality_persons.longest_run([]) == 0


@pytest.mark.parametrize(
    ("levels", "changed", "found"),
    [
        ([5] * 8, {}, (8, 8)),
        ([5] * 7, {}, None),  # a short scale: identical answers are normal
        ([5, 5, 5, 5, 4, 5, 5, 5], {}, None),
        ([5, 5, 5, 5, 4, 5, 5, 5], {"deviation": 0.36, "share_of_items": 0.5}, (4, 4)),
        ([5, 5, 5, 5, 4, 5, 5, 5], {"deviation": 0.35, "share_of_items": 0.5}, None),
        ([1] * 4, {"least_items": 4}, (4, 4)),
    ],
)
def test_straight_line(levels: list[int], changed: dict[str, float], found: tuple[float, float] | None) -> None:
    assert quality_persons.straight_line(levels, DEFAULTS["straight_line"] | changed) == found


def test_the_median_class_is_the_one_in_which_the_middle_person_lies() -> None:
    assert quality_persons.median_class({0: 99, 7: 10, 8: 11, 9: 4}, 20) == 8  # 25 timed: the 13th is in class 8
    assert quality_persons.median_class({7: 10, 8: 10}, 20) == 7  # the lower one of two
    assert quality_persons.median_class({7: 19}, 20) is None
    assert quality_persons.median_class({0: 50}, 0) is None


@pytest.mark.parametrize(
    ("duration", "items", "median", "found"),
    [
        (4, 10, 8, (30, 45, 90)),  # 20 to 30 s against half of 90 s, the least that the median can be
        (5, 10, 8, (45, 45, 90)),
        (6, 10, 8, None),  # 45 to 60 s: it may have been 59
        (2, 10, None, (10, 10, 0)),  # 5 to 10 s for ten items: under a second each, without a median
        (3, 10, None, None),
        (0, 10, 8, None),  # unknown is not fast
        (14, 10, 8, None),  # an hour or more
    ],
)
def test_too_fast_only_where_the_whole_class_is(duration: int, items: int, median: int | None, found: object) -> None:
    assert quality_persons.too_fast(duration, items, median, DEFAULTS["too_fast"]) == found


def test_open_text_is_the_same_across_writing_habits_and_questions_are_kept_apart() -> None:
    one, other = "服务很好,ＶＥＲＹ good!", "服务很好， very GOOD"
    assert quality_persons.normalised(one) == quality_persons.normalised(other) == "服务很好verygood"
    assert quality_persons.fingerprint("wish", one, 8) == quality_persons.fingerprint("wish", other, 8)
    assert quality_persons.fingerprint("wish", one, 8) != quality_persons.fingerprint("more", one, 8)
    assert quality_persons.fingerprint("wish", "谢谢", 8) is None


def test_before_the_session_only_when_the_whole_hour_was() -> None:
    start = quality_persons.session_start("2026-03-02T14:30", 8)  # 06:30 UTC
    assert quality_persons.before_session("2026-03-02T04", start) == 1.5
    assert quality_persons.before_session("2026-03-02T05", start) == 0.5
    assert quality_persons.before_session("2026-03-02T06", start) is None  # nobody can tell
    assert quality_persons.before_session("2026-03-01T06", quality_persons.session_start("soon", 8)) is None


@pytest.mark.parametrize(
    ("hour", "local"),
    [
        ("2026-03-01T15", 23),
        ("2026-03-01T16", 0),
        ("2026-03-01T21", 5),
        ("2026-03-01T22", None),
        ("2026-03-01T14", None),
    ],
)
def test_night_is_that_of_the_place_where_people_live(hour: str, local: int | None) -> None:
    assert quality_persons.at_night(hour, DEFAULTS["night"]) == local


def test_expected_is_the_rate_of_the_sites_other_hours() -> None:
    """Two days, hours 9 and 10 of each used: four slots, 3 answers in the three others than the busy one."""
    hours = {"2026-03-02T01": 12, "2026-03-02T02": 1, "2026-03-03T02": 2}
    assert quality_places.expected_elsewhere(hours, "2026-03-02T01", 8) == 1
    assert quality_places.expected_elsewhere({"2026-03-02T01": 12}, "2026-03-02T01", 8) is None


def test_a_burst_is_marked_with_what_was_expected() -> None:
    sites = {
        "east": {f"2026-03-0{day}T0{hour}": 2 for day in range(2, 6) for hour in range(1, 5)} | {"2026-03-06T01": 12},
        "west": {f"2026-03-0{day}T01": 2 for day in range(2, 6)},
    }
    [mark] = quality_places.bursts(sites, DEFAULTS)
    # East: 32 answers in the 19 other hours of 5 days x 4; 21 hours are tested.
    assert (mark.kind, dict(mark.place), mark.n) == ("burst", {"site": "east", "hour": "2026-03-06T01"}, 12)
    assert mark.reference == round(32 / 19, 5)
    assert mark.threshold == pytest.approx(0.01 / 21, rel=1e-4)
    assert mark.value == pytest.approx(quality_places.burst_probability(12, 32 / 19), rel=1e-4)


def test_nearly_all_slips_in_one_hour_unless_the_evaluator_handed_them_to_all_present() -> None:
    hours = {"2026-03-02T01": 18, "2026-03-02T07": 2}
    groups = {("east", "", way): hours for way in ("all_present_provider", "all_present_evaluator")}
    [mark] = quality_places.within_one_hour(groups, dict.fromkeys(groups, 30), DEFAULTS)
    assert mark.place == {
        "site": "east",
        "session": "",
        "distribution": "all_present_provider",
        "hour": "2026-03-02T01",
    }
    assert (mark.value, mark.n) == (0.9, 18)
    fewer = {key: {"2026-03-02T01": 17, "2026-03-02T07": 3} for key in groups}
    assert quality_places.within_one_hour(fewer, dict.fromkeys(groups, 30), DEFAULTS) == []


def test_sites_with_too_much_of_something() -> None:
    slips = {("east", "", "free_choice"): 10}
    assert quality_places.more_than_slips({("east", "", "free_choice"): 10, ("west", "", "poster"): 99}, slips) == []
    [more] = quality_places.more_than_slips({("east", "", "free_choice"): 11}, slips)
    assert (more.value, more.threshold) == (11, 10)
    [contacts] = quality_places.more_than_contacts({"east": 41, "west": 40}, {"east": 40, "west": 40}, DEFAULTS)
    assert contacts.place == {"site": "east"}
    [helped] = quality_places.much_assisted({"east": 10, "west": 10}, {"east": 3, "west": 2}, DEFAULTS)
    assert (helped.place, helped.value) == ({"site": "east", "assistance": "service_staff"}, 0.3)
    [good] = quality_places.all_satisfied(
        {"east": 30, "west": 29, "north": 31}, {"east": 30, "west": 29, "north": 30}, DEFAULTS
    )
    assert good.place == {"site": "east"}


def test_every_rule_has_a_formula_limits_and_a_source_for_each_default() -> None:
    for rule in RULES.values():
        assert rule.formula
        assert rule.limits
        for parameter in rule.parameters.values():
            assert parameter.lowest <= parameter.default <= parameter.highest
            assert parameter.source


def test_wrong_parameters_are_named() -> None:
    given = {"night": {"from_hour": 24, "moon": 1}, "weather": {}}
    with pytest.raises(Refused) as caught:
        quality.parameters(given)
    wanted = ["parameters.night.from_hour", "parameters.night.moon", "parameters.weather"]
    assert [fault.field for fault in caught.value.faults] == wanted


def decision(number: int, verdict: str, scan: int = 1, kind: str = "night", **narrowed: object) -> QualityDecision:
    return QualityDecision(f"d{number}", "c", number, scan, kind, verdict, "seen", "e", AT, **narrowed)  # type: ignore[arg-type]


def test_the_latest_decision_holds_and_only_for_what_was_there_to_be_seen() -> None:
    old = Mark("night", {"site": "east", "hour": "h"}, 0, 23, final_id="a", since=1)
    new = Mark("night", {"site": "east", "hour": "h"}, 0, 23, final_id="b", since=2)
    decided = [decision(1, EXCLUDE), decision(2, KEEP, place={"site": "west"})]
    assert quality.verdict(old, decided) == EXCLUDE
    assert quality.verdict(new, decided) is None
    decided += [decision(3, KEEP, 2, place={"site": "east"}), decision(4, EXCLUDE, 2, final_ids=("b",))]
    assert [quality.verdict(mark, decided) for mark in (old, new)] == [KEEP, EXCLUDE]
    assert quality.verdict(old, [decision(1, EXCLUDE, kind="burst")]) is None


def test_keeping_under_one_mark_does_not_undo_another() -> None:
    marks = (Mark("night", {}, 0, 0, final_id="a", since=1), Mark("burst", {"site": "east"}, 0, 0, since=1))
    both = [MarkedResponse("a", "c", "g", marks), MarkedResponse("b", "c", "g", marks[1:])]
    decided = [decision(1, EXCLUDE, kind="burst"), decision(2, KEEP, kind="night")]
    assert quality.excluded(both, decided) == ["a", "b"]
    assert quality.excluded(both, [*decided, decision(3, KEEP, kind="burst", final_ids=("b",))]) == ["a"]
    assert quality.excluded(both, decided[1:]) == []
