"""The ready schemes beside Guangzhou's own: they load, say what is an example, and do what their sources say."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from scheme_files import COMMON, FILES, GUANGZHOU, TAGS, check, opinion, scheme_of, survey

from service.domain.collect.questionnaires import parse_yaml
from service.domain.errors import Refused
from service.domain.evaluate.evidence import Evidence, GateFinding, Measure, Quantity, Ratio
from service.domain.evaluate.scheme_loading import READERS, load_scheme
from service.domain.evaluate.scheme_parameters import PARAMETERS
from service.domain.evaluate.scheme_parts import KINDS
from service.domain.evaluate.schemes import Composite, Events, Measured, Scheme, Survey, digest
from service.domain.evaluate.schemes import Ratio as RatioSpec
from service.domain.evaluate.scores import score

TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FILES.glob("*.yaml"))}
READY = {name: load_scheme(text, TEXTS, name) for name, text in TEXTS.items()}
GUANGZHOUS = READY["guangzhou-services"]
ELDERLY, FAMILY = READY["guangzhou-elderly"], READY["guangzhou-family"]
EIGHT, THREE = READY["chengdu-eight-heads"], READY["chengdu-three-sources"]
SHANGHAI = READY["shanghai-contract"]


@pytest.mark.rule("C03", "C04")
@pytest.mark.parametrize("name", TEXTS)
def test_every_ready_scheme_says_where_it_stands_and_what_is_an_example(name: str) -> None:
    scheme = READY[name]
    assert scheme.legal_basis
    assert scheme.source
    assert scheme.kind == ("points" if name == "guangzhou-information" else "evaluation"), (
        "services that go on are evaluated"
    )
    for node in scheme.leaves():
        assert node.tags
        assert node.methods
    if not name.startswith("guangzhou"):
        assert all(node.example for node in scheme.nodes), "no weight of these is in their sources"
        assert all(band.example for band in scheme.bands)
    assert all(deadline.basis for deadline in scheme.deadlines)
    assert all(one.action for one in scheme.consequences)


@pytest.mark.parametrize("name", TEXTS)
def test_every_survey_asks_for_a_shipped_questionnaire_with_its_scale(name: str) -> None:
    for node in READY[name].leaves():
        if isinstance(node.spec, Survey):
            path = FILES.parent / "questionnaires" / f"{node.spec.questionnaire}.yaml"
            assert node.spec.scale in parse_yaml(path.read_text(encoding="utf-8")).scales


@pytest.mark.rule("G48", "G51", "G56", "G57")
def test_guangzhous_terms_have_their_basis_and_roll() -> None:
    terms = {one.id: (one.n, one.unit, one.hard, one.roll) for one in GUANGZHOUS.deadlines}
    assert terms == {
        "mid-self-evaluation": (None, "day", False, True),
        "final-self-evaluation": (15, "day", True, True),
        "official-evaluation": (15, "day", False, True),
        "result-notice": (None, "day", False, True),
        "appeal": (None, "day", True, True),
        "review": (30, "day", True, True),
    }


@pytest.mark.rule("G59", "G60", "G61", "G62", "G63")
def test_guangzhous_consequences_are_data() -> None:
    found = {one.id: (dict(one.conditions), one.duty, one.action, one.months) for one in GUANGZHOUS.consequences}
    assert found == {
        "reward": ({"grade": "excellent"}, "may", "reward", None),
        "cut-funds": ({"grade": "fail"}, "must", "cut", None),
        "barred": ({"grade": "fail"}, "must", "ban", 24),
        "finish-tasks": ({"grade": "fail", "reason": "tasks_unfinished"}, "must", "continue", None),
        "disqualify": ({"grade": "fail", "reason": "grave"}, "must", "disqualify", None),
    }
    assert [one.id for one in GUANGZHOUS.consequences if one.permanent] == ["disqualify"]


@pytest.mark.rule("G64")
@pytest.mark.parametrize("scheme", [ELDERLY, FAMILY])
def test_an_annex_keeps_the_four_standards_and_gives_a_reason_for_each_deviation(scheme: Scheme) -> None:
    assert scheme.extends == f"guangzhou-services@{digest(GUANGZHOUS)}"
    assert [(node.id, node.weight) for node in scheme.standards] == [
        (node.id, node.weight) for node in GUANGZHOUS.standards
    ]
    assert scheme.changes
    assert all(change.reason for change in scheme.changes)
    changed = {change.subject for change in scheme.changes}
    assert all(scheme.node(id).example for id in changed)
    assert (scheme.deadlines, scheme.consequences) == (GUANGZHOUS.deadlines, GUANGZHOUS.consequences)
    spec = scheme.node("g28-recipients").spec
    assert isinstance(spec, Survey)
    assert spec.questionnaire == scheme.id.removeprefix("guangzhou-")


@pytest.mark.rule("G26", "G38", "G39")
def test_the_annexes_count_what_can_be_counted() -> None:
    for scheme in (ELDERLY, FAMILY):
        for id in ("g26", "g39-stability"):
            assert isinstance(scheme.node(id).spec, RatioSpec)
    assert isinstance(ELDERLY.node("elderly-safety").spec, Events)
    assert isinstance(FAMILY.node("family-hours").spec, Measured)
    assert [node.id for node in FAMILY.children("g38")] == ["g38-accounts", "g38-spent"]
    tree = score(FAMILY, Evidence(ratios=(Ratio("r", "g38-spent", Decimal(95), Decimal(100)),)))
    assert tree.node("g38-spent").score == 100
    over = score(FAMILY, Evidence(ratios=(Ratio("r", "g38-spent", Decimal(105), Decimal(100)),)))
    assert over.node("g38-spent").score == 60


@pytest.mark.rule("C24", "C17")
def test_chengdus_article_32_has_eight_heads_in_its_order() -> None:
    assert [node.id for node in EIGHT.standards] == [
        *("remit", "buying", "need", "checks", "money", "effect", "satisfaction", "other")
    ]
    for place, node in zip("一二三四五六七八", EIGHT.standards, strict=True):
        assert f"（{place}）" in (node.description or {})["zh-Hans"]
    [reply] = [one for one in EIGHT.deadlines if "C20" in one.rules]
    assert (reply.n, reply.unit, reply.from_event) == (5, "workday", "objection_received")
    assert EIGHT.parameter("objection_days") == 5
    assert EIGHT.parameter("contract_years") == 3


PURCHASER = Evidence(
    ratios=(
        Ratio("r1", "daily-checks", Decimal(9), Decimal(10)),
        Ratio("r2", "spending", Decimal(96), Decimal(100)),
    ),
    quantities=(Quantity("q", "quantity", Decimal(100), None, Decimal(80)),),
)
THIRD = tuple(opinion(f"third-{head}", "80") for head in ("quality", "quantity", "effect", "cost"))
WHOLE = replace(PURCHASER, surveys=(survey("recipients", "90"),), judgements=THIRD)


@pytest.mark.rule("C23")
def test_three_sources_judge_together_and_a_missing_one_is_never_spread_over_the_others() -> None:
    whole = score(THREE, WHOLE)
    assert whole.total == Decimal("0.4") * (Decimal("0.4") * 90 + Decimal("0.4") * 80 + 20) + Decimal("31.5") + 20
    assert {one.id: (one.weight, one.missing) for one in whole.sources} == {
        "purchaser": (40, False),
        "recipients": (35, False),
        "third_party": (25, False),
    }
    for lost, evidence in (
        ("recipients", replace(WHOLE, surveys=())),
        ("third_party", replace(WHOLE, judgements=())),
        ("purchaser", replace(WHOLE, ratios=(), quantities=())),
    ):
        tree = score(THREE, evidence)
        before, after = ({one.id: one for one in each.sources} for each in (whole, tree))
        assert (after[lost].points, after[lost].missing, after[lost].weight) == (0, True, before[lost].weight)
        assert tree.total == whole.total - before[lost].points
        assert tree.max_scorable == 100 - before[lost].weight
        assert tree.provisional
        assert {id: one.points for id, one in after.items() if id != lost} == {
            id: one.points for id, one in before.items() if id != lost
        }


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("{id: recipients, weight: 35,", "{id: recipients, weight: 30,", "scheme_source_share"),
        ("{id: recipients, weight: 35,", "{id: recipients, weight: 30,", "scheme_sources_sum"),
        ("{id: recipients, weight: 35,", "{id: neighbours, weight: 35,", "scheme_choice"),
        ("judged_by: third_party", "judged_by: nobody", "scheme_choice"),
    ],
)
def test_shares_that_the_tree_does_not_give_are_refused(old: str, new: str, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        load_scheme(TEXTS["chengdu-three-sources"].replace(old, new, 1))
    assert reason in {fault.reason for fault in caught.value.faults}


@pytest.mark.rule("S04", "S05", "S01")
def test_shanghais_contract_has_three_heads_and_no_result_without_the_audit() -> None:
    assert [(node.id, node.weight) for node in SHANGHAI.standards] == [
        ("performance", 40),
        ("benefit", 30),
        ("public", 30),
        ("audit", 0),
    ]
    assert {task.id: (task.whom, task.every, task.from_event) for task in SHANGHAI.tasks} == {
        "audit-of-funds": ("evaluator", "", "project_completed"),
        "quarterly-progress": ("purchaser", "quarter", ""),
        "half-yearly-audit": ("purchaser", "half_year", ""),
    }
    done = Evidence(
        quantities=(Quantity("q", "targets", Decimal(100), None, Decimal(90)),),
        checks=(check(node="records", errors=3),),
        ratios=(Ratio("r", "benefit", Decimal(60), Decimal(100)),),
        surveys=(survey("public", "90"),),
    )
    assert [remark.code for remark in score(SHANGHAI, done).missing] == ["no_gate_finding"]
    audited = score(SHANGHAI, replace(done, gates=(GateFinding("g", "audit", True, "no objection"),)))
    assert (audited.provisional, audited.total) == (False, Decimal("0.4") * (54 + 30) + 30 + 27)
    open_ = score(SHANGHAI, replace(done, gates=(GateFinding("g", "audit", False, "receipts are missing"),)))
    assert [remark.code for remark in open_.missing] == ["gate_held"]


PROJECT = """\
extends: guangzhou-elderly
id: project-7
version: "1"
title: {zh-Hans: 项目, zh-Hant: 項目, en: Project}
parameters:
  quorum: 3
  publication_basis: 合同第九条
  publish_unappealed: true
  retention: {contacts: {years: 2, basis: 合同第十条}}
