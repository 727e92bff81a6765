"""The shipped schemes, what a project may change in them, their digests and their grades."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scheme_files import (
    FILES,
    GUANGZHOU,
    HOUSING,
    OPINIONS,
    SMALL,
    line_of,
    with_,
)

from service.domain.collect.questionnaires import parse_yaml
from service.domain.errors import Refused
from service.domain.evaluate.scheme_loading import effective, load_scheme
from service.domain.evaluate.schemes import (
    Check,
    Composite,
    Counter,
    Expert,
    Scheme,
    Survey,
    digest,
    grade,
    plain,
    shown,
)

SCHEME = load_scheme(GUANGZHOU)


# --- the shipped schemes


@pytest.mark.rule(
    "G10",
    "G11",
    "G12",
    "G25",
    "G26",
    "G27",
    "G28",
    "G29",
    "G30",
    "G31",
    "G32",
    "G33",
    "G34",
    "G35",
    "G36",
    "G37",
    "G38",
    "G39",
)
def test_guangzhou_has_every_indicator_of_the_measures() -> None:
    scheme = SCHEME
    assert {node.id: node.weight for node in scheme.standards} == {
        "professional": 20,
        "volume": 20,
        "quality": 30,
        "management": 30,
    }
    rules = {rule for node in scheme.nodes for rule in node.rules}
    assert {f"G{number}" for number in range(10, 40)} <= rules
    for node in scheme.nodes:
        if node.parent is None:
            assert not node.example, "the weights of the standards are in the measures (G53)"
        else:
            assert node.example, f"{node.id}: no weight below the standards is in the measures"
            assert node.description
        if not isinstance(node.spec, Composite):
            assert node.tags
            assert node.methods


@pytest.mark.rule("G01", "G09", "G41")
def test_guangzhou_covers_the_objects_natures_and_methods_of_the_measures() -> None:
    scheme = SCHEME
    tags = [node.tags for node in scheme.leaves() if node.tags]
    assert len({view for tag in tags for view in tag.objects}) == 4
    assert {(tag.nature, tag.view) for tag in tags} == {
        (nature, view) for nature in ("process", "result") for view in ("objective", "subjective")
    }
    assert {method for node in scheme.leaves() for method in node.methods} == {
        row.method for row in scheme.methods_required
    }
    assert {rule for row in scheme.methods_required for rule in row.rules} == {"G41", "G42", "G43", "G44", "G45"}
    assert all(mapping.example for mapping in scheme.mappings.values())


def test_guangzhou_gives_each_kind_of_indicator_its_type() -> None:
    scheme = SCHEME
    counters = {node.id: node.spec for node in scheme.leaves() if isinstance(node.spec, Counter)}
    assert {counters[f"g{number}"].level for number in (14, 15)} == {"agency"}
    assert {counters[f"g{number}"].level for number in range(16, 25)} == {"per_worker"}
    assert isinstance(scheme.node("g35").spec, Check)
    populations = [node.spec.population for node in scheme.children("g28") if isinstance(node.spec, Survey)]
    assert populations == ["recipients", "related_persons"]
    for node_id in ("g29", "g30"):
        spec = scheme.node(node_id).spec
        assert isinstance(spec, Expert)
        assert spec.raters == "institutions"


@pytest.mark.parametrize("text", [path.read_text(encoding="utf-8") for path in sorted(FILES.glob("*.yaml"))])
def test_the_traditional_texts_are_not_the_simplified_ones(text: str) -> None:
    simplified = set(
        "党业务专个为书价优会众办动区单发变员实对将应开当录态总执订认议记设证评该调谈质资项领题额颁验齐时际阶随险须严继视尽"
    )
    traditional = "".join(re.findall(r"zh-Hant: (.*?)(?:, en:|\n)", text))
    assert traditional
    assert not simplified & set(traditional)


@pytest.mark.parametrize("text", [GUANGZHOU, HOUSING, OPINIONS])
def test_shipped_surveys_ask_for_shipped_questionnaires_and_map_all_their_levels(text: str) -> None:
    scheme = load_scheme(text, {"guangzhou-services": GUANGZHOU})
    surveys = [node.spec for node in scheme.leaves() if isinstance(node.spec, Survey)]
    assert surveys
    for survey in surveys:
        asked = parse_yaml(
            (FILES.parent / "questionnaires" / f"{survey.questionnaire}.yaml").read_text(encoding="utf-8")
        )
        levels = set(asked.scales[survey.scale].levels)
        if survey.mapping:
            assert set(scheme.mappings[survey.mapping].points) == levels
        else:
            assert len(levels) == 5, "top 2 and top 3 are shares of five levels"


@pytest.mark.rule("G28", "G29", "G30")
def test_the_variant_with_opinions_reads_signed_forms_and_asks_related_persons_their_own_questions() -> None:
    scheme = effective(GUANGZHOU, OPINIONS)
    surveys = {node.id: node.spec for node in scheme.leaves() if isinstance(node.spec, Survey)}
    asked = {id: (spec.population, spec.questionnaire) for id, spec in surveys.items()}
    assert asked == {
        "g28-recipients": ("recipients", "recipients"),
        "g28-related": ("related_persons", "related-persons"),
        "g29": ("party_government", "institution-rating"),
        "g30-functional": ("functional", "institution-rating"),
        "g30-organisation": ("organisation", "institution-rating"),
    }
    assert all(scheme.node(id).example for id in surveys)
    assert all(change.reason for change in scheme.changes)
    assert [node.id for node in scheme.nodes if node.parent == "g30"] == ["g30-functional", "g30-organisation"]


def housing() -> Scheme:
    return effective(GUANGZHOU, HOUSING)


@pytest.mark.rule("G53", "G65")
def test_the_housing_demo_replaces_and_removes_with_reasons() -> None:
    scheme = housing()
    assert [(change.action, change.subject) for change in scheme.changes] == [
        ("replace", "g28-recipients"),
        ("remove", "g28-related"),
        ("mapping", "low_medium_high"),
    ]
    assert all(change.reason for change in scheme.changes[:2])
    [only] = scheme.children("g28")
    assert only.weight == 100
    assert isinstance(only.spec, Survey)
    assert (only.spec.figure, only.spec.questionnaire, only.spec.scale) == (
        "index:low_medium_high",
        "copenhagen-housing",
        "satisfaction",
    )
    assert scheme.mappings["low_medium_high"].points == {"Low": 0, "Medium": 50, "High": 100}
    base = SCHEME
    assert scheme.extends == f"guangzhou-services@{digest(base)}"
    assert [node.id for node in scheme.nodes] == [node.id for node in base.nodes if node.id != "g28-related"]
    assert load_scheme(HOUSING, {"guangzhou-services": GUANGZHOU}) == scheme


@pytest.mark.parametrize(
    ("old", "new", "reason", "part", "node"),
    [
        ("    weight: 100\n", "", "scheme_weights", "node: g28-related", "g28"),
        ("    weight: 100\n", "    weight: 80\n", "scheme_weights", "weight: 80", "g28"),
        ("  g28-recipients:", "  g99:", "scheme_node_unknown", "g99", "g99"),
        ("node: g28-related", "node: g98", "scheme_node_unknown", "node: g98", "g98"),
        (
            "    reason: The published table holds no answers of related persons.\n",
            "",
            "scheme_missing",
            "- node",
            "g28-related",
        ),
        (
            "    scale: satisfaction\n",
            "    scale: satisfaction\n    hue: 1\n",
            "scheme_unknown_field",
            "hue",
            "g28-recipients",
        ),
        ("low_medium_high: {", "five_levels_a: {", "scheme_duplicate", "five_levels_a", None),
        ("index:low_medium_high", "index:none", "scheme_mapping_unknown", "index:none", "g28-recipients"),
        ("extends: guangzhou-services", "extends: elsewhere", "scheme_base_unknown", "elsewhere", None),
        ("id: guangzhou-housing-demo\n", "", "scheme_missing", "extends", None),
        (
            "    figure: index",
            "    id: other\n    figure: index",
            "scheme_unknown_field",
            "id: other",
            "g28-recipients",
        ),
    ],
)
def test_a_fault_in_an_extension_is_placed_in_the_extension(
    old: str, new: str, reason: str, part: str, node: str | None
) -> None:
    text = with_((old, new), text=HOUSING)
    with pytest.raises(Refused) as caught:
        effective(GUANGZHOU, text, source="demo.yaml")
    place = ("demo.yaml", node)
    faults = [fault for fault in caught.value.faults if fault.reason == reason]
    assert place in [(fault.params["source"], fault.params["node"]) for fault in faults]
    lines = [fault.params["line"] for fault in faults]
    assert line_of(text, part) in lines or (reason == "scheme_missing" and node is None and lines)


@pytest.mark.rule("G64", "G65")
def test_a_project_adjusts_an_extension_again() -> None:
    project = """\
