"""The interval of a total: published standard errors, propagation by weight, and grades that are not separated."""

from dataclasses import replace
from decimal import Decimal

import pytest
from scheme_files import CHECK, COMMON, COUNT, EXPERT, SURVEY, check, one, opinion, scheme_of, survey

from service.domain.evaluate import standard_errors
from service.domain.evaluate.evidence import Evidence, Quantity
from service.domain.evaluate.intervals import TotalInterval, of_total
from service.domain.evaluate.schemes import Scheme
from service.domain.evaluate.scores import score
from service.domain.inspect.counter_corrections import Correction


def near(value: Decimal | None, expected: float, places: int = 4) -> bool:
    return value is not None and round(float(value), places) == expected


def test_standard_errors_are_those_of_the_books() -> None:
    # 54 of 60, N = 400: Wilson .8080 to .9506.
    assert near(standard_errors.of_share(54, 60, population=400, issued=60), 3.6381)
    assert near(standard_errors.of_error_rate([(2, 20, 80), (4, 40, 320)], limit=60), 3.7874)


def test_nothing_seen_is_not_taken_as_certain() -> None:
    assert (standard_errors.of_share(60, 60, population=400, issued=60) or 0) > 1
    assert (standard_errors.of_error_rate([(0, 20, 80), (0, 40, 320)], limit=20) or 0) > 3  # (5 % - 0) / 1.645
    assert standard_errors.of_error_rate([(0, 20, 80), (0, 40, 320)], limit=None) is None


def test_a_census_has_no_sampling_error_and_a_silent_one_none_that_is_known() -> None:
    assert standard_errors.of_share(30, 40, population=40, issued=40) == 0
    assert standard_errors.of_share(30, 35, population=40, issued=40) is None
    assert standard_errors.of_error_rate([(2, 40, 40)], limit=2) == 0
    assert standard_errors.of_error_rate([(2, 40, 80), (0, 0, 40)], limit=None) is None
    assert standard_errors.of_error_rate([(2, 40, 80), (0, 1, 40)], limit=50) is None


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"lower": Decimal(80), "upper": Decimal(120), "interval": "ratio_t"}, 10.2043),
        ({"lower": Decimal(80), "upper": Decimal(100), "interval": "worst_case"}, 12.1591),
        ({"reason": "census"}, 0.0),
        ({"reason": "no_bound"}, None),
    ],
)
def test_a_corrected_volume_has_that_of_its_own_interval(found: dict, expected: float | None) -> None:
    of = standard_errors.of_correction(Correction("G18", "corrected", Decimal(120), Decimal(100), **found))
    assert of is None if expected is None else near(of, expected)


# --- propagation

WORKED = scheme_of(
    f"id: professional, weight: 20, {EXPERT}",
    f"id: volume, weight: 20, {EXPERT}",
    f"id: quality, weight: 30, type: composite, {COMMON}",
    f"id: satisfaction, parent: quality, weight: 40, {SURVEY}",
    f"id: benefit, parent: quality, weight: 60, {EXPERT}",
    f"id: management, weight: 30, {EXPERT}",
)
OPINIONS = (
    opinion("professional", "92"),
    opinion("volume", "88"),
    opinion("benefit", "90"),
    opinion("management", "95"),
)


def interval(scheme: Scheme, evidence: Evidence) -> TotalInterval:
    return of_total(scheme, evidence, score(scheme, evidence))


def test_the_worked_total_of_90_36_is_not_separated_from_the_grade_below() -> None:
    found = interval(WORKED, Evidence((survey("satisfaction", se=Decimal("2.144")),), judgements=OPINIONS))
    assert near(found.se, 0.2573)  # 30 % × 40 % × 2.144
    assert (near(found.lower, 89.8557), near(found.upper, 90.8643)) == (True, True)
    assert found.grade is not None
    assert found.grade.id == "a"
    assert [band.id for band in found.not_separated] == ["b"]
    assert found.unstated == ()
    assert {leaf.reason for leaf in found.leaves if leaf.node != "satisfaction"} == {"not_sampled"}
    sure = interval(WORKED, Evidence((survey("satisfaction", se=Decimal("0.5")),), judgements=OPINIONS))
    assert sure.not_separated == ()


def test_a_figure_without_a_probability_sample_is_named_instead() -> None:
    found = interval(WORKED, Evidence((survey("satisfaction"),), judgements=OPINIONS))
    assert (found.se, found.unstated) == (0, ("satisfaction",))
    assert found.lower == found.total == found.upper


TWO = scheme_of(
    f"id: here, weight: 50, {SURVEY}",
    f"id: there, weight: 50, {SURVEY}",
)


def test_independent_samples_add_as_squares_and_one_sample_adds_as_it_is() -> None:
    apart = (survey("here", se=Decimal(3)), survey("there", campaign="c2", se=Decimal(4)))
    assert near(interval(TWO, Evidence(apart)).se, 2.5)  # √(1.5² + 2²)
    same = (apart[0], replace(apart[1], campaign="c1"))
    assert near(interval(TWO, Evidence(same)).se, 3.5)


def test_caps_steps_and_targets_are_met_as_they_are() -> None:
    def volume(verified: str) -> TotalInterval:
        made = Quantity("q", "x", Decimal(100), None, Decimal(verified), draw="d1", se=Decimal(10))
        return interval(one(COUNT), Evidence(quantities=(made,)))

    assert near(volume("50").se, 10.0)
    assert volume("150").se == 0  # the cap is far below
    assert 0 < volume("105").se < 10
    errors = interval(one(CHECK), Evidence(checks=(check(se=Decimal(2)),)))
    assert near(errors.se, 10.0)  # 5 points of 100 for each percent of errors


def test_the_interval_stays_within_0_and_100() -> None:
    found = interval(one(SURVEY), Evidence((survey("x", "99", se=Decimal(5)),)))
    assert found.upper == 100
    assert found.lower < 95
