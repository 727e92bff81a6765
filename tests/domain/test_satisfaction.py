"""Satisfaction: published vectors, and what each way of asking may claim."""

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.collect import scale_figures
from service.domain.collect.awareness import awareness
from service.domain.collect.questionnaires import check_answers, parse, parse_yaml
from service.domain.collect.satisfaction import REASONS, Reach, estimate, graded, linear
from service.domain.collect.tallies import Cell, cell_of, counts_of, select, tally_of, total
from service.domain.errors import Refused
from service.domain.modes import DISTRIBUTIONS
from service.domain.proportions import aapor, bounds, effective_size, wilson
from service.domain.rounding import settled

LEVELS = ("1", "2", "3", "4", "5")


def options(*codes):
    return [{"code": code, "label": {"en": code}} for code in codes]


def scale_of(levels, rows=(), satisfied=2, **more):
    """A questionnaire with the headline item q and, over the same levels, a matrix m with these rows."""
    label = {"label": {"en": "x"}}
    questions = [{"id": "q", "kind": "single", "cannot_say": True, "options": options(*levels), **label}]
    if rows:
        matrix = {"id": "m", "kind": "matrix", "cannot_say": True, "options": options(*levels), **label}
        questions.append({**matrix, "rows": [{"id": row, **label} for row in rows]})
    items = ["q", *(f"m/{row}" for row in rows)]
    scale = {"items": items, "headline": "q", "satisfied": list(levels[-satisfied:]), "levels": list(levels)}
    texts = dict.fromkeys(("title", "purpose", "source"), {"en": "x"})
    head = {"id": "s", "version": 1, "languages": ["en"], "population": "recipients"}
    return parse({**head, **texts, "questions": questions, "scales": {"satisfaction": scale}, **more})


FIVE = scale_of(LEVELS)
HOUSING = scale_of(("Low", "Medium", "High"), satisfied=1)


def tally(questionnaire, counts, distribution="drawn_persons", assistance="none", mode="own_phone"):
    """The tally of persons who gave code -> number to q; the code "" is who skipped it but answered elsewhere."""
    cell = Cell("A", "s", distribution, mode, assistance, "en", "", "", "")
    one = {code: tally_of(questionnaire, cell, {"q": code} if code else {}) for code in counts}
    return total(one[code] for code, number in counts.items() for _ in range(number))


def close(interval, lower, upper, digits=4):
    return [round(float(limit), digits) for limit in interval] == [lower, upper]


# --- published vectors


@pytest.mark.parametrize(
    ("k", "n", "lower", "upper"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (5, 25, 0.0886, 0.3913),
    ],
)
def test_wilson_as_in_newcombe_1998(k, n, lower, upper):
    assert close(wilson(k, n), lower, upper)


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_equals_scipy(pair):
    from scipy.stats import binomtest

    expected = binomtest(*pair).proportion_ci(0.95, "wilson")
    assert [float(limit) for limit in wilson(*pair)] == pytest.approx([expected.low, expected.high], abs=1e-8)


def test_finite_population_narrows_by_what_was_issued():
    assert round(effective_size(60, 400, 60), 2) == 70.41
    assert close(wilson(54, 60), 0.7985, 0.9534)
    assert close(wilson(54, 60, effective_size(60, 400, 60)), 0.8080, 0.9506)
    for n, population, issued in ((60, 60, 60), (10, 5, 10), (5, 100, 4)):
        with pytest.raises(ValueError, match="needs"):
            effective_size(n, population, issued)


def test_bounds_of_silence():
    assert close(bounds(45, 50, 10), 0.75, 0.9167)


def test_aapor_rates_as_published():
    # 300 + 20 + 60 + 80 + 10 eligible of 520 resolved.
    rates = aapor(300, 20, 60, 80, 10, 100, 30, e=Fraction(470, 520))
    assert [f"{rate:.4f}" for rate in rates.values()] == ["0.5000", "0.5333", "0.5106", "0.5447", "0.6383", "0.6809"]
    assert list(rates) == ["RR1", "RR2", "RR3", "RR4", "RR5", "RR6"]
    assert aapor(0) == dict.fromkeys(rates)


