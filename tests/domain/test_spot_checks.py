"""Spot checks: what holds together, what is counted, and the exact limit against published tables and scipy."""

from datetime import UTC, datetime
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from service.domain.errors import Refused
from service.domain.inspect.draws import Drawn, draw
from service.domain.inspect.findings import tabulate
from service.domain.inspect.frames import freeze
from service.domain.inspect.spot_checks import ATTRIBUTES, SpotCheck, check
from service.domain.inspect.stratified_bounds import upper_limit

GOOD = dict.fromkeys(ATTRIBUTES, True)
LOST = {"found": False}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def spot(serial="R001", attributes=GOOD, **changes):
    values = {"id": f"c-{serial}", "draw": "d1", "serial": serial, "attributes": attributes, "at": NOON, "by": "u1"}
    return SpotCheck(**(values | changes))


def drawn_of(*serials, stratum=None):
    return [Drawn(serial, stratum, "0.1") for serial in serials]


# --- One spot check ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attributes", "failed"),
    [
        (GOOD, ()),
        (GOOD | {"true": False}, ("true",)),
        (GOOD | {"complete": False, "timely": False}, ("complete", "timely")),
        (LOST, ("found",)),
        (dict.fromkeys(ATTRIBUTES) | LOST, ("found",)),
    ],
)
def test_an_item_errs_if_any_attribute_fails(attributes, failed):
    checked = check(spot(attributes=attributes))
    assert (checked.failed, checked.errs) == (failed, bool(failed))


@pytest.mark.parametrize(
    ("attributes", "faults"),
    [
        (LOST | {"complete": True}, {"attributes.complete": "void_when_not_found"}),
        (LOST | {"true": False, "timely": None}, {"attributes.true": "void_when_not_found"}),
        ({}, {f"attributes.{name}": "missing" for name in ATTRIBUTES}),
        (GOOD | {"found": None}, {"attributes.found": "missing"}),
        (GOOD | {"timely": None}, {"attributes.timely": "missing"}),
        (GOOD | {"signed": True}, {"attributes.signed": "unknown_attribute"}),
        (GOOD | {"true": 1}, {"attributes.true": "wrong_type"}),
        (GOOD | {"found": "no"}, {"attributes.found": "wrong_type"}),
    ],
)
def test_contradictions_and_gaps_are_refused_by_attribute(attributes, faults):
    with pytest.raises(Refused) as refused:
        check(spot(attributes=attributes))
    assert refused.value.reason == "invalid"
    assert {fault.field: fault.reason for fault in refused.value.faults} == faults
    assert all(fault.message for fault in refused.value.faults)


def test_the_attributes_are_data():
    own = ("found", "signed", "recipient_confirms")
    assert check(spot(attributes=dict.fromkeys(own, True)), own)
    findings = tabulate(
        [spot(attributes={"found": True, "signed": False, "recipient_confirms": True})], drawn_of("R001"), 9, own
    )
    assert findings.failures == {"found": 0, "signed": 1, "recipient_confirms": 0}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": ""}, "id"),
        ({"by": ""}, "by"),
        ({"at": datetime(2026, 3, 2, 12)}, "at"),  # noqa: DTZ001
        ({"note": "x" * 2001}, "note"),
        ({"note": "改\u202e过"}, "note"),
        ({"note": "a\x00"}, "note"),
    ],
)
def test_a_record_that_cannot_be_kept_is_refused(changes, field):
    with pytest.raises(Refused) as refused:
        check(spot(**changes))
    assert [fault.field for fault in refused.value.faults] == [field]


def test_a_note_may_have_lines():
    assert check(spot(note="第一行\n第二行\t完"))


# --- Findings ----------------------------------------------------------------------------------------------------


def test_not_found_stays_in_the_denominator():
    frame = freeze(f"R{number:03d}" for number in range(200))
    drawn = draw(frame, "seed", 60)
    results = [GOOD] * 57 + [LOST, GOOD | {"true": False}, GOOD | {"true": False, "timely": False}]
    checks = [spot(item.serial, result) for item, result in zip(drawn, results, strict=True)]
    findings = tabulate(checks, drawn, frame.sizes())
    assert (findings.population, findings.drawn, findings.n, findings.errors) == (200, 60, 60, 3)
    assert findings.failures == {"found": 1, "complete": 0, "true": 2, "timely": 1}
    assert findings.rate == Fraction(3, 60)
    assert findings.limit == upper_limit(3, 60, 200)
    assert findings.limit_share == Fraction(findings.limit, 200)
    assert (findings.limit_reason, findings.missing, findings.strata) == (None, (), ())


def test_the_worked_example_of_no_error_among_sixty():
    drawn = drawn_of(*(f"R{number}" for number in range(60)))
    findings = tabulate([spot(item.serial) for item in drawn], drawn, 200)
    assert (findings.errors, findings.limit, findings.limit_share) == (0, 8, Fraction(4, 100))


def test_while_items_are_missing_there_is_no_limit_and_they_are_listed():
    drawn = drawn_of("R1", "R2", "R3")
    findings = tabulate([spot("R2")], drawn, 10)
    assert (findings.n, findings.rate, findings.missing) == (1, 0, ("R1", "R3"))
    assert (findings.limit, findings.limit_share, findings.limit_reason) == (None, None, "unchecked")
    nothing = tabulate([], drawn, 10)
    assert (nothing.n, nothing.rate, nothing.limit, nothing.limit_reason) == (0, None, None, "unchecked")


