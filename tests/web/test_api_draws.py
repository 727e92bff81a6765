"""Frames, draws and spot checks over the API: what is frozen, drawn and found, and every list that is refused."""

from typing import Any

import pytest
from accounts import As, fields_named, refusal
from factories import make_project
from flask.testing import FlaskClient

from service.domain.inspect import draws, frames

FRAME = {"id": "frame-1", "project": "project-1", "name": "Records", "source": "archive of March"}
SERIALS = [f"R-{number:03}" for number in range(40)]
STRATA = ["north" if number % 4 else "south" for number in range(40)]
FOUND = {"found": True, "complete": True, "true": True, "timely": True}
AT = "2026-03-02T10:00:00+08:00"


@pytest.fixture
def evaluator(client: FlaskClient) -> As:
    make_project()
    return As(client, "evaluator")


def spot(serial: str, **changed: Any) -> dict[str, Any]:
    return {"draw": "draw-1", "serial": serial, "attributes": FOUND, "at": AT} | changed


def drawn(evaluator: As, take: int = 3) -> list[str]:
    evaluator.post("/frames", FRAME | {"serials": SERIALS, "strata": STRATA})
    made = evaluator.post("/draws", {"id": "draw-1", "frame": "frame-1", "take": take})
    assert made.status_code == 201, made.text
    return list(made.get_json()["drawn"])


def test_a_draw_can_be_computed_again_from_what_the_api_shows(evaluator: As) -> None:
    shown = drawn(evaluator)
    frozen = evaluator.get("/frames/frame-1").get_json()
    assert frozen["size"] == 40
    frame = frames.freeze(frozen["serials"], frozen["strata"])
    assert frames.frame_sha256(frame) == frozen["sha256"]
    draw = evaluator.get("/draws/draw-1").get_json()
    assert draw["frame_sha256"] == frozen["sha256"]
    assert draws.verify(frame, draw["seed"], 3, shown, sha256=frozen["sha256"]) is None
    secrets = {party: bytes.fromhex(secret) for party, secret in draw["secrets"].items()}
    assert draws.seed_of(frozen["sha256"], draw["number"], secrets, "") == draw["seed"]
    assert [item.serial for item in draws.draw(frame, draw["seed"], 3)] == shown


def test_a_second_draw_of_a_frame_is_another_one(evaluator: As) -> None:
    first = drawn(evaluator)
    again = evaluator.post("/draws", {"id": "draw-1", "frame": "frame-1", "take": 3})
    assert (again.status_code, again.get_json()["drawn"]) == (200, first)
    second = evaluator.post("/draws", {"id": "draw-2", "frame": "frame-1", "take": 3}).get_json()
    assert second["number"] == 2
    assert second["seed"] != evaluator.get("/draws/draw-1").get_json()["seed"]


@pytest.mark.parametrize(
    ("lists", "fields"),
    [
        ({"serials": ["a", "b", "a"]}, {"rows.3"}),
        ({"serials": ["a", "", "b"]}, {"rows.2"}),
        ({"serials": ["a", "  ", "b"]}, {"rows.2"}),
        ({"serials": ["é", "e\u0301"]}, {"rows.2"}),
        ({"serials": ["a", "b\u202e"]}, {"rows.2"}),
        ({"serials": ["a", "x" * 1000]}, {"rows.2"}),
        ({"serials": ["a", "b"], "strata": ["s"]}, {"strata"}),
        ({"serials": ["a", "b"], "strata": ["s", ""]}, {"rows.2.stratum"}),
        ({"serials": []}, {"serials"}),
        ({"serials": ["a", 7]}, {"serials"}),
        ({"serials": "ab"}, {"serials"}),
        ({}, {"serials"}),
    ],
)
def test_a_list_that_cannot_be_drawn_from_is_refused_by_row(
    evaluator: As, lists: dict[str, Any], fields: set[str]
) -> None:
    refused = refusal(evaluator.post("/frames", FRAME | lists), 422)
    assert fields_named(refused) == fields
    refusal(evaluator.get("/frames/frame-1"), 404, "not_found")


def test_a_draw_larger_than_its_stratum_is_refused_and_the_stratum_named(evaluator: As) -> None:
    drawn(evaluator, take=10)
    refused = refusal(evaluator.post("/draws", {"id": "draw-2", "frame": "frame-1", "take": 11}), 422)
    assert "south" in str(refused)
    assert "10" in str(refused)
    for take in (0, -1, 1.5, "many", None, 10**30):
        refusal(evaluator.post("/draws", {"frame": "frame-1", "take": take}), 422, "invalid")
    refusal(evaluator.get("/draws/draw-2"), 404, "not_found")


