"""Thirty stations from one workbook: checked without writing, made by whoever may, and nothing made twice."""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pytest
from accounts import As, fields_named, refusal
from at_desk import Desk
from demo_round import AUTHORITY, make_people, scheme_text, sign_in
from factories import ADMIN, LANGUAGES, NOTICE, NOW, publish
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse
from xlsform_sheets import xlsx

from service.domain.collect.campaigns import Campaign
from service.domain.collect.tickets import Batch
from service.domain.evaluate.rounds import Round
from service.domain.organisations import Organisation
from service.domain.projects import Project, Site
from service.operations import organisations
from service.operations.evaluate import schemes
from service.store import records

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARTS = {part: f"{part}-org" for part in ("authority", "purchaser", "provider", "evaluator")}
SHARED = {
    "round": "final-2026",
    "round_name": "2026年度期末评估",
    "kind": "final",
    "scheme": "guangzhou-housing-demo@2",
    "survey_node": "g28-recipients",
    "campaign": "spring",
    "campaign_name": "服务对象满意度调查",
    "questionnaire": "copenhagen-housing",
    "questionnaire_version": 1,
    "population": "recipient",
    "languages": ", ".join(LANGUAGES),
    "opens_at": "2026-03-01 08:00",
    "closes_at": "2099-03-31 18:00",
    "phone": "020-12345",
    "open": "yes",
    "term.appeal": 15,
}


def rows(count: int) -> list[dict[str, Any]]:
    """A row a station."""
    return [
        {
            "project": f"station-{number:02}",
            "project_name": f"第{number}社工站",
            **PARTS,
            "site": f"site-{number:02}",
            "site_name": f"第{number}服务点",
            "address": f"某路{number}号",
            "starts_on": "2026-01-01",
            "ends_on": "2026-12-31",
            "slips": 2,
            "distribution": "all_present_evaluator",
            "posters": 1,
        }
        for number in range(1, count + 1)
    ]


def workbook(stations: list[dict[str, Any]], changes: Mapping[str, Any] = {}) -> bytes:
    notice = {
        f"notice.{fact}.{language}": text
        for fact, texts in NOTICE.items()
        if isinstance(texts, dict)
        for language, text in texts.items()
    }
    shared = {name: value for name, value in (SHARED | notice | dict(changes)).items() if value is not None}
    header = list(stations[0]) if stations else ["project"]
    return xlsx(
        {
            "stations": [header, *([row.get(name, "") for name in header] for row in stations)],
            "round": [["field", "value"], *map(list, shared.items())],
        }
    )


@pytest.fixture
def city(database: None) -> None:
    for part, organisation in PARTS.items():
        organisations.create_organisation(ADMIN, NOW, Organisation(organisation, part, part.title()))
    publish()
    for name in ("guangzhou-services", "guangzhou-housing-demo"):
        schemes.publish(AUTHORITY, NOW, scheme_text(name))


@pytest.fixture
def admin(client: FlaskClient, city: None) -> As:
    return As(client, "admin")


@pytest.fixture
def evaluator(client: FlaskClient, city: None) -> As:
    return As(client, "evaluator")


def send(who: As, content: bytes, dry: bool = False) -> Any:
    headers = {"Content-Type": XLSX}
    return who.send("POST", f"/districts/imports?dry_run={str(dry).lower()}", headers, data=content)


def stored() -> dict[str, int]:
    return {kind.__name__: len(records.find(kind)) for kind in (Project, Site, Campaign, Batch, Round)}


def test_thirty_stations_are_made_from_one_file_by_two_people_and_a_repeat_makes_nothing_twice(admin, evaluator):
    content = workbook(rows(30))
    tried = send(admin, content, dry=True)
    assert tried.json["counts"]["project"] == {"new": 30}
    assert tried.json["counts"]["batch"] == {"waits": 60}
    assert stored()["Project"] == 0

    first = send(admin, content).json["counts"]
    assert (first["project"], first["site"], first["round"]) == ({"made": 30}, {"made": 30}, {"waits": 30})
    assert send(evaluator, content, dry=True).json["counts"]["round"] == {"new": 30}
    answer = send(evaluator, content)
    made = answer.json["counts"]
    assert made["project"] == {"there": 30}
    assert made["campaign"] == made["round"] == made["opening"] == {"made": 30}
    codes = [code for step in answer.json["steps"] for code in step["codes"]]
    assert (made["batch"], len(codes), len(set(codes))) == ({"made": 60}, 90, 90)
    assert answer.headers["Cache-Control"] == "no-store"
    assert evaluator.client.get(f"/s/{codes[0]}").status_code == 200
    assert stored() == {"Project": 30, "Site": 30, "Campaign": 30, "Batch": 60, "Round": 30}
    bound = records.get(Round, "station-07-final-2026")
    assert bound is not None
    assert (dict(bound.surveys), dict(bound.terms)) == ({"g28-recipients": "station-07-spring"}, {"appeal": 15})

    again = send(evaluator, content).json
    assert all(outcomes == {"there": sum(outcomes.values())} for outcomes in again["counts"].values())
    assert not any(step["codes"] for step in again["steps"])
    assert stored()["Batch"] == 60


def test_a_changed_row_is_told_and_never_overwrites_and_a_new_one_is_added(admin, evaluator):
    send(admin, workbook(rows(2)))
    changed = rows(3)
    changed[0]["project_name"] = "改名的社工站"
    [step] = [one for one in send(admin, workbook(changed)).json["steps"] if one["outcome"] == "differs"]
    assert (step["kind"], step["id"], step["row"]) == ("project", "station-01", 2)
    assert [fault["field"] for fault in step["faults"]] == ["name"]
    there = records.get(Project, "station-01")
    assert there is not None
    assert (there.name, stored()["Project"]) == ("第1社工站", 3)