COUNTS = {"5": 46, "4": 30, "3": 14, "2": 7, "1": 3}


@pytest.mark.parametrize(
    ("mapping", "index"),
    [
        (graded(LEVELS, 100, 80, 60, 30, 0), "80.5"),
        (graded(LEVELS, 100, 80, 60, 40, 20), "81.8"),
        (linear(LEVELS), "77.25"),
    ],
)
def test_one_set_of_answers_has_an_index_for_each_named_mapping(mapping, index):
    figures = estimate(FIVE, tally(FIVE, COUNTS), mapping=mapping)
    assert figures.index == Decimal(index)
    assert figures.mapping == mapping.name
    assert mapping.name in figures.formulas["index"]
    assert figures.figure(f"index:{mapping.name}") == Decimal(index)
    with pytest.raises(KeyError):
        figures.figure("index:another")


def test_shares_of_the_same_answers():
    figures = estimate(FIVE, tally(FIVE, COUNTS))
    assert (figures.top2, figures.top3, figures.satisfied) == (Decimal("0.76"), Decimal("0.9"), Decimal("0.76"))
    assert figures.figure("top2_rate") == 76
    assert figures.figure("top3_rate") == 90
    assert figures.figure("share", ("5",)) == 46
    assert figures.counts == COUNTS
    assert list(figures.counts) == ["5", "4", "3", "2", "1"]
    with pytest.raises(KeyError):
        figures.figure("median")


def test_three_levels_are_worth_0_50_100():
    figures = estimate(HOUSING, tally(HOUSING, {"High": 2, "Medium": 1, "Low": 1}))
    assert figures.index == Decimal("62.5")
    assert figures.satisfied == Decimal("0.5")
    assert figures.top3 is None
    assert figures.reasons["top3"] == "too_few_levels"


def test_a_mapping_of_other_levels_is_refused():
    with pytest.raises(Refused) as refused:
        estimate(FIVE, tally(FIVE, COUNTS), mapping=linear(("Low", "Medium", "High")))
    assert [(fault.field, fault.reason) for fault in refused.value.faults] == [("mapping", "codes_differ")]


def test_a_mapping_needs_a_value_of_0_to_100_for_each_level():
    for values in ((100, 50), (100, 80, 60, 30, -1), (101, 80, 60, 30, 0)):
        with pytest.raises(ValueError, match="needs"):
            graded(LEVELS, *values)


# --- what each distribution may claim


def claims(counts, distribution, *reach, questionnaire=FIVE):
    figures = estimate(questionnaire, tally(questionnaire, counts, distribution), reach)
    assert set(figures.reasons.values()) <= set(REASONS)
    for name in ("index", "satisfied", "top2", "top3", "interval", "bounds", "rate"):
        assert (getattr(figures, name) is None) == (name in figures.reasons), name
    return figures


def test_a_full_draw_claims_the_finite_population_interval():
    figures = claims({"5": 54, "1": 6}, "drawn_persons", Reach("drawn_persons", 60, 400))
    assert close(figures.interval, 0.8080, 0.9506)
    assert (figures.n, figures.issued, figures.population, figures.rate) == (60, 60, 400, 1)
    assert figures.reasons["bounds"] == "all_answered"


def test_a_draw_with_silence_has_interval_bounds_and_rate():
    figures = claims({"5": 45, "1": 5}, "drawn_persons", Reach("drawn_persons", 60, 400))
    assert figures.interval == wilson(45, 50, 50 * 399 / 340)
    assert close(figures.bounds, 0.75, 0.9167)
    assert f"{figures.rate:.4f}" == "0.8333"
    assert figures.carries_points


def test_who_asked_everyone_claims_no_interval():
    asked = Reach("all_present_evaluator", 60)
    silent = claims({"5": 45, "1": 5}, "all_present_evaluator", asked)
    assert silent.interval is None
    assert silent.interval_reason == "attempted_census"
    assert close(silent.bounds, 0.75, 0.9167)
    assert silent.population == 60
    everyone = claims({"5": 50, "1": 10}, "all_present_evaluator", asked)
    assert (everyone.interval, everyone.interval_reason, everyone.bounds) == (None, "census", None)
    drawn = claims({"5": 50, "1": 10}, "drawn_persons", Reach("drawn_persons", 60, 60))
    assert drawn.interval_reason == "census"


