"""Scheme files: the shipped ones load whole, and every fault is refused with its source, line and node."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scheme_files import SMALL, line_of, with_

from service.domain.errors import Fault, Refused
from service.domain.evaluate.marked import DEPTH_LIMIT, SIZE_LIMIT, parse
from service.domain.evaluate.node_scores import SCORERS, TAKES
from service.domain.evaluate.scheme_loading import NODE_LIMIT, READERS, load_scheme
from service.domain.evaluate.schemes import Check, ZeroAt


def faults_of(text: str, bases: dict[str, str] | None = None) -> tuple[Fault, ...]:
    with pytest.raises(Refused) as caught:
        load_scheme(text, bases, source="small.yaml")
    assert caught.value.reason == "scheme_invalid"
    return caught.value.faults


def test_the_small_scheme_loads() -> None:
    scheme = load_scheme(SMALL)
    assert [node.id for node in scheme.nodes] == ["top", "views", "records", "plans"]
    assert scheme.mappings["levels"].points == {"2": Decimal(100), "1": Decimal(0)}
    assert scheme.node("records").spec == Check(("found", "true"), ZeroAt(Decimal(20)), Decimal(5))


# old text, new text, reason, part of the changed text on the line that must be named, node that must be named
REFUSALS = {
    "weights": ("weight: 35", "weight: 36", "scheme_weights", "weight: 40", "top"),
    "weights of the standards": ("weight: 100", "weight: 99.5", "scheme_weights", "weight: 99.5", "top"),
    "weight of zero": ("weight: 35", "weight: 0", "scheme_range", "weight: 0", "records"),
    "weight that is no number": ("weight: 35", "weight: many", "scheme_type", "weight: many", "records"),
    "weight in another notation": ("weight: 35", "weight: 0x23", "scheme_type", "weight: 0x23", "records"),
    "weight not finite": ("weight: 35", "weight: .nan", "scheme_type", "weight: .nan", "records"),
    "unknown type": ("type: check", "type: magic", "scheme_choice", "type: magic", "records"),
    "unknown field": (
        "tolerable_rate: 5",
        "tolerable_rate: 5\n    colour: red",
        "scheme_unknown_field",
        "colour",
        "records",
    ),
    "unknown field at the top": (
        "legal_basis: none",
        "legal_basis: none\ncolour: red",
        "scheme_unknown_field",
        "colour",
        None,
    ),
    "missing field": ("    if_below: census\n", "", "scheme_missing", "id: views", "views"),
    "missing language": (", en: Records", "", "scheme_missing", "label: {zh-Hans: 记录", "records"),
    "missing tags": (
        "    tags: {nature: process, view: subjective, object: [goal attainment]}\n",
        "",
        "scheme_missing",
        "id: plans",
        "plans",
    ),
    "unknown object": ("[goal attainment]", "[fame]", "scheme_choice", "[fame]", "plans"),
    "no object": ("[goal attainment]", "[]", "scheme_type", "object: []", "plans"),
    "duplicate id": (
        "id: records",
        "id: views",
        "scheme_duplicate",
        "- id: views\n    parent: top\n    type: check",
        "views",
    ),
    "duplicate key": ("weight: 35", "weight: 35\n    weight: 35", "scheme_duplicate", "weight: 35\n    label", None),
    "id with a space": ("id: records", "id: my records", "scheme_type", "my records", "my records"),
    "unknown parent": (
        "parent: top\n    type: check",
        "parent: roof\n    type: check",
        "scheme_parent_unknown",
        "roof",
        "records",
    ),
    "parent without children": (
        "parent: top\n    type: check",
        "parent: views\n    type: check",
        "scheme_parent_leaf",
        "parent: views",
        "records",
    ),
    "own parent": (
        "id: top\n",
        "id: top\n    parent: top\n",
        "scheme_cycle",
        "parent: top\n    type: composite",
        "top",
    ),
    "composite without children": (
        "  - id: views",
        "  - {id: void, parent: top, type: composite, rules: [G1], weight: 9,"
        " label: {zh-Hans: a, zh-Hant: a, en: a}}\n  - id: views",
        "scheme_childless",
        "id: void",
        "void",
    ),
    "alias": ("[contract performance]}", "*same}", "scheme_alias", "*same", None),
    "band gap": ("from: 60, to: 100", "from: 61, to: 100", "scheme_band_gap", "from: 61", None),
    "band overlap": ("from: 60, to: 100", "from: 59, to: 100", "scheme_band_overlap", "from: 59", None),
    "bands that end early": ("from: 60, to: 100", "from: 60, to: 99", "scheme_band_gap", "to: 99", None),
    "bands that start late": ("from: 0, to: 60", "from: 1, to: 60", "scheme_band_gap", "from: 1,", None),
    "empty band": ("from: 60, to: 100", "from: 60, to: 60", "scheme_band_empty", "to: 60}\n  - {id: low", None),
    "unknown mapping": ("index:levels", "index:steps", "scheme_mapping_unknown", "index:steps", "views"),
    "figure without mapping": ("index:levels", "index", "scheme_figure_mapping", "figure: index", "views"),
    "figure with an empty mapping": ("index:levels", '"index:"', "scheme_figure_mapping", "figure:", "views"),
    "unknown figure": ("index:levels", "mean", "scheme_choice", "figure: mean", "views"),
    "mapping where none belongs": ("index:levels", "top2_rate:levels", "scheme_choice", "top2_rate", "views"),
    "share of nothing": ("index:levels", "share", "scheme_missing", "id: views", "views"),
    "points outside 0..100 in a mapping": ('"2": 100', '"2": 101', "scheme_range", '"2": 101', None),
    "empty mapping": ('{"2": 100, "1": 0}', "{}", "scheme_missing", "points: {}", None),
    "provider's handing out": (
        "[drawn_persons]",
        "[all_present_provider]",
        "scheme_distribution",
        "all_present_p",
        "views",
    ),
    "posters": ("[drawn_persons]", "[drawn_persons, poster]", "scheme_distribution", "poster", "views"),
    "unknown distribution": ("[drawn_persons]", "[pigeons]", "scheme_choice", "pigeons", "views"),
    "unknown mode": ("[own_phone]", "[telepathy]", "scheme_choice", "telepathy", "views"),
    "fraction of a person": ("min_n: 10", "min_n: 10.5", "scheme_type", "min_n: 10.5", "views"),
    "unknown rule below the minimum": ("if_below: census", "if_below: guess", "scheme_choice", "guess", "views"),
    "steps that do not start at 0": (
        "points: linear",
        "points: {steps: [{from: 1, points: 0}]}",
        "scheme_steps_start",
        "steps:",
        "views",
    ),
    "steps that fall": (
        "points: linear",
        "points: {steps: [{from: 0, points: 50}, {from: 80, points: 40}]}",
        "scheme_steps_order",
        "steps:",
        "views",
    ),
    "error steps that rise": (
        "error_points: {zero_at: 20}",
        "error_points: {steps: [{from: 0, points: 50}, {from: 5, points: 60}]}",
        "scheme_steps_order",
        "steps:",
        "records",
    ),
    "steps out of order": (
        "points: linear",
        "points: {steps: [{from: 0, points: 0}, {from: 0, points: 40}]}",
        "scheme_steps_order",
        "steps:",
        "views",
    ),
    "zero points at no errors": ("zero_at: 20", "zero_at: 0", "scheme_range", "zero_at: 0", "records"),
    "other expert scale": ("scale: [0, 100]", "scale: [1, 5]", "scheme_type", "[1, 5]", "plans"),
    "trimmed mean of one": ("aggregate: mean", "aggregate: trimmed_mean", "scheme_range", "min_raters: 1", "plans"),
    "rounding before the total": ("stage: display", "stage: node", "scheme_choice", "stage: node", None),
    "unknown reading of the gaps": ("half_open", "open", "scheme_choice", "boundary: open", None),
    "text that could be a truth value": ('[found, "true"]', "[found, true]", "scheme_type", "[found, true]", "records"),
}


@pytest.mark.parametrize("case", REFUSALS.values(), ids=REFUSALS.keys())
def test_a_fault_is_refused_with_its_line_and_node(case: tuple[str, str, str, str, str | None]) -> None:
    old, new, reason, part, node = case
    text = with_((old, new))
    faults = [fault for fault in faults_of(text) if fault.reason == reason]
    assert (line_of(text, part), node) in [(fault.params["line"], fault.params["node"]) for fault in faults]
    for fault in faults:
        assert fault.message.startswith("small.yaml, line ")
        assert node is None or fault.field.startswith(f"nodes.{node}")


def test_a_circle_of_parents_is_named_once() -> None:
    text = SMALL + (
        "  - {id: a, parent: c, type: composite, rules: [G1], weight: 100, label: {zh-Hans: a, zh-Hant: a, en: a}}\n"
        "  - {id: b, parent: a, type: composite, rules: [G1], weight: 100, label: {zh-Hans: a, zh-Hant: a, en: a}}\n"
        "  - {id: c, parent: b, type: composite, rules: [G1], weight: 100, label: {zh-Hans: a, zh-Hant: a, en: a}}\n"
    )
    [fault] = faults_of(text)
    assert fault.reason == "scheme_cycle"
    assert fault.params["circle"] == "a → c → b → a"
    assert (fault.params["line"], fault.params["node"]) == (line_of(text, "{id: a,"), "a")


def test_an_alias_is_refused_even_if_it_makes_a_circle() -> None:
    text = with_(
        ("tags: {nature: process, view: subjective,", "tags: &loop {self: *loop, nature: process, view: subjective,")
    )
    [fault] = faults_of(text)
    assert (fault.reason, fault.params["line"]) == ("scheme_alias", line_of(text, "*loop"))


def test_all_faults_come_at_once_in_the_order_of_lines() -> None:
    faults = faults_of(
        with_(("min_n: 10", "min_n: 0"), ("type: expert", "type: magic"), ("boundary: half_open", "boundary: x"))
    )
    assert [fault.params["line"] for fault in faults] == sorted(fault.params["line"] for fault in faults)
    assert {fault.field for fault in faults} == {"boundary", "nodes.views.min_n", "nodes.plans.type"}


def test_a_tree_too_deep_is_refused() -> None:
    label = "label: {zh-Hans: a, zh-Hant: a, en: a}"
    parents = ["top", *(f"n{at}" for at in range(9))]
    rows = "".join(
        f"  - {{id: n{at}, parent: {parents[at]}, type: composite, rules: [G1], weight: 100, {label}}}\n"
        for at in range(9)
    )
    assert "scheme_too_deep" in {fault.reason for fault in faults_of(SMALL + rows)}


@pytest.mark.parametrize(
    "text",
    [
        "a: [1",
        "a: b: c",
        "\tid: x",
        "id: \x00",
        "- ]",
        '"',
        "a: \ud800",
        "%YAML 9",
        "a: !!python/object/apply:os.system [x]",
    ],
)
def test_what_is_no_yaml_or_no_scheme_is_refused(text: str) -> None:
    assert all(fault.params["line"] >= 1 for fault in faults_of(text))


@pytest.mark.parametrize("text", ["", "just text", "[]", "42", "nodes: 1", "nodes: [1]", "nodes: []", "bands: [[]]"])
def test_yaml_of_another_shape_is_refused(text: str) -> None:
    assert faults_of(text)


def test_size_depth_and_number_of_nodes_are_limited() -> None:
    with pytest.raises(Refused) as caught:
        load_scheme("#" * (SIZE_LIMIT + 1))
    assert caught.value.reason == "too_large"
    assert [fault.reason for fault in faults_of("[" * 5000)] == ["scheme_too_deep"]
    parse("[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT, "x")
    assert "nodes" in {fault.field for fault in faults_of("nodes:\n" + "- {}\n" * (NODE_LIMIT + 1))}


@given(st.integers(0, SMALL.count("\n") - 1), st.text(alphabet="abc:[]{}-&*#\n\"'0 ", max_size=6))
def test_a_damaged_file_is_refused_or_loaded_but_never_breaks(line: int, damage: str) -> None:
    lines = SMALL.splitlines()
    lines[line] += damage
    try:
        scheme = load_scheme("\n".join(lines))
    except Refused as refused:
        said = str(refused)
    else:
        said = "loaded" if sum(node.weight for node in scheme.children("top")) == 100 else ""
    assert said


def test_every_type_has_a_reader_a_scorer_and_its_kinds_of_evidence() -> None:
    assert set(READERS) == {"composite", *SCORERS} == set(TAKES)