def test_findings_are_those_of_the_checks(evaluator: As) -> None:
    serials = drawn(evaluator)
    for serial in serials[:-1]:
        assert evaluator.post("/spot-checks", spot(serial)).status_code == 201
    lost = evaluator.post("/spot-checks", spot(serials[-1], id="check-lost", attributes={"found": False}))
    assert lost.status_code == 201
    shown = evaluator.get("/draws/draw-1/spot-checks").get_json()
    findings = shown["findings"]
    assert (findings["n"], findings["errors"], findings["drawn"], findings["missing"]) == (6, 1, 6, [])
    assert (findings["limit"], findings["limit_method"]) == (20, "wendell_schmee")
    assert [part["population"] for part in findings["strata"]] == [30, 10]
    assert len(shown["spot_checks"]) == 6
    assert evaluator.get("/spot-checks/check-lost").get_json()["attributes"]["found"] is False


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"serial": "R-999"}, "serial"),
        ({"serial": ""}, "serial"),
        ({"attributes": {}}, "attributes.found"),
        ({"attributes": {"found": True}}, "attributes.complete"),
        ({"attributes": {"found": False, "true": True}}, "attributes.true"),
        ({"attributes": FOUND | {"neat": True}}, "attributes.neat"),
        ({"attributes": FOUND | {"found": "perhaps"}}, "attributes"),
        ({"at": "2026-03-02T10:00:00"}, "at"),
        ({"note": "x" * 5000}, "note"),
        ({"note": "\u202e"}, "note"),
    ],
)
def test_what_is_no_finding_is_refused_by_field(evaluator: As, changed: dict[str, Any], field: str) -> None:
    serials = drawn(evaluator)
    refused = refusal(evaluator.post("/spot-checks", spot(serials[0]) | changed), 422, "invalid")
    assert field in fields_named(refused)
    assert evaluator.get("/draws/draw-1/spot-checks").get_json()["spot_checks"] == []


def test_an_item_that_was_not_drawn_cannot_be_checked_and_none_twice(evaluator: As) -> None:
    serials = drawn(evaluator)
    [other, *_] = sorted(set(SERIALS) - set(serials))
    assert fields_named(refusal(evaluator.post("/spot-checks", spot(other)), 422, "invalid")) == {"serial"}
    body = spot(serials[0], id="check-1")
    assert [evaluator.post("/spot-checks", body).status_code for _ in range(2)] == [201, 200]
    refusal(evaluator.post("/spot-checks", body | {"attributes": {"found": False}}), 409, "id_taken")
    assert fields_named(refusal(evaluator.post("/spot-checks", body | {"id": "check-2"}), 422)) == {"serial"}


def test_only_what_the_evaluator_accepted_counts_and_the_rest_is_listed(evaluator: As, client: FlaskClient) -> None:
    auditor = As(client, "auditor")
    serials = drawn(evaluator)
    for serial in serials[:-1]:
        assert auditor.post("/spot-checks", spot(serial, id=f"check-{serial}")).get_json()["state"] == "received"
    shown = auditor.get("/draws/draw-1/spot-checks").get_json()
    assert shown["findings"]["n"] == 0
    assert {one["state"] for one in shown["excluded"]} == {"received", "missing"}
    assert [one["serial"] for one in shown["excluded"]] == serials
    accept = {"state": "accepted"}
    refusal(auditor.put("/draws/draw-1/spot-checks/state", accept), 403, "forbidden")
    assert evaluator.put("/draws/draw-1/spot-checks/state", accept).get_json() == {"reviewed": 5}
    shown = auditor.get("/draws/draw-1/spot-checks").get_json()
    assert (shown["findings"]["n"], shown["findings"]["missing"]) == (5, serials[-1:])
    assert [one["state"] for one in shown["excluded"]] == ["missing"]


def test_a_review_says_why_and_which_version_it_read(evaluator: As, client: FlaskClient) -> None:
    [serial, *_] = drawn(evaluator)
    As(client, "auditor").post("/spot-checks", spot(serial, id="check-1"))
    path = "/spot-checks/check-1/state"
    refusal(evaluator.put(path, {"state": "accepted"}), 428, "unconditional")
    assert fields_named(refusal(evaluator.put(path, {"state": "returned"}, 1), 422)) == {"comment"}
    refusal(evaluator.put(path, {"state": "received", "comment": "x"}, 1), 422)
    done = evaluator.put(path, {"state": "returned", "comment": "which summary?"}, 1)
    assert (done.status_code, done.get_json()["state"], done.headers["ETag"]) == (200, "returned", '"2"')
    refusal(evaluator.put(path, {"state": "accepted", "comment": "seen"}, 1), 412, "stale")
    again = evaluator.put(path, {"state": "rejected", "comment": "no summary"}, 2).get_json()
    assert [(each["state"], each["comment"]) for each in again["reviews"]] == [
        ("returned", "which summary?"),
        ("rejected", "no summary"),
    ]
    # What was rejected holds the item no longer: it can be looked up anew.
    assert As(client, "auditor").post("/spot-checks", spot(serial, id="check-2")).status_code == 201
    refusal(As(client, "evaluator", "other-org").put(path, {"state": "accepted", "comment": "x"}, 3), 404, "not_found")
