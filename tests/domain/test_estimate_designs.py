"""What each design may claim of a figure: strata, alike answers, weights, several items; and what it says of itself."""

from decimal import Decimal as D
from fractions import Fraction as F
from math import sqrt

import pytest
from drawn_answers import LEVELS, ONE, cell, counts, drawn, questionnaire
from hypothesis import given
from hypothesis import strategies as st

from service.domain.collect.reaches import Reach
from service.domain.collect.samples import Method, Weights
from service.domain.collect.satisfaction import REASONS as CLAIMS
from service.domain.collect.satisfaction import Estimate, estimate, graded, index_formula
from service.domain.collect.tallies import Tally
from service.domain.errors import Refused
from service.domain.estimates import comparisons, intervals, weighting
from service.domain.estimates.comparisons import Member
from service.domain.estimates.figures import DESIGNS, LIMITS, REASONS, Figure
from service.domain.estimates.sums import Sums, added, of_share, of_summary


def simple(issued: int = 100, population: int = 400, method: Method | None = None, **given: int) -> Estimate:
    mapping = graded(LEVELS, 100, 80, 60, 30, 0)
    tally = {cell(): counts(**given)}
    return estimate(ONE, tally, [drawn(issued, population)], mapping=mapping, method=method)


def limits(figure: Figure, digits: int = 4) -> tuple[float, float]:
    assert figure.interval is not None, figure.reason
    low, high = (round(float(end), digits) for end in figure.interval)
    return low, high


# --- what a figure says of itself


def test_a_share_says_how_it_came_about() -> None:
    figure = simple(60, 400, l5=54, l1=6).found("satisfied")
    assert (figure.value, figure.n, figure.population, figure.design) == (D("0.9"), 60, 400, "simple")
    assert limits(figure) == (0.8080, 0.9506)
    assert (figure.formula, figure.method) == ("share of 4+5", "Wilson, finite population")
    assert (round(float(figure.effective_n or 0), 2), figure.limits, figure.interval_reason) == (70.41, (), None)


def test_exact_intervals_on_request() -> None:
    full = simple(60, 400, Method("exact"), l5=54, l1=6).found("satisfied")
    assert full.method == "exact, hypergeometric"
    assert limits(full) == (0.805, 0.9575)  # 322 to 383 of 400: no other number makes 54 of 60 rarer than 2.5 %
    silent = simple(60, 400, Method("exact"), l5=45, l1=5).found("satisfied")
    assert (silent.method, silent.limits) == ("exact, Clopper-Pearson", ("silent",))
    assert limits(silent) == (0.7819, 0.9667)


def two_lists(first: dict[str, int], second: dict[str, int], age: str = "") -> Estimate:
    tally = {cell("A", age=age): counts(**first), cell("B", age=age): counts(**second)}
    tally = {where: each for where, each in tally.items() if each["n"]}
    return estimate(ONE, tally, [drawn(20, 80, "A"), drawn(40, 320, "B")])


def test_lists_with_unequal_fractions_are_strata_and_weighted_by_their_sizes() -> None:
    found = two_lists({"l5": 10, "l1": 10}, {"l5": 36, "l1": 4})
    figure = found.found("satisfied")
    assert (figure.value, figure.design, figure.population) == (D("0.82"), "stratified", 400)  # .2 × .5 + .8 × .9
    assert (found.satisfied, found.top2, found.interval) == (figure.value, figure.value, figure.interval)
    assert found.share_of(("5",)) == D("0.82")
    # Cochran 5.14 with n - 1: .2² × .75 × .25/19 + .8² × .875 × .09/39.
    assert round(float(figure.se or 0), 6) == round(sqrt(0.04 * 0.75 * 0.25 / 19 + 0.64 * 0.875 * 0.09 / 39), 6)
    assert "stratified" in found.formulas["satisfied"]
    assert figure.freedom == 58
    size = float(figure.effective_n or 0)
    assert figure.interval == intervals.wilson_share(F(82, 100), size)