@pytest.mark.rule("O02")
@pytest.mark.parametrize(
    ("distribution", "reason"),
    [("poster", "self_selected"), ("free_choice", "self_selected"), ("all_present_provider", "handed_out_by_provider")],
)
def test_self_selected_answers_are_counts_only(distribution, reason):
    figures = claims({"5": 45, "1": 5}, distribution, Reach(distribution, 60, 400))
    assert {figures.reasons[name] for name in ("interval", "bounds", "rate")} == {reason}
    assert figures.satisfied == Decimal("0.9")
    assert not figures.carries_points


def test_an_unknown_distribution_claims_nothing_either():
    assert claims({"5": 1}, "found_on_the_street").interval_reason == "self_selected"
    assert {"drawn_persons", "poster"} < set(DISTRIBUTIONS)


def test_mixed_distributions_claim_nothing():
    mixed = total([tally(FIVE, {"5": 9}), tally(FIVE, {"5": 1}, "poster")])
    figures = estimate(FIVE, mixed, [Reach("drawn_persons", 20, 400)])
    assert {figures.reasons[name] for name in ("interval", "bounds", "rate")} == {"mixed_distributions"}
    assert figures.distributions == ("drawn_persons", "poster")
    assert not figures.carries_points


@pytest.mark.parametrize(
    ("reach", "reasons"),
    [
        ([], ("issued_unknown", "issued_unknown", "issued_unknown")),
        ([Reach("poster", 90)], ("issued_unknown", "issued_unknown", "issued_unknown")),
        ([Reach("drawn_persons", 20)], ("no_frame", None, None)),
        ([Reach("drawn_persons", 20, 19)], ("no_frame", None, None)),
        ([Reach("drawn_persons", 20, 40), Reach("drawn_persons", 20, 80)], ("unequal_fractions", None, None)),
        ([Reach("drawn_persons", 20, 40), Reach("drawn_persons", 40, 80)], (None, None, None)),
        ([Reach("drawn_persons", 20, 40), Reach("drawn_persons", 0, 0)], (None, None, None)),
        ([Reach("drawn_persons", 20, 40), Reach("drawn_persons", 0, 80)], ("unequal_fractions", None, None)),
        ([Reach("drawn_persons", 9, 40)], ("more_answers_than_issued",) * 3),
    ],
)
def test_an_interval_needs_a_frame_and_equal_chances(reach, reasons):
    figures = claims({"5": 9, "1": 1}, "drawn_persons", *reach)
    assert tuple(figures.reasons.get(name) for name in ("interval", "bounds", "rate")) == reasons


def test_a_part_of_what_a_batch_brought_in_has_neither_rate_nor_bounds():
    part = estimate(FIVE, tally(FIVE, {"5": 27, "1": 3}), [Reach("drawn_persons", 60, 400)], whole=False)
    assert {name: part.reasons[name] for name in ("rate", "bounds")} == dict.fromkeys(
        ("rate", "bounds"), "part_of_batch"
    )
    assert part.interval == wilson(27, 30, 30 * 399 / 340)  # the sampling fraction is the same in every part
    present = tally(FIVE, {"5": 27, "1": 3}, "all_present_evaluator")
    part = estimate(FIVE, present, [Reach("all_present_evaluator", 30)], whole=False)
    assert {part.reasons[name] for name in ("interval", "bounds", "rate")} == {"part_of_batch"}


def test_a_part_of_a_census_is_not_pointed_to_bounds_that_it_does_not_have():
    part = estimate(FIVE, tally(FIVE, {"5": 30, "1": 5}), [Reach("drawn_persons", 60, 60)], whole=False)
    assert (part.interval, part.bounds) == (None, None)
    assert part.interval_reason == part.reasons["bounds"] == "part_of_batch"


