"""The OpenRosa dialect against bad input: bombs, paths, scripts, strangers, clocks, and forms that never were."""

import io
import json
import zipfile

import pytest
from accounts import token_of
from collecting import Form, multipart, record
from collecting_phone import Phone, phone_of, png, spots
from collecting_stage import Stage, looked_up, prepared
from factories import EVALUATOR, NOW
from flask import Flask
from flask.testing import FlaskClient
from pictures import with_position
from visiting import FIRST

from service.domain.access import Actor
from service.domain.inspect.sent_records import SentXml
from service.domain.inspect.spot_checks import RECEIVED, WAITING
from service.domain.organisations import User
from service.operations.inspect import field_tokens, sent_records
from service.store import records


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


def lol() -> bytes:
    entities = "".join(
        f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "lol"}' + f'{"&l0;" * 9 if n else ""}">' for n in range(9)
    )
    return f"<!DOCTYPE data [{entities}]><data id='case-record' version='1'>&l8;</data>".encode()


META = "<meta><instanceID>uuid:1</instanceID></meta>"
BAD_XML = {
    "bomb": lol(),
    "quadratic": b'<!DOCTYPE d [<!ENTITY a "' + b"a" * 50_000 + b'">]><d>' + b"&a;" * 1000 + b"</d>",
    "external": b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d id="case-record" version="1">&x;</d>',
    "parameter": b'<!DOCTYPE d [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]><d/>',
    "doctype": f'<!DOCTYPE data><data id="case-record" version="1">{META}</data>'.encode(),
    "empty": b"",
    "broken": b"<data",
    "no XML": b"\x89PNG\r\n",
    "encoding": b'<?xml version="1.0" encoding="nonsense"?><data/>',
    "utf-7": b'<?xml version="1.0" encoding="utf-7"?><data/>',
    "deep": b"<a>" * 60 + b"</a>" * 60,
    "very deep": b"<a>" * 100_000 + b"</a>" * 100_000,
    "many": b"<d>" + b"<a/>" * 30_000 + b"</d>",
    "no id": f'<data version="1">{META}</data>'.encode(),
    "no version": f'<data id="case-record">{META}</data>'.encode(),
    "no instanceID": b'<data id="case-record" version="1"><meta/></data>',
    "instanceID like a path": f'<data id="case-record" version="1">{META.replace("uuid:1", "../../x")}</data>'.encode(),
    "two instanceIDs": f'<data id="case-record" version="1">{META}{META}</data>'.encode(),
}


@pytest.mark.parametrize("name", BAD_XML)
def test_xml_that_is_no_record_is_refused_with_the_reason(phone: Phone, name: str) -> None:
    answer = phone.post(BAD_XML[name], {})
    assert answer.status == 400
    assert "xml_submission_file" in answer.message
    assert "passwd" not in answer.message
    assert records.find(SentXml) == []


def test_a_record_that_is_too_large_is_refused(phone: Phone, form: Form, stage: Stage) -> None:
    sent = record(form, looked_up(stage.assignments[0].id, remark="长" * 400_000))
    assert phone.post(sent, {}).status == 413
    assert phone.post(b"<d/>", {"1.jpg": b"x" * 41_000_000}).status == 413


@pytest.mark.parametrize("version", ["2", "0", "1'", "../1", "9" * 80])
def test_a_version_that_was_never_published_is_unknown(phone: Phone, form: Form, stage: Stage, version: str) -> None:
    sent = record(Form("case-record", version, "", form.content), looked_up(stage.assignments[0].id))
    assert phone.post(sent, {}).status == 404
    assert phone.get(f"{phone.server_url}/forms/case-record@{version}").status == 404


@pytest.mark.parametrize("name", ["../../x.jpg", "a/b.jpg", "..", "n" * 300 + ".jpg"])
def test_files_named_like_paths_are_refused(phone: Phone, form: Form, stage: Stage, name: str) -> None:
    sent = record(form, looked_up(stage.assignments[0].id, photo=name))
    assert phone.post(sent, {}).status == 400
    named = record(form, looked_up(stage.assignments[0].id))
    assert phone.post(named, {name: with_position()}).status == 400
    assert spots() == []


