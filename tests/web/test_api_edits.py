"""Making and changing records: safe repeats by client-made ids, edits that name their version, pages of lists."""

import json
from typing import Any

import pytest
from accounts import As, fields_named, refusal
from factories import LANGUAGES, NOTICE, make_campaign, make_project
from flask.testing import FlaskClient

ORGANISATION = {"id": "org-1", "kind": "evaluator", "name": "评估中心", "phones": ["020-1"]}
PROJECT = {
    "name": "Street station",
    "authority": "authority-org",
    "purchaser": "purchaser-org",
    "provider": "provider-org",
    "evaluator": "evaluator-org",
}
CAMPAIGN = {
    "project": "project-1",
    "name": "Spring survey",
    "questionnaire": "copenhagen-housing",
    "questionnaire_version": 1,
    "population": "recipient",
    "sites": ["east"],
    "opens_at": "2026-03-01T09:00:00+08:00",
    "closes_at": "2126-03-01T09:00:00+08:00",
    "languages": list(LANGUAGES),
    "notice": NOTICE,
}


@pytest.fixture
def admin(client: FlaskClient) -> As:
    return As(client, "admin")


@pytest.fixture
def evaluator(client: FlaskClient) -> As:
    return As(client, "evaluator")


def test_a_repeat_under_the_same_id_makes_nothing_new_and_other_content_is_refused(admin: As) -> None:
    first = admin.post("/organisations", ORGANISATION)
    again = admin.post("/organisations", ORGANISATION)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    assert first.headers["ETag"] == again.headers["ETag"] == '"1"'
    refusal(admin.post("/organisations", ORGANISATION | {"name": "other"}), 409, "id_taken")
    assert [one["id"] for one in admin.get("/organisations").get_json()] == ["org-1"]


def test_without_an_id_each_request_makes_one(admin: As) -> None:
    nameless = {key: value for key, value in ORGANISATION.items() if key != "id"}
    assert len({admin.post("/organisations", nameless).get_json()["id"] for _ in range(3)}) == 3


def test_every_kind_of_record_can_be_made_again_safely(client: FlaskClient, admin: As, evaluator: As) -> None:
    make_project()
    make_campaign()
    made = {
        "/projects": (admin, {"id": "p2"} | PROJECT, "name"),
        "/projects/project-1/sites": (admin, {"id": "s2", "name": "South"}, "name"),
        "/users": (
            admin,
            {
                "id": "u2",
                "username": "li.na",
                "password": "long enough 12",
                "organisation": "evaluator-org",
                "roles": ["auditor"],
            },
            "username",
        ),
        "/campaigns": (evaluator, {"id": "c2"} | CAMPAIGN, "name"),
        "/frames": (
            evaluator,
            {"id": "f2", "project": "project-1", "name": "n", "source": "s", "serials": ["a", "b"]},
            "name",
        ),
        "/draws": (evaluator, {"id": "d2", "frame": "f2", "take": 1, "public": "lottery"}, "public"),
    }
    for path, (who, body, field) in made.items():
        first, again = who.post(path, body), who.post(path, body)
        assert (first.status_code, again.status_code) == (201, 200), (path, first.text, again.text)
        assert first.get_json() == again.get_json(), path
        refusal(who.post(path, body | {field: "other"}), 409, "id_taken")


@pytest.mark.parametrize(
    "moment", ["2026-03-01T09:00:00", "0001-01-01T00:00:00+14:00", "today", 0, "2026-13-01T00:00Z"]
)
def test_times_need_an_offset_and_a_place_in_the_calendar(evaluator: As, moment: Any) -> None:
    make_project()
    make_campaign()
    assert fields_named(refusal(evaluator.post("/campaigns", CAMPAIGN | {"opens_at": moment}), 422)) == {"opens_at"}


def test_codes_of_a_batch_are_shown_once(evaluator: As) -> None:
    make_project()
    campaign = make_campaign()
    batch = {"id": "batch-1", "kind": "slip", "site": "east", "distribution": "all_present_evaluator", "count": 3}
    made = evaluator.post(f"/campaigns/{campaign.id}/tickets", batch)
    assert made.status_code == 201
    codes = [ticket["code"] for ticket in made.get_json()["tickets"]]
    assert len(set(codes)) == 3
    refusal(evaluator.post(f"/campaigns/{campaign.id}/tickets", batch), 409, "id_taken")
    listed = evaluator.get(f"/campaigns/{campaign.id}/tickets")
    assert [one["id"] for one in listed.get_json()] == ["batch-1"]
    assert not any(code in listed.text for code in codes)