def test_no_answers_no_figures():
    for counts in ({}, {"_cannot_say": 2}):
        figures = claims(counts, "drawn_persons", Reach("drawn_persons", 60, 400))
        names = ("index", "satisfied", "top2", "top3", "interval", "bounds")
        assert {figures.reasons[name] for name in names} == {"no_answers"}
        assert figures.n == 0
        assert figures.issued == 60
        assert figures.share_of(("5",)) is None
    assert estimate(FIVE, {}).reasons["rate"] == "no_answers"


# --- whose answers count


def test_answers_helped_by_staff_are_shown_apart():
    own = tally(FIVE, {"5": 8, "1": 2})
    helped = tally(FIVE, {"5": 5}, assistance="service_staff", mode="staff_assisted")
    figures = estimate(FIVE, total([own, helped]), [Reach("drawn_persons", 15, 400)])
    assert (figures.satisfied, figures.n, figures.answered) == (Decimal("0.8"), 10, 15)
    assert (figures.helped.answered, figures.helped.satisfied, figures.helped.index) == (5, 1, 100)
    assert figures.modes == {"own_phone": 10, "staff_assisted": 5}
    assert figures.rate == 1
    assert close(figures.bounds, 0.5333, 0.8667)  # for the share they have not been heard
    together = estimate(FIVE, total([own, helped]), [Reach("drawn_persons", 15, 400)], apart=())
    assert (together.n, together.helped.answered) == (15, 0)


def test_cannot_say_is_out_of_n_and_shown_and_skipping_is_non_response():
    counts = {"5": 6, "1": 2, "_cannot_say": 2, "": 10}
    figures = claims(counts, "all_present_evaluator", Reach("all_present_evaluator", 20))
    item = figures.items[0]
    assert (figures.n, item.cannot_say, item.skipped) == (8, 2, 10)
    assert (item.cannot_say_share, item.skipped_share) == (Decimal("0.2"), Decimal("0.5"))
    assert figures.satisfied == Decimal("0.75")
    assert figures.rate == Decimal("0.5")  # who skipped the headline item is a partial
    assert close(figures.bounds, 0.3333, 0.8889)  # 6 of 18, 16 of 18


def test_everyone_answered_if_the_others_cannot_say():
    figures = claims({"5": 8, "_cannot_say": 2}, "all_present_evaluator", Reach("all_present_evaluator", 10))
    assert figures.interval_reason == "census"


# --- several items

MATRIX = scale_of(LEVELS, rows=("a", "b"))
CELL = Cell("A", "s", "poster", "paper", "none", "en", "", "", "")
rows = st.lists(st.tuples(*[st.sampled_from([*LEVELS, None])] * 3), min_size=1, max_size=30)


def of_rows(people):
    items = MATRIX.scales["satisfaction"].items
    return total(tally_of(MATRIX, CELL, {i: c for i, c in zip(items, p, strict=True) if c}) for p in people)


@given(rows)
def test_the_index_is_the_mean_of_item_means_each_over_its_own_n(people):
    values = np.array([[np.nan if code is None else (int(code) - 1) * 25 for code in person] for person in people])
    figures = estimate(MATRIX, of_rows(people))
    asked = (~np.isnan(values)).sum(axis=0)
    assert [item.n for item in figures.items] == asked.tolist()
    if asked.all():
        assert float(figures.index) == pytest.approx(np.nanmean(values, axis=0).mean(), abs=1e-8)
    else:
        assert figures.index is None
        assert figures.reasons["index"] == ("item_without_answers" if asked.any() else "no_answers")


def alpha(asked, tally):
    return scale_figures.alpha(counts_of(tally), "satisfaction", len(asked.scales["satisfaction"].items))


@given(rows)
def test_alpha_equals_numpy_on_complete_cases(people):
    complete = np.array([[int(code) for code in person] for person in people if None not in person])
    value = alpha(MATRIX, of_rows(people))
    if len(complete) < 2 or complete.sum(axis=1).var() == 0:
        assert value is None
    else:
        expected = 3 / 2 * (1 - complete.var(axis=0, ddof=1).sum() / complete.sum(axis=1).var(ddof=1))
        assert float(value) == pytest.approx(expected, abs=1e-8)


