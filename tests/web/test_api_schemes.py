"""Schemes over the API: published, read with what they leave open, adjusted for one project, refused by line."""

import pytest
from accounts import As, fields_named, refusal
from factories import make_project
from mixed_scheme import MIXED
from scheme_files import FILES, line_of, with_

POINTS = (FILES / "guangzhou-information.yaml").read_text(encoding="utf-8")
OWN = """\
extends: mixed
id: project-one-mixed
version: "1"
title: {zh-Hans: 项目方案, zh-Hant: 項目方案, en: The project's}
parameters: {objection_days: 7}
replace:
  answered: {weight: 50, reason: 合同第八条}
  hall: {weight: 20, reason: 合同第八条}
"""


@pytest.fixture
def authority(client) -> As:
    make_project()
    authority = As(client, "authority")
    assert authority.post("/schemes", {"text": MIXED}).status_code == 201
    return authority


@pytest.mark.rule("C02", "G01", "G67")
def test_a_scheme_is_read_with_its_tree_and_what_it_leaves_to_be_desired(authority: As, client) -> None:
    text = (FILES / "guangzhou-services.yaml").read_text(encoding="utf-8")
    assert authority.post("/schemes", {"text": text}).status_code == 201
    found = As(client, "provider").get("/schemes/guangzhou-services@2").json
    assert (found["kind"], found["text"]) == ("evaluation", text)
    assert [node["id"] for node in found["nodes"] if node["parent"] is None] == [
        *("professional", "volume", "quality", "management")
    ]
    assert "g31" in found["examples"]
    remarks = [(one["node"], one["code"]) for one in found["remarks"]]
    assert ("g36", "not_quantified") in remarks, "objective, and yet judged (C02)"
    assert {("", "no_end"), ("", "weights_example"), ("", "term_open")} <= set(remarks)
    assert found["parameters"]["objection_days"] == 5
    small = authority.get("/schemes/mixed@1").json
    assert ("", "objects_missing") in [(one["node"], one["code"]) for one in small["remarks"]]
    refusal(authority.get("/schemes/nothing@1"), 404, "not_found")


@pytest.mark.rule("G53")
def test_a_later_version_needs_the_reason_for_the_change(authority: As) -> None:
    second = MIXED.replace('version: "1"', 'version: "2"').replace("weight: 40", "weight: 30")
    second = second.replace("    rules: [C09]\n    weight: 30", "    rules: [C09]\n    weight: 40")
    assert fields_named(refusal(authority.post("/schemes", {"text": second}), 422)) == {"reason"}
    made = authority.post("/schemes", {"text": second, "reason": "区民政局2026年会议纪要第3号"})
    assert made.status_code == 201
    assert authority.post("/schemes", {"text": second, "reason": "区民政局2026年会议纪要第3号"}).status_code == 200
    assert made.json["digest"] != authority.get("/schemes/mixed@1").json["digest"]
    refusal(authority.post("/schemes", {"text": MIXED.replace("weight: 40", "weight: 41"), "reason": "x"}), 422)


@pytest.mark.rule("G65", "G40")
def test_a_project_adjusts_its_base_with_reasons_for_itself_alone(authority: As, client) -> None:
    purchaser, evaluator = As(client, "purchaser"), As(client, "evaluator")
    stranger = As(client, "purchaser", "elsewhere")
    path = "/projects/project-1/schemes"
    made = purchaser.post(path, {"text": OWN, "reason": "合同约定"})
    assert (made.status_code, made.json["project"], made.json["reason"]) == (201, "project-1", "合同约定")
    assert [one["id"] for one in evaluator.get(path).json] == ["project-one-mixed@1"]
    found = evaluator.get("/schemes/project-one-mixed@1").json
    assert found["extends"].startswith("mixed@")
    assert {(one["action"], one["subject"], one["reason"]) for one in found["changes"]} == {
        ("replace", "answered", "合同第八条"),
        ("replace", "hall", "合同第八条"),
        ("parameters", "objection_days", ""),
    }
    assert found["parameters"]["objection_days"] == 7
    assert "project-one-mixed@1" not in [one["id"] for one in evaluator.get("/schemes").json]
    refusal(stranger.get("/schemes/project-one-mixed@1"), 404, "not_found")
    refusal(stranger.get(path), 404)
    refusal(As(client, "provider").post(path, {"text": OWN, "reason": "x"}), 403)
    opened = {"id": "round-1", "project": "project-1", "kind": "pre", "name": "前期", "scheme": "project-one-mixed@1"}
    assert evaluator.post("/rounds", opened).status_code == 201
    make_project("project-2", sites=())
    refusal(evaluator.post("/rounds", opened | {"id": "round-2", "project": "project-2"}), 404, "not_found")
    other = purchaser.post("/projects/project-2/schemes", {"text": OWN.replace("50,", "45,"), "reason": "x"})
    assert other.status_code == 422


def test_a_projects_scheme_extends_something_and_gives_a_reason(authority: As, client) -> None:
    purchaser = As(client, "purchaser")
    whole = MIXED.replace("id: mixed", "id: of-its-own", 1)
    taken = OWN.replace("project-one-mixed", "mixed")
    for text, reason, field in ((whole, "x", "text"), (OWN, " ", "reason"), (taken, "x", "text")):
        answer = purchaser.post("/projects/project-1/schemes", {"text": text, "reason": reason})
        assert answer.status_code == 422, answer.text
        assert field in str(answer.json["errors"])


FAULTS = {
    "weights that sum to 99": (MIXED, "    weight: 40\n", "    weight: 39\n", "weight: 39", "answered"),
    "a band gap": (MIXED, "from: 60, to: 100", "from: 61, to: 100", "from: 61", None),
    "a weighted condition": (
        MIXED,
        "    on_failure: hold",
        "    on_failure: hold\n    weight: 5",
        "weight: 5",
        "accounts",
    ),
    "an unknown way an event counts": (POINTS, "combine: max", "combine: product", "combine: product", "adopted"),
    "a circular link": (
        POINTS,
        "child: direct-b, parent: departments-b",
        "child: departments-b, parent: direct-a",
        "child: departments-b",
        None,
    ),
    "an expression": (MIXED, "    points: linear", "    points: 100 * numerator", "points: 100 *", "answered"),
}


@pytest.mark.parametrize("case", FAULTS.values(), ids=FAULTS.keys())
def test_bad_input_is_refused_with_its_line_and_node(authority: As, case) -> None:
    whole, old, new, part, node = case
    text = with_((old, new), text=whole.replace("id: mixed", "id: wrong", 1))
    body = refusal(authority.post("/schemes", {"text": text}), 422, "scheme_invalid")
    said = str(body["errors"])
    assert f"line {line_of(text, part)}" in said, said
    assert node is None or f"nodes.{node}" in said
    refusal(authority.get("/schemes/wrong@1"), 404)
