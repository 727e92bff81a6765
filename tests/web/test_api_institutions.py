"""Institutions over the API: lists with ETags, opinions replaced with a reason, scans by content, bad input named."""

from typing import Any

import pytest
from accounts import As, fields_named, refusal
from factories import open_campaign as open_for_persons
from flask import Flask
from flask.testing import FlaskClient
from institutions import answers, listed, open_campaign, open_with

LIST = "/campaigns/campaign-1/institutions"
OPINION = f"{LIST}/inst-0/opinion"
SCANS = f"{LIST}/inst-0/scans"
FORM: dict[str, Any] = {"answers": answers(), "signer": "Signer", "office": "Head", "signed_on": "2026-03-01"}
PDF = b"%PDF-1.4\nstartxref\n9\n%%EOF\n"


@pytest.fixture
def evaluator(client: FlaskClient) -> As:
    return As(client, "evaluator")


def plain(count: int = 2) -> dict[str, Any]:
    return {"institutions": [{"id": one.id, "kind": one.kind, "name": one.name} for one in listed(count)]}


def test_the_whole_way_from_a_list_to_figures(evaluator: As) -> None:
    open_campaign()
    empty = evaluator.get(LIST)
    assert empty.headers["ETag"] == '"0"'
    assert empty.get_json()["institutions"] == []
    made = evaluator.put(LIST, plain(), 0)
    assert (made.status_code, made.headers["ETag"]) == (200, '"1"')
    first = evaluator.put(OPINION, FORM, 0)
    assert (first.status_code, first.headers["ETag"]) == (201, '"1"')
    assert evaluator.put(OPINION, FORM, 0).status_code == 200
    body = evaluator.get(LIST).get_json()
    assert [(one["id"], one["state"]) for one in body["institutions"]] == [
        ("inst-0", "returned"),
        ("inst-1", "missing"),
    ]
    assert body["frozen_at"]
    figures = body["figures"]
    assert (figures["listed"], figures["returned"], figures["missing"]) == (2, 1, ["inst-1"])
    assert figures["interval"] is None
    assert figures["reasons"]["interval"] == "raters_not_sample"
    assert {each["id"]: each["mean"] for each in figures["items"]}["overall"] == "75.000000000"
    assert body["by_kind"]["functional"] == {"listed": 1, "returned": 0}
    of_kind = evaluator.get(f"{LIST}?kind=functional&kind=organisation").get_json()["figures"]
    assert (of_kind["listed"], of_kind["returned"]) == (1, 0)


def test_another_opinion_takes_the_place_of_the_first_with_a_reason_only(evaluator: As) -> None:
    open_with()
    assert evaluator.put(OPINION, FORM, 0).status_code == 201
    other = FORM | {"answers": answers("2")}
    refusal(evaluator.put(OPINION, other), 428, "unconditional")
    refusal(evaluator.put(OPINION, other, 0), 412, "stale")
    assert fields_named(refusal(evaluator.put(OPINION, other, 1), 422, "invalid")) == {"reason"}
    changed = evaluator.put(OPINION, other | {"reason": "the institution sent a new form"}, 1)
    assert (changed.status_code, changed.headers["ETag"]) == (201, '"2"')
    kept = evaluator.get(OPINION).get_json()
    assert (kept["number"], kept["answers"]["overall"], kept["signer"]) == (2, "2", "Signer")
    assert [one["answers"]["overall"] for one in kept["earlier"]] == ["4"]


