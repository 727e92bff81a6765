"""Ratios, measured values, events and conditions over the API: entered, scored, and refused with the field."""

from decimal import Decimal

import pytest
from accounts import As, fields_named, refusal
from factories import make_project
from mixed_scheme import MIXED
from scheme_files import FILES

from service.operations.acts import journal_entries

RATIO = {"id": "ratio-1", "node": "answered", "numerator": "18", "denominator": "20", "source": "信访登记册"}
MEASURE = {"id": "measure-1", "node": "hall", "value": "4500", "unit": "平方米", "source": "现场测量"}
EVENT = {"id": "event-1", "node": "praise", "type": "praised", "on": "2026-03-01", "source": "表扬信"}
GATE = {"id": "gate-1", "node": "registered", "passed": True, "reason": "登记证书在有效期内", "source": "登记证书"}
AUDIT = {"id": "gate-2", "node": "accounts", "passed": False, "reason": "审计报告尚未出具", "source": "财务科"}
ENTRIES = (("ratios", RATIO), ("measures", MEASURE), ("events", EVENT), ("gate-findings", GATE))


@pytest.fixture
def evaluator(client) -> As:
    make_project()
    made = As(client, "authority").post("/schemes", {"text": MIXED})
    assert made.status_code == 201, made.text
    evaluator = As(client, "evaluator")
    opened = {"id": "round-1", "project": "project-1", "kind": "pre", "name": "前期评估", "scheme": "mixed@1"}
    answer = evaluator.post("/rounds", opened)
    assert answer.status_code == 201, answer.text
    return evaluator


@pytest.mark.rule("O01", "C09", "C10", "G38")
def test_what_is_entered_is_scored_and_leads_back_to_its_entry(evaluator: As) -> None:
    for path, entry in (*ENTRIES, ("gate-findings", AUDIT)):
        assert evaluator.post(f"/rounds/round-1/{path}", entry).status_code == 201
        assert evaluator.post(f"/rounds/round-1/{path}", entry).status_code == 200, "a repeat finds what it made"
        assert entry.items() <= evaluator.get(f"/rounds/round-1/{path}").json[-1].items()
    tree = evaluator.get("/rounds/round-1/score").json
    assert [(one["node"], one["code"]) for one in tree["missing"]] == [("accounts", "gate_held")]
    scores = {node["id"]: node["score"] and Decimal(node["score"]) for node in tree["standards"]}
    assert scores == {"answered": 90, "hall": 70, "praise": 70, "eligible": None}
    cured = {**AUDIT, "id": "gate-3", "passed": True, "reason": "审计报告已出具"}
    assert evaluator.post("/rounds/round-1/gate-findings", cured).status_code == 201
    tree = evaluator.get("/rounds/round-1/score").json
    assert (Decimal(tree["total"]), tree["provisional"], tree["unit"], tree["grade"]["id"]) == (
        78,
        False,
        "percent",
        "high",
    )
    names = [entry.act for entry in journal_entries(["project:project-1"])]
    assert {"ratio.entered", "measure.entered", "event.entered", "gate.found"} <= set(names)


@pytest.mark.parametrize(
    ("path", "entry", "field"),
    [
        ("ratios", RATIO | {"node": "hall"}, "node"),
        ("ratios", RATIO | {"node": "nowhere"}, "node"),
        ("ratios", RATIO | {"numerator": "21"}, "numerator"),
        ("ratios", RATIO | {"denominator": "-1"}, "denominator"),
        ("ratios", RATIO | {"numerator": "many"}, "numerator"),
        ("measures", MEASURE | {"unit": "feet"}, "unit"),
        ("measures", MEASURE | {"value": "NaN"}, "value"),
        ("measures", MEASURE | {"node": "answered"}, "node"),
        ("events", EVENT | {"type": "telegram"}, "type"),
        ("events", EVENT | {"modifiers": ["loud"]}, "type"),
        ("events", EVENT | {"role": "lead"}, "type"),
        ("events", EVENT | {"quantity": "0"}, "quantity"),
        ("events", EVENT | {"on": "yesterday"}, "on"),
        ("gate-findings", GATE | {"node": "praise"}, "node"),
        ("gate-findings", GATE | {"reason": ""}, "reason"),
        ("gate-findings", GATE | {"source": " "}, "source"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(evaluator: As, path: str, entry: dict, field: str) -> None:
    answer = evaluator.post(f"/rounds/round-1/{path}", entry)
    assert field in fields_named(refusal(answer, 422))
    assert evaluator.get(f"/rounds/round-1/{path}").json == []


def test_a_node_has_one_ratio_and_the_provider_sees_none(evaluator: As, client) -> None:
    assert evaluator.post("/rounds/round-1/ratios", RATIO).status_code == 201
    again = evaluator.post("/rounds/round-1/ratios", RATIO | {"id": "ratio-2"})
    assert "node" in fields_named(refusal(again, 422))
    refusal(evaluator.post("/rounds/round-1/ratios", RATIO | {"numerator": "17"}), 409, "id_taken")
    provider = As(client, "provider")
    for path, entry in ENTRIES:
        refusal(provider.get(f"/rounds/round-1/{path}"), 403)
        refusal(provider.post(f"/rounds/round-1/{path}", entry), 403)


@pytest.mark.rule("I01", "I09")
def test_points_are_told_by_period_against_the_targets_of_a_group(evaluator: As, client) -> None:
    text = (FILES / "guangzhou-information.yaml").read_text(encoding="utf-8")
    assert As(client, "authority").post("/schemes", {"text": text}).status_code == 201
    opened = {
        "id": "round-2",
        "project": "project-1",
        "kind": "pre",
        "name": "信息",
        "scheme": "guangzhou-information@1",
    }
    assert evaluator.post("/rounds", opened).status_code == 201
    for place, on in enumerate(("2025-12-01", "2026-02-28", "2026-03-01")):
        event = {"node": "adopted", "type": "key_situation", "quantity": "2", "on": on, "source": "要情"}
        assert evaluator.post("/rounds/round-2/events", event | {"id": f"event-{place}"}).status_code == 201
    answer = evaluator.get("/rounds/round-2/periods?group=districts")
    assert answer.status_code == 200, answer.text
    found = answer.json
    assert [(one["year"], one["number"], Decimal(one["points"]), one["met"]) for one in found] == [
        (2026, 1, 20, True),
        (2026, 2, 10, False),
        (2026, 0, 30, False),
    ]
    refusal(evaluator.get("/rounds/round-2/periods?group=villages"), 422)
    refusal(evaluator.get("/rounds/round-1/periods?group=districts"), 422)