def test_strata_have_their_own_limits_and_a_valid_one_together():
    frame = freeze([f"R{number:03d}" for number in range(400)], ["一般"] * 350 + ["重点"] * 50)
    drawn = draw(frame, "seed", 30)
    bad = {item.serial for item in drawn if item.stratum == "一般"}
    bad = set(sorted(bad)[:3])
    checks = [spot(item.serial, LOST if item.serial in bad else GOOD) for item in drawn]
    findings = tabulate(checks, drawn, frame.sizes())
    assert (findings.limit, findings.limit_method) == (81, "wendell_schmee")
    assert findings.limit > upper_limit(3, 60, 400)  # pooled, which would claim too little
    assert [(part.stratum, part.n, part.errors, part.limit) for part in findings.strata] == [
        ("一般", 30, 3, upper_limit(3, 30, 350)),
        ("重点", 30, 0, upper_limit(0, 30, 50)),
    ]
    assert (findings.n, findings.errors, findings.failures["found"]) == (60, 3, 3)
    # 350/400 of the records have a tenth of errors: 8.75 %, not the 5 % of 3 in 60.
    assert findings.rate == Fraction(350, 400) * Fraction(3, 30)


def test_a_stratum_without_checks_leaves_no_overall_rate():
    drawn = drawn_of("R1", stratum="a") + drawn_of("R2", stratum="b")
    findings = tabulate([spot("R1")], drawn, {"a": 5, "b": 7})
    assert (findings.rate, findings.missing) == (None, ("R2",))
    assert [part.limit_reason for part in findings.strata] == [None, "unchecked"]


def test_a_single_stratum_has_its_limit_at_the_top():
    drawn = drawn_of("R1", "R2", stratum="a")
    findings = tabulate([spot("R1"), spot("R2")], drawn, {"a": 2})
    assert (findings.stratum, findings.limit, findings.strata) == ("a", 0, ())


def test_checks_outside_the_draw_and_second_checks_are_refused():
    with pytest.raises(Refused, match="R9 was not drawn"):
        tabulate([spot("R9")], drawn_of("R1"), 10)
    with pytest.raises(Refused, match="R1 stands here more than once"):
        tabulate([spot("R1"), spot("R1", id="other")], drawn_of("R1"), 10)


# --- The exact limit ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("errors", "n", "population", "limit"), [(0, 60, 200, 8), (1, 60, 500, 36)])
def test_worked_limits(errors, n, population, limit):
    assert upper_limit(errors, n, population) == limit


@pytest.mark.parametrize(("population", "n"), [(100, 45), (200, 51), (500, 56), (1000, 57)])
def test_smallest_draw_without_error_that_shows_less_than_five_percent(population, n):
    # The draw that rejects 5 % of the population erring, and the next smaller one that does not.
    assert upper_limit(0, n, population) < population * 5 // 100 <= upper_limit(0, n - 1, population)


# AICPA audit sampling table, 5 % risk: upper limits in percent for 0, 1, 2, ... errors, rounded up to 0.1.
AICPA = {30: [9.6, 14.9, 19.6], 60: [4.9, 7.7, 10.2, 12.5, 14.7, 16.8]}


@pytest.mark.parametrize(("n", "errors", "percent"), [(n, k, p) for n, row in AICPA.items() for k, p in enumerate(row)])
def test_in_a_very_large_population_the_limit_is_the_published_table(n, errors, percent):
    population = 10_000_000
    assert ceil(Fraction(1000 * upper_limit(errors, n, population), population)) == round(10 * percent)


@given(st.integers(1, 400), st.data())
def test_the_limit_is_where_the_tail_of_scipy_crosses(population, data):
    n = data.draw(st.integers(1, population))
    errors = data.draw(st.integers(0, n))
    limit = upper_limit(errors, n, population)
    assert hypergeom.cdf(errors, population, limit, n) > 0.05 - 1e-9
    if limit < population - (n - errors):
        assert hypergeom.cdf(errors, population, limit + 1, n) <= 0.05 + 1e-9


@given(st.integers(1, 60), st.data())
def test_limits_grow_with_errors_and_a_census_has_no_uncertainty(population, data):
    n = data.draw(st.integers(1, population))
    limits = [upper_limit(errors, n, population) for errors in range(n + 1)]
    assert limits == sorted(set(limits))
    assert [upper_limit(errors, population, population) for errors in range(population + 1)] == [*range(population + 1)]


def test_the_limit_covers_as_often_as_it_says():
    # Exactly, over all possible numbers of erring items: P(limit >= truth) >= 95 %.
    population, n = 80, 20
    limits = [upper_limit(errors, n, population) for errors in range(n + 1)]
    for truth in range(population + 1):
        covered = sum(hypergeom.pmf(errors, population, truth, n) for errors in range(n + 1) if limits[errors] >= truth)
        assert covered >= 0.95 - 1e-9


def test_a_probability_equal_to_the_risk_is_rejected_exactly():
    # One of 20 erring, 19 drawn, none seen: the chance is exactly 1/20, which is not more than 5 %.
    assert upper_limit(0, 19, 20) == 0
    assert upper_limit(0, 18, 20) == 1


def test_another_confidence():
    assert (
        upper_limit(0, 60, 200, Fraction(9, 10)) < upper_limit(0, 60, 200) < upper_limit(0, 60, 200, Fraction(99, 100))
    )


@pytest.mark.parametrize(("errors", "n", "population"), [(-1, 5, 10), (6, 5, 10), (0, 11, 10), (0, 0, 10)])
def test_impossible_counts_are_a_mistake_of_the_caller(errors, n, population):
    with pytest.raises(ValueError, match="impossible"):
        upper_limit(errors, n, population)
