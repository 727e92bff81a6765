"""The score: vectors of the rules, every reason for missing points, and properties over any evidence."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scheme_files import COMMON, COUNT, EXPERT, GUANGZHOU, SURVEY, check, one, opinion, scheme_of, survey

from service.domain.evaluate.evidence import CheckEvidence, Evidence, Judgement, LeadDecision, Quantity, SurveyEvidence
from service.domain.evaluate.scheme_loading import load_scheme
from service.domain.evaluate.schemes import Check, Counter, Expert, Scheme, Survey, Target, plain
from service.domain.evaluate.scores import score

SCHEME = load_scheme(GUANGZHOU)


def test_a_total_that_prints_as_another_grade_is_marked() -> None:
    tree = score(one(EXPERT), Evidence(judgements=(opinion("x", "89.995"),)))
    assert (tree.total, tree.grade.id, tree.shown, tree.shown_in_other_band) == (Decimal("89.995"), "b", "90.00", True)
    assert not score(one(EXPERT), Evidence(judgements=(opinion("x", "89.99"),))).shown_in_other_band


# --- the worked total of the rules

WORKED = scheme_of(
    f"id: professional, weight: 20, {EXPERT}",
    f"id: volume, weight: 20, {EXPERT}",
    f"id: quality, weight: 30, type: composite, {COMMON}",
    f"id: satisfaction, parent: quality, weight: 40, {SURVEY}",
    f"id: benefit, parent: quality, weight: 60, {EXPERT}",
    f"id: management, weight: 30, {EXPERT}",
)
WORKED_EVIDENCE = Evidence(
    surveys=(survey("satisfaction"),),
    judgements=(
        opinion("professional", "92"),
        opinion("volume", "88"),
        opinion("benefit", "90"),
        opinion("management", "95"),
    ),
)


@pytest.mark.rule("G53")
def test_the_worked_total_is_exact_and_every_step_is_written_out() -> None:
    tree = score(WORKED, WORKED_EVIDENCE)
    assert tree.total == Decimal("90.36")
    assert tree.grade.id == "a"
    assert tree.shown == "90.36"
    assert [plain(node.points) for node in tree.standards] == ["18.4", "17.6", "25.86", "28.5"]
    assert tree.arithmetic.text == "20 % × 92 + 20 % × 88 + 30 % × 86.2 + 30 % × 95 = 90.36"
    quality = tree.node("quality")
    assert quality.arithmetic
    assert quality.arithmetic.text == "40 % × 80.5 + 60 % × 90 = 86.2"
    assert (quality.score, quality.max_points) == (Decimal("86.2"), 30)
    leaf = tree.node("satisfaction")
    assert (leaf.score, plain(leaf.points), leaf.max_points) == (Decimal("80.5"), "9.66", 12)
    assert [(item.kind, item.id, item.digest) for item in leaf.inputs] == [("survey", "c1", "d1")]
    assert not tree.provisional
    assert tree.max_scorable == tree.highest_possible + 100 - tree.total == 100


def test_missing_evidence_earns_nothing_is_listed_and_moves_no_weight() -> None:
    whole = score(WORKED, WORKED_EVIDENCE)
    tree = score(WORKED, replace(WORKED_EVIDENCE, surveys=()))
    assert tree.total == whole.total - Decimal("9.66")
    assert tree.max_scorable == 88
    assert tree.highest_possible == tree.total + 12
    assert tree.provisional
    assert [(remark.node, remark.code) for remark in tree.missing] == [("satisfaction", "no_survey")]
    assert tree.node("satisfaction").score is None
    assert tree.node("benefit").points == whole.node("benefit").points


def test_no_evidence_at_all_scores_zero_and_names_every_leaf() -> None:
    tree = score(SCHEME, Evidence())
    assert (tree.total, tree.max_scorable, tree.highest_possible) == (0, 0, 100)
    assert {remark.node for remark in tree.missing} == {node.id for node in SCHEME.leaves()}
    assert all(node.score is None for node in tree.walk())


def test_repeating_decimals_at_the_edge_do_not_cost_the_grade() -> None:
    """Means of seven, 89 5/7, 89 5/7 and 90 6/7 at 50, 25 and 25 percent, are 90 in truth; each is rounded down."""
    rows = [f"id: n{at}, weight: {weight}, {EXPERT}" for at, weight in enumerate((50, 25, 25))]
    sevens = [["89"] * 6 + ["94"], ["89"] * 6 + ["94"], ["90"] * 6 + ["96"]]
    scores = [opinion(f"n{at}", points, f"r{who}") for at, row in enumerate(sevens) for who, points in enumerate(row)]
    tree = score(scheme_of(*rows), Evidence(judgements=tuple(scores)))
    assert Decimal("89.999999999") < tree.total < 90
    assert (tree.grade.id, tree.shown) == ("a", "90.00")


# --- evidence that fits nowhere, or nothing


def test_evidence_for_another_node_or_of_another_kind_is_listed_as_left_out() -> None:
    tree = score(one(COUNT), Evidence(judgements=(opinion("x", "80"), opinion("y", "80")), checks=(check(),)))
    assert {(remark.node, remark.code) for remark in tree.excluded} == {
        ("x", "kind_unfit"),
        ("y", "node_unknown"),
    }
    assert tree.total == 0


def test_the_digest_is_of_scheme_and_evidence_whatever_their_order() -> None:
    turned = replace(WORKED_EVIDENCE, judgements=WORKED_EVIDENCE.judgements[::-1])
    first, second = score(WORKED, WORKED_EVIDENCE), score(WORKED, turned)
    assert first.inputs_digest == second.inputs_digest
    assert first.total == second.total
    other = replace(WORKED_EVIDENCE, surveys=(survey("satisfaction", digest="d2"),))
    assert score(WORKED, other).inputs_digest != first.inputs_digest
    assert score(replace(WORKED, version="2"), WORKED_EVIDENCE).inputs_digest != first.inputs_digest


# --- any evidence

percent = st.decimals(0, 100, places=9)
amount = st.decimals(0, 10**6, places=2)


@st.composite
def evidence_for(draw: st.DrawFn, scheme: Scheme) -> Evidence:
    """Some evidence for some nodes of the scheme: thin, plentiful, contradictory or none."""
    surveys, checks, judgements, quantities, decisions = [], [], [], [], []
    for node in scheme.leaves():
        times = draw(st.sampled_from((0, 1, 1, 1, 2)))
        for at in range(times):
            if isinstance(node.spec, Survey):
                kinds = (("drawn_persons",), ("poster",), ())
                how, n = draw(st.sampled_from(kinds)), draw(st.integers(0, 60))
                figure, rate = draw(st.none() | percent), draw(st.none() | percent)
                surveys.append(SurveyEvidence(node.id, f"c{at}", figure, n, rate, how, ("own_phone",), None, "d"))
                decisions.append(LeadDecision(node.id, draw(st.sampled_from(("count", "not_scorable"))), "why"))
            elif isinstance(node.spec, Check):
                n = draw(st.integers(0, 60))
                lost = draw(st.sampled_from(((), ("R1",))))
                checks.append(CheckEvidence(node.id, f"d{at}", n, draw(st.integers(0, n)), {}, None, 400, "d", lost))
            elif isinstance(node.spec, Expert):
                judgements.append(
                    Judgement(f"{node.id}{at}", node.id, draw(st.sampled_from("ab")), draw(percent), "why")
                )
            elif isinstance(node.spec, Counter):
                values = [draw(st.none() | amount) for _ in range(4)]
                quantities.append(Quantity(f"q{at}", node.id, *values))
    groups = (surveys, checks, judgements, (), quantities, decisions)
    return Evidence(*(tuple(group) for group in groups))


@given(evidence_for(SCHEME))
def test_any_evidence_gives_a_total_of_0_to_100_that_its_parts_sum_to(evidence: Evidence) -> None:
    tree = score(SCHEME, evidence)
    assert 0 <= tree.total <= tree.max_scorable <= 100
    assert tree.total <= tree.highest_possible <= 100
    assert sum(node.points for node in tree.standards) == tree.total
    assert sum(node.max_points for node in tree.standards) == 100
    for node in tree.walk():
        assert 0 <= node.points <= node.max_scorable <= node.max_points
        if node.children:
            assert sum(child.points for child in node.children) == node.points
            assert sum(child.max_points for child in node.children) == node.max_points
        elif node.score is None:
            assert node.missing
        else:
            assert node.inputs
            assert node.arithmetic
        assert node.points == (node.score or 0) * node.max_points / 100
    for remark in (*tree.missing, *tree.excluded):
        assert remark.message
    assert tree == score(SCHEME, evidence)


FULL_EVIDENCE = Evidence(
    surveys=tuple(survey(node.id, "70") for node in SCHEME.leaves() if isinstance(node.spec, Survey)),
    checks=(check(node="g35"),),
    judgements=tuple(opinion(node.id, "70") for node in SCHEME.leaves() if isinstance(node.spec, Expert)),
    quantities=tuple(
        Quantity(node.id, node.id, Decimal(10), None, Decimal(7), Decimal(1))
        for node in SCHEME.leaves()
        if isinstance(node.spec, Counter)
    ),
)


def with_figure(evidence: Evidence, node: str, percent_: Decimal) -> Evidence:
    return replace(
        evidence,
        surveys=tuple(replace(s, figure_value=percent_) if s.node == node else s for s in evidence.surveys),
        judgements=tuple(replace(j, score=percent_) if j.node == node else j for j in evidence.judgements),
        quantities=tuple(replace(q, verified=percent_ / 10) if q.node == node else q for q in evidence.quantities),
        checks=tuple(replace(c, rate=100 - percent_) if c.node == node else c for c in evidence.checks),
    )


@given(st.sampled_from([node.id for node in SCHEME.leaves()]), percent, percent)
def test_better_evidence_never_lowers_the_total(node: str, one_: Decimal, other: Decimal) -> None:
    low, high = sorted((one_, other))
    worse = score(SCHEME, with_figure(FULL_EVIDENCE, node, low))
    better = score(SCHEME, with_figure(FULL_EVIDENCE, node, high))
    assert not worse.provisional
    assert worse.total <= better.total
    assert better.total - worse.total == better.node(node).points - worse.node(node).points


@given(percent, percent, st.decimals(0, 100, places=3), percent)
def test_points_below_a_target_never_rise_as_the_figure_falls(
    target: Decimal, one_: Decimal, deduction: Decimal, other: Decimal
) -> None:
    low, high = sorted((one_, other))
    rule = Target(target, deduction)
    assert 0 <= rule.points(low) <= rule.points(high) <= 100
