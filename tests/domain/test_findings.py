"""Findings by attribute and stratum, each over its denominators, and what no estimate may be made of."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from service.domain.inspect.draws import Drawn
from service.domain.inspect.findings import FEEDS, not_random, tabulate
from service.domain.inspect.spot_checks import ATTRIBUTES, SpotCheck
from service.domain.inspect.stratified_bounds import Stratum, upper_bound, upper_limit

AT = datetime(2026, 3, 2, tzinfo=UTC)
GOOD = {"found": True, "complete": True, "true": True, "timely": True}
LOST = {"found": False}


def spot(number, attributes=GOOD, **more):
    return SpotCheck(f"s{number}", "d", f"R{number}", attributes, AT, "auditor", **more)


def drawn(count, strata=("",)):
    return [Drawn(f"R{number}", strata[number % len(strata)] or None, "0.1") for number in range(count)]


def test_each_attribute_has_its_denominators() -> None:
    results = [LOST, GOOD | {"complete": False}, GOOD | {"complete": False, "timely": False}] + [GOOD] * 57
    found = tabulate([spot(n, each) for n, each in enumerate(results)], drawn(60), 200)
    shown = {one.name: (one.n, one.judged, one.failed, one.lost, one.wanting) for one in found.attributes}
    assert shown == {
        "found": (60, 60, 0, 1, 1),
        "complete": (60, 59, 2, 1, 3),
        "true": (60, 59, 0, 1, 1),
        "timely": (60, 59, 1, 1, 2),
    }
    for one in found.attributes:
        assert one.rate == Fraction(one.wanting, 60)  # a lost record has not shown that it is complete
        assert (one.limit, one.limit_method) == (upper_limit(one.wanting, 60, 200), "hypergeometric")
        assert one.feeds == FEEDS[one.name]
    assert found.attribute("complete").rate_of_judged == Fraction(2, 59)
    assert found.errors == 3


def test_what_does_not_apply_is_not_judged_and_fails_nothing() -> None:
    finer = [{"signed": True}, {"signed": False}, {"signed": None}, {}]
    checks = [spot(n, details=each) for n, each in enumerate(finer)]
    signed = tabulate(checks, drawn(4), 10, (*ATTRIBUTES, "signed")).attribute("signed")
    assert (signed.n, signed.judged, signed.failed, signed.rate, signed.feeds) == (4, 2, 1, Fraction(1, 4), ())


def test_strata_together_have_a_valid_limit_for_every_attribute() -> None:
    items = drawn(60, ("a", "b"))
    checks = [spot(n, LOST if n in (0, 2, 4) else GOOD | {"true": n != 1}) for n in range(60)]
    found = tabulate(checks, items, {"a": 350, "b": 50})
    true = found.attribute("true")
    assert true.rate == (Fraction(350 * 3, 30) + Fraction(50 * 1, 30)) / 400
    assert true.limit == upper_bound([Stratum(350, 30, 3), Stratum(50, 30, 1)]).limit
    assert true.limit_method == "wendell_schmee"
    assert [part.attribute("true").limit for part in found.strata] == [upper_limit(3, 30, 350), upper_limit(1, 30, 50)]
    assert found.limit == true.limit


def test_a_stratum_of_which_nothing_was_drawn_leaves_no_overall_estimate() -> None:
    found = tabulate([spot(0), spot(1)], [Drawn("R0", "a", "0.1"), Drawn("R1", "a", "0.2")], {"a": 9, "b": 3})
    assert (found.rate, found.limit, found.limit_reason) == (None, None, "unchecked_stratum")
    assert found.strata[0].limit == upper_limit(0, 2, 9)
    assert found.strata[1].limit_reason == "unchecked"


def test_a_complaint_leads_to_counts_and_to_no_estimate() -> None:
    found = not_random(tabulate([spot(0, LOST), spot(1)], drawn(2, ("a", "b")), {"a": 9, "b": 9}))
    for table in (found, *found.strata):
        assert (table.rate, table.limit, table.limit_reason) == (None, None, "not_random")
        assert {(one.rate, one.limit) for one in table.attributes} == {(None, None)}
    assert (found.errors, found.strata[0].errors) == (1, 1)


def test_less_risk_makes_a_wider_limit() -> None:
    checks = [spot(n) for n in range(30)]
    usual, half = (tabulate(checks, drawn(30), 200, confidence=1 - Fraction(1, part)) for part in (20, 40))
    assert (usual.limit, half.limit) == (upper_limit(0, 30, 200), upper_limit(0, 30, 200, Fraction(39, 40)))
    assert half.limit > usual.limit
    with pytest.raises(KeyError):
        usual.attribute("signed")