deadlines:
  - {id: appeal, n: 15, reason: The contract names the term.}
  - {id: interim-report, from_event: agreed_date, n: 10, unit: workday, hard: false, rules: [G65], reason: Agreed.,
     label: {zh-Hans: 中期报告, zh-Hant: 中期報告, en: Interim report}}
consequences:
  - {id: barred, months: null, permanent: false, reason: The contract leaves it to the authority.}
methods_required:
  - {method: interview, evidence: recipients, min: 5, reason: Five are agreed.}
replace:
  elderly-safety: {reason: Two floors., floor: 20}
"""


@pytest.mark.rule("G40", "G65", "G12", "G58")
def test_a_project_adjusts_terms_parameters_and_single_fields_with_reasons() -> None:
    scheme = load_scheme(PROJECT, TEXTS)
    by_id = {one.id: one for one in scheme.deadlines}
    assert (by_id["appeal"].n, by_id["appeal"].hard, by_id["appeal"].rules) == (15, True, ("G56",))
    assert len(scheme.deadlines) == len(ELDERLY.deadlines) + 1
    assert {one.id: one.months for one in scheme.consequences}["barred"] is None
    assert {(one.method, one.evidence): one.minimum for one in scheme.methods_required}["interview", "recipients"] == 5
    assert (scheme.parameter("quorum"), scheme.parameter("objection_days")) == (3, 5)
    assert scheme.parameter("retention") == {"contacts": {"years": 2, "basis": "合同第十条"}}
    own = scheme.changes[len(ELDERLY.changes) :]
    assert {(change.action, change.subject) for change in own} == {
        ("replace", "elderly-safety"),
        ("parameters", "quorum"),
        ("parameters", "publication_basis"),
        ("parameters", "publish_unappealed"),
        ("parameters", "retention"),
        ("deadlines", "appeal"),
        ("deadlines", "interim-report"),
        ("consequences", "barred"),
        ("methods_required", "interview recipients"),
    }


@pytest.mark.parametrize(
    ("old", "new", "reason", "field"),
    [
        (", reason: The contract names the term.", "", "scheme_missing", "deadlines.0.reason"),
        ("quorum: 3", "quorum: none", "scheme_type", "parameters.quorum"),
        ("quorum: 3", "quorums: 3", "scheme_choice", "parameters.quorums"),
        ("publish_unappealed: true", "publish_unappealed: perhaps", "scheme_type", "parameters.publish_unappealed"),
        ("years: 2, basis", "years: 0, basis", "scheme_range", "parameters.retention.contacts.years"),
        ("years: 2, basis: 合同第十条", "years: 2", "scheme_missing", "parameters.retention.contacts.basis"),
        ("id: appeal, n: 15", "id: appeal, n: 0", "scheme_range", "n"),
        ("floor: 20", "floor: -20", "scheme_events_bounds", "nodes.elderly-safety.cap"),
    ],
)  # fmt: skip
def test_wrong_adjustments_are_refused_with_their_place(old: str, new: str, reason: str, field: str) -> None:
    assert PROJECT.count(old) == 1
    with pytest.raises(Refused) as caught:
        load_scheme(PROJECT.replace(old, new), TEXTS, "project.yaml")
    found = [(fault.reason, fault.field) for fault in caught.value.faults]
    assert any(one == reason and place.endswith(field) for one, place in found), found
    assert all(fault.params["line"] for fault in caught.value.faults)


def test_the_composites_of_every_ready_scheme_have_children() -> None:
    assert GUANGZHOU == TEXTS["guangzhou-services"]
    for scheme in READY.values():
        assert all(scheme.children(node.id) for node in scheme.nodes if isinstance(node.spec, Composite))


@pytest.mark.rule("O12")
@pytest.mark.parametrize(
    ("level", "area", "expected"),
    [("city", 15000, 100), ("city", 14999, 80), ("city", 5000, 60), ("city", 4999, 0), ("county", 3000, 80)],
)
def test_thresholds_of_service_halls_are_steps(level: str, area: int, expected: int) -> None:
    starts = {"city": (5000, 10000, 15000), "county": (1000, 3000, 6000)}[level]
    steps = ", ".join(
        f"{{from: {start}, points: {points}}}" for start, points in zip(starts, (60, 80, 100), strict=True)
    )
    unit = "unit: {zh-Hans: 平方米, zh-Hant: 平方米, en: m²}, order: rising"
    scheme = scheme_of(f"id: x, weight: 100, type: steps, {COMMON}, {TAGS}, {unit}, steps: [{steps}]")
    assert score(scheme, Evidence(measures=(Measure("m", "x", Decimal(area), "m²"),))).total == expected


@pytest.mark.rule("O04", "C30")
def test_what_stays_below_a_score_is_to_be_put_right() -> None:
    for scheme in (EIGHT, THREE):
        [rectify] = [one for one in scheme.consequences if one.action == "rectify"]
        assert (rectify.conditions, rectify.duty) == ({"score_below": 80}, "must")


@pytest.mark.rule("C11", "C22")
def test_chengdus_result_decides_on_payment_and_on_the_next_year() -> None:
    found = {one.action: (dict(one.conditions), one.duty) for one in THREE.consequences}
    assert found["renew"] == ({"score_from": 60}, "may")
    assert found["cut"] == ({"grade": "fail"}, "must")


def test_the_readme_names_every_type_kind_and_parameter() -> None:
    readme = (FILES.parents[1] / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)`", readme))
    assert {*READERS, *PARAMETERS} <= named
    assert {f"kind: {KINDS[0]}", *KINDS[1:]} <= set(re.findall(r"`([a-z_: ]+)`", readme))
