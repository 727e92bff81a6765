"""Notices and follow-ups over the API: written, served, answered with evidence, verified; who may see what of them."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from accounts import As, fields_named, refusal
from at_desk import Desk
from demo_round import make_draw
from factories import make_project
from pictures import with_position

from service.domain.days import day_of
from service.operations.acts import journal_entries
from service.web.printing.notices import MEDIA_TYPE

OBJECTION = {"body": "区民政局", "address": "某路1号", "phone": "020-12345", "working_days": 5}
WANTED = {"id": "notice-1", "draws": ["draw-1"], "summary": "抽查服务记录。\n一份缺少签名。", "objection": OBJECTION}
CASE = {"id": "case-1", "title": "补签", "text": "请补齐签名。", "working_days": 10}


@pytest.fixture
def evaluator(client) -> As:
    make_project()
    make_draw()
    return As(client, "evaluator")


@pytest.fixture
def provider(client, evaluator) -> As:
    return As(client, "provider")


def issued(evaluator: As) -> dict:
    assert evaluator.post("/projects/project-1/notices", WANTED).status_code == 201
    return evaluator.put("/notices/notice-1/state", {"state": "issued"}, version=1).json


@pytest.mark.rule("C14", "C18")
def test_a_notice_fixes_its_findings_when_it_is_issued_and_is_served_with_day_and_channel(evaluator, provider):
    draft = evaluator.post("/projects/project-1/notices", WANTED)
    assert (draft.status_code, draft.json["number"], draft.json["kind"]) == (201, 1, "random")
    assert evaluator.post("/projects/project-1/notices", WANTED).status_code == 200
    refusal(provider.get("/notices/notice-1"), 404, "not_found")
    assert provider.get("/projects/project-1/notices").json == {"notices": []}
    changed = evaluator.put("/notices/notice-1", WANTED, version=1)
    refusal(changed, 422)
    changed = evaluator.put("/notices/notice-1", {k: v for k, v in WANTED.items() if k != "id"}, version=1)
    assert changed.json["version"] == 2
    refusal(evaluator.put("/notices/notice-1/state", {"state": "issued"}, version=1), 412, "stale")

    sent = evaluator.put("/notices/notice-1/state", {"state": "issued"}, version=2).json
    [found] = sent["findings"]
    assert (found["population"], found["drawn"], found["checked"], found["errors"]) == (40, 10, 10, 1)
    assert (found["in_estimate"], found["failures"]["complete"], len(found["deviations"])) == (True, 1, 1)
    assert found["deviations"][0]["failed"] == ["complete"]
    assert provider.get("/notices/notice-1").json["digest"] == sent["digest"]
    refusal(evaluator.put("/notices/notice-1", {k: v for k, v in WANTED.items() if k != "id"}, version=3), 409)

    today = day_of(datetime.now(UTC))
    late = {"state": "served", "served_on": (today + timedelta(days=3)).isoformat(), "channel": "post"}
    named = fields_named(refusal(evaluator.put("/notices/notice-1/state", late, version=3), 422, "invalid"))
    assert named == {"served_on", "received_by"}
    served = late | {"served_on": today.isoformat(), "received_by": "前台"}
    told = evaluator.put("/notices/notice-1/state", served, version=3).json
    assert (told["state"], told["channel"]) == ("served", "post")
    assert told["object_by"] >= (today + timedelta(days=7)).isoformat()
    names = [entry.act for entry in journal_entries(["project:project-1"]) if entry.act.startswith("notice.")]
    assert names == ["notice.written", "notice.changed", "notice.issued", "notice.served"]


def test_the_document_holds_findings_and_where_to_object_in_the_language_asked_for(evaluator, provider):
    issued(evaluator)
    for language, words in (
        ("zh-Hans", ["考核检查情况通报", "区民政局", "某路1号", "020-12345", "记录不完整"]),
        ("en", ["not complete"]),
    ):
        answer = provider.send("GET", "/notices/notice-1/document", {"Accept-Language": language})
        assert (answer.status_code, answer.mimetype) == (200, MEDIA_TYPE)
        with zipfile.ZipFile(io.BytesIO(answer.data)) as document:
            text = document.read("word/document.xml").decode()
        assert all(word in text for word in words), language


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"draws": ["draw-9"]}, "draws"),
        ({"draws": []}, "draws"),
        ({"summary": " "}, "summary"),
        ({"objection": OBJECTION | {"phone": " "}}, "objection.phone"),
    ],
)
def test_what_a_notice_lacks_is_named(evaluator, change, field):
    answer = refusal(evaluator.post("/projects/project-1/notices", WANTED | change), 422)
    assert {name.split(".")[0] for name in fields_named(answer)} == {field.split(".")[0]}


def test_another_organisation_sees_neither_notice_nor_case(client, evaluator):
    issued(evaluator)
    evaluator.post("/projects/project-1/follow-ups", CASE)
    assert Desk(client.application, "evaluator").open("/desk/follow-ups/case-1").status_code == 200
    other = As(client, "evaluator", "other-org")
    for path in ("/notices/notice-1", "/notices/notice-1/document", "/follow-ups/case-1"):
        refusal(other.get(path), 404, "not_found")
    refusal(other.post("/projects/project-1/follow-ups", CASE), 404, "not_found")
    assert other.get("/follow-ups/overdue").json == {"follow_ups": []}


@pytest.mark.rule("C30")
def test_a_case_is_answered_with_evidence_returned_answered_again_and_verified(evaluator, provider):
    opened = evaluator.post("/projects/project-1/follow-ups", CASE | {"source": "finding", "subject": "spot-1"})
    refusal(opened, 422)  # spot-1 found no error
    found = evaluator.get("/draws/draw-1/spot-checks").json["spot_checks"]
    wrong = next(spot["id"] for spot in found if False in spot["attributes"].values())
    opened = evaluator.post("/projects/project-1/follow-ups", CASE | {"source": "finding", "subject": wrong})
    assert (opened.status_code, opened.json["state"]) == (201, "open")
    assert (
        evaluator.post("/projects/project-1/follow-ups", CASE | {"source": "finding", "subject": wrong}).status_code
        == 200
    )

    picture = with_position((40, 30))
    sent = provider.send("POST", "/follow-ups/case-1/evidence", {"Content-Type": "image/jpeg"}, data=picture)
    assert (sent.status_code, sent.json["kind"], sent.json["size"]) == (201, "jpeg", len(picture))
    script = provider.send("POST", "/follow-ups/case-1/evidence", {"Content-Type": "image/jpeg"}, data=b"<script>")
    refusal(script, 422, "invalid")
    answer = {"text": "已补签。", "evidence": [sent.json["name"]]}
    refusal(evaluator.put("/follow-ups/case-1/answer", answer, version=1), 403, "forbidden")
    refusal(provider.put("/follow-ups/case-1/answer", answer | {"evidence": ["nothing"]}, version=1), 422, "invalid")
    assert provider.put("/follow-ups/case-1/answer", answer, version=1).json["state"] == "answered"
    refusal(provider.put("/follow-ups/case-1/answer", answer, version=1), 409, "state_conflict")
    got = evaluator.get(f"/follow-ups/case-1/evidence/{sent.json['name']}")
    assert (got.data, got.mimetype) == (picture, "image/jpeg")

    back = {"state": "returned", "comment": "看不清"}
    assert fields_named(refusal(evaluator.put("/follow-ups/case-1/verdict", back, version=2), 422)) == {"working_days"}
    back |= {"working_days": 3}
    assert evaluator.put("/follow-ups/case-1/verdict", back, version=2).json["state"] == "returned"
    assert provider.put("/follow-ups/case-1/answer", {"text": "重新拍照。"}, version=3).json["state"] == "answered"
    look = (day_of(datetime.now(UTC)) + timedelta(days=30)).isoformat()
    verdict = {"state": "verified", "comment": "属实", "look_back_on": look}
    done = evaluator.put("/follow-ups/case-1/verdict", verdict, version=4).json
    assert (done["state"], done["look_back_on"]) == ("verified", look)
    early = evaluator.put("/follow-ups/case-1/look-back", {"result": "held", "comment": "好"}, version=5)
    assert fields_named(refusal(early, 422, "invalid")) == {"result"}

    month = day_of(datetime.now(UTC)).isoformat()[:7]
    counted = provider.get(f"/projects/project-1/follow-ups/statistics?month={month}").json
    assert (counted["opened"], counted["answered"], counted["verified"], counted["returned"]) == (1, 2, 1, 1)
    refusal(provider.get("/projects/project-1/follow-ups/statistics?month=2026"), 422)
