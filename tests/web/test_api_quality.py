"""Quality marks over HTTP: the evaluator scans, looks, decides by version; nobody else sees any of it."""

import subprocess
import sys
from pathlib import Path

import pytest
from accounts import As, fields_named, refusal
from demo_round import AUTHORITY, scheme_text
from factories import EVALUATOR, KEY, NOW, Opened, open_campaign
from flask import Flask
from flask.testing import FlaskClient

from service.config import Settings
from service.domain.evaluate.rounds import Round
from service.operations.collect.responses import Submission, submit
from service.operations.evaluate import rounds, schemes


@pytest.fixture
def opened(app: Flask) -> Opened:
    """Three of five answers at two o'clock in the morning."""
    opened = open_campaign(5, questionnaire="recipients")
    for number, code in enumerate(opened.codes):
        at = NOW.replace(hour=18 if number < 3 else 3 + number)
        submit(code, Submission(f"submission-{number}", {"overall": "1" if number < 3 else "5"}), at, (KEY,))
    return opened


@pytest.fixture
def evaluator(client: FlaskClient, opened: Opened) -> As:
    return As(client, "evaluator")


def test_scan_look_decide_and_read_without_marked(evaluator: As, opened: Opened) -> None:
    path = f"/campaigns/{opened.id}"
    refusal(evaluator.get(f"{path}/quality"), 404, "not_found")
    contacts = {"contacts": [{"site": "east", "n": 4}]}
    made = evaluator.post(f"{path}/quality", contacts)
    assert (made.status_code, made.get_json()["counts"]) == (201, {"more_than_contacts": 5, "night": 3})
    shown = evaluator.get(f"{path}/quality")
    assert shown.headers["ETag"] == made.headers["ETag"]
    body = shown.get_json()
    night = next(kind for kind in body["kinds"] if kind["kind"] == "night")
    assert (night["marked"], night["undecided"], night["parameters"]["from_hour"]["used"]) == (3, 3, 23)
    assert "hour" in night["formula"]
    assert [place["kind"] for place in body["places"]] == ["more_than_contacts"]
    marks = evaluator.get(f"{path}/quality/marks?kind=night").get_json()["marks"]
    assert {(mark["kind"], mark["value"], mark["verdict"]) for mark in marks} == {("night", 2, None)}
    decision = {"id": "d1", "kind": "night", "verdict": "exclude", "reason": "the hall is closed at night"}
    refusal(evaluator.post(f"{path}/quality/decisions", decision), 428, "unconditional")
    headers = {"If-Match": shown.headers["ETag"]}
    for _ in range(2):
        done = evaluator.send("POST", f"{path}/quality/decisions", headers, json=decision)
        assert (done.status_code, done.get_json()["number"]) == (201, 1)
    refusal(evaluator.send("POST", f"{path}/quality/decisions", headers, json=decision | {"id": "d2"}), 412, "stale")
    satisfied = {}
    for marked in ("with", "without"):
        groups = evaluator.get(f"{path}/satisfaction?marked={marked}").get_json()["groups"]
        satisfied[marked] = (groups[0]["estimate"]["n"], groups[0]["estimate"]["satisfied"])
    assert satisfied == {"with": (5, "0.400000000"), "without": (2, "1.000000000")}
    figures = evaluator.get(f"{path}/quality").get_json()["figures"]
    assert {name: (one["n"], one["satisfied"]) for name, one in figures.items()} == satisfied


SCHEME = """\
extends: guangzhou-housing-demo
id: strict
version: "1"
title: {zh-Hans: 严格, zh-Hant: 嚴格, en: Strict}
quality:
  night: {from_hour: 22, to_hour: 1}
"""


def test_thresholds_are_those_of_the_rounds_scheme(evaluator: As, opened: Opened) -> None:
    path = f"/campaigns/{opened.id}/quality"
    assert evaluator.post(path, {}).get_json()["counts"] == {"night": 3}
    for text in (scheme_text("guangzhou-services"), scheme_text("guangzhou-housing-demo"), SCHEME):
        schemes.publish(AUTHORITY, NOW, text)
    round = Round("round-1", "project-1", "final", "Final", "strict@1", "", NOW, surveys={"g28-recipients": opened.id})
    rounds.open_round(EVALUATOR, NOW, round, adoption_needed=False)
    again = evaluator.post(path, {}).get_json()
    assert again["counts"] == {}  # they came at two o'clock
    kinds = {kind["kind"]: kind for kind in evaluator.get(path).get_json()["kinds"]}
    used = {name: one["used"] for name, one in kinds["night"]["parameters"].items()}
    assert used == {"from_hour": 22, "to_hour": 1, "utc_offset": 8}
    other = {"parameters": {"night": {"to_hour": 6}}}
    body = refusal(evaluator.post(path, other), 422, "invalid")
    assert fields_named(body) == {"parameters.night.to_hour"}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("", {"parameters": {"night": {"from_hour": 99}}}, "parameters.night.from_hour"),
        ("", {"parameters": {"weather": {}}}, "parameters"),
        ("", {"contacts": [{"site": "north", "n": 1}]}, "contacts.north"),
        ("/decisions", {"kind": "night", "verdict": "delete", "reason": "x"}, "verdict"),
        ("/decisions", {"kind": "night", "verdict": "keep", "reason": ""}, "reason"),
        ("/decisions", {"kind": "night", "verdict": "keep", "reason": "x", "place": {"hour": "noon"}}, "place"),
    ],
)
def test_what_is_wrong_is_named(evaluator: As, opened: Opened, path: str, body: dict, field: str) -> None:
    done = evaluator.send("POST", f"/campaigns/{opened.id}/quality{path}", {"If-Match": '"1"'}, json=body)
    assert fields_named(refusal(done, 422)) == {field}


@pytest.mark.parametrize("role", ["authority", "purchaser", "provider", "admin", "auditor"])
def test_marks_are_the_evaluators(client: FlaskClient, opened: Opened, role: str) -> None:
    other = As(client, role)
    for path in ("quality", "quality/marks"):
        refusal(other.get(f"/campaigns/{opened.id}/{path}"), 403, "forbidden")
    refusal(other.post(f"/campaigns/{opened.id}/quality", {}), 403, "forbidden")
    refusal(As(client, "evaluator", "other-org").get(f"/campaigns/{opened.id}/quality"), 404, "not_found")


def test_the_command_scans_again_with_the_parameters_of_the_last_scan(
    evaluator: As, opened: Opened, settings: Settings
) -> None:
    evaluator.post(f"/campaigns/{opened.id}/quality", {"parameters": {"night": {"from_hour": 1}}})
    command = [sys.executable, "-m", "service.cli", "mark-quality", "--database", settings.database]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (0, f"{opened.id}: 5 answers, night 3\n")
    assert evaluator.get(f"/campaigns/{opened.id}/quality").get_json()["scan"]["number"] == 2
    wrong = subprocess.run([*command, "none"], cwd=root, capture_output=True, text=True, check=False, timeout=60)
    assert (wrong.returncode, "no opened campaign" in wrong.stderr) == (2, True)
