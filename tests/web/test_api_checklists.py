"""Checklists over the API: published once, never changed, refused by field."""

from pathlib import Path

from accounts import As, fields_named, refusal
from factories import make_project
from flask.testing import FlaskClient

from service.domain.inspect import checklists as rules

FOLDER = Path(__file__).parent.parent.parent / "survey_templates" / "checklists"
CASE = rules.to_plain(rules.parse_yaml((FOLDER / "case-record.yaml").read_text("utf-8")))


def test_a_version_is_published_once_and_read_by_everybody_who_works_with_it(client: FlaskClient) -> None:
    make_project()
    evaluator, auditor = As(client, "evaluator"), As(client, "auditor")
    made = evaluator.post("/checklists", {"definition": CASE})
    assert (made.status_code, made.get_json()["id"]) == (201, "case-record@1")
    assert evaluator.post("/checklists", {"definition": CASE}).status_code == 200
    shown = auditor.get("/checklists/case-record@1").get_json()
    assert shown["definition"] == CASE
    assert shown["definition"]["title"]["en"] == "Spot check of a case record"
    [listed] = auditor.get("/checklists").get_json()
    assert (listed["record_kind"], "definition" in listed) == ("case", False)
    refusal(auditor.post("/checklists", {"definition": CASE}), 403, "forbidden")
    refusal(auditor.get("/checklists/case-record@2"), 404, "not_found")


def test_other_content_under_a_published_version_is_refused(client: FlaskClient) -> None:
    make_project()
    evaluator = As(client, "evaluator")
    evaluator.post("/checklists", {"definition": CASE})
    other = CASE | {"limits": {"far_m": 800}}
    refusal(evaluator.post("/checklists", {"definition": other}), 409, "id_taken")
    faulty = refusal(
        evaluator.post("/checklists", {"definition": CASE | {"found": "signed"}}), 422, "checklist_invalid"
    )
    assert fields_named(faulty) == {"found"}


def test_those_that_come_with_the_service_are_published_at_one_go(client: FlaskClient) -> None:
    make_project()
    evaluator = As(client, "evaluator")
    names = {f"{path.stem}@1" for path in FOLDER.glob("*.yaml")}
    assert {one["id"] for one in evaluator.post("/checklists/shipped").get_json()} == names
    assert {one["id"] for one in evaluator.post("/checklists/shipped").get_json()} == names
    assert len(evaluator.get("/checklists").get_json()) == len(names)
