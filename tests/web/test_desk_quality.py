"""The desk's page of quality marks: look, decide in bulk with a reason, and read both figures."""

import re
from datetime import UTC, datetime

import pytest
from accounts import As
from at_desk import table
from demo_round import make_people, sign_in
from factories import EVALUATOR, Opened
from flask import Flask
from flask.testing import FlaskClient
from phones import open_for_phones
from werkzeug.test import TestResponse

from service.operations.collect import quality
from service.operations.collect.responses import Submission, submit
from service.store import journal

PATH = "/desk/campaigns/phones/quality?lang=en"
SAME = {"overall": "1", "wish": "everything is bad here, and has been for years"}


@pytest.fixture
def opened(app: Flask) -> Opened:
    """Three of five persons with the same words."""
    made = open_for_phones(app, 5)
    make_people()
    for place, given in enumerate((SAME, SAME, SAME, {"overall": "5"}, {"overall": "4"})):
        at = datetime.now(UTC).replace(hour=4)  # noon in China
        submit(made.codes[place], Submission(f"submission-{place}", given), at, (made.key,))
    return made


@pytest.fixture
def evaluator(app: Flask, opened: Opened) -> FlaskClient:
    return sign_in(app)


def contacts(number: str, site: str = "east") -> dict[str, str]:
    return {"contacts.0.site": site, "contacts.0.n": number}


def send(client: FlaskClient, what: str, **fields: str) -> TestResponse:
    page = client.get(PATH).text
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("_token", "version")}
    common = {name: one[1] for name, one in found.items() if one}
    return client.post(f"/desk/campaigns/phones/quality/{what}?lang=en", data=common | fields)


def test_look_exclude_with_a_reason_and_read_both_figures(evaluator: FlaskClient) -> None:
    assert "/quality" in evaluator.get("/desk/campaigns/phones?lang=en").text
    assert "have not been looked at yet" in evaluator.get(PATH).text
    assert send(evaluator, "scan", **contacts("3")).status_code == 303
    page = evaluator.get(PATH).text
    marked = {row[0]: row[1:5] for row in table(page, "t-marks")}
    assert marked["The same words from several persons"] == ["3", "3", "0", "0"]
    assert marked["More answers than contacts"] == ["5", "5", "0", "0"]
    assert ">All sites</option>" in page
    assert re.search(r'name="contacts\.0\.n" [^>]*value="3"', page)
    decision = {"kind": "identical_text", "verdict": "exclude", "reason": "copied <b>", "place.site": "east"}
    assert send(evaluator, "decide", **decision).status_code == 303
    page = evaluator.get(PATH).text
    marked = {row[0]: row[1:5] for row in table(page, "t-marks")}
    assert marked["The same words from several persons"] == ["3", "0", "0", "3"]
    both = {row[0]: row[1:3] for row in table(page, "t-with")}
    assert both == {
        "Answers": ["n", "Satisfied"],
        "all answers": ["5", "40.0%"],
        "without the excluded ones": ["2", "100.0%"],
    }
    assert "Given by: own phone 5." in page
    told = ["1", "The same words from several persons", "East", "Exclude", "copied <b>", "evaluator"]
    assert table(page, "t-decisions")[1][:6] == told
    entries = [entry for entry in journal.entries("project:project-1") if entry.act == "quality.decided"]
    assert [(one.actor, one.details["reason"]) for one in entries] == [("evaluator-1", "copied <b>")]


WRONG = [
    ("scan", contacts("many"), "enter a number"),
    ("scan", contacts("3", "north"), "north"),
    ("decide", {"kind": "night", "verdict": "delete", "reason": "x"}, "one of"),
    ("decide", {"kind": "night", "verdict": "keep", "reason": " "}, "required"),
    ("decide", {"kind": "night", "verdict": "keep", "reason": "x" * 1001}, "1000"),
    ("decide", {"kind": "night", "verdict": "keep", "reason": "x", "place.site": "north"}, "Please choose one"),
]


def test_what_does_not_fit_is_said_and_changes_nothing(evaluator: FlaskClient) -> None:
    send(evaluator, "scan")
    for what, fields, told in WRONG:
        answer = send(evaluator, what, **fields)
        assert answer.status_code == 422, fields
        assert told in answer.text.partition('role="alert">')[2].partition("</ul>")[0], fields
        assert "-error" in answer.text  # and beside its field
    found = quality.of(EVALUATOR, "phones")
    assert (found.scan.number, found.decisions) == (1, ())


def test_who_decides_about_an_older_scan_is_told(evaluator: FlaskClient) -> None:
    send(evaluator, "scan")
    send(evaluator, "scan")
    decision = {"kind": "identical_text", "verdict": "keep", "reason": "a family", "version": "1"}
    told = send(evaluator, "decide", **decision)
    assert told.status_code == 412
    assert "Somebody else changed this meanwhile" in told.text
    assert 'value="a family"' in told.text
    assert quality.of(EVALUATOR, "phones").decisions == ()


def test_forms_without_the_token_and_other_people_do_nothing(app: Flask, evaluator: FlaskClient) -> None:
    assert evaluator.post("/desk/campaigns/phones/quality/scan").status_code == 403
    send(evaluator, "scan")
    assert sign_in(app, "purchaser").get(PATH).status_code == 403
    assert quality.of(EVALUATOR, "phones").scan.number == 1


def test_the_page_speaks_three_languages(evaluator: FlaskClient) -> None:
    send(evaluator, "scan")
    words = {"zh-Hans": ("质量标记", "答卷多于服务人次"), "zh-Hant": ("質量標記", "答卷多於服務人次")}
    for language, told in (words | {"en": ("Quality marks", "More answers than contacts")}).items():
        page = evaluator.get(f"/desk/campaigns/phones/quality?lang={language}").text
        assert [text for text in told if text not in page] == []


def test_a_campaign_without_an_answer_is_looked_at_too(app: Flask) -> None:
    open_for_phones(app, 5)
    make_people()
    evaluator = sign_in(app)
    assert send(evaluator, "scan", **contacts("3")).status_code == 303
    assert evaluator.get(PATH).status_code == 200
    told = As(app.test_client(), "evaluator").get("/campaigns/phones/quality")
    assert (told.status_code, told.json["figures"]) == (200, {}), told.text
