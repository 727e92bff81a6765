"""Ratios, measured values and conditions: how they become points, and every reason why they do not."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from mixed_scheme import MIXED
from scheme_files import COMMON, EXPERT, TAGS, codes, scheme_of, with_

from service.domain.errors import Refused
from service.domain.evaluate.evidence import Event, Evidence, GateFinding, Measure, Ratio
from service.domain.evaluate.scheme_loading import load_scheme
from service.domain.evaluate.schemes import Scheme
from service.domain.evaluate.scores import score

SCHEME = load_scheme(MIXED)
MET = (GateFinding("g1", "registered", True, "seen"), GateFinding("g2", "accounts", True, "seen"))
WHOLE = Evidence(
    ratios=(Ratio("r", "answered", Decimal(18), Decimal(20)),),
    measures=(Measure("m", "hall", Decimal("4500.5"), "m²"),),
    events=(Event("e1", "praise", "praised", Decimal(2)), Event("e2", "praise", "complaint")),
    gates=MET,
)
SPENT = (
    "cap: 300, points: {order: free, steps: [{from: 0, points: 0}, {from: 90, points: 100}, {from: 101, points: 50}]}"
)
LABELS = "numerator: {zh-Hans: 甲, zh-Hant: 甲, en: a}, denominator: {zh-Hans: 乙, zh-Hant: 乙, en: b}"


def ratio_scheme(more: str) -> Scheme:
    return scheme_of(f"id: x, weight: 100, type: ratio, {COMMON}, {TAGS}, {LABELS}, {more}")


def total_of(scheme: Scheme, numerator: str, denominator: str) -> Decimal:
    ratio = Ratio("r", "x", Decimal(numerator), Decimal(denominator))
    return score(scheme, Evidence(ratios=(ratio,))).total


@pytest.mark.rule("O01", "C09")
def test_all_types_make_one_total_and_each_says_how() -> None:
    tree = score(SCHEME, WHOLE)
    assert tree.total == Decimal("0.4") * 90 + Decimal("0.3") * 70 + Decimal("0.3") * 65
    assert (tree.grade and tree.grade.id, tree.missing, tree.failed_gates) == ("high", (), ())
    lines = {node.id: node.arithmetic.text for node in tree.walk() if node.arithmetic}
    assert lines["answered"] == "min(100 × 18 / 20, 100) = 90; ratio 90 = 90"
    assert lines["hall"] == "step from 3000 for 4500.5 = 70"
    assert lines["praise"] == "60 + 2 × 10 - 15 = 65"
    assert tree.arithmetic.text == "40 % × 90 + 30 % × 70 + 30 % × 65 = 76.5"
    assert {(item.kind, item.id) for node in tree.walk() for item in node.inputs} == {
        ("ratio", "r"),
        ("measure", "m"),
        ("event", "e1"),
        ("event", "e2"),
        ("gate", "g1"),
        ("gate", "g2"),
    }


@pytest.mark.rule("O01", "O11")
def test_a_ratio_is_exact_and_its_two_numbers_are_shown() -> None:
    """2811 of 2952 are 95.22 %; who rated nothing is in neither number."""
    found = total_of(ratio_scheme("points: linear"), "2811", "2952")
    assert found.quantize(Decimal("0.01")) == Decimal("95.22")


@pytest.mark.rule("G26", "G38", "G39")
@pytest.mark.parametrize(
    ("points", "numerator", "denominator", "expected"),
    [
        ("points: linear, part: true", "3", "4", "75"),
        ("points: linear", "5", "4", "100"),
        ("points: {target: 80, deduct_per_point: 2}", "3", "4", "90"),
        ("points: {steps: [{from: 0, points: 10}, {from: 75, points: 60}]}", "3", "4", "60"),
        # turnover: the fewer the better
        ("points: {zero_at: 40}", "1", "10", "75"),
        ("points: {zero_at: 40}", "5", "10", "0"),
        # spent of the budget: best between 90 and 100 percent
        (SPENT, "95", "100", "100"),
        (SPENT, "120", "100", "50"),
    ],
)
def test_a_ratio_becomes_points(points: str, numerator: str, denominator: str, expected: str) -> None:
    assert total_of(ratio_scheme(points), numerator, denominator) == Decimal(expected)


def without(kind: str) -> Evidence:
    values = {name: getattr(WHOLE, name) for name in ("ratios", "measures", "events", "gates") if name != kind}
    return Evidence(**values)


def changed(**more: object) -> Evidence:
    kinds: dict[str, object] = {name: getattr(WHOLE, name) for name in ("ratios", "measures", "events", "gates")}
    return Evidence(**{**kinds, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("evidence", "missing"),
    [
        (without("ratios"), ["no_ratio"]),
        (without("measures"), ["no_measure"]),
        (without("events"), []),
        (without("gates"), ["no_gate_finding", "no_gate_finding"]),
        (changed(ratios=(Ratio("r", "answered", Decimal(0), Decimal(0)),)), ["no_denominator"]),
        (changed(ratios=(Ratio("r", "answered", Decimal(3), Decimal(2)),)), ["part_exceeds_whole"]),
        (changed(ratios=(*WHOLE.ratios, Ratio("r2", "answered", Decimal(1), Decimal(2)))), ["ambiguous"]),
        (changed(measures=(Measure("m", "hall", Decimal(1), "feet"),)), ["no_measure"]),
        (changed(measures=(*WHOLE.measures, Measure("m2", "hall", Decimal(1), "平方米"))), ["ambiguous"]),
    ],
)
def test_what_is_missing_is_named_and_earns_nothing_without_a_new_weight(
    evidence: Evidence, missing: list[str]
) -> None:
    tree = score(SCHEME, evidence)
    assert codes(tree) == missing
    assert tree.provisional == bool(missing)
    lost = {"answered": 40, "hall": 30}
    assert tree.max_scorable == 100 - sum(lost.get(remark.node, 0) for remark in tree.missing)
    assert sum(node.max_points for node in tree.standards) == 100


def test_a_value_in_another_unit_or_below_the_lowest_step_earns_nothing() -> None:
    odd = score(SCHEME, changed(measures=(Measure("m", "hall", Decimal(9000), "feet"), *WHOLE.measures)))
    assert odd.node("hall").score == 70
    odd_remarks = [(remark.code, remark.subject) for remark in odd.excluded]
    assert odd_remarks == [("unit_differs", "m")]
    low = score(SCHEME, changed(measures=(Measure("m", "hall", Decimal("999.9"), "m²"),))).node("hall")
    assert (low.score, low.arithmetic and low.arithmetic.text) == (0, "below 1000 for 999.9 = 0")


@pytest.mark.rule("C10")
def test_a_condition_is_never_scored_and_one_not_met_fails_or_holds_up_the_whole() -> None:
    failed = score(SCHEME, changed(gates=(GateFinding("g1", "registered", False, "licence expired"), MET[1])))
    assert failed.total == score(SCHEME, WHOLE).total, "a condition earns and costs no points"
    assert (failed.grade and failed.grade.id, failed.provisional) == ("low", False)
    assert [remark.code for remark in failed.failed_gates] == ["gate_failed"]
    assert "licence expired" in failed.failed_gates[0].message
    held = score(SCHEME, changed(gates=(MET[0], GateFinding("g2", "accounts", False, "not audited"))))
    assert (held.provisional, codes(held), held.grade and held.grade.id) == (True, ["gate_held"], "high")
    for node in ("registered", "accounts", "eligible"):
        assert (SCHEME.node(node).weight, failed.node(node).score, failed.node(node).max_points) == (0, None, 0)


def test_evidence_of_another_kind_is_a_stray() -> None:
    tree = score(SCHEME, changed(gates=(*MET, GateFinding("g3", "hall", True, "seen"))))
    assert [(remark.code, remark.subject) for remark in tree.excluded] == [("kind_unfit", "g3")]


ACCEPTANCE = MIXED[: MIXED.index("nodes:")] + "kind: acceptance\nnodes:\n" + MIXED[MIXED.index("  - id: eligible") :]


@pytest.mark.rule("C04")
def test_an_acceptance_is_passed_only_if_every_condition_is_met() -> None:
    scheme = load_scheme(ACCEPTANCE.replace("on_failure: hold", "on_failure: fail"))
    passed = score(scheme, Evidence(gates=MET))
    assert (passed.total, passed.grade and passed.grade.id, passed.provisional) == (100, "high", False)
    assert passed.arithmetic.text == "100 × 2 / 2 = 100"
    one = score(scheme, Evidence(gates=(MET[0], GateFinding("g2", "accounts", False, "none"))))
    assert (one.total, one.grade and one.grade.id) == (50, "low")
    none = score(scheme, Evidence(gates=MET[:1]))
    assert (none.total, none.provisional, none.max_scorable, none.highest_possible) == (50, True, 50, 100)


HALL = "steps: [{from: 1000, points: 40}, {from: 3000, points: 70}, {from: 6000, points: 100}]"
THIRD = "from: 60, to: 90}\n  - {id: top, label: {zh-Hans: 顶, zh-Hant: 頂, en: T}, from: 90, to: 100}"
REFUSALS: dict[str, tuple[str, tuple[str, str], str, str | None]] = {
    "weighted gate": (
        MIXED,
        ("    on_failure: fail", "    weight: 10\n    on_failure: fail"),
        "scheme_weight_unfit",
        "registered",
    ),
    "weighted gates": (
        MIXED,
        ("  - id: eligible\n", "  - id: eligible\n    weight: 10\n"),
        "scheme_weight_unfit",
        "eligible",
    ),
    "no weight": (MIXED, ("    weight: 40\n", ""), "scheme_missing", "answered"),
    "weights of 99": (MIXED, ("    weight: 40\n", "    weight: 39\n"), "scheme_weights", "answered"),
    "unknown failure": (MIXED, ("on_failure: hold", "on_failure: shrug"), "scheme_choice", "accounts"),
    "no steps": (MIXED, (HALL, "steps: []"), "scheme_missing", "hall"),
    "steps that fall": (MIXED, ("{from: 3000, points: 70}", "{from: 3000, points: 30}"), "scheme_steps_order", "hall"),
    "steps out of order": (MIXED, ("{from: 3000,", "{from: 500,"), "scheme_steps_order", "hall"),
    "unknown order": (MIXED, ("order: rising", "order: random"), "scheme_choice", "hall"),
    "no denominator": (
        MIXED,
        ("    denominator: {zh-Hans: 应答复, zh-Hant: 應答覆, en: due}\n", ""),
        "scheme_missing",
        "answered",
    ),
    "expert in an acceptance": (
        ACCEPTANCE,
        ("    on_failure: hold", f"    on_failure: hold\n  - {{id: y, {EXPERT}}}"),
        "scheme_kind_type",
        "y",
    ),
    "acceptance of three grades": (ACCEPTANCE, ("from: 60, to: 100}", THIRD), "scheme_acceptance_bands", None),
}


@pytest.mark.parametrize("case", REFUSALS.values(), ids=REFUSALS.keys())
def test_a_fault_is_refused_with_its_line_and_node(case: tuple[str, tuple[str, str], str, str | None]) -> None:
    text, change, reason, node = case
    with pytest.raises(Refused) as caught:
        load_scheme(with_(change, text=text), source="mixed.yaml")
    found = [fault for fault in caught.value.faults if fault.reason == reason]
    assert node in [fault.params["node"] for fault in found], [fault.message for fault in caught.value.faults]
    assert all(fault.message.startswith("mixed.yaml, line ") for fault in found)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Ratio("r", "x", Decimal(-1), Decimal(2)),
        lambda: Ratio("r", "x", Decimal(1), Decimal("Infinity")),
        lambda: Measure("m", "x", Decimal("NaN"), "m"),
        lambda: Event("e", "x", "t", Decimal(-1)),
    ],
)
def test_impossible_evidence_cannot_exist(make: Callable[[], object]) -> None:
    with pytest.raises(Refused):
        make()