extends: guangzhou-housing-demo
id: project-7
version: "1"
title: {zh-Hans: 项目, zh-Hant: 項目, en: Project}
replace:
  professional: {weight: 15, reason: A small project.}
  volume: {weight: 25, reason: Volume matters more.}
  g27: {type: counter, reason: Counted, raters: null, level: agency, cap: 100,
        unit: {zh-Hans: 次, zh-Hant: 次, en: times}}
  g33-overall: {weight: 30, reason: One plan more.}
add:
  - {id: g33-annex, parent: g33, type: expert, rules: [G64], weight: 4, reason: Annex for the elderly.,
     label: {zh-Hans: 长者, zh-Hant: 長者, en: Elderly}, methods: [document_review], scale: [0, 100], raters: scorers,
     tags: {nature: process, view: subjective, object: [goal attainment]}, aggregate: median, min_raters: 1}
"""
    bases = {"guangzhou-services": GUANGZHOU, "guangzhou-housing-demo": HOUSING}
    scheme = load_scheme(project, bases)
    assert [node.weight for node in scheme.standards] == [15, 25, 30, 30]
    assert isinstance(scheme.node("g27").spec, Counter)
    assert scheme.node("g33-annex").weight == 4
    assert [change.subject for change in scheme.changes][:3] == ["g28-recipients", "g28-related", "low_medium_high"]
    assert len(scheme.changes) == 8
    assert scheme.extends == f"guangzhou-housing-demo@{digest(housing())}"


def test_schemes_that_extend_each_other_are_refused() -> None:
    one, two = HOUSING.replace("guangzhou-services", "two"), HOUSING.replace("guangzhou-services", "one")
    with pytest.raises(Refused) as caught:
        load_scheme(one, {"one": one, "two": two})
    assert [fault.reason for fault in caught.value.faults] == ["scheme_base_unknown"]


def test_the_digest_sees_every_change_and_nothing_else() -> None:
    same = with_(("weight: 35", "weight: 35.0"), ("id: small", "# a remark\nid: small"))
    assert digest(load_scheme(SMALL)) == digest(load_scheme(same))
    changes = [
        ("zero_at: 20", "zero_at: 21"),
        ("en: Plans", "en: Plan"),
        ("points: linear", "points: {target: 90, deduct_per_point: 1}"),
    ]
    digests = {digest(load_scheme(with_(change))) for change in changes}
    assert len(digests | {digest(load_scheme(SMALL))}) == 4


# --- grades (G54)

VECTORS = [
    ("100", "excellent"),
    ("90", "excellent"),
    ("89.999", "good"),
    ("89.5", "good"),
    ("89", "good"),
    ("80", "good"),
    ("79.5", "pass"),
    ("70", "pass"),
    ("69.99", "basic-pass"),
    ("60", "basic-pass"),
    ("59.999", "fail"),
    ("0", "fail"),
]


@pytest.mark.rule("G54")
@pytest.mark.parametrize(("total", "expected"), VECTORS)
@pytest.mark.parametrize("boundary", ["half_open", "truncate_first"])
def test_bands_hold_for_the_unrounded_total(total: str, expected: str, boundary: str) -> None:
    assert grade(replace(SCHEME, boundary=boundary), Decimal(total)).id == expected


@pytest.mark.parametrize(
    ("total", "expected"),
    [("89.5", "excellent"), ("89.4", "good"), ("59.5", "basic-pass"), ("59.499999999", "fail"), ("99.9", "excellent")],
)
def test_rounding_half_up_first_is_the_one_reading_that_differs(total: str, expected: str) -> None:
    assert grade(replace(SCHEME, boundary="round_half_up_first"), Decimal(total)).id == expected


@given(st.decimals(0, 100, places=9))
def test_truncating_and_half_open_bands_always_agree(total: Decimal) -> None:
    assert grade(SCHEME, total) == grade(replace(SCHEME, boundary="truncate_first"), total)


def test_the_grades_carry_the_words_of_the_measures() -> None:
    assert [band.label["zh-Hans"] for band in SCHEME.bands] == ["优秀", "良好", "合格", "基本合格", "不合格"]


def test_numbers_are_shown_as_the_scheme_rounds() -> None:
    assert shown(SCHEME, Decimal("89.995")) == "90.00"
    down = replace(SCHEME, rounding=replace(SCHEME.rounding, mode="down", places=1))
    assert shown(down, Decimal("89.95")) == "89.9"
    assert [plain(Decimal(text)) for text in ("20", "20.0", "2E+1", "0E-9", "0.50")] == ["20", "20", "20", "0", "0.5"]