def test_a_stratum_of_one_has_a_value_and_no_interval_and_an_empty_one_has_none() -> None:
    one = two_lists({"l5": 1}, {"l5": 36, "l1": 4}).found("satisfied")
    assert (one.value, one.interval, one.reason) == (D("0.92"), None, "stratum_with_one")
    none = two_lists({}, {"l5": 36, "l1": 4})
    assert (none.found("satisfied").value, none.satisfied) == (None, None)
    assert none.reasons["satisfied"] == none.reasons["interval"] == "stratum_without_answers"


@pytest.mark.parametrize(
    ("way", "reach", "given", "reason"),
    [
        ("drawn_persons", drawn(10, 10), {"l5": 10}, "census"),
        ("drawn_persons", drawn(10, 10), {"l5": 9}, "attempted_census"),
        ("drawn_persons", drawn(10, 90), {"l5": 11}, "more_answers_than_issued"),
        ("drawn_persons", drawn(10, 90), {}, "no_answers"),
        ("drawn_persons", drawn(10, 90), {"l5": 1}, "too_few"),
        ("all_present_evaluator", Reach("all_present_evaluator", 10), {"l5": 10}, "census"),
        ("all_present_evaluator", Reach("all_present_evaluator", 10), {"l5": 9}, "attempted_census"),
        ("all_present_provider", Reach("all_present_provider", 10), {"l5": 9}, "handed_out_by_provider"),
        ("poster", Reach("poster", 10), {"l5": 9}, "self_selected"),
    ],
)
def test_no_interval_without_its_reason(way: str, reach: Reach, given: dict[str, int], reason: str) -> None:
    tally = {cell(way=way): counts(**given)} if given else {}
    found = estimate(ONE, tally, [reach])
    for name in ("satisfied", "index", "top3", "mean:q0"):
        figure = found.found(name)
        assert (figure.interval, figure.reason) == (None, reason), name
        assert figure.design in DESIGNS
    assert reason in {**REASONS, **CLAIMS}


def test_answers_helped_by_staff_and_silence_are_said() -> None:
    tally = {cell(): counts(l5=30, l1=10), cell(assistance="service_staff"): counts(l5=5)}
    figure = estimate(ONE, tally, [drawn(60, 400)]).found("satisfied")
    assert (figure.value, figure.n, figure.limits) == (D("0.75"), 40, ("staff_helped", "silent"))
    assert set(figure.limits) <= set(LIMITS)


# --- alike answers, weights


def clustered(by: str, *sessions: tuple[int, int]) -> Estimate:
    tally = {cell("A", f"s{at}"): counts(l5=good, l1=bad) for at, (good, bad) in enumerate(sessions)}
    reach = Reach("drawn_persons", 400, 40_000, "f", frozenset({("A", f"s{at}") for at in range(9)}), 400, 40_000)
    return estimate(ONE, tally, [reach], method=Method(cluster=by))


def test_answers_of_a_session_that_are_alike_count_less() -> None:
    alike = clustered("session", *[(20, 0), (0, 20)] * 6).found("satisfied")
    apart = clustered("session", *[(10, 10)] * 12).found("satisfied")
    plain = clustered("", *[(20, 0), (0, 20)] * 6).found("satisfied")
    assert (alike.design, alike.freedom, plain.design) == ("clustered", 11, "simple")
    # Every answer of a session is the same: the design effect is the size of a session, but for k/(k-1) and n/(n-1).
    assert float(alike.design_effect or 0) == pytest.approx(20 * 12 / 11 * 239 / 240, rel=1e-3)
    assert float(apart.design_effect or 0) == 0
    assert limits(alike)[0] < limits(plain)[0]
    assert float(alike.effective_n or 0) < 12 < float(plain.effective_n or 0)


