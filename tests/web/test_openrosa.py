"""The OpenRosa dialect request by request: who is let in, what is listed, and what becomes of records."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from accounts import token_of
from collecting import RESPONSE, Form, choices, md5, record
from collecting_phone import HOST, Phone, phone_of, png, spots
from collecting_stage import FOUND, Stage, log_of, looked_up, of, prepared, publish_next
from defusedxml.ElementTree import fromstring
from factories import EVALUATOR, KEY, NOW
from flask import Flask
from flask.testing import FlaskClient
from pictures import with_position
from visiting import FIRST, SECOND, drawn, planned

from service.domain.inspect.sent_records import SentFile, SentXml
from service.domain.inspect.spot_checks import CONFLICT, RECEIVED, WAITING
from service.domain.inspect.submissions import Submission
from service.operations.inspect import checklists, field_tokens, submissions, visits
from service.store import records
from service.web.auth import COOKIE


@pytest.fixture
def stage(app: Flask) -> Stage:
    return prepared()


@pytest.fixture
def phone(client: FlaskClient, stage: Stage) -> Phone:
    return phone_of(client, stage.token)


@pytest.fixture
def form(phone: Phone) -> Form:
    phone.update()
    return phone.forms["case-record", "1"]


# --- Who is let in


def test_a_wrong_or_revoked_token_is_told_so_in_words_everywhere(phone: Phone, form: Form, client: FlaskClient) -> None:
    (token,) = [token for _, token in field_tokens.of_colleagues(EVALUATOR) if token]
    field_tokens.revoke(EVALUATOR, NOW, token.id)
    for url in (phone.server_url, f"{HOST}/openrosa/none", f"{HOST}/openrosa/{'x' * 43}"):
        stranger = phone_of(client, url.rpartition("/")[2])
        answers = [
            stranger.get(f"{url}/formList"),
            stranger.get(f"{url}/forms/case-record@1"),
            stranger.get(f"{url}/forms/case-record@1/manifest"),
            stranger.get(f"{url}/forms/case-record@1/media/items.csv"),
            stranger.post(record(form, looked_up("x")), {}),
        ]
        assert [answer.status for answer in answers] == [403] * 5
        assert all("扫描" in answer.message for answer in answers)
        assert stranger.ask("HEAD", f"{url}/submission").status == 403
    assert records.find(SentXml) == []


def test_every_answer_carries_the_headers_that_the_app_looks_for(phone: Phone, form: Form) -> None:
    url = phone.server_url
    for answer in (
        phone.get(f"{url}/formList"),
        phone.get(f"{url}/forms/case-record@1/manifest"),
        phone.get(f"{url}/forms/none@1"),
        phone.get(f"{url}/nothing/here"),
        phone.ask("HEAD", f"{url}/submission"),
        phone.ask("PUT", f"{url}/submission"),
        phone.post(b"<no", {}),
    ):
        assert answer.headers["X-OpenRosa-Version"] == "1.0"
        assert answer.headers["X-OpenRosa-Accept-Content-Length"] == "10000000"
        assert answer.headers["Cache-Control"] == "no-store"
    head = phone.ask("HEAD", f"{url}/submission?deviceID=x")
    assert (head.status, head.body) == (204, b"")


def test_errors_are_envelopes_in_which_the_app_finds_its_message(phone: Phone) -> None:
    answer = phone.get(f"{phone.server_url}/nothing/here")
    assert (answer.status, answer.headers["Content-Type"]) == (404, "text/xml; charset=utf-8")
    root = fromstring(answer.body)
    assert root.tag == f"{RESPONSE}OpenRosaResponse"
    assert [child.get("nature") for child in root] == ["submit_error"]


# --- Forms


@pytest.mark.parametrize("glued", [False, True])
def test_the_list_names_each_form_once_with_the_hash_of_its_bytes(
    client: FlaskClient, stage: Stage, glued: bool
) -> None:
    phone = phone_of(client, stage.token, glued)
    listing = phone.list_forms()
    assert [(one.form_id, one.version) for one in listing] == [("case-record", "1"), ("observation-visit", "1")]
    assert phone.update() == {"case-record": "New", "observation-visit": "New"}
    assert phone.update() == {"case-record": "OnDevice", "observation-visit": "OnDevice"}
    items = choices(phone.forms["case-record", "1"])
    assert [item["name"] for item in items] == [one.id for one in stage.assignments]
    assert items[0]["label"] == f"{stage.assignments[0].serial} · East"


def test_the_list_is_filtered_by_the_id_of_a_form(phone: Phone) -> None:
    def ids(query: str) -> list[str]:
        root = fromstring(phone.ask("GET", f"{phone.server_url}/formList?{query}").body)
        return [element.text or "" for element in root.iter("{http://openrosa.org/xforms/xformsList}formID")]

    assert ids("formID=case-record&verbose=true&listAllVersions=true&more=1") == ["case-record"]
    assert ids("formID=case-record?deviceID=collect%3Ax") == ["case-record"]
    assert ids("formID=none") == []


def test_what_is_not_assigned_is_not_listed(client: FlaskClient, stage: Stage) -> None:
    token, _ = field_tokens.make(EVALUATOR, NOW, SECOND.id)
    other = phone_of(client, token)
    other.update()
    theirs = {item["name"] for item in choices(other.forms["case-record", "1"])}
    assert theirs == {one.id for one in of(SECOND)}
    assert theirs.isdisjoint(one.id for one in stage.assignments)
    visits.finish(FIRST, NOW, "visit-1", "enough seen")
    assert other.update() == {}
    assert other.forms == {}


def test_unchanged_publishing_leaves_the_phone_alone_and_a_change_is_another_version(
    phone: Phone, stage: Stage
) -> None:
    phone.update()
    assert publish_next() == "case-record@2"
    assert set(phone.update().values()) == {"OnDevice"}  # the started visit keeps its version
    drawn("draw-2", 4)
    planned("visit-2", FIRST, SECOND, draw=("draw-2",))
    visits.start(FIRST, NOW, (KEY,), "visit-2")
    decisions = phone.update()
    assert decisions["case-record"] == "UpdatedVersion"
    assert {key for key in phone.forms if key[0] == "case-record"} == {("case-record", "1"), ("case-record", "2")}
    assert len(choices(phone.forms["case-record", "2"])) == len(of(FIRST))
    assert set(phone.update().values()) == {"OnDevice"}
    first = phone.get(f"{phone.server_url}/forms/case-record@1").body
    assert f"md5:{md5(first)}" == phone.forms["case-record", "1"].hash


def test_more_items_are_new_media_of_the_same_form(phone: Phone, stage: Stage) -> None:
    phone.update()
    drawn("draw-2", 4)
    planned("visit-2", FIRST, SECOND, draw=("draw-2",))
    visits.start(FIRST, NOW, (KEY,), "visit-2")
    assert phone.update() == {"case-record": "UpdatedMedia", "observation-visit": "OnDevice"}
    assert len(choices(phone.forms["case-record", "1"])) == len(of(FIRST))


# --- Records


def test_a_record_becomes_the_same_spot_check_as_one_from_the_web_app(phone: Phone, form: Form, stage: Stage) -> None:
    item = stage.assignments[0]
    sent = record(form, looked_up(item.id, photo="照片 1.jpg"), meta={"audit": "audit.csv"})
    files = {"照片 1.jpg": with_position(), "witness.png": png(), "audit.csv": log_of()}
    head, answer = phone.send(sent, files)
    assert (head.status, answer.status, answer.message) == (204, 201, "已完整收到，谢谢。")
    (spot,) = spots()
    assert (spot.draw, spot.serial, spot.visit, spot.assignment) == ("draw-1", item.serial, "visit-1", item.id)
    assert (spot.by, spot.part, spot.checklist, spot.state) == (FIRST.id, "first", "case-record@1", RECEIVED)
    assert spot.attributes == {"found": True, "complete": True, "true": True, "timely": True}
    assert spot.answers["amount"] == "3"
    assert {entry["name"]: entry["question"] for entry in spot.media} == {
        "照片 1.jpg": "photo", "witness.png": "", "audit.csv": ""
    }  # fmt: skip
    assert spot.signatures == {"witness": {"media": "witness.png", "name": "李四"}}
    assert spot.timings == {"exists": 30.0, "amount": 5.0}
    assert [(one["question"], one["before"], one["after"], one["reason"]) for one in spot.changes] == [
        ("amount", "2", "3", "typed wrongly")
    ]
    assert (spot.position["accuracy_m"], spot.position["age_s"], spot.position["mock"]) == (4.8, 90.0, False)
    assert spot.device == "collect:AbCdEfGhIjKlMnOp"


def test_a_mock_position_in_the_log_is_told(phone: Phone, form: Form, stage: Stage) -> None:
    sent = record(form, looked_up(stage.assignments[0].id), meta={"audit": "audit.csv"})
    phone.send(sent, {"audit.csv": log_of(mock=True), "witness.png": png()})
    (spot,) = spots()
    assert spot.position["mock"] is True
    assert "mock_position" in spot.circumstances


def test_sending_again_changes_nothing(phone: Phone, form: Form, stage: Stage) -> None:
    sent = record(form, looked_up(stage.assignments[0].id))
    for _ in range(3):
        assert [answer.status for answer in phone.send(sent, {"witness.png": png()})] == [204, 201]
    (spot,) = spots()
    assert len(spot.media) == 1
    assert len(records.find(SentXml)) == 1


def test_a_record_waits_for_every_file_that_it_names_in_any_order(phone: Phone, form: Form, stage: Stage) -> None:
    values = looked_up(stage.assignments[0].id, photo="1.jpg")
    sent = record(form, values, meta={"audit": "audit.csv"})
    steps = [({"audit.csv": log_of()}, 2), ({}, 2), ({"1.jpg": with_position()}, 1), ({"witness.png": png()}, 0)]
    for files, left in steps:
        answer = phone.post(sent, files, incomplete=bool(left % 2))  # what the app says of it decides nothing
        assert answer.status == 201
        assert (f"{left}个文件" in answer.message) == (left > 0)
        (spot,) = spots()
        assert spot.state == (WAITING if left else RECEIVED)


def test_a_file_that_the_record_no_longer_names_is_kept_as_such(phone: Phone, form: Form, stage: Stage) -> None:
    sent = record(form, looked_up(stage.assignments[0].id, photo="2.jpg"))
    files = {"1.jpg": with_position((900, 600)), "2.jpg": with_position((800, 600)), "witness.png": png()}
    assert phone.send(sent, files)[-1].status == 201
    (spot,) = spots()
    assert {entry["name"]: bool(entry.get("unreferenced")) for entry in spot.media} == {
        "1.jpg": True, "2.jpg": False, "witness.png": False
    }  # fmt: skip
    assert spot.state == RECEIVED


def test_a_leftover_that_is_no_picture_holds_up_no_record(phone: Phone, form: Form, stage: Stage) -> None:
    sent = record(form, looked_up(stage.assignments[0].id))
    for _ in range(2):
        answer = phone.send(sent, {"1.amr": b"#!AMR\n\x3c", "witness.png": png()})[-1]
        assert (answer.status, answer.message) == (201, "已完整收到，谢谢。")
    (spot,) = spots()
    assert (spot.state, [entry["name"] for entry in spot.media]) == (RECEIVED, ["witness.png"])
    assert [(file.name, file.content) for file in records.find(SentFile)] == [("1.amr", b"#!AMR\n\x3c")]


def test_another_record_under_the_same_id_is_refused_and_both_are_kept(phone: Phone, form: Form, stage: Stage) -> None:
    first = record(form, looked_up(stage.assignments[0].id), "uuid:same")
    second = record(form, looked_up(stage.assignments[1].id), "uuid:same")
    assert phone.post(first, {}).status == 201
    for _ in range(2):
        answer = phone.post(second, {})
        assert answer.status == 409
        assert "两条都已保存" in answer.message
    assert sorted((one.content == first, one.refused) for one in records.find(SentXml)) == [
        (False, True),
        (True, False),
    ]
    assert len(spots()) == 1
    phone.client.set_cookie(COOKIE, token_of("evaluator"), path="/desk")
    page = phone.client.get("/desk/field-apps?lang=en").text
    assert "Another record came before under the same number." in page
    (address,) = re.findall(r"/desk/field-apps/records/[\w-]+", page)
    kept = phone.client.get(address)
    assert kept.headers["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(kept.data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"record.xml": second}
    phone.client.set_cookie(COOKIE, token_of("evaluator", "other-org"), path="/desk")
    assert phone.client.get(address).status_code == 404
    assert address not in phone.client.get("/desk/field-apps").text


def test_an_edited_record_is_refused(phone: Phone, form: Form, stage: Stage) -> None:
    edited = record(form, looked_up(stage.assignments[0].id), meta={"deprecatedID": "uuid:before"})
    answer = phone.post(edited, {})
    assert (answer.status, "已提交的记录不再改变" in answer.message) == (409, True)
    assert records.find(SentXml) == []


def test_a_record_of_somebody_elses_item_is_kept_for_a_human(phone: Phone, form: Form) -> None:
    theirs = of(SECOND)[0]
    assert phone.post(record(form, looked_up(theirs.id)), {"witness.png": png()}).status == 201
    (spot,) = spots()
    assert (spot.state, spot.serial, spot.by) == (CONFLICT, theirs.serial, FIRST.id)


def test_the_same_item_from_our_own_app_and_from_odk_is_a_conflict_for_a_human(
    phone: Phone, form: Form, stage: Stage
) -> None:
    one = stage.assignments[0]
    answers, unsigned = dict(FOUND), {"witness": {"name": "李四", "media": "w.png"}}
    web = Submission("web-1", "case-record@1", answers, one.draw, one.serial, "visit-1", one.id, signatures=unsigned)
    web = replace(web, media=({"name": "w.png", "question": ""},))
    assert submissions.receive(FIRST, NOW, web).outcome == "stored"
    assert one.id not in [item["name"] for item in after(phone)]
    assert phone.send(record(form, looked_up(one.id)), {"witness.png": png()})[-1].status == 201
    (spot,) = spots()
    assert (spot.state, spot.reason, spot.serial) == (CONFLICT, "item_taken", one.serial)


def after(phone: Phone) -> Sequence[Mapping[str, str]]:
    """The choices once the app has looked for changes."""
    assert phone.update()["case-record"] == "UpdatedMedia"
    return choices(phone.forms["case-record", "1"])


def test_records_are_taken_after_the_visit_and_of_every_version(phone: Phone, form: Form, stage: Stage) -> None:
    publish_next()
    visits.finish(FIRST, NOW, "visit-1", "no time left")
    assert phone.post(record(form, looked_up(stage.assignments[0].id)), {"witness.png": png()}).status == 201
    assert [(spot.checklist, spot.serial) for spot in spots()] == [("case-record@1", stage.assignments[0].serial)]


def test_an_observation_belongs_to_its_visit(phone: Phone, stage: Stage) -> None:
    phone.update()
    form = phone.forms["observation-visit", "1"]
    (item,) = choices(form)
    questions = checklists.parsed("observation-visit@1").questionnaire.questions
    values = {each.id: each.codes[0] for each in questions if each.required and each.kind == "single"}
    values |= {each.id: "2" for each in questions if each.kind == "number"}
    unsigned = {"_witness": "nobody", "_refusal": "alone", "_second_signature": "second.png"}
    sent = record(form, values | {"_item": item["name"]} | unsigned)
    assert phone.post(sent, {"second.png": png()}).status == 201
    (spot,) = spots()
    assert (spot.visit, spot.part, spot.draw, spot.serial) == ("visit-1", "observation", "", "")
    assert spot.signatures["witness"] == {"refused": True, "reason": "alone"}