@pytest.mark.parametrize(
    "content", [b"<script>alert(1)</script>", b"#!/bin/sh\nid\n", b"", b"GIF89a;<?php 1;", b"<svg/>"]
)
def test_a_photo_that_is_none_is_refused_and_the_record_waits(
    phone: Phone, form: Form, stage: Stage, content: bytes
) -> None:
    sent = record(form, looked_up(stage.assignments[0].id, photo="1.jpg"))
    answer = phone.post(sent, {"1.jpg": content, "witness.png": png()})
    assert 400 <= answer.status < 500
    (spot,) = spots()
    assert spot.state == WAITING
    assert phone.post(sent, {"1.jpg": with_position(), "witness.png": png()}).status == 201
    assert spots()[0].state == RECEIVED


@pytest.mark.parametrize(
    ("start", "end"),
    [("2025-03-02T09:40:00.000+08:00", "2025-03-02T09:52:00.000+08:00"), ("2099-01-01T00:00:00Z", ""), ("now", "9999")],
)
def test_a_clock_that_is_years_off_loses_no_record(
    phone: Phone, form: Form, stage: Stage, start: str, end: str
) -> None:
    sent = record(form, looked_up(stage.assignments[0].id, start=start, end=end))
    assert phone.post(sent, {"witness.png": png()}).status == 201
    (spot,) = spots()
    assert spot.received_at is not None
    assert spot.received_at.year >= 2026


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"--x\r\nno headers\r\n\r\n"),
        ("multipart/form-data; boundary=x", b"--x--\r\n"),
        ("multipart/form-data", b"--x--"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n1\r\n--x--'),
        ("text/xml", b"<data/>"),
        ("application/json", json.dumps({"a": 1}).encode()),
    ],
)
def test_what_is_no_multipart_with_a_record_is_refused(phone: Phone, kind: str, body: bytes) -> None:
    answer = phone.ask("POST", f"{phone.server_url}/submission", body, {"Content-Type": kind})
    assert answer.status == 400
    assert "xml_submission_file" in answer.message


@pytest.mark.parametrize(
    "wrong",
    [
        {"_item": "none"},
        {"_item": ""},
        {"_item": "visit:none"},
        {"exists": "perhaps"},
        {"exists": ""},
        {"amount": "many"},
    ],
)
def test_a_record_that_cannot_become_a_spot_check_is_kept_for_the_office(
    phone: Phone, form: Form, stage: Stage, wrong: dict[str, str]
) -> None:
    sent = record(form, looked_up(stage.assignments[0].id, photo="1.jpg") | wrong)
    for _ in range(2):
        answer = phone.post(sent, {"1.jpg": with_position()})
        assert (answer.status, "办公室" in answer.message) == (201, True)
    assert spots() == []
    ((kept, problem),) = sent_records.for_the_office(EVALUATOR)
    assert (kept.content, kept.user, bool(problem)) == (sent, FIRST.id, True)
    with zipfile.ZipFile(io.BytesIO(sent_records.bundle(EVALUATOR, kept.id))) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {"record.xml": sent, "files/1.jpg": with_position()}


def test_a_token_of_another_organisation_reaches_nothing_of_this_one(
    phone: Phone, form: Form, stage: Stage, client: FlaskClient
) -> None:
    token_of("auditor", "other-org")
    token_of("evaluator", "other-org")
    theirs = {user.roles[0]: user for user in records.find(User, organisation="other-org")}
    boss = theirs["evaluator"]
    token, _ = field_tokens.make(Actor(boss.id, boss.username, "other-org", boss.roles), NOW, theirs["auditor"].id)
    stranger = phone_of(client, token)
    assert stranger.list_forms() == []
    assert 400 <= stranger.post(record(form, looked_up(stage.assignments[0].id)), {}).status < 500
    assert spots() == []


def test_parts_may_come_in_any_order_and_with_lengths(phone: Phone, form: Form, stage: Stage) -> None:
    sent = record(form, looked_up(stage.assignments[0].id))
    body = multipart("x", sent, {"witness.png": png()}, "r.xml", False)
    first, xml, file, last = body.split(b"--x")
    turned = b"--x".join(
        [first, file.replace(b"image/png", b"image/png\r\nContent-Length: %d" % len(png())), xml, last]
    )
    answer = phone.ask(
        "POST", f"{phone.server_url}/submission", turned, {"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert answer.status == 201
    assert spots()[0].state == RECEIVED
