"""Objections over the API: who may file, answer and correct, what evidence is, and what each party sees of it."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

import casework
import pytest
from accounts import As, fields_named, refusal
from casework import TEXT
from demo_round import make_draw
from factories import make_project

from service.domain.days import day_of

FILE = {"id": "objection-1", "text": TEXT}


@pytest.fixture
def evaluator(client) -> As:
    make_project()
    make_draw()
    now = datetime.now(UTC)
    casework.serve_notice(served_on=day_of(now), at=now)
    return As(client, "evaluator")


@pytest.fixture
def provider(client, evaluator) -> As:
    return As(client, "provider")


@pytest.fixture
def purchaser(client, evaluator) -> As:
    return As(client, "purchaser")


def filed(provider: As) -> dict:
    assert provider.post("/notices/notice-1/objections", FILE).status_code == 201
    casework.send_picture(provider, "/objections/objection-1")
    answer = provider.put("/objections/objection-1/filing", {}, version=1)
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.mark.rule("C19")
def test_an_objection_needs_a_text_and_a_file_that_is_what_it_says(provider):
    path = "/notices/notice-1/objections"
    assert fields_named(refusal(provider.post(path, {"text": ""}), 422)) == {"text"}
    assert fields_named(refusal(provider.post(path, {"text": "x" * 20_001}), 422)) == {"text"}
    refusal(provider.post("/notices/notice-9/objections", FILE), 404, "not_found")
    begun = provider.post(path, FILE)
    assert (begun.status_code, begun.json["state"], begun.json["receipt"]) == (201, "draft", None)
    assert provider.post(path, FILE).status_code == 200
    refusal(provider.post(path, FILE | {"text": "另一份"}), 409, "id_taken")
    bare = refusal(provider.put("/objections/objection-1/filing", {}, version=1), 422, "invalid")
    assert fields_named(bare) == {"attachments"}
    for data in (b"", b"<html>", b"%PDF-1.4 broken off", casework.PICTURE[:-20], casework.PICTURE + b"<script>"):
        sent = provider.send(
            "POST", "/objections/objection-1/attachments", {"Content-Type": "application/pdf"}, data=data
        )
        refusal(sent, 422, "invalid")
    name = casework.send_picture(provider, "/objections/objection-1")["name"]
    assert casework.send_picture(provider, "/objections/objection-1")["name"] == name
    other = provider.put("/objections/objection-1/filing", {"attachments": ["nothing"]}, version=1)
    assert fields_named(refusal(other, 422)) == {"attachments"}
    done = provider.put("/objections/objection-1/filing", {"attachments": [name]}, version=1).json
    assert (done["state"], [one["name"] for one in done["attachments"]]) == ("filed", [name])
    assert len(done["receipt"]["digest"]) == 64
    assert done["receipt"]["number"] == done["receipt"]["digest"][:12].upper()
    got = provider.get(f"/objections/objection-1/attachments/{name}")
    assert (got.data, got.mimetype) == (casework.PICTURE, "image/jpeg")
    # What was filed stays as it was filed.
    refusal(provider.put("/objections/objection-1", {"text": "别的"}, version=2), 409, "state_conflict")
    refusal(provider.put("/objections/objection-1/filing", {}, version=2), 409, "state_conflict")
    late = provider.send("POST", "/objections/objection-1/attachments", data=casework.PICTURE)
    refusal(late, 409, "state_conflict")


@pytest.mark.rule("C20")
def test_only_the_lead_s_side_answers_and_it_names_records_of_these_checks(provider, purchaser, evaluator, client):
    found = filed(provider)
    answer = {"outcome": "upheld", "reasons": "属实。", "spot_checks": [casework.wrong_record().id]}
    path = "/objections/objection-1/answer"
    refusal(provider.put(path, answer, version=2), 403, "forbidden")
    refusal(evaluator.put(path, answer, version=2), 403, "forbidden")
    refusal(purchaser.put(path, answer), 428, "unconditional")
    refusal(purchaser.put(path, answer, version=1), 412, "stale")
    unknown = purchaser.put(path, answer | {"spot_checks": ["spot-99"]}, version=2)
    assert fields_named(refusal(unknown, 422, "invalid")) == {"spot_checks"}
    assert fields_named(refusal(purchaser.put(path, answer | {"reasons": " "}, version=2), 422)) == {"reasons"}
    assert fields_named(refusal(purchaser.put(path, answer | {"outcome": "maybe"}, version=2), 422)) == {"outcome"}
    done = purchaser.put(path, answer, version=2).json
    assert (done["state"], done["outcome"], done["reply_by"]) == ("answered", "upheld", found["reply_by"])
    refusal(As(client, "authority").put(path, answer, version=3), 409, "state_conflict")


@pytest.mark.rule("C20", "C30")
def test_the_evaluator_corrects_what_was_upheld_and_everybody_reads_it(provider, purchaser, evaluator):
    filed(provider)
    spot = casework.wrong_record()
    answer = {"outcome": "upheld", "reasons": "属实。", "spot_checks": [spot.id]}
    assert purchaser.put("/objections/objection-1/answer", answer, version=2).status_code == 200
    mended = {"notice": "notice-2", "summary": "更正：签名齐全。"}
    path = "/objections/objection-1/correction"
    open_ = refusal(evaluator.put(path, mended, version=3), 409, "correction_open")
    assert fields_named(open_) == {"spot_checks.0"}
    refusal(purchaser.put(path, mended, version=3), 403, "forbidden")
    casework.mended_over_the_api(evaluator, spot.id)
    taken = evaluator.put(path, mended | {"notice": "notice-1"}, version=3)
    refusal(taken, 409, "id_taken")
    done = evaluator.put(path, mended, version=3)
    assert (done.status_code, done.json["state"], done.json["correction"]["notice"]) == (200, "corrected", "notice-2")
    assert done.json["correction"]["locked"] == []
    [new, old] = provider.get("/projects/project-1/notices").json["notices"]
    assert (new["corrects"], new["because"], new["state"]) == ("notice-1", "objection-1", "issued")
    assert (old["findings"][0]["errors"], new["findings"][0]["errors"]) == (1, 0)
    written = provider.send("GET", "/notices/notice-2/document", {"Accept-Language": "zh-Hans"}).data
    with zipfile.ZipFile(io.BytesIO(written)) as document:
        assert "对第1号通报的更正" in document.read("word/document.xml").decode()


@pytest.mark.rule("C19")
def test_what_came_on_paper_is_entered_by_the_lead_s_side_with_its_days(provider, purchaser):
    today = day_of(datetime.now(UTC))
    paper = FILE | {"channel": "post", "filed_on": today.isoformat(), "received_on": today.isoformat()}
    path = "/notices/notice-1/objections"
    refusal(provider.post(path, paper), 403, "forbidden")
    refusal(purchaser.post(path, FILE), 403, "forbidden")
    bare = refusal(purchaser.post(path, FILE | {"channel": "post"}), 422)
    assert fields_named(bare) == {"filed_on", "received_on"}
    refusal(provider.post(path, FILE | {"filed_on": today.isoformat()}), 422)
    before = {"filed_on": (today - timedelta(days=2)).isoformat()}
    assert fields_named(refusal(purchaser.post(path, paper | before), 422, "invalid")) == {"filed_on"}
    ahead = {"received_on": (today + timedelta(days=2)).isoformat()}
    assert fields_named(refusal(purchaser.post(path, paper | ahead), 422, "invalid")) == {"received_on"}
    assert purchaser.post(path, paper).json["channel"] == "post"
    # A draft of the lead's side is nothing that the provider has filed.
    refusal(provider.get("/objections/objection-1"), 404, "not_found")
    casework.send_picture(purchaser, "/objections/objection-1")
    assert purchaser.put("/objections/objection-1/filing", {}, version=1).json["filed_on"] == today.isoformat()
    assert provider.get("/objections/objection-1").status_code == 200


def test_drafts_are_their_writer_s_and_cases_their_project_s(client, provider, purchaser, evaluator):
    provider.post("/notices/notice-1/objections", FILE)
    name = casework.send_picture(provider, "/objections/objection-1")["name"]
    changed = provider.put("/objections/objection-1", {"text": "补充说明。"}, version=1).json
    assert (changed["text"], changed["version"]) == ("补充说明。", 2)
    for party in (purchaser, evaluator, As(client, "authority")):
        refusal(party.get("/objections/objection-1"), 404, "not_found")
        assert party.get("/projects/project-1/objections").json == {"objections": []}
    provider.put("/objections/objection-1/filing", {}, version=2)
    for party in (purchaser, evaluator, As(client, "authority")):
        assert party.get("/objections/objection-1").json["text"] == "补充说明。"
        assert len(party.get("/projects/project-1/objections").json["objections"]) == 1
    for role in ("provider", "purchaser", "evaluator"):
        other = As(client, role, "other-org")
        refusal(other.get("/objections/objection-1"), 404, "not_found")
        refusal(other.get(f"/objections/objection-1/attachments/{name}"), 404, "not_found")
        refusal(other.get("/projects/project-1/objections"), 404, "not_found")
    for role in ("auditor", "interviewer", "admin"):
        refusal(As(client, role).get("/objections/objection-1"), 403, "forbidden")


@pytest.mark.rule("C20", "C30")
def test_answers_and_corrections_stand_in_the_list_of_dues_of_whoever_has_to_act(provider, purchaser, evaluator):
    case = {"id": "case-1", "title": "补签", "text": "请补齐签名。", "working_days": 10}
    assert evaluator.post("/projects/project-1/follow-ups", case).status_code == 201
    found = filed(provider)
    due = {one["kind"]: one for one in purchaser.get("/due").json}
    assert (due["objection_answer"]["on"], due["objection_answer"]["whom"]) == (found["reply_by"], "purchaser")
    assert due["follow_up_answer"]["whom"] == "provider"
    answer = {"outcome": "partly", "reasons": "部分属实。", "spot_checks": [casework.wrong_record().id]}
    assert purchaser.put("/objections/objection-1/answer", answer, version=2).status_code == 200
    kinds = {one["kind"]: one["whom"] for one in evaluator.get("/due").json}
    assert kinds == {"objection_correction": "evaluator", "follow_up_answer": "provider"}
    sent = provider.put("/follow-ups/case-1/answer", {"text": "已补签。"}, version=1).json
    assert sent["state"] == "answered"
    assert "follow_up_verification" in {one["kind"] for one in evaluator.get("/due").json}
    look = (day_of(datetime.now(UTC)) + timedelta(days=30)).isoformat()
    verdict = {"state": "verified", "comment": "属实", "look_back_on": look}
    assert evaluator.put("/follow-ups/case-1/verdict", verdict, version=2).status_code == 200
    [again] = [one for one in evaluator.get("/due").json if one["subject"] == "case-1"]
    assert (again["kind"], again["on"], again["overdue"]) == ("follow_up_look_back", look, False)
    assert "补签" not in str(evaluator.get("/due").json)
