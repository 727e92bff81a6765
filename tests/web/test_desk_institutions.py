"""The desk's pages of institutions: enter a form with its scan, see who is missing, be told what is wrong in words."""

import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from at_desk import signed_in
from flask import Flask
from flask.testing import FlaskClient
from institutions import ASPECTS, open_with
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from service.operations.collect import opinions

LIST = "/desk/campaigns/campaign-1/institutions"
ONE = f"{LIST}/inst-0"
PDF = b"%PDF-1.4\nstartxref\n9\n%%EOF\n"
FORM = {
    "a.basis": "joint",
    "a.overall": "4",
    "a.recognition": "8",
    "a.wish": "<b>more</b> & sooner",
    **{f"a.aspects/{row}": "4" for row in ASPECTS},
    "number": "0",
    "signer": "Signer",
    "office": "Deputy head",
    "signed_on": "2026-03-01",
}


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    open_with()
    return signed_in(app, language="en")


def token(client: FlaskClient) -> str:
    found = re.search(r'name="_token" value="([^"]+)"', client.get(f"{LIST}?lang=en").text)
    assert found
    return found[1]


def send(client: FlaskClient, path: str, values: dict[str, Any], scan: bytes | None = None) -> TestResponse:
    return post(client, path, values | {"_token": token(client)}, scan)


def post(client: FlaskClient, path: str, values: dict[str, Any], scan: bytes | None = None) -> TestResponse:
    files = {} if scan is None else {"scan": FileStorage(BytesIO(scan), "form.exe", content_type="text/html")}
    boundary, body = encode_multipart(values | files)
    return client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def told(answer: TestResponse) -> list[str]:
    return [unescape(text) for text in re.findall(r'role="alert">([^<]*)<', answer.text)]


def test_a_form_is_entered_with_its_scan_and_read_again(desk: FlaskClient) -> None:
    assert send(desk, ONE, FORM, PDF).status_code == 303
    listed = desk.get(LIST).text
    assert listed.count('class="good">returned') == 1
    assert listed.count('class="bad">missing') == 2
    assert "raters on a list, not a sample" in listed
    page = desk.get(ONE).text
    assert "Signer, Deputy head" in page
    assert "<b>more</b>" not in page
    assert "&lt;b&gt;more&lt;/b&gt; &amp; sooner" in page
    link = re.search(r'href="([^"]*/scans/[0-9a-f]{32})"', page)
    assert link
    file = desk.get(link[1])
    assert (file.data, file.mimetype) == (PDF, "application/pdf")
    assert "attachment" in file.headers["Content-Disposition"]


def test_what_is_wrong_is_said_in_words_and_nothing_typed_is_lost(desk: FlaskClient) -> None:
    answer = send(desk, ONE, FORM | {"a.overall": "", "office": " "}, PDF)
    assert answer.status_code == 422
    assert told(answer) == [
        "All in all, how satisfied is your institution with the provider's work?: Please answer this question."
    ]
    assert "&lt;b&gt;more&lt;/b&gt; &amp; sooner</textarea>" in answer.text
    assert '<option value="joint" selected>' in answer.text
    # The scan need not be chosen again.
    kept = re.search(r'name="keep_scan" value="([0-9a-f]{32})" checked', answer.text)
    assert kept
    assert send(desk, ONE, FORM | {"keep_scan": kept[1]}).status_code == 303
    assert f"/scans/{kept[1]}" in desk.get(ONE).text