def test_nothing_seen_to_vary_is_not_taken_as_certain() -> None:
    alike = simple(10, 40_000, l5=10)
    top = 0.27753  # Wilson's upper limit of 0 of 10
    assert limits(alike.found("index"), 2) == (round(100 - 100 * top, 2), 100)
    assert round(float(alike.found("index").se or 0), 2) == round(100 * top / 2.262157, 2)  # t of 9 degrees
    assert alike.found("index").method == "Wilson of the share that would answer otherwise"
    # Sessions that do not differ tell nothing of the others, and three of them no more than three sessions can.
    same = clustered("session", *[(10, 10)] * 3)
    assert (same.found("index").interval, same.found("index").reason) == (None, "no_spread")
    good = clustered("session", *[(20, 0)] * 3).found("satisfied")
    assert round(float(good.effective_n or 0), 2) == round(60 * (1.959964 / 4.302653) ** 2, 2)
    assert good.interval
    assert good.interval[0] < D("0.8")


def test_a_part_of_those_who_were_all_asked_was_asked_too() -> None:
    reach = Reach("all_present_evaluator", 40)
    parts = [
        estimate(ONE, {cell(way="all_present_evaluator"): counts(l5=good, l1=9)}, [reach], whole=False)
        for good in (1, 20)
    ]
    figures = [part.found("satisfied") for part in parts]
    assert {(figure.design, figure.reason) for figure in figures} == {("all_asked", "part_of_batch")}
    [pair] = comparisons.compare([Member(str(at), "", figure) for at, figure in enumerate(figures)]).pairs
    assert (pair.separated, pair.reason) == (False, "no_bounds")
    drawn_one = [simple(30, 90, l5=good, l1=bad).found("satisfied") for good, bad in ((1, 0), (10, 9))]
    [pair] = comparisons.compare([Member(str(at), "", figure) for at, figure in enumerate(drawn_one)]).pairs
    assert (drawn_one[0].reason, pair.reason) == ("too_few", "no_interval")


def test_few_sessions_are_said_and_one_gives_no_interval() -> None:
    few = clustered("session", (20, 5), (10, 5)).found("satisfied")
    assert "few_clusters" in few.limits
    one = clustered("session", (20, 5)).found("satisfied")
    assert (one.value, one.interval, one.reason) == (D("0.8"), None, "too_few_clusters")


def by_age(method: Method, old: dict[str, int], young: dict[str, int], way: str = "drawn_persons") -> Estimate:
    tally: Tally = {cell(age="old", way=way): counts(**old), cell(age="young", way=way): counts(**young)}
    tally = {where: each for where, each in tally.items() if each["n"]}
    reach = drawn(100, 400) if way == "drawn_persons" else Reach(way, 100)
    return estimate(ONE, tally, [reach], method=method)


AGES = Weights(("w1",), {("old",): 300, ("young",): 100}, source="register")


def test_answers_are_weighted_to_the_frame() -> None:
    found = by_age(Method(weights=AGES), {"l5": 40, "l1": 10}, {"l5": 25, "l1": 25})
    figure = found.found("satisfied")
    assert (figure.value, figure.design, figure.population) == (
        D("0.725"),
        "post_stratified",
        400,
    )  # .75 × .8 + .25 × .5
    # (1 - f) n/(n-1) Σ W² (n-1) s²/n² with s² (n-1) = n p q.
    variance = 0.75 * 100 / 99 * (0.5625 * 0.16 + 0.0625 * 0.25) / 50
    assert float(figure.se or 0) == pytest.approx(sqrt(variance), abs=1e-8)
    assert found.satisfied == figure.value


def test_weights_do_not_turn_volunteers_into_a_sample() -> None:
    figure = by_age(Method(weights=AGES), {"l5": 40, "l1": 10}, {"l5": 25, "l1": 25}, "poster").found("satisfied")
    assert (figure.value, figure.interval, figure.reason) == (D("0.725"), None, "self_selected")


def test_a_cell_that_nobody_answered_in_is_not_left_out_in_silence() -> None:
    figure = by_age(Method(weights=AGES), {"l5": 40, "l1": 10}, {}).found("satisfied")
    assert (figure.value, figure.reason) == (None, "cell_without_answers")