def test_an_edit_names_the_version_it_read(admin: As) -> None:
    make_project()
    path, changed = "/projects/project-1", PROJECT | {"name": "New name"}
    assert admin.get(path).headers["ETag"] == '"1"'
    refusal(admin.put(path, changed), 428, "unconditional")
    for tag in ("", "x", "-1", "*", "9" * 40):
        refusal(admin.put(path, changed, version=tag), 428, "unconditional")
    done = admin.put(path, changed, version=1)
    assert (done.status_code, done.headers["ETag"]) == (200, '"2"')
    assert "version 2" in refusal(admin.put(path, changed, version=1), 412, "stale")["message"]
    refusal(admin.put(path, changed, version=3), 412, "stale")
    assert admin.get(path).get_json()["name"] == "New name"
    assert admin.get(path).headers["ETag"] == '"2"'


def test_a_campaign_is_changed_opened_and_closed_by_version(evaluator: As) -> None:
    make_project()
    make_campaign()
    made = evaluator.post("/campaigns", {"id": "c2"} | CAMPAIGN)
    assert made.get_json()["state"] == "draft"
    path = "/campaigns/c2"
    refusal(evaluator.put(f"{path}/state", {"state": "open"}), 428, "unconditional")
    changed = evaluator.put(path, CAMPAIGN | {"name": "Summer survey"}, version=1)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    refusal(evaluator.put(f"{path}/state", {"state": "open"}, version=1), 412, "stale")
    assert evaluator.put(f"{path}/state", {"state": "open"}, version=2).get_json()["state"] == "open"
    refusal(evaluator.put(path, CAMPAIGN, version=3), 409, "state_conflict")
    refusal(evaluator.put(f"{path}/state", {"state": "open"}, version=3), 409, "state_conflict")
    refusal(evaluator.put(f"{path}/state", {"state": "closing"}, version=3), 422, "invalid")
    closed = evaluator.put(f"{path}/state", {"state": "final"}, version=3)
    assert (closed.get_json()["state"], closed.headers["ETag"]) == ("final", '"4"')


def test_a_campaign_without_what_respondents_must_be_told_does_not_open(evaluator: As) -> None:
    make_project()
    make_campaign()
    notice = NOTICE | {"purpose": {"en": "x"}, "phone": "020 99999"}
    assert evaluator.post("/campaigns", {"id": "c2"} | CAMPAIGN | {"notice": notice}).status_code == 201
    refused = refusal(evaluator.put("/campaigns/c2/state", {"state": "open"}, version=1), 422, "campaign_incomplete")
    assert fields_named(refused) == {"notice.purpose.zh-Hans", "notice.purpose.zh-Hant", "notice.phone"}


def test_lists_come_in_pages(admin: As) -> None:
    for number in range(5):
        admin.post("/organisations", ORGANISATION | {"id": f"org-{number}"})
    page = admin.get("/organisations?page=2&page_size=2")
    assert [one["id"] for one in page.get_json()] == ["org-2", "org-3"]
    pagination = json.loads(page.headers["X-Pagination"])
    assert (pagination["total"], pagination["total_pages"], pagination["next_page"]) == (5, 3, 3)
    refusal(admin.get("/organisations?page_size=1001"), 422, "invalid")
    refusal(admin.get("/organisations?page=0"), 422, "invalid")


@pytest.mark.parametrize("name", ["$set", "a.b", "", "\u0000", "\ud800", "x" * 300])
def test_names_that_a_database_would_take_for_more_are_refused_or_kept(client: FlaskClient, name: str) -> None:
    """Free names in bodies: texts by language, evidence by node."""
    make_project()
    make_campaign()
    evaluator = As(client, "evaluator")
    bodies: list[tuple[str, dict[str, Any]]] = [
        ("/campaigns", CAMPAIGN | {"id": "c3", "notice": {"purpose": {name: "x"}}}),
        ("/campaigns", CAMPAIGN | {"id": "c4", "languages": [name]}),
        ("/campaigns", CAMPAIGN | {"id": "c5", "name": name}),
        ("/questionnaires", {"definition": {"id": "q", "title": {name: "x"}, "questions": []}}),
        ("/questionnaires", {"definition": {name: {name: name}}}),
        ("/rounds", {"project": "project-1", "kind": "final", "name": "n", "scheme": "s", "surveys": {name: "c"}}),
    ]
    for path, body in bodies:
        response = evaluator.send("POST", path, data=json.dumps(body), content_type="application/json")
        if response.status_code != 201:
            assert response.status_code in (400, 404, 422), (path, response.text)
            refusal(response, response.status_code)


@pytest.mark.parametrize("text", ["a\u0000b", "a\u202eb", "\u2066", "\u001b[31m"])
def test_control_characters_and_overrides_of_direction_are_refused_in_every_text(admin: As, text: str) -> None:
    make_project()
    refused = refusal(admin.post("/organisations", ORGANISATION | {"name": text}), 422, "invalid")
    assert fields_named(refused) == {"name"}
    refused = refusal(admin.post("/projects/project-1/sites", {"name": "ok", "address": text}), 422, "invalid")
    assert fields_named(refused) == {"address"}