def test_alpha_is_a_figure_from_three_items_and_thirty_persons_on_and_says_why_it_has_no_interval():
    people, alike = [tuple(row) for row in ("454", "332", "555", "232", "445")], [("3", "3", "3")]
    found = [estimate(MATRIX, of_rows(rows)).found("alpha") for rows in (people * 6, people * 5, alike * 30)]
    found.append(estimate(FIVE, tally(FIVE, COUNTS)).found("alpha"))
    assert [one.reason for one in found] == ["descriptive", "too_few_persons", "all_alike", "too_few_items"]
    assert [one.value and round(one.value, 6) for one in found] == [Decimal("0.934426"), None, None, None]
    assert (found[0].n, found[0].unit, found[0].design) == (30, "coefficient", "not_drawn")


def test_awareness_counts_persons_by_facts_known():
    facts = scale_of(LEVELS, rows=tuple("abcde"), awareness={"items": [f"m/{r}" for r in "abcde"], "known": ["5"]})
    known = [{f"m/{r}": "5" if at < k else "1" for at, r in enumerate("abcde")} for k in (0, 2, 3, 5)]
    figure = awareness(facts, total(tally_of(facts, CELL, one) for one in [*known, {"q": "5"}]))
    assert (figure.n, figure.aware, figure.share) == (4, 2, Decimal("0.5"))
    assert figure.facts == {0: 1, 1: 0, 2: 1, 3: 1, 4: 0, 5: 1}
    assert awareness(FIVE, {}) is None


def test_awareness_and_alpha_leave_out_answers_helped_by_staff():
    facts = scale_of(LEVELS, rows=("a", "b"), awareness={"items": ["m/a", "m/b"], "known": ["5"], "at_least": 2})
    own = total(tally_of(facts, CELL, {"q": low, "m/a": low, "m/b": high}) for low, high in ("12", "35", "44", "53"))
    knowing = {"q": "1", "m/a": "5", "m/b": "5"}
    both = total([own, tally_of(facts, CELL._replace(assistance="service_staff"), knowing)])
    assert awareness(facts, both) == awareness(facts, own)
    assert awareness(facts, both, apart=()).aware == 1
    three = scale_of(LEVELS, rows=("a", "b"))
    own = total(tally_of(three, CELL, {"q": low, "m/a": low, "m/b": high}) for low, high in ("12", "35", "44") * 10)
    helped = tally_of(three, CELL._replace(assistance="service_staff"), knowing)
    reliable = [estimate(three, part).found("alpha").value for part in (own, total([own, helped]))]
    assert reliable[0] == reliable[1] != alpha(three, total([own, helped]))


def test_the_published_housing_table_comes_back_from_tallies():
    here = Path(__file__).parents[2] / "survey_templates"
    housing = parse_yaml((here / "questionnaires/copenhagen-housing.yaml").read_text("utf-8"))
    with (here / "examples/copenhagen_housing.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    parts, issued = [], {}
    for row in table:
        answers = {"satisfaction": row["Sat"], "influence": row["Infl"], "contact": row["Cont"]}
        kept = check_answers(housing, answers)
        cell = cell_of(
            housing, kept, site=row["Type"], session="", distribution="drawn_persons", mode="own_phone", language="en"
        )
        parts += [tally_of(housing, cell, kept)] * int(row["Freq"])
        issued[row["Type"]] = issued.get(row["Type"], 0) + int(row["Freq"])
    whole = total(parts)
    assert counts_of(whole)["n"] == 1681
    for site, served in issued.items():
        figures = estimate(housing, select(whole, site=site), [Reach("drawn_persons", served, served)])
        of_site = [(row["Sat"], int(row["Freq"])) for row in table if row["Type"] == site]
        sums = {level: sum(n for sat, n in of_site if sat == level) for level in ("High", "Medium", "Low")}
        assert figures.counts == sums
        assert figures.interval_reason == "census"
        assert figures.index == settled(Decimal(100 * sums["High"] + 50 * sums["Medium"]) / served)
        assert figures.satisfied == settled(Decimal(sums["High"]) / served)
    joint = counts_of(whole)
    for row in table:
        same = [int(other["Freq"]) for other in table if (other["Infl"], other["Sat"]) == (row["Infl"], row["Sat"])]
        assert joint[f"p|0|{row['Infl']}|{row['Sat']}"] == sum(same)
