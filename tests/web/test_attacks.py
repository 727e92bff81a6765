"""Attacks that once worked: what an anonymous person, a hostile account or a prepared link could do to others."""

import copy
import json
import re
import threading
from datetime import timedelta

import pytest
from accounts import API, As, fields_named, refusal
from factories import EVALUATOR, LANGUAGES, NOTICE, NOW, Opened, issue, make_campaign, make_project, open_campaign
from flask import Flask
from flask.testing import FlaskClient
from phones import hidden, open_for_phones

from service.domain.collect.campaigns import Campaign
from service.domain.errors import Refused
from service.domain.keys import Key
from service.operations import limits, organisations
from service.operations.collect import campaigns, seals
from service.web.extensions import keys

ANSWERS = {"satisfaction": "High", "influence": "Low", "contact": "High"}
TEXT = {"en": "x"}


@pytest.fixture
def key(app: Flask) -> Key:
    with app.app_context():
        return keys()[0]


def small_questionnaire(**changed: object) -> dict:
    options = [{"code": code, "label": TEXT} for code in ("1", "2")]
    questions = [{"id": "q", "kind": "single", "label": TEXT, "options": options}]
    plain = {"id": "small", "version": 1, "title": TEXT, "languages": ["en"], "population": "recipient"}
    return plain | {"purpose": TEXT, "source": TEXT, "questions": questions} | changed


def test_a_receipt_under_the_short_code_of_another_campaign_takes_nothing_out(client: FlaskClient, key: Key) -> None:
    """The tally of the answer would be computed with the other's questionnaire, and the wrong one subtracted."""
    own = open_campaign(key=key)
    other = make_campaign("campaign-2", "recipients")
    other = campaigns.change_state(EVALUATOR, NOW, other.id, "open", other.version)
    draft = make_campaign("campaign-3", "recipients")
    sent = {"submission_id": "submission-1", "answers": ANSWERS}
    receipt = client.post(f"{API}/public/forms/{own.codes[0]}/responses", json=sent).get_json()["receipt"]
    seals.seal(own.id)
    before = seals.read(own.id)
    for foreign in (other, draft):
        moved = foreign.short_code + receipt[len(foreign.short_code) :]
        refusal(client.post(f"{API}/public/withdrawals", json={"receipt": moved}), 404, "receipt_unknown")
    assert seals.read(own.id) == before
    assert seals.recount(own.id) == []
    assert client.post(f"{API}/public/withdrawals", json={"receipt": receipt}).status_code == 204
    assert seals.read(own.id)[0] == {}
    assert seals.recount(own.id) == []


@pytest.mark.parametrize(
    "query", ["_external=1&_scheme=javascript", "_method=DELETE", "endpoint=1", "_anchor=a", "values=1", "lang=x"]
)
def test_no_prepared_address_decides_where_the_links_to_other_languages_lead(client: FlaskClient, query: str) -> None:
    page = client.get(f"/desk/sign-in?{query}")
    assert page.status_code == 200
    links = re.findall(r'href="([^"]*)" lang=', page.text)
    assert len(links) == 2
    assert all(link.startswith("/desk/sign-in?") and "#" not in link for link in links)


