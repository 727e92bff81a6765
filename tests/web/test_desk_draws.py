"""The desk's pages of a draw without a script: the mark of its list, void, redraw by two, a public value, bad forms."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from at_desk import signed_in
from factories import EVALUATOR, NOW, make_project
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.domain.inspect.draws import RecordedDraw, commitment
from service.domain.inspect.frames import FrozenFrame
from service.operations.inspect import frames
from service.store import records

pytestmark = pytest.mark.usefixtures("reading_pages")

NEW = "/desk/projects/project-1/new-draw"
SECRET = "3e" * 32
MARK = "does not add up to what the provider claims"


@pytest.fixture
def evaluator(app: Flask) -> FlaskClient:
    make_project()
    serials = [f"R-{number:03}" for number in range(40)]
    frozen, _ = frames.freeze(EVALUATOR, NOW, "frame-1", "project-1", "Records", "archive", serials, None)
    records.delete(FrozenFrame, "frame-1")
    records.insert(replace(frozen, marked=True))
    return signed_in(app, "evaluator", language="en")


def send(client: FlaskClient, path: str, values: dict[str, str], page: str = "/desk/") -> TestResponse:
    found = re.search(r'name="_token" value="([^"]+)"', client.get(page).text)
    assert found
    return client.post(path, data=values | {"_token": found[1]})


def plan(client: FlaskClient, id: str = "draw-1", **changed: str) -> TestResponse:
    days = [(datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M") for days in (2, 4)]
    asked = {"id": id, "frame": "frame-1", "n": "10", "with_provider": "1", "commit_by": days[0], "reveal_by": days[1]}
    return send(client, NEW, asked | changed, NEW)


def step(client: FlaskClient, name: str, id: str = "draw-1", **values: str) -> TestResponse:
    return send(client, f"/desk/draws/{id}/ceremony/{name}", values, f"/desk/draws/{id}/ceremony")


def state(id: str = "draw-1") -> str:
    found = records.get(RecordedDraw, id)
    return found.state if found else ""


def test_the_mark_of_the_list_is_shown_before_anything_is_drawn(app: Flask, evaluator: FlaskClient) -> None:
    assert "does not add up to the claim" in evaluator.get(NEW).text
    assert plan(evaluator).status_code == 303
    for role in ("evaluator", "provider", "purchaser", "authority", "auditor"):
        assert MARK in signed_in(app, role, language="en").get("/desk/draws/draw-1/ceremony").text
    assert signed_in(app, "interviewer", language="en").get("/desk/draws/draw-1/ceremony").status_code == 403
    assert evaluator.get("/desk/draws/draw-1").headers["Location"] == "/desk/draws/draw-1/ceremony"


def test_a_void_draw_says_why_and_a_redraw_is_agreed_to_by_two(app: Flask, evaluator: FlaskClient) -> None:
    provider = signed_in(app, "provider", language="en")
    plan(evaluator)
    assert step(provider, "void", reason="we do not like it").status_code == 403
    assert step(evaluator, "void", reason="").status_code == 422
    assert step(evaluator, "void", reason="the <station> was flooded").status_code == 303
    assert "the &lt;station&gt; was flooded" in provider.get("/desk/draws/draw-1/ceremony").text
    again = plan(evaluator, "draw-2")
    assert again.status_code == 409
    assert "Drawing again is a redraw" in unescape(again.text)
    assert plan(evaluator, "draw-2", of="draw-1", reason="flood").status_code == 303
    assert "Agree to the redraw" in provider.get("/desk/draws/draw-2/ceremony").text
    assert step(provider, "agree", "draw-2", part="provider").status_code == 303
    assert "Deposit your commitment" in provider.get("/desk/draws/draw-2/ceremony").text


def test_a_public_value_is_entered_after_the_commitments(app: Flask, evaluator: FlaskClient) -> None:
    provider = signed_in(app, "provider", language="en")
    plan(evaluator, public_source="closing index of 9 March")
    assert step(evaluator, "public", value="3051.27").status_code == 409
    deposit = commitment(bytes.fromhex(SECRET)).upper()
    assert step(provider, "commit", part="provider", commitment=deposit).status_code == 303
    assert step(evaluator, "public", value="3051.27").status_code == 303
    assert state() == "committed"
    assert step(provider, "reveal", part="provider", secret=f"secret {SECRET}").status_code == 303
    assert state() == "revealed"
    page = provider.get("/desk/draws/draw-1/ceremony").text
    assert "closing index of 9 March: 3051.27" in page
    assert SECRET in page
    assert step(provider, "nonsense").status_code == 404


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"n": "many"}, 422),
        ({"n": "41"}, 422),
        ({"n": ""}, 422),
        ({"strata": "north: 3"}, 422),
        ({"strata": ": 3\n: 4"}, 422),
        ({"commit_by": "tomorrow"}, 422),
        ({"stages": "10-0"}, 422),
        ({"stages": "10:0", "tolerable": "5%", "risk": "5%"}, 422),
        ({"frame": "another"}, 404),
    ],
)
def test_what_cannot_be_planned_is_told_in_words(evaluator: FlaskClient, changed: dict[str, Any], status: int) -> None:
    answer = plan(evaluator, **changed)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert state() == ""


def test_a_test_in_stages_is_kept_with_its_exact_risk(evaluator: FlaskClient) -> None:
    assert plan(evaluator, strata=": 25", stages="25:0, 10:1", tolerable="10%", risk="0.1").status_code == 303
    assert "25 with at most 0 errors" in evaluator.get("/desk/draws/draw-1/ceremony").text
    risk = records.find(RecordedDraw)[0].plan["total_risk"]
    page = evaluator.get("/desk/draw-planner?goal=stages&population=40&tolerable=10%25&risk=.1&stages=25:0,10:1").text
    assert f"Risk of all stages together: {risk}" in page


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("goal=survey&population=1000&response=40%25", 200),
        ("goal=survey&population=ten", 422),
        ("goal=error_rate&tolerable=1e999999&risk=.05", 422),
        ("goal=stages&tolerable=.05&risk=.05&stages=" + "9" * 50, 422),
        ("goal=luck", 404),
    ],
)
def test_the_planner_reads_its_address(evaluator: FlaskClient, asked: str, status: int) -> None:
    answer = evaluator.get(f"/desk/draw-planner?{asked}")
    assert answer.status_code == status
    assert ("695 must be drawn" in answer.text) == (status == 200)