@pytest.mark.parametrize(
    ("row", "shared", "field"),
    [
        ({"project": ""}, {}, "stations.3.project"),
        ({"project": "two words"}, {}, "stations.3.project"),
        ({"slips": "many"}, {}, "stations.3.slips"),
        ({"slips": 50_001}, {}, "stations.slips"),
        ({"distribution": "drawn_persons"}, {}, "stations.3.distribution"),
        ({"starts_on": "March"}, {}, "stations.3.starts_on"),
        ({"site": "site-01"}, {}, "stations.3.site"),
        ({"project": "station-01"}, {}, "stations.3.project_name"),
        ({"colour": "red"}, {}, "stations.3.colour"),
        ({}, {"scheme": None}, "round.scheme"),
        ({}, {"kind": "yearly"}, "round.kind"),
        ({}, {"opens_at": "soon"}, "round.opens_at"),
        ({}, {"colour": "red"}, "round.33.field"),
    ],
)
def test_a_fault_is_named_by_sheet_row_and_column_and_nothing_is_made(admin, row, shared, field):
    stations = rows(2)
    stations[0] |= {name: "" for name in row if name not in stations[0]}
    stations[1] |= row
    assert field in fields_named(refusal(send(admin, workbook(stations, shared)), 422, "import_invalid"))
    assert stored()["Project"] == 0


@pytest.mark.parametrize("content", [b"no workbook", b"PK\x03\x04 broken", xlsx({"stations": [["project"]]})])
def test_what_is_no_workbook_of_stations_is_refused(admin, content):
    refusal(send(admin, content), 422, "import_invalid")


def test_what_would_be_refused_later_is_told_by_the_dry_run(admin, evaluator):
    send(admin, workbook(rows(1)))
    steps = send(evaluator, workbook(rows(1), {"notice.purpose.en": None, "lead": "authority"}), dry=True).json["steps"]
    told = {step["kind"]: {fault["field"] for fault in step["faults"]} for step in steps if step["faults"]}
    assert told == {"campaign": {"notice.purpose.en"}, "round": {"direct_reason", "review_body"}}
    assert stored()["Campaign"] == 0


def test_others_send_no_workbook(client, city):
    for role in ("authority", "purchaser", "provider", "auditor"):
        refusal(send(As(client, role), workbook(rows(1))), 403, "forbidden")


def test_the_stations_are_seen_at_a_glance_by_their_parties_only(admin, evaluator, client):
    content = workbook(rows(2))
    send(admin, content)
    send(evaluator, content)
    found = evaluator.get("/districts/stations").json
    assert [(one["project"], one["state"], one["answered"], one["total"]) for one in found] == [
        ("station-01", "opened", 0, None),
        ("station-02", "opened", 0, None),
    ]
    assert As(client, "provider").get("/districts/stations?state=opened").json[0]["round"] == "station-01-final-2026"
    assert evaluator.get("/districts/stations?state=final").json == []
    assert As(client, "evaluator", "other-org").get("/districts/stations").json == []


def test_the_desks_page_shows_stations_and_results_in_order(app, admin, evaluator):
    content = workbook(rows(2))
    send(admin, content)
    send(evaluator, content)
    make_people()
    desk = sign_in(app)
    page = desk.get("/desk/district?lang=zh-Hans").text
    assert "第1社工站" in page
    assert "已启动" in page
    assert "没有符合条件的站点" in desk.get("/desk/district?state=final").text
    assert "各站点一览" in desk.get("/desk/").text


def test_the_desk_looks_through_a_workbook_and_carries_it_out_like_the_api(app: Flask, city: None) -> None:
    page, content = "/desk/district/import", workbook(rows(2))

    def send_file(desk: Desk, name: str = "stations.xlsx", **fields: Any) -> TestResponse:
        return desk.send(page, file=(BytesIO(content), name), **fields)

    admin, evaluator = Desk(app, "admin"), Desk(app, "evaluator")
    assert page in admin.open("/desk/").text
    admin.open(page)
    tried = send_file(admin)
    assert (tried.status_code, "nothing is made yet" in tried.text, stored()["Project"]) == (200, True, 0)
    assert "<dt>Project</dt><dd>to be made 2</dd>" in tried.text
    assert "<dt>Slips of paper</dt><dd>waits for another role 4</dd>" in tried.text
    admin.open(page)
    assert "<dt>Project</dt><dd>made 2</dd>" in send_file(admin, dry_run=None).text
    assert page in evaluator.open("/desk/district").text
    evaluator.open(page)
    made = send_file(evaluator, dry_run=None)
    assert "<dt>Project</dt><dd>there already 2</dd>" in made.text
    assert "<dt>Opening of a campaign</dt><dd>made 2</dd>" in made.text
    assert made.headers["Cache-Control"] == "no-store"
    codes = re.findall(r'<p class="code whole">([^<]+)</p>', made.text)
    assert sum(len(each.split()) for each in codes) == sum(batch.count for batch in records.find(Batch)) > 0
    evaluator.open(page)
    assert "shown this once" not in send_file(evaluator, dry_run=None).text
    evaluator.open(page)
    content = b"no workbook"
    refused = send_file(evaluator)
    assert refused.status_code == 422
    assert "Please check these" in refused.text
    evaluator.open(page)
    assert evaluator.send(page).status_code == 422
    assert Desk(app, "provider").open(page).status_code == 403
