"""Scheme files and evidence for the tests of schemes and scores."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from service.domain.evaluate.evidence import CheckEvidence, Judgement, SurveyEvidence
from service.domain.evaluate.scheme_loading import load_scheme
from service.domain.evaluate.schemes import Scheme
from service.domain.evaluate.scores import ScoreTree

FILES = Path(__file__).parents[1] / "survey_templates" / "schemes"
GUANGZHOU = (FILES / "guangzhou-services.yaml").read_text(encoding="utf-8")
OPINIONS = (FILES / "guangzhou-opinions.yaml").read_text(encoding="utf-8")
HOUSING = (FILES / "guangzhou-housing-demo.yaml").read_text(encoding="utf-8")

SMALL = """\
id: small
version: "1"
title: {zh-Hans: 小方案, zh-Hant: 小方案, en: Small}
legal_basis: none
source: none
boundary: half_open
bands:
  - {id: high, label: {zh-Hans: 高, zh-Hant: 高, en: High}, from: 60, to: 100}
  - {id: low, label: {zh-Hans: 低, zh-Hant: 低, en: Low}, from: 0, to: 60}
rounding: {stage: display, mode: half_up, places: 2}
mappings:
  levels: {example: true, points: {"2": 100, "1": 0}}
nodes:
  - id: top
    type: composite
    rules: [G10]
    weight: 100
    label: {zh-Hans: 总, zh-Hant: 總, en: Top}
  - id: views
    parent: top
    type: survey
    rules: [G28]
    weight: 40
    label: {zh-Hans: 意见, zh-Hant: 意見, en: Views}
    tags: {nature: result, view: subjective, object: [beneficiary satisfaction]}
    methods: [spot_check]
    population: recipients
    questionnaire: recipients
    scale: satisfaction
    figure: index:levels
    points: linear
    distributions: [drawn_persons]
    modes: [own_phone]
    min_n: 10
    min_response: 50
    if_below: census
  - id: records
    parent: top
    type: check
    rules: [G35]
    weight: 35
    label: {zh-Hans: 记录, zh-Hant: 記錄, en: Records}
    tags: {nature: process, view: objective, object: [contract performance]}
    methods: [spot_check]
    attributes: [found, "true"]
    tolerable_rate: 5
    error_points: {zero_at: 20}
  - id: plans
    parent: top
    type: expert
    rules: [G33]
    weight: 25
    label: {zh-Hans: 计划, zh-Hant: 計劃, en: Plans}
    tags: {nature: process, view: subjective, object: [goal attainment]}
    methods: [document_review]
    scale: [0, 100]
    raters: scorers
    aggregate: mean
    min_raters: 1
"""


def with_(*changes: tuple[str, str], text: str = SMALL) -> str:
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


HEAD = """\
id: worked
version: "1"
title: {zh-Hans: 例, zh-Hant: 例, en: Worked}
legal_basis: none
source: none
boundary: half_open
bands:
  - {id: A, label: {zh-Hans: 优秀, zh-Hant: 優秀, en: A}, from: 90, to: 100}
  - {id: B, label: {zh-Hans: 其他, zh-Hant: 其他, en: B}, from: 0, to: 90}
rounding: {stage: display, mode: half_up, places: 2}
nodes:
""".replace("id: A", "id: a").replace("id: B", "id: b")
COMMON = "rules: [G53], label: {zh-Hans: 项, zh-Hant: 項, en: Item}, methods: [interview]"
TAGS = "tags: {nature: result, view: subjective, object: [social benefit]}"
EXPERT = f"type: expert, {COMMON}, {TAGS}, scale: [0, 100], raters: scorers, aggregate: mean, min_raters: 1"
SURVEY = (
    f"type: survey, {COMMON}, {TAGS}, population: recipients, questionnaire: recipients, scale: satisfaction,"
    " figure: top3_rate, points: linear, distributions: [drawn_persons, all_present_evaluator], modes: [own_phone],"
    " min_n: 30, min_response: 50, if_below: lead_decides"
)
CHECK = f"type: check, {COMMON}, {TAGS}, attributes: [found], tolerable_rate: 10, error_points: {{zero_at: 20}}"
COUNT = f"type: counter, {COMMON}, {TAGS}, level: agency, cap: 100, unit: {{zh-Hans: 次, zh-Hant: 次, en: times}}"


def scheme_of(*rows: str) -> Scheme:
    return load_scheme(HEAD + "".join(f"  - {{{row}}}\n" for row in rows))


def one(kind: str, **changes: str) -> Scheme:
    """A scheme of one node `x`."""
    row = f"id: x, weight: 100, {kind}"
    for old, new in changes.items():
        name = f" {old}: "
        assert row.count(name) == 1
        before, after = row.split(name)
        row = before + name + new + after[after.index(",") if "," in after else len(after) :]
    return scheme_of(row)


def opinion(node: str, points: str, rater: str = "r1") -> Judgement:
    return Judgement(f"{node}-{rater}", node, rater, Decimal(points), "seen")


def survey(node: str = "x", value: str | None = "80.5", **changes: object) -> SurveyEvidence:
    figure = None if value is None else Decimal(value)
    base = SurveyEvidence(node, "c1", figure, 100, Decimal(80), ("drawn_persons",), ("own_phone",), None, "d1")
    return replace(base, **changes)  # type: ignore[arg-type]


def codes(tree: ScoreTree) -> list[str]:
    return [remark.code for remark in tree.missing]


def check(**changes: object) -> CheckEvidence:
    base = CheckEvidence("x", "d1", 60, 3, {"found": 3}, 40, 400, "digest")
    return replace(base, **changes)  # type: ignore[arg-type]