@pytest.mark.parametrize(
    ("change", "scan", "sentence"),
    [
        ({"office": " "}, None, "Office held: This must not be empty."),
        ({"signed_on": "soon"}, None, "Signed on: This must be a date such as 2026-03-31."),
        ({"signed_on": "9999-12-31"}, None, "Signed on: This day is still to come; today is"),
        ({}, b"<html>", "Scan of the signed form: This must be a whole PDF, JPEG or PNG file."),
        ({"number": "x"}, None, "Send If-Match with the version that you read."),
        ({"number": "4"}, None, "Somebody else changed it meanwhile (now version 0)."),
        ({"a.aspects/skill": "9"}, None, "Professional skill: 9 is not one of the options"),
    ],
)
def test_each_fault_names_its_field(
    desk: FlaskClient, change: dict[str, str], scan: bytes | None, sentence: str
) -> None:
    answer = send(desk, ONE, FORM | change, scan)
    assert answer.status_code in (412, 422, 428)
    [said] = told(answer)
    assert said.startswith(sentence)
    assert opinions.current("campaign-1") == {}


def test_an_opinion_is_replaced_with_a_reason_and_the_old_one_stays_readable(desk: FlaskClient) -> None:
    send(desk, ONE, FORM)
    again = FORM | {"a.overall": "2", "number": "1"}
    refused = send(desk, ONE, again)
    assert told(refused)[0].startswith("Reason: Say why")
    assert send(desk, ONE, again | {"reason": "the institution sent a new form"}).status_code == 303
    page = desk.get(ONE).text
    assert "Replaced: version 1" in page
    assert "the institution sent a new form" in page


def test_an_institution_is_added_and_late_ones_say_why(desk: FlaskClient) -> None:
    new = {"name": "Late <union>", "kind": "organisation"}
    assert send(desk, LIST, new | {"name": "Institution 1"}).status_code == 422
    assert send(desk, LIST, new).status_code == 303
    send(desk, ONE, FORM)
    refused = send(desk, LIST, new | {"name": "Another"})
    assert 'id="f-add-reason-error"' in refused.text
    assert 'value="Another"' in refused.text
    assert send(desk, LIST, new | {"name": "Another", "reason": "forgotten"}).status_code == 303
    page = desk.get(LIST).text
    assert "Late &lt;union&gt;" in page
    assert "forgotten" in page
    assert "0 of 3 returned" in page


def test_a_form_of_megabytes_is_read_for_who_is_signed_in_only(app: Flask, desk: FlaskClient) -> None:
    big = PDF[:9] + b" " * 2_000_000 + PDF[9:]
    assert send(desk, ONE, FORM, big).status_code == 303
    huge = send(desk, f"{LIST}/inst-1", FORM, PDF + b" " * 10_200_000)
    assert huge.status_code == 413
    stranger = app.test_client()
    stranger.set_cookie("minyi_session", "no such session", path="/desk")
    answer = post(stranger, ONE, FORM, big)
    assert (answer.status_code, answer.headers["Location"][:13]) == (303, "/desk/sign-in")


@pytest.mark.parametrize("role", ["purchaser", "provider", "auditor", "authority"])
def test_nobody_but_the_evaluator_opens_these_pages(app: Flask, desk: FlaskClient, role: str) -> None:
    send(desk, ONE, FORM)
    client = signed_in(app, role, language="en")
    assert {client.get(path).status_code for path in (LIST, ONE, f"{ONE}/scans/{'0' * 32}")} == {403}
    assert signed_in(app, "evaluator", "other-org", language="en").get(LIST).status_code == 404


def test_without_the_forms_token_nothing_is_entered(desk: FlaskClient) -> None:
    assert desk.post(ONE, data=FORM, content_type="multipart/form-data").status_code == 403
    assert desk.post(LIST, data={"name": "A", "kind": "functional"}).status_code == 403
    assert opinions.current("campaign-1") == {}


def test_a_refused_form_can_be_read_in_another_language(desk: FlaskClient) -> None:
    answer = send(desk, ONE, FORM | {"office": " "})
    assert f'href="{ONE}?lang=zh-Hans"' in answer.text


def test_the_campaigns_page_leads_to_its_institutions(desk: FlaskClient) -> None:
    assert f'href="{LIST}"' in desk.get("/desk/campaigns/campaign-1").text