def test_the_list_is_frozen_by_an_opinion_and_grows_with_a_reason(evaluator: As) -> None:
    open_with()
    refusal(evaluator.put(LIST, plain(1)), 428, "unconditional")
    refusal(evaluator.put(LIST, plain(1), 7), 412, "stale")
    assert evaluator.put(OPINION, FORM, 0).status_code == 201
    refusal(evaluator.put(LIST, plain(1), 2), 409, "institutions_frozen")
    late = {"id": "late", "kind": "organisation", "name": "Late union"}
    assert fields_named(refusal(evaluator.post(LIST, late), 422, "invalid")) == {"reason"}
    assert evaluator.post(LIST, late | {"reason": "forgotten"}).status_code == 201
    assert evaluator.post(LIST, late | {"reason": "forgotten"}).status_code == 200
    body = refusal(evaluator.post(LIST, late | {"name": "Another", "reason": "r"}), 422, "invalid")
    assert fields_named(body) == {"id"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"signer": ""}, "signer"),
        ({"signer": "a\u202eb"}, "signer"),
        ({"office": None}, "office"),
        ({"office": "x" * 81}, "office"),
        ({"signed_on": "1 March"}, "signed_on"),
        ({"signed_on": "2026-02-30"}, "signed_on"),
        ({"signed_on": "9999-12-31"}, "signed_on"),
        ({"scan": "../../etc/passwd"}, "scan"),
        ({"answers": "5"}, "answers"),
        ({"answers": {}}, "answers.overall"),
        ({"answers": answers("9")}, "answers.overall"),
        ({"answers": answers(more={"$gt": ""})}, "answers.more"),
        ({"answers": answers() | {"aspects": ["5"]}}, "answers.aspects"),
        ({"phone": "020-1"}, "phone"),
    ],
)
def test_a_form_with_faults_is_refused_and_the_field_named(evaluator: As, change: dict[str, Any], field: str) -> None:
    open_with()
    assert field in fields_named(refusal(evaluator.put(OPINION, FORM | change, 0), 422))
    refusal(evaluator.get(OPINION), 404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"institutions": {}},
        {"institutions": [{"id": "a", "kind": "bank", "name": "A"}]},
        {"institutions": [{"id": "a b", "kind": "functional", "name": "A"}]},
        {"institutions": [{"id": "a", "kind": "functional", "name": "x" * 121}]},
        {"institutions": [{"id": "a", "kind": "functional"}]},
        {"institutions": [{"id": "a", "kind": "functional", "name": "A"}] * 2},
        {"institutions": [{"id": f"i{n}", "kind": "functional", "name": f"N{n}"} for n in range(301)]},
    ],
)
def test_a_list_with_faults_is_refused(evaluator: As, body: dict[str, Any]) -> None:
    open_campaign()
    refusal(evaluator.put(LIST, body, 0), 422, "invalid")
    assert evaluator.get(LIST).headers["ETag"] == '"0"'


def test_a_scan_is_taken_by_content_named_in_the_opinion_and_given_back_as_a_file(evaluator: As) -> None:
    open_with()
    # The type that is claimed does not matter.
    sent = evaluator.send("POST", SCANS, {"Content-Type": "text/html"}, data=PDF)
    assert (sent.status_code, sent.get_json()["kind"], sent.get_json()["size"]) == (201, "pdf", len(PDF))
    name = sent.get_json()["name"]
    assert evaluator.put(OPINION, FORM | {"scan": name}, 0).status_code == 201
    back = evaluator.get(f"{SCANS}/{name}")
    assert (back.data, back.mimetype) == (PDF, "application/pdf")
    assert back.headers["Content-Disposition"].startswith("attachment;")
    assert back.headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_no_scan_or_too_large_is_refused(evaluator: As) -> None:
    open_with()
    for data in (b"", b"<html>", b"%PDF-1.4 broken off"):
        assert fields_named(refusal(evaluator.send("POST", SCANS, data=data), 422, "invalid")) == {"scan"}
    refusal(evaluator.send("POST", SCANS, data=PDF + b" " * 10_000_000), 413, "too_large")
    # More than an ordinary request may have, less than a scan may have.
    assert evaluator.send("POST", SCANS, data=PDF[:9] + b" " * 1_500_000 + PDF[9:]).status_code == 201
    refusal(evaluator.put(OPINION, FORM | {"scan": "0" * 32}, 0), 404, "not_found")
    refusal(evaluator.send("POST", f"{LIST}/nobody/scans", data=PDF), 404, "not_found")


def test_opinions_and_scans_are_the_evaluators_alone(client: FlaskClient, evaluator: As) -> None:
    open_with()
    name = evaluator.send("POST", SCANS, data=PDF).get_json()["name"]
    assert evaluator.put(OPINION, FORM | {"scan": name}, 0).status_code == 201
    for role in ("authority", "purchaser", "provider", "auditor", "interviewer", "admin"):
        them = As(client, role)
        for path in (OPINION, f"{SCANS}/{name}"):
            refusal(them.get(path), 403, "forbidden")
        refusal(them.put(OPINION, FORM, 1), 403, "forbidden")
    for path in (LIST, OPINION, f"{SCANS}/{name}"):
        refusal(As(client, "evaluator", "other-org").get(path), 404, "not_found")
    seen = As(client, "purchaser").get(LIST)
    assert seen.status_code == 200
    assert "Signer" not in seen.text
    assert {each["mean"] for each in seen.get_json()["figures"]["items"]} == {None}


def test_a_campaign_of_persons_has_no_institutions(app: Flask, evaluator: As) -> None:
    open_for_persons(1)
    refusal(evaluator.get(LIST), 409, "not_for_institutions")
    refusal(evaluator.put(LIST, plain(), 0), 409, "not_for_institutions")
