"""The ceremony of a draw over the API, as each party sends it, and the planner."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from accounts import As, fields_named, refusal
from factories import AUDITOR, NOW, make_project
from flask import Flask
from flask.testing import FlaskClient

from service.domain.inspect import draws as rules
from service.domain.inspect.frames import freeze
from service.operations.inspect import draws
from service.web.extensions import keys

SERIALS = [f"R-{number:03}" for number in range(40)]
STRATA = ["north" if number % 4 else "south" for number in range(40)]
SECRET = "5c" * 16


def later(**time: int) -> str:
    return (datetime.now(UTC) + timedelta(**time)).isoformat()


@pytest.fixture
def evaluator(client: FlaskClient) -> As:
    make_project()
    evaluator = As(client, "evaluator")
    frame = {"id": "frame-1", "project": "project-1", "name": "Records", "source": "archive"}
    assert evaluator.post("/frames", frame | {"serials": SERIALS, "strata": STRATA}).status_code == 201
    return evaluator


@pytest.fixture
def provider(client: FlaskClient, evaluator: As) -> As:
    return As(client, "provider")


def plan(**changed: Any) -> dict[str, Any]:
    asked = {
        "id": "draw-1",
        "frame": "frame-1",
        "proportional": {"n": 12, "minimum": 2},
        "parties": ["evaluator", "provider"],
        "commit_by": later(days=1),
        "reveal_by": later(days=2),
    }
    return {name: value for name, value in (asked | changed).items() if value is not None}


def test_a_ceremony_from_plan_to_list(app: Flask, client: FlaskClient, evaluator: As, provider: As) -> None:
    made = evaluator.post("/draws", plan())
    assert made.status_code == 201, made.text
    assert (made.get_json()["state"], made.get_json()["allocation"]) == ("planned", {"north": 9, "south": 3})
    assert made.get_json()["waiting_for"] == ["provider"]
    committed = provider.put(
        "/draws/draw-1/commitments/provider", {"commitment": hashlib.sha256(bytes.fromhex(SECRET)).hexdigest()}
    )
    assert (committed.status_code, committed.get_json()["state"]) == (200, "committed")
    refusal(provider.put("/draws/draw-1/commitments/provider", {"commitment": "0" * 64}), 409, "commitment_fixed")
    refusal(provider.put("/draws/draw-1/secrets/provider", {"secret": "5d" * 16}), 409, "secret_differs")
    revealed = provider.put("/draws/draw-1/secrets/provider", {"secret": SECRET}).get_json()
    assert (revealed["state"], revealed["seed"], revealed["drawn"]) == ("revealed", "", [])
    with app.test_request_context():
        draws.open(AUDITOR, NOW, keys(), "draw-1")
    hidden = provider.get("/draws/draw-1").get_json()
    assert (hidden["state"], hidden["seed"], hidden["drawn"], set(hidden["secrets"])) == (
        "opened",
        "",
        [],
        {"provider"},
    )
    shown = evaluator.get("/draws/draw-1").get_json()
    frame = freeze(SERIALS, STRATA)
    secrets = {party: bytes.fromhex(secret) for party, secret in shown["secrets"].items()}
    assert rules.seed_of(shown["frame_sha256"], 1, secrets) == shown["seed"]
    assert rules.verify(frame, shown["seed"], shown["allocation"], shown["drawn"]) is None
    assert len(shown["drawn"]) == 12
    assert As(client, "interviewer").get("/draws/draw-1").status_code == 403
    refusal(As(client, "provider", "another-org").get("/draws/draw-1"), 404, "not_found")


def test_states_need_the_version_and_top_ups_a_purpose(app: Flask, evaluator: As, provider: As) -> None:
    evaluator.post("/draws", plan(parties=["evaluator"], commit_by=None, reveal_by=None))
    refusal(evaluator.put("/draws/draw-1/state", {"state": "void", "reason": "flood"}), 428)
    refusal(evaluator.put("/draws/draw-1/state", {"state": "void", "reason": "flood"}, version=7), 412)
    refusal(evaluator.put("/draws/draw-1/state", {"state": "published"}, version=1), 409, "draw_order")
    refusal(provider.put("/draws/draw-1/state", {"state": "void", "reason": "flood"}, version=1), 403)
    with app.test_request_context():
        draws.open(AUDITOR, NOW, keys(), "draw-1")
    body = {"id": "more", "allocation": {"south": 2}, "purpose": "descriptive", "reason": "kinds of errors"}
    assert [evaluator.post("/draws/draw-1/top-ups", body).status_code for _ in range(2)] == [201, 200]
    more = evaluator.get("/draws/more").get_json()
    assert (more["stage"], more["skip"], more["allocation"]) == (2, {"north": 9, "south": 3}, {"north": 0, "south": 2})
    refusal(evaluator.post("/draws/draw-1/top-ups", body | {"id": "x", "purpose": "stage"}), 409, "top_up_unplanned")
    refusal(evaluator.post("/draws/draw-1/top-ups", body | {"id": "x", "allocation": {"south": 9}}), 422)


def test_a_void_draw_is_void_for_all_and_a_redraw_is_agreed_to(evaluator: As, provider: As) -> None:
    evaluator.post("/draws", plan())
    voided = evaluator.put("/draws/draw-1/state", {"state": "void", "reason": "the station was flooded"}, version=1)
    assert voided.get_json()["state"] == "void"
    assert provider.get("/draws/draw-1").get_json()["why_void"] == "the station was flooded"
    refusal(evaluator.post("/draws", plan(id="draw-2")), 409, "redraw_needed")
    refusal(evaluator.post("/draws", {"id": "draw-2", "frame": "frame-1", "take": 3}), 409, "redraw_needed")
    assert evaluator.post("/draws", plan(id="draw-2", of="draw-1", reason="flood")).get_json()["number"] == 2
    deposit = {"commitment": "1" * 64}
    refusal(provider.put("/draws/draw-2/commitments/provider", deposit), 409, "redraw_not_agreed")
    agreed = provider.put("/draws/draw-2/agreements/provider").get_json()
    assert set(agreed["agreements"]) == {"evaluator", "provider"}
    assert provider.put("/draws/draw-2/commitments/provider", deposit).status_code == 200
    refusal(evaluator.put("/draws/draw-2/public", {"value": "7"}), 409, "public_unnamed")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"take": 3}, "take"),
        ({"proportional": None}, "take"),
        ({"proportional": {"n": 3, "minimum": 2}}, "n"),
        ({"proportional": None, "allocation": {"east": 3}}, "strata.east"),
        ({"parties": ["evaluator", "mayor"]}, "parties"),
        ({"commit_by": "2026-03-02T09:30:00"}, "commit_by"),
        ({"commit_by": "2020-03-02T09:30:00+08:00"}, "commit_by"),
        ({"plan": {"tolerable": "0.1", "risk": "0.1", "stages": []}}, "plan"),
        ({"kind": "surprise"}, "kind"),
    ],
)
def test_what_cannot_be_planned_is_refused_by_field(evaluator: As, changed: dict[str, Any], field: str) -> None:
    assert field in fields_named(refusal(evaluator.post("/draws", plan(**changed)), 422))
    refusal(evaluator.get("/draws/draw-1"), 404)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (
            {"goal": "error_rate", "tolerable": "0.05", "risk": "0.05", "population": 200, "most_errors": 0},
            {"plans": [{"errors": 0, "n": 51, "risk": "0.0487"}]},
        ),
        ({"goal": "survey", "population": 1000}, {"n": 278, "issue": 278, "census": False}),
        ({"goal": "survey", "population": 1000, "response": "0.4"}, {"n": 278, "issue": 695, "census": False}),
        (
            {"goal": "boundary", "edge": "0.8", "expected": "0.85"},
            {"base": 368, "n": 368, "issue": 368, "census": False, "edge": "0.8000"},
        ),
        (
            {"goal": "boundary", "expected": "0.88", "distance": "-1.2", "points": "30", "population": 300},
            {"base": 481, "n": 185, "issue": 185, "census": False, "edge": "0.8400"},
        ),
        (
            {
                "goal": "stages",
                "tolerable": "0.05",
                "risk": "0.1",
                "stages": [{"n": 45, "errors": 0}, {"n": 33, "errors": 1}],
            },
            {"total_risk": "0.1428"},
        ),
    ],
)
def test_the_planner_answers_and_keeps_nothing(provider: As, asked: dict[str, Any], found: dict[str, Any]) -> None:
    answer = provider.post("/draws/plan", asked)
    assert (answer.status_code, answer.get_json()) == (200, found)
    assert provider.get("/draws/plan").status_code in (404, 405)


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ({"goal": "error_rate"}, {"tolerable", "risk"}),
        ({"goal": "survey"}, {"population"}),
        ({"goal": "boundary", "edge": "0.8"}, {"expected"}),
        ({"goal": "boundary", "expected": "0.8"}, {"distance", "points"}),
        ({"goal": "stages", "tolerable": "0.05", "risk": "0.1"}, {"plan.stages"}),
        ({"goal": "error_rate", "tolerable": "1e-9", "risk": "0.1"}, {"tolerable"}),
        ({"goal": "luck"}, {"goal"}),
        ({"goal": "survey", "population": 0}, {"population"}),
    ],
)
def test_what_cannot_be_computed_is_refused_by_field(provider: As, asked: dict[str, Any], fields: set[str]) -> None:
    assert fields_named(refusal(provider.post("/draws/plan", asked), 422)) == fields
