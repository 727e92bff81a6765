"""Control over HTTP: the API's edits by version, progress by role, and what a phone is told meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest
from accounts import API, As, fields_named, refusal
from factories import EVALUATOR, LANGUAGES, Opened
from flask import Flask
from flask.testing import FlaskClient
from phones import hidden, open_for_phones, receipt

from service.domain.collect.quotas import Quota
from service.operations.collect import campaigns, quotas, seals

OVERALL = {"overall": "5", "aspects/attitude": "4", "wish": "谢谢 <b>"}


@pytest.fixture
def opened(app: Flask) -> Opened:
    return open_for_phones(app, 3)


@pytest.fixture
def evaluator(client: FlaskClient, opened: Opened) -> As:
    return As(client, "evaluator")


def version(opened: Opened) -> int:
    return campaigns.get(EVALUATOR, opened.id).version


def pause(opened: Opened, until: datetime | None) -> None:
    campaigns.pause(EVALUATOR, datetime.now(UTC), opened.id, until, "the hall is closed", version(opened))


def fill(opened: Opened) -> None:
    wanted = [Quota("east", 1)]
    quotas.replace(EVALUATOR, datetime.now(UTC), opened.id, wanted, version(opened))
    quotas.forget_tallies()


def test_pause_extension_and_quotas_are_edits_by_version(evaluator: As, opened: Opened) -> None:
    path, at = f"/campaigns/{opened.id}", version(opened)
    later = (opened.campaign.closes_at + timedelta(days=1)).isoformat()
    edits = {
        "pause": {"paused": True, "reason": "holiday", "resumes_at": later},
        "window": {"closes_at": later, "reason": "few came"},
        "quotas": {"quotas": [{"site": "east", "target": 40}]},
    }
    for name, body in edits.items():
        refusal(evaluator.put(f"{path}/{name}", body), 428, "unconditional")
        refusal(evaluator.put(f"{path}/{name}", body, at + 9), 412, "stale")
    for step, (name, body) in enumerate(edits.items(), 1):
        done = evaluator.put(f"{path}/{name}", body, at + step - 1)
        assert (done.status_code, done.headers["ETag"]) == (200, f'"{at + step}"')
    shown = evaluator.get(path).get_json()
    assert (shown["pause_reason"], shown["state"]) == ("holiday", "open")
    assert datetime.fromisoformat(shown["closes_at"]) == datetime.fromisoformat(later)
    assert shown["quotas"] == [{"site": "east", "target": 40, "variable": "", "value": ""}]
    resumed = evaluator.put(f"{path}/pause", {"paused": False, "reason": "over"}, at + 3)
    assert resumed.get_json()["paused_at"] is None


@pytest.mark.parametrize(
    ("what", "body", "field"),
    [
        ("pause", {"paused": True, "reason": ""}, "reason"),
        ("pause", {"paused": True, "reason": "x", "resumes_at": "2020-01-01T00:00:00+08:00"}, "resumes_at"),
        ("pause", {"paused": True, "reason": "x", "resumes_at": "2026-01-01T00:00:00"}, "resumes_at"),
        ("window", {"closes_at": "2020-01-01T00:00:00Z", "reason": "x"}, "closes_at"),
        ("window", {"closes_at": "2120-01-01T00:00:00Z"}, "reason"),
        ("quotas", {"quotas": [{"site": "north", "target": 5}]}, "quotas.0.site"),
        (
            "quotas",
            {"quotas": [{"site": "east", "target": 5, "variable": "overall", "value": "5"}]},
            "quotas.0.variable",
        ),
        ("quotas", {"quotas": [{"site": "east", "target": 5}, {"site": "east", "target": 6}]}, "quotas.1"),
    ],
)
def test_a_wrong_edit_names_its_field(evaluator: As, opened: Opened, what: str, body: dict, field: str) -> None:
    before = version(opened)
    assert fields_named(refusal(evaluator.put(f"/campaigns/{opened.id}/{what}", body, before), 422)) == {field}
    assert version(opened) == before


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_paused_page_says_so_and_when_to_come_back(client: FlaskClient, opened: Opened, lang: str) -> None:
    code = opened.codes[0]
    form = hidden(client.get(f"/s/{code}?lang={lang}").text) | OVERALL
    until = datetime.now(UTC) + timedelta(hours=3)
    pause(opened, until)
    page = client.get(f"/s/{code}?lang={lang}")
    assert page.status_code == 503
    assert 10_000 < int(page.headers["Retry-After"]) <= 10_800
    assert {"zh-Hans": "已暂停", "zh-Hant": "已暫停", "en": "paused"}[lang] in page.text
    assert (until + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M") in page.text
    assert "020-1234 5678" in page.text
    sent = client.post(f"/s/{code}?lang={lang}", data=form)
    assert sent.status_code == 503
    assert "谢谢 &lt;b&gt;" in sent.text  # nothing that was filled in is lost
    campaigns.resume(EVALUATOR, datetime.now(UTC), opened.id, "over", version(opened))
    again = client.post(f"/s/{code}?lang={lang}", data=hidden(sent.text) | OVERALL)
    assert again.status_code == 201


def test_a_pause_without_an_end_leads_to_the_official_phone_and_a_repeat_to_its_receipt(
    client: FlaskClient, opened: Opened
) -> None:
    code = opened.codes[0]
    form = hidden(client.get(f"/s/{code}").text) | OVERALL
    first = client.post(f"/s/{code}?lang=en", data=form)
    pause(opened, None)
    assert "when it goes on" in client.get(f"/s/{code}?lang=en").text
    again = client.post(f"/s/{code}?lang=en", data=form)
    assert (again.status_code, receipt(again.text)) == (200, receipt(first.text))
    body = {"submission_id": "submission-1", "answers": {"overall": "5"}, "lang": "en"}
    path = f"{API}/public/forms/{opened.codes[1]}"
    for told in (client.get(path), client.post(f"{path}/responses", json=body)):
        refusal(told, 503, "campaign_paused")
        assert told.headers["Retry-After"] == "600"


def test_a_full_site_thanks_who_comes_and_takes_who_has_the_page_open(client: FlaskClient, opened: Opened) -> None:
    forms = {code: hidden(client.get(f"/s/{code}").text) | OVERALL for code in opened.codes[:2]}
    fill(opened)
    assert client.get(f"/s/{opened.codes[2]}").status_code == 200
    for code, form in forms.items():
        assert client.post(f"/s/{code}?lang=en", data=form).status_code == 201
    quotas.forget_tallies()
    page = client.get(f"/s/{opened.codes[2]}?lang=en")
    assert (page.status_code, "Enough answers have been given here. Thank you." in page.text) == (410, True)
    refusal(client.get(f"{API}/public/forms/{opened.codes[2]}"), 410, "quota_full")
    body = {"submission_id": "submission-1", "answers": {"overall": "5"}, "lang": "en"}
    assert client.post(f"{API}/public/forms/{opened.codes[2]}/responses", json=body).status_code == 201
    [east, west] = As(client, "evaluator").get(f"/campaigns/{opened.id}/progress").get_json()["sites"]
    assert (east["answered"], east["quotas"][0]["over"]) == (3, 2)
    assert east["modes"] == {"own_phone": 3}
    assert (west["answered"], west["quotas"]) == (0, [])


def test_others_read_totals_only(client: FlaskClient, opened: Opened) -> None:
    code = opened.codes[0]
    client.post(f"/s/{code}", data=hidden(client.get(f"/s/{code}").text) | OVERALL)
    for role in ("provider", "purchaser", "authority"):
        told = As(client, role).get(f"/campaigns/{opened.id}/progress").get_json()
        hidden_totals = [{"site": site, "at_least": None} for site in ("east", "west")]
        assert told == {"campaign": opened.id, "sites": [], "totals": hidden_totals}


def test_the_holder_of_a_receipt_sees_the_own_answers_in_the_words_of_the_questions(
    client: FlaskClient, opened: Opened
) -> None:
    code = opened.codes[0]
    thanks = client.post(f"/s/{code}?lang=en", data=hidden(client.get(f"/s/{code}").text) | OVERALL)
    held = receipt(thanks.text)
    page = client.post("/withdraw?lang=en", data={"receipt": held, "show": "1"})
    assert page.status_code == 200
    for words in ("Very satisfied", "谢谢 &lt;b&gt;", "How the staff treat you", "left out"):
        assert words in page.text
    assert page.headers["Cache-Control"] == "no-store"
    told = client.post(f"{API}/public/answers", json={"receipt": held}).get_json()
    assert told["answers"] == {"overall": "5", "aspects/attitude": "4", "wish": "谢谢 <b>"}
    assert (told["mode"], told["language"]) == ("own_phone", "en")
    wrong = held[:-2] + ("2" if held[-2] != "2" else "3") + held[-1]
    assert client.post("/withdraw?lang=en", data={"receipt": wrong, "show": "1"}).status_code == 404
    refusal(client.post(f"{API}/public/answers", json={"receipt": wrong}), 404, "receipt_unknown")
    assert counted(opened) == 1
    assert client.post("/withdraw?lang=en", data={"receipt": held}).status_code == 200
    gone = client.post("/withdraw?lang=en", data={"receipt": held, "show": "1"})
    assert (gone.status_code, "have been withdrawn" in gone.text) == (410, True)
    refusal(client.post(f"{API}/public/answers", json={"receipt": held}), 410, "answers_withdrawn")
    assert counted(opened) == 0


def counted(opened: Opened) -> int:
    return sum(counts["n"] for counts in seals.read(opened.id)[0].values())
