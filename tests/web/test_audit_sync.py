"""What the auditor's app reads and sends: the work of a day, records with their outcome, and pieces of files."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from accounts import As, fields_named, refusal
from factories import EVALUATOR, NOW, OTHER_EVALUATOR
from flask import Flask
from flask.testing import FlaskClient
from recording import GOOD, LOST, body, entry, picture, sha, submission, under_way
from visiting import FIRST, SECOND, crew, drawn, employ, planned
from werkzeug.test import TestResponse

from service.domain.access import Actor
from service.domain.days import day_of
from service.domain.inspect.evidence_files import PIECE
from service.domain.inspect.spot_checks import SpotCheck
from service.domain.organisations import Token
from service.operations import organisations
from service.operations.inspect import checklists, spot_check_reviews
from service.store import records
from service.web.auth import COOKIE

DATA = "/audit/data"


class Phone:
    """The app of one auditor: a cookie under /audit, and the header that no other site can set."""

    def __init__(self, app: Flask, person: Actor) -> None:
        self.client: FlaskClient = app.test_client()
        now = datetime.now(UTC)
        token = f"token-of-{person.id}"
        records.insert(Token(organisations._token_hash(token), person.id, now, now + timedelta(hours=1)))
        self.client.set_cookie(COOKIE, token, path="/audit")

    def send(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> TestResponse:
        merged = {"X-Minyi-Audit": "1"} | (headers or {})
        return self.client.open(f"{DATA}/{path}", method=method, headers=merged, **more)

    def record(self, id: str, json: Any, **headers: str) -> TestResponse:
        return self.send("PUT", f"records/{id}", headers, json=json)

    def piece(self, id: str, content: bytes, offset: int = 0, size: int = PIECE) -> TestResponse:
        path = f"records/{id}/media/{sha(content)}?offset={offset}&total={len(content)}"
        return self.send("PUT", path, data=content[offset : offset + size], content_type="application/octet-stream")


@pytest.fixture
def serials(app: Flask) -> list[str]:
    return under_way()


@pytest.fixture
def phone(app: Flask, serials: list[str]) -> Phone:
    return Phone(app, FIRST)


def good(serial: str, **changes: Any) -> dict[str, Any]:
    return body(replace(submission(serial), **changes))


def test_the_work_of_a_day_holds_the_visit_its_items_and_their_checklists(phone: Phone, serials: list[str]) -> None:
    work = phone.send("GET", "work").get_json()
    assert work["user"] == {"id": FIRST.id, "name": FIRST.username}
    [visit] = work["visits"]
    assert (visit["id"], visit["state"], visit["site"]["id"], visit["lead"]) == (
        "visit-1",
        "started",
        "east",
        FIRST.id,
    )
    assert [person["id"] for person in visit["persons"]] == [FIRST.id, SECOND.id]
    assert {item["serial"] for item in visit["items"]} == set(serials)
    assert {item["checklist"] for item in visit["items"]} == {"case-record@1"}
    assert work["checklists"]["case-record@1"]["form"]["questions"]
    assert {item["record"] for item in visit["items"]} == {None}
    phone.record("record-1", good(serials[0]))
    record = records.get(SpotCheck, "record-1")
    spot_check_reviews.review(EVALUATOR, NOW, "record-1", "returned", "which page?", record.version)  # type: ignore[union-attr]
    [told] = [item["record"] for item in phone.send("GET", "work").get_json()["visits"][0]["items"] if item["record"]]
    assert told == {"id": "record-1", "state": "returned", "comment": "which page?"}
    own = phone.send("GET", "records/record-1").get_json()
    assert (own["answers"], own["reviews"]) == (GOOD, [{"state": "returned", "comment": "which page?"}])


def test_a_visit_starts_and_ends_over_the_app(app: Flask) -> None:
    checklists.publish_shipped(EVALUATOR, NOW)
    crew(FIRST, SECOND)
    drawn(take=2)
    planned(on=day_of(datetime.now(UTC)))
    phone = Phone(app, FIRST)
    [before] = phone.send("GET", "work").get_json()["visits"]
    assert (before["state"], before["items"]) == ("planned", [])
    for _ in range(2):  # a repeat changes nothing
        [during] = phone.send("POST", "visits/visit-1/start", json={}).get_json()["visits"]
        assert (during["state"], len(during["items"])) == ("started", 1)
    [after] = phone.send("POST", "visits/visit-1/finish", json={"reason": "closed early"}).get_json()["visits"]
    assert after["state"] == "finished"
    refusal(Phone(app, SECOND).send("POST", "visits/visit-9/start", json={}), 404, "not_found")


def test_every_outcome_has_its_status_and_words(phone: Phone, serials: list[str]) -> None:
    first = phone.record("record-1", good(serials[0]))
    assert (first.status_code, first.get_json()) == (
        201,
        {"outcome": "stored", "state": "received", "waiting_for": [], "reason": "", "message": ""},
    )
    again = phone.record("record-1", good(serials[0]))
    assert (again.status_code, again.get_json()["outcome"]) == (200, "repeat")
    other = phone.record("record-1", good(serials[0], answers=LOST), **{"Accept-Language": "en"})
    assert (other.status_code, other.get_json()["reason"]) == (202, "other_content")
    assert "Both are kept" in other.get_json()["message"]
    taken = phone.record("record-2", good(serials[0], answers=LOST))
    assert (taken.status_code, taken.get_json()["reason"]) == (202, "item_taken")
    assert "办公室" in taken.get_json()["message"]
    asked = phone.send("POST", "records/status", json={"ids": ["record-1", "record-2", "record-3"]}).get_json()
    assert asked == {
        "record-1": {"state": "received", "complete": True},
        "record-2": {"state": "conflict", "complete": True},
    }


def test_a_file_goes_on_from_where_the_network_was_cut(phone: Phone, serials: list[str]) -> None:
    photo = picture() + b"\0" * 300_000
    phone.record("record-1", good(serials[0], media=(entry(photo),)))
    path = f"records/record-1/media/{sha(photo)}"
    assert phone.send("GET", path).get_json() == {"received": 0, "complete": False}
    assert phone.piece("record-1", photo).get_json() == {"received": PIECE, "complete": False}
    assert phone.send("GET", path).get_json() == {"received": PIECE, "complete": False}
    assert phone.piece("record-1", photo, PIECE).get_json() == {"received": len(photo), "complete": True}
    assert phone.send("POST", "records/status", json={"ids": ["record-1"]}).get_json()["record-1"] == {
        "state": "received",
        "complete": True,
    }


@pytest.mark.parametrize(
    ("json", "field"),
    [
        ({"answers": {"exists": "perhaps"}}, "answers.exists"),
        ({"signed_at": "2026-03-02T10:00:00"}, "signed_at"),
        ({"signed_at": None}, "signed_at"),
        ({"media": [{"name": "a.jpg"}]}, "media.0.sha256"),
        ({"media": [{"name": "../a.jpg", "sha256": "0" * 64, "size": 5}]}, "media.0.name"),
        ({"position": {"latitude": "north", "longitude": 3}}, "position.latitude"),
        ({"position": {"latitude": 99, "longitude": 3}}, "position.latitude"),
        ({"elapsed_s": "long"}, "elapsed_s"),
        ({"note": "a\u0000b"}, "note"),
        ({"weight": 3}, "weight"),
        ({"answers": ["a"]}, "answers"),
        ({"changes": [{"reason": "typo"}]}, "changes.0.question"),
        ({"serial": "R999"}, "serial"),
        ({"signed_at": "0001-01-01T00:00:00+00:00"}, "signed_at"),
        ({"signed_at": "9999-12-31T23:00:00+00:00"}, "signed_at"),
        ({"timings": {"$where": 3}}, "timings.$where"),
        ({"timings": {"a.b": 3}}, "timings.a.b"),
        ({"media": [{"name": "a.jpg", "sha256": "0" * 64, "size": 10**30}]}, "media.0.size"),
        ({"answers": GOOD | {"amount": 10**30}}, "answers.amount"),
        ({"answers": {"$where": "x"}}, "answers.$where"),
    ],
)
def test_what_is_refused_names_the_field(phone: Phone, serials: list[str], json: dict[str, Any], field: str) -> None:
    refused = refusal(phone.record("record-1", good(serials[0]) | json), 422)
    assert field in fields_named(refused)
    assert records.find(SpotCheck) == []


def test_what_no_app_of_ours_sends_is_refused_before_it_is_read(phone: Phone, serials: list[str]) -> None:
    json = good(serials[0])
    refusal(phone.client.put(f"{DATA}/records/record-1", json=json), 403, "csrf")
    refusal(phone.record("record-1", json, **{"Origin": "https://elsewhere.example"}), 403, "csrf")
    refusal(phone.record("record-1", json, **{"X-Minyi-User": SECOND.id}), 409)
    refusal(phone.record("record-1", json | {"note": "x" * 300_000}), 413, "too_large")
    refusal(phone.send("PUT", "records/record-1", data=b"{", content_type="application/json"), 400, "malformed")
    refusal(phone.send("PUT", "records/record-1", data=b"[1]", content_type="application/json"), 422, "invalid")
    refusal(phone.send("PUT", "records/record-1", data=b"a=b"), 415, "media_type")
    refusal(phone.send("PUT", "records/a%20b", json=json), 422, "invalid")
    refusal(phone.record("record-1", json | {"checklist": "case-record@7"}), 404, "checklist_unknown")
    many = {"ids": [f"r{number}" for number in range(501)]}
    refusal(phone.send("POST", "records/status", json=many), 422, "invalid")
    assert records.find(SpotCheck) == []


def test_pieces_that_are_too_large_or_do_not_say_where_they_belong_are_refused(
    phone: Phone, serials: list[str]
) -> None:
    photo = picture() + b"\0" * 600_000
    phone.record("record-1", good(serials[0], media=(entry(photo),)))
    refusal(phone.piece("record-1", photo, size=PIECE + 1), 413, "too_large")
    path = f"records/record-1/media/{sha(photo)}"
    for query in ("", "?offset=0", "?offset=-1&total=9", "?offset=x&total=9", f"?offset=0&total={10**12}"):
        refusal(phone.send("PUT", path + query, data=b"x"), 422, "invalid")
    refusal(phone.send("GET", f"records/record-1/media/{'0' * 64}"), 404, "not_found")


def test_the_office_reads_the_record_and_its_photo_over_the_api(
    client: FlaskClient, phone: Phone, serials: list[str]
) -> None:
    photo = picture()
    phone.record("record-1", good(serials[0], media=(entry(photo),)))
    phone.piece("record-1", photo)
    evaluator, auditor = As(client, "evaluator"), As(client, "auditor")
    shown = evaluator.get("/spot-checks/record-1").get_json()
    assert (shown["answers"], shown["state"], shown["amount"]) == (GOOD, "received", "1.5")
    assert shown["media"][0]["sha256"] == sha(photo)
    path = f"/spot-checks/record-1/media/{sha(photo)}"
    assert evaluator.get(f"{path}?original").data == photo
    assert auditor.get(path).mimetype == "image/jpeg"
    refusal(auditor.get(f"{path}?original"), 404, "not_found")
    refusal(As(client, "evaluator", "other-org").get(path), 404, "not_found")


def test_what_was_changed_is_kept_as_a_text_whatever_it_was(phone: Phone, serials: list[str]) -> None:
    deep: Any = "x"
    for _ in range(50):
        deep = {"$set": deep, "a.b": [deep] if deep == "x" else 10**40}
    change = {"question": "signed", "reason": "再看", "before": deep, "after": ["a\u0000b"]}
    sent = phone.record("record-1", good(serials[0]) | {"changes": [change]})
    assert sent.status_code == 201, sent.text
    [kept] = records.get(SpotCheck, "record-1").changes  # type: ignore[union-attr]
    assert (kept["before"].startswith('{"$set"'), kept["after"]) == (True, '["a\\u0000b"]')


def test_a_phone_whose_clock_was_never_set_is_believed_in_everything_else(phone: Phone, serials: list[str]) -> None:
    unset = {"started_at": "1970-01-01T08:00:00+08:00", "signed_at": "1970-01-01T08:10:00+08:00"}
    sent = phone.record("record-1", good(serials[0]) | unset, **{"X-Minyi-Clock": "1970-01-01T08:20:00+08:00"})
    assert sent.status_code == 201, sent.text


def test_a_photo_that_is_a_script_is_refused_in_the_readers_words(phone: Phone, serials: list[str]) -> None:
    script = b"<html><script>alert(1)</script></html>"
    phone.record("record-1", good(serials[0], media=(entry(script),)))
    refused = refusal(phone.piece("record-1", script), 422, "picture_invalid")
    assert "照片" in refused["message"]
    assert phone.send("GET", f"records/record-1/media/{sha(script)}").get_json() == {"received": 0, "complete": False}


def test_a_cookie_of_another_organisation_or_role_reaches_nothing(app: Flask, phone: Phone, serials: list[str]) -> None:
    phone.record("record-1", good(serials[0]))
    stranger = Actor("stranger", "stranger", OTHER_EVALUATOR.organisation, ("auditor",))
    provider = Actor("provider-9", "provider-9", "provider-org", ("provider",))
    for person in (stranger, provider):
        employ(person)
    theirs = Phone(app, stranger)
    assert theirs.send("GET", "work").get_json()["visits"] == []
    refusal(theirs.record("record-2", good(serials[1])), 404, "not_found")
    refusal(theirs.send("GET", "records/record-1"), 404, "not_found")
    assert theirs.send("POST", "records/status", json={"ids": ["record-1"]}).get_json() == {}
    refusal(Phone(app, provider).record("record-3", good(serials[1])), 403, "forbidden")
    nobody = app.test_client().get(f"{DATA}/work", headers={"X-Minyi-Audit": "1"})
    refusal(nobody, 401, "unauthenticated")


def test_the_phones_clock_is_held_against_ours(phone: Phone, serials: list[str]) -> None:
    now = datetime.now(UTC)
    signed = {"started_at": (now - timedelta(minutes=9)).isoformat(), "signed_at": now.isoformat()}
    right = phone.record("record-1", good(serials[0]) | signed, **{"X-Minyi-Clock": now.isoformat()})
    ahead = now + timedelta(days=365)
    signed = {"started_at": (ahead - timedelta(minutes=9)).isoformat(), "signed_at": ahead.isoformat()}
    wrong = phone.record("record-2", good(serials[1]) | signed, **{"X-Minyi-Clock": ahead.isoformat()})
    assert (right.status_code, wrong.status_code) == (201, 201)
    facts = [set(records.get(SpotCheck, id).circumstances) for id in ("record-1", "record-2")]  # type: ignore[union-attr]
    assert ["clock_off" in each for each in facts] == [False, True]
    for told in ("", "yesterday", "2026-03-02T10:00:00", "9999-12-31T23:59:59+00:00"):
        assert phone.record("record-1", good(serials[0]), **{"X-Minyi-Clock": told}).status_code in (200, 202)
