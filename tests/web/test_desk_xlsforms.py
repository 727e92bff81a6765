"""The desk's page for XLSForms: a file in, its problems as a table, what it becomes; versions out."""

import io
import re
from html import unescape

import pytest
from at_desk import table
from demo_round import PASSWORD, sign_in
from factories import ADMIN, EVALUATOR, NOW, make_project, publish
from flask import Flask
from flask.testing import FlaskClient
from xlsform_sheets import SMALL, xlsx

from service.operations import organisations
from service.operations.collect import questionnaires
from service.web.downloads import XLSX

PAGE = "/desk/questionnaires/import"


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    make_project()
    known = (EVALUATOR.username, PASSWORD, EVALUATOR.organisation, tuple(EVALUATOR.roles))
    organisations.create_user(ADMIN, NOW, EVALUATOR.id, *known)
    return sign_in(app)


def send(desk: FlaskClient, content: bytes, **fields: str):
    form = unescape(desk.get(f"{PAGE}?lang=en").text).split(f'action="{PAGE}"')[1]
    token = re.search(r'name="_token" value="([^"]+)"', form)
    sent = {"_token": token[1] if token else "", "file": (io.BytesIO(content), "form.xlsx"), **fields}
    return desk.post(f"{PAGE}?lang=en", data=sent)


def test_a_file_is_shown_as_what_it_becomes_and_nothing_is_kept(desk):
    answer = send(desk, xlsx(SMALL))
    assert answer.status_code == 200
    assert "Nothing has been kept yet." in answer.text
    assert table(answer.text, "t-questions")[1:] == [["1", "helped", "single", "Did the service help?", "–"]]
    assert table(answer.text, "t-warnings")[1][:3] == ["settings", "2", "–"]
    assert "small@4.xlsx" not in desk.get(PAGE).text


def test_when_asked_it_is_published_or_kept_as_a_draft(desk):
    answer = send(desk, xlsx(SMALL), keep="version")
    assert "Published as small@4." in answer.text
    assert "small@4.xlsx" in desk.get(PAGE).text
    assert "Kept as the draft small," in send(desk, xlsx(SMALL), keep="draft").text


def test_problems_are_a_table_with_sheet_row_and_column(desk):
    survey = [*SMALL["survey"], ["nonsense", "x", "X"], ["background-audio", "y", "Y"]]
    answer = send(desk, xlsx({**SMALL, "survey": survey}), keep="version")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert table(unescape(answer.text), "t-problems")[1:] == [
        ["survey", "3", "type", "There is no question type nonsense. Did you mean text, integer, date, select_one?"],
        ["survey", "4", "type", "Recording people in the background is not allowed. Remove this row."],
    ]
    assert 'id="made"' not in answer.text


@pytest.mark.parametrize("content", [b"", b"no workbook"])
def test_what_is_no_workbook_is_told(desk, content):
    answer = send(desk, content)
    assert answer.status_code == 422
    assert "This file cannot be read as an XLSX workbook." in answer.text


def test_script_in_labels_and_names_stays_text(desk):
    survey = [SMALL["survey"][0], ["text", "n", "<script>alert(1)</script>"], ["<img src=x>", "x", "X"]]
    refused = send(desk, xlsx({**SMALL, "survey": survey}))
    assert "&lt;img src=x&gt;" in refused.text
    assert "<img src=x>" not in refused.text
    made = send(desk, xlsx({**SMALL, "survey": survey[:2]}))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made.text
    assert "<script" not in made.text


def test_a_form_without_its_token_is_refused(desk):
    answer = desk.post(PAGE, data={"file": (io.BytesIO(xlsx(SMALL)), "form.xlsx"), "keep": "version"})
    assert answer.status_code == 403


def test_versions_are_taken_out_as_files(desk):
    version = publish("recipients")
    answer = desk.get(f"/desk/questionnaires/{version.id}/export.xlsx")
    assert (answer.status_code, answer.mimetype) == (200, XLSX)
    assert questionnaires.parsed(version.id).title["en"] in desk.get(f"{PAGE}?lang=en").text