@pytest.mark.parametrize("language", ["zz", "qaa", "zza-Zz"])
def test_a_language_that_our_own_texts_lack_is_no_server_error(
    client: FlaskClient, key: Key, language: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A failing writer of errors would also log the address with the code in it."""
    make_project()
    definition = json.loads(json.dumps(small_questionnaire()).replace('"en"', f'"{language}"'))
    assert As(client, "evaluator").post("/questionnaires", {"definition": definition}).status_code == 201
    notice = json.loads(json.dumps(NOTICE).replace('"en"', f'"{language}"'))
    ends = NOW + timedelta(days=36500)
    draft = Campaign("odd", "", "project-1", "Odd", "small", 1, "recipient", ("east",), NOW, ends, (language,), notice)
    campaign, _ = campaigns.create(EVALUATOR, NOW, draft)
    opened = campaigns.change_state(EVALUATOR, NOW, campaign.id, "open", 1)
    code = issue(Opened(opened, key), 1)[0]
    page = client.get(f"/s/{code}")
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text
    assert code not in caplog.text


def test_what_even_the_writer_of_errors_cannot_answer_is_logged_without_the_address(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **values: object) -> str:
        raise RuntimeError("a person's words")

    monkeypatch.setattr("service.web.errors.render_template", broken)
    monkeypatch.setattr("service.web.pages.survey.render_template", broken)
    response = client.get("/s/ABCDEFGH")
    assert response.status_code == 500
    assert response.mimetype == "text/plain"
    assert response.headers["Cache-Control"] == "no-store"
    assert "ABCDEFGH" not in caplog.text
    assert "words" not in caplog.text + response.text


def test_a_form_of_many_unknown_fields_is_not_sent_back_many_times_longer(app: Flask, client: FlaskClient) -> None:
    opened = open_for_phones(app)
    address = f"/s/{opened.codes[0]}?lang=en"
    fields = hidden(client.get(address).text)
    few = client.post(address, data=fields | {"nosuch": "1"})
    many = client.post(address, data=fields | {f"nosuch{number}": "1" for number in range(20_000)})
    assert (few.status_code, many.status_code) == (422, 422)
    assert len(many.data) == len(few.data)


@pytest.mark.parametrize("value", ["1e999999", "1e-999999", "1e16", "0e999999", "-1e999999999"])
def test_a_number_of_a_million_digits_is_no_quantity(client: FlaskClient, value: str) -> None:
    evaluator = As(client, "evaluator")
    counter = {"node": "n", "target": value, "source": "a list"}
    body = refusal(evaluator.post("/rounds/none/counters", counter), 422, "invalid")
    assert fields_named(body) == {"target"}
    judgement = {"node": "n", "rater": "r", "score": value, "reason": "why"}
    body = refusal(evaluator.post("/rounds/none/judgements", judgement), 422, "invalid")
    assert fields_named(body) == {"score"}


def test_a_questionnaire_cannot_make_each_answer_cost_millions_of_counts(client: FlaskClient) -> None:
    """Scales are kept with the products of all their items, so their number is bounded."""
    rows = [{"id": f"r{number}", "label": TEXT} for number in range(1001)]
    options = [{"code": code, "label": TEXT} for code in ("1", "2")]
    items = [f"m/{row['id']}" for row in rows]
    scale = {"items": items, "headline": items[0], "satisfied": ["2"], "levels": ["1", "2"]}
    matrix = {"id": "m", "kind": "matrix", "label": TEXT, "options": options, "rows": rows}
    pairs = [[items[0], item] for item in items]
    definition = small_questionnaire(questions=[matrix], scales={"s": scale}, pairs=pairs)
    body = refusal(As(client, "evaluator").post("/questionnaires", {"definition": definition}), 422)
    assert {"questions", "scales.s.items", "pairs"} <= fields_named(body)


def test_many_languages_are_not_multiplied_with_many_labels(client: FlaskClient) -> None:
    languages = [f"{a}{b}{c}" for a in "abcdefghij" for b in "abcdefghij" for c in "abcdefghij"]
    options = [{"code": f"c{number}", "label": {}} for number in range(2000)]
    questions = [{"id": "q", "kind": "single", "label": {}, "options": options}]
    definition = small_questionnaire(languages=languages, questions=questions)
    evaluator = As(client, "evaluator")
    body = refusal(evaluator.post("/questionnaires", {"definition": definition}), 422, "questionnaire_invalid")
    assert "languages" in fields_named(body)


def test_the_addresses_of_one_ipv6_household_count_as_one(client: FlaskClient) -> None:
    """Whoever has one IPv6 connection has 2^64 addresses: enough to lock any account by wrong passwords."""
    sent = {"username": "somebody", "password": "wrong password"}

    def tried(address: str) -> int:
        response = client.post(f"{API}/sessions", json=sent, environ_base={"REMOTE_ADDR": address})
        return response.status_code

    assert [tried(f"2001:db8::{number}") for number in range(1, limits.FREE_TRIES + 1)] == [401] * limits.FREE_TRIES
    assert tried("2001:db8::ffff:1") == 429
    assert tried("2001:db8:0:1::1") == 401
    assert tried("::ffff:192.0.2.1") == 401


@pytest.mark.usefixtures("product_passwords")
def test_many_wrong_passwords_at_once_neither_fill_the_memory_nor_pass_the_limit(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One check takes 64 MiB: all threads of a server at it took two gigabytes."""
    make_project()
    at_work, most, lock, right = [0], [0], threading.Lock(), organisations._matches

    def watched(stored: str, password: str) -> bool:
        with lock:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
        try:
            return right(stored, password)
        finally:
            with lock:
                at_work[0] -= 1

    monkeypatch.setattr(organisations, "_matches", watched)
    outcomes: list[str] = []

    def guess(number: int) -> None:
        try:
            organisations.sign_in("somebody", f"wrong password {number}", NOW, "192.0.2.7")
        except Refused as refused:
            outcomes.append(refused.reason)

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 40
    assert most[0] <= organisations.AT_ONCE
    assert "busy" in outcomes
    assert outcomes.count("credentials_wrong") < limits.FREE_TRIES + organisations.AT_ONCE


def test_a_changed_draft_names_sites_of_its_own_project_only(client: FlaskClient) -> None:
    make_project()
    campaign = make_campaign()
    evaluator = As(client, "evaluator")
    shown = evaluator.get(f"/campaigns/{campaign.id}").get_json()
    computed = {"id", "short_code", "opened_at", "state", "version"}
    computed |= {"paused_at", "resumes_at", "pause_reason", "quotas"}
    change = {name: value for name, value in copy.deepcopy(shown).items() if name not in computed}
    body = refusal(evaluator.put(f"/campaigns/{campaign.id}", change | {"sites": ["elsewhere"]}, 1), 422, "invalid")
    assert fields_named(body) == {"sites"}
    refusal(evaluator.put(f"/campaigns/{campaign.id}", change, 2), 412, "stale")
    assert evaluator.put(f"/campaigns/{campaign.id}", change | {"languages": list(LANGUAGES)}, 1).status_code == 200
