"""XLSForm over the API: in as a body or as a form, with problems and warnings by place; out as a file."""

import io

import openpyxl
import pytest
from accounts import As, fields_named, refusal
from factories import publish
from flask.testing import FlaskClient
from xlsform_sheets import SMALL, xlsx

from service.web.downloads import XLSX

IMPORT = "/questionnaires/import"


@pytest.fixture
def evaluator(client: FlaskClient) -> As:
    return As(client, "evaluator")


def send(who: As, content: bytes, query: str = "", **more):
    return who.send("POST", f"{IMPORT}{query}", data=content, content_type=XLSX, **more)


def test_a_file_is_read_and_nothing_kept(evaluator: As) -> None:
    answer = send(evaluator, xlsx(SMALL))
    assert answer.status_code == 200
    body = answer.get_json()
    assert (body["definition"]["id"], body["version"], body["draft"]) == ("small", None, None)
    assert [set(warning) for warning in body["warnings"]] == [{"sheet", "row", "column", "reason", "message"}]
    assert evaluator.get("/questionnaires").get_json() == []


def test_a_file_in_a_form_is_published_when_asked(evaluator: As) -> None:
    form = {"file": (io.BytesIO(xlsx(SMALL)), "small.xlsx")}
    answer = evaluator.send("POST", f"{IMPORT}?keep=version", data=form)
    assert answer.status_code == 201
    assert answer.get_json()["version"]["id"] == "small@4"
    assert [one["id"] for one in evaluator.get("/questionnaires").get_json()] == ["small@4"]
    assert evaluator.get("/questionnaires/small@4").get_json()["definition"] == answer.get_json()["definition"]


def test_a_file_is_kept_as_a_draft_when_asked(evaluator: As) -> None:
    answer = send(evaluator, xlsx(SMALL), "?keep=draft")
    assert (answer.status_code, answer.get_json()["draft"], answer.get_json()["version"]) == (201, "small", None)
    assert evaluator.get("/questionnaires").get_json() == []


def test_each_problem_is_named_by_sheet_row_and_column(evaluator: As) -> None:
    survey = [*SMALL["survey"], ["nonsense", "x", "X"], ["select_one nowhere", "y", "Y"]]
    settings = [["form_id", "submission_url"], ["small", "https://elsewhere.example/"]]
    body = refusal(send(evaluator, xlsx({**SMALL, "survey": survey, "settings": settings})), 422, "xlsform_invalid")
    assert fields_named(body) == {"settings.2.submission_url", "survey.3.type", "survey.4.type"}
    assert body["errors"]["json"]["survey.3.type"] == [
        "There is no question type nonsense. Did you mean text, integer, date, select_one?"
    ]


@pytest.mark.parametrize("content", [b"", b"no workbook"])
def test_what_is_no_workbook_is_refused(evaluator: As, content: bytes) -> None:
    assert fields_named(refusal(send(evaluator, content), 422, "xlsform_invalid")) == {"file"}
    refusal(evaluator.send("POST", IMPORT, data={"file": (io.BytesIO(content), "x.xlsx")}), 422, "xlsform_invalid")
    form = {"other": "x"}
    refusal(evaluator.send("POST", IMPORT, data=form, content_type="multipart/form-data"), 422, "xlsform_invalid")


def test_other_bodies_roles_and_queries_are_refused(client: FlaskClient, evaluator: As) -> None:
    refusal(evaluator.post(IMPORT, {"definition": {}}), 415, "media_type")
    refusal(send(evaluator, xlsx(SMALL), "?language=Klingon!"), 422, "invalid")
    refusal(send(evaluator, xlsx(SMALL), "?keep=perhaps"), 422, "invalid")
    refusal(send(As(client, "provider"), xlsx(SMALL)), 403, "forbidden")
    refusal(client.post(f"/api/v1{IMPORT}", data=xlsx(SMALL), content_type=XLSX), 401, "unauthenticated")


def test_the_language_of_texts_without_one_can_be_given(evaluator: As) -> None:
    form = xlsx({"survey": [["type", "name", "label"], ["text", "n", "Bonjour"]], "settings": [["form_id"], ["f"]]})
    assert send(evaluator, form).get_json()["definition"]["languages"] == ["und"]
    assert send(evaluator, form, "?language=fr").get_json()["definition"]["languages"] == ["fr"]


def test_a_version_goes_out_as_a_file_and_comes_back_the_same(evaluator: As, client: FlaskClient) -> None:
    version = publish("recipients")
    answer = evaluator.get(f"/questionnaires/{version.id}/export.xlsx")
    assert (answer.status_code, answer.mimetype) == (200, XLSX)
    assert answer.headers["Content-Disposition"] == "attachment; filename=recipients-1.xlsx"
    assert openpyxl.load_workbook(io.BytesIO(answer.data)).sheetnames == ["survey", "choices", "settings", "minyi"]
    assert send(evaluator, answer.data).get_json()["definition"] == version.definition
    refusal(evaluator.get("/questionnaires/none@1/export.xlsx"), 404, "not_found")
    assert client.get(f"/api/v1/questionnaires/{version.id}/export.xlsx").status_code == 401