def test_thin_cells_uneven_weights_and_unknown_cells_are_said() -> None:
    uneven = Weights(("w1",), {("old",): 390, ("young",): 10})
    found = by_age(Method(weights=uneven), {"l5": 5, "l1": 4}, {"l5": 50, "l1": 26}).found("satisfied")
    assert set(found.limits) >= {"thin_cells", "uneven_weights"}
    tally = {cell(age="old"): counts(l5=20), cell(age="young"): counts(l1=20), cell(age="_skipped"): counts(l5=5)}
    skipped = estimate(ONE, tally, [drawn(45, 400)], method=Method(weights=AGES)).found("satisfied")
    assert (skipped.value, skipped.n, "unknown_cells" in skipped.limits) == (D("0.75"), 40, True)


def test_raking_that_cannot_settle_says_so() -> None:
    numbers = {("a", "x"): 5, ("b", "y"): 5}
    assert weighting.raked([{"a": 50, "b": 50}, {"x": 80, "y": 20}], numbers) == "raking_did_not_settle"
    assert weighting.raked([{"a": 50, "c": 50}, {"x": 80, "y": 20}], numbers) == "cell_without_answers"
    assert weighting.raked([{"a": 50}], {}) == "no_answers"


# --- several items, formulas


def persons(rows: list[tuple[int, ...]]) -> Tally:
    """The tally of persons who chose these levels for q0, q1, …, with the sums of products."""
    from service.domain.collect.tallies import tally_of, total

    asked = questionnaire(len(rows[0]))
    return total(tally_of(asked, cell(), {f"q{at}": str(level) for at, level in enumerate(row)}) for row in rows)


@given(st.lists(st.tuples(*[st.integers(1, 5)] * 3), min_size=2, max_size=30))
def test_the_mean_of_persons_means_is_exact_from_the_sums_of_products(rows: list[tuple[int, int, int]]) -> None:
    import numpy as np

    own = (np.array(rows).mean(axis=1) - 1) * 25
    figure = estimate(questionnaire(3), persons(rows), [drawn(30, 400)]).found("persons")
    assert float(figure.value or 0) == pytest.approx(own.mean(), abs=1e-8)
    if len(set(map(sum, rows))) > 1:  # else see test_nothing_seen_to_vary_is_not_taken_as_certain
        assert float(figure.se or 0) == pytest.approx(sqrt((1 - 30 / 400) * own.var(ddof=1) / len(rows)), abs=1e-6)


def test_a_mean_of_persons_needs_equal_steps() -> None:
    figure = estimate(
        questionnaire(2), persons([(5, 4), (3, 3)]), [drawn(9, 90)], mapping=graded(LEVELS, 100, 80, 60, 30, 0)
    ).found("persons")
    assert (figure.value, figure.reason) == (None, "not_linear")


def test_items_errors_are_added_as_if_they_went_together() -> None:
    found = estimate(questionnaire(2), persons([(5, 1), (4, 2), (1, 5), (2, 3)]), [drawn(40, 400)])
    index, parts = found.found("index"), [found.found(f"mean:q{at}") for at in (0, 1)]
    assert index.value == found.index
    assert float(index.se or 0) == pytest.approx(sum(float(one.se or 0) for one in parts) / 2, abs=1e-8)
    assert "items_taken_as_correlated" in index.limits
    assert (index.effective_n, index.design_effect) == (None, None)


def test_an_index_is_asked_for_by_name() -> None:
    assert index_formula("linear", LEVELS).name == "linear"
    assert index_formula("100-80-60-30-0", LEVELS).points["2"] == 30
    for wrong in ("", "best", "100-0", "100-80-60-30-x", "200-80-60-30-0"):
        with pytest.raises(Refused) as caught:
            index_formula(wrong, LEVELS)
        assert [fault.field for fault in caught.value.faults] == ["formula"]


def test_sums_add_and_come_back_from_a_summary() -> None:
    both = added([of_summary(4, 3, 2), of_share(1, 2)])
    assert both == Sums(6, F(13), F(43))
    assert of_summary(4, 3, 2).variance == 2
