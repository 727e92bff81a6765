"""Results in order: only alike ones, ties shown, the risk of naming a difference that is none kept over all pairs."""

from decimal import Decimal

import numpy
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from service.domain.errors import Fault
from service.domain.procedure.rankings import FAMILY_RISK, Compared, pairs, ranking, unlike

ALIKE = {"scheme": {"": "guangzhou@1 abc"}, "figures": {"g28": "top3_rate"}, "modes": {"g28": "own_phone"}}


def result(name: str, total: str, se: str = "0", unstated: tuple[str, ...] = (), **aspects: dict[str, str]) -> Compared:
    return Compared(name, name, name, "p", Decimal(total), "good", Decimal(se), unstated, ALIKE | aspects)


def places(*compared: Compared) -> dict[str, tuple[int, int]]:
    return {one.compared.round: (one.first, one.last) for one in ranking(compared, pairs(compared))}


def test_differences_inside_the_noise_are_ties():
    """S07: 92 and 91 with a standard error of 2 each are not separated; 70 is from both."""
    found = places(result("a", "92", "2"), result("b", "91", "2"), result("c", "70", "2"))
    assert found == {"a": (1, 2), "b": (1, 2), "c": (3, 3)}


def test_totals_without_any_sampling_are_facts():
    assert places(result("a", "92"), result("b", "91.9"), result("c", "91.9")) == {
        "a": (1, 1),
        "b": (2, 3),
        "c": (2, 3),
    }


def test_where_no_error_can_be_stated_no_order_is_claimed():
    """Answers of whoever liked to give them have no sampling error that anybody knows."""
    compared = (result("a", "95", "1", unstated=("g28",)), result("b", "60", "1"))
    assert places(*compared) == {"a": (1, 2), "b": (1, 2)}
    [pair] = pairs(compared)
    assert (pair.p, pair.separated) == (None, False)


def test_a_difference_that_alone_would_count_does_not_among_thirty():
    """z = 2.2 for one pair is below 5 %; among 435 pairs it is expected by chance."""
    alone = (result("a", "82.2", "0.70710678"), result("b", "80", "0.70710678"))
    assert pairs(alone)[0].separated
    many = alone + tuple(result(f"c{number}", "81", "0.70710678") for number in range(28))
    assert not any(pair.separated for pair in pairs(many))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 50)), min_size=2, max_size=9))
def test_the_pairs_named_are_those_of_adjusted_p_values(drawn):
    """Normal p-values as scipy has them; Holm's steps against its other form, the running maximum of adjusted p."""
    compared = [result(str(at), str(Decimal(t) / 10), str(Decimal(se) / 10)) for at, (t, se) in enumerate(drawn)]
    found = pairs(compared)
    of = {one.round: one for one in compared}
    z = [float(abs(pair.difference)) / numpy.hypot(float(of[pair.one].se), float(of[pair.other].se)) for pair in found]
    p = 2 * norm.sf(z)
    assert numpy.allclose([pair.p for pair in found], p, rtol=1e-9, atol=1e-15)
    order = numpy.argsort([pair.p for pair in found], kind="stable")
    ascending = numpy.array([pair.p for pair in found])[order]
    adjusted = numpy.empty(len(found))
    adjusted[order] = numpy.maximum.accumulate(ascending * numpy.arange(len(found), 0, -1))
    assert [pair.separated for pair in found] == list(adjusted <= FAMILY_RISK)


def test_the_risk_of_any_false_difference_stays_below_five_percent():
    """Twelve stations of one true total, drawn 2,000 times: how often is any pair named?"""
    random = numpy.random.default_rng(20261124)
    false = 0
    for totals in random.normal(80, 2, size=(2000, 12)):
        compared = [result(str(at), f"{total:.6f}", "2") for at, total in enumerate(totals)]
        false += any(pair.separated for pair in pairs(compared))
    assert false / 2000 < FAMILY_RISK + 3 * (FAMILY_RISK * (1 - FAMILY_RISK) / 2000) ** 0.5


def test_results_that_measure_other_things_are_told_apart_by_node():
    other = result("b", "80", figures={"g28": "index:linear"}, modes={"g28": "paper"}, scheme={"": "guangzhou@2 def"})
    found = unlike([result("a", "80"), other])
    assert [(one.aspect, one.nodes) for one in found] == [
        ("scheme", ("",)),
        ("figures", ("g28",)),
        ("modes", ("g28",)),
    ]
    messages = [Fault("label", "unlike", one.told).message for one in found]
    assert messages[0].startswith("scheme: guangzhou@1 abc / ")
    assert messages[1] == "figures g28: index:linear / top3_rate"
    assert unlike([result("a", "80"), result("b", "90")]) == []
