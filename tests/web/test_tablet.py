"""The shared tablet over HTTP: one round after the other, nothing of an earlier one, and nothing of the desk."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from demo_round import make_people, sign_in
from factories import EVALUATOR, KEY, OTHER_EVALUATOR, PROVIDER, Opened, issue
from flask import Flask
from flask.testing import FlaskClient
from phones import hidden, open_for_phones
from werkzeug.test import TestResponse

from service.domain.collect.tickets import KIOSK, Batch, new_code
from service.domain.errors import Refused
from service.operations import organisations
from service.operations.collect import seals, tablets, tickets
from service.store import journal

OVERALL = {"overall": "5", "wish": "only for the evaluator"}
DESK = "/desk/campaigns/phones/tablet?lang=en"


@pytest.fixture
def opened(app: Flask) -> Opened:
    made = open_for_phones(app, 3)
    make_people()
    return made


@pytest.fixture
def device(app: Flask, opened: Opened) -> FlaskClient:
    """A tablet that an evaluator has set up at the site east."""
    client = sign_in(app)
    told = client.post(DESK, data={"_token": token(client), "place": "east"})
    assert (told.status_code, told.headers["Location"]) == (303, "/tablet")
    return client


def token(client: FlaskClient) -> str:
    return re.search(r'name="_token" value="([^"]+)"', client.get(DESK).text)[1]


def begin(device: FlaskClient, code: str) -> TestResponse:
    return device.post("/tablet?lang=en", data={"code": code})


def answer(device: FlaskClient, code: str, answers: dict[str, str] = OVERALL) -> tuple[str, dict[str, str]]:
    """(where the form was sent, what was sent) of one whole round, up to the thanks."""
    assert begin(device, code).headers["Location"] == "/tablet/questions?lang=en"
    page = device.get("/tablet/questions?lang=en").text
    action = re.search(r'action="(/tablet/questions[^"]*)"', page)[1].replace("&amp;", "&")
    form = hidden(page) | answers
    told = device.post(action, data=form)
    assert (told.status_code, told.headers["Location"]) == (303, "/tablet/thanks?lang=en")
    return action, form


def cells(opened: Opened) -> list[tuple[str, str, int]]:
    return [(cell.site, cell.mode, counts["n"]) for cell, counts in seals.read(opened.id)[0].items()]


def test_one_round_after_the_other_each_from_a_fresh_start(device: FlaskClient, opened: Opened) -> None:
    addresses = [f"http://127.0.0.1:8000/s/{opened.codes[0]}", opened.codes[1].lower()]  # scanned, and typed
    for code in addresses:
        answer(device, code)
        thanks = device.get("/tablet/thanks?lang=en")
        assert "Your receipt" in thanks.text
        assert "/withdraw" not in thanks.text
        assert thanks.headers["Refresh"] == "60; url=/tablet"
        start = device.get("/tablet?lang=en")
        assert "Enter your code to begin" in start.text
        assert 'value=""' in start.text
        for page in (thanks, start):
            assert page.headers["Cache-Control"] == "no-store"
    assert cells(opened) == [("east", "shared_tablet", 2)]


def test_nothing_of_an_earlier_round_can_be_had_again(device: FlaskClient, opened: Opened) -> None:
    action, form = answer(device, opened.codes[0])
    device.get("/tablet")
    for back in (device.get("/tablet/thanks"), device.get("/tablet/questions"), device.post(action, data=form)):
        assert (back.status_code, back.headers["Location"]) == (303, "/tablet")
        assert "only for the evaluator" not in back.text
    begin(device, opened.codes[1])  # the next person; the page of the one before is sent once more
    assert device.post(action, data=form).headers["Location"] == "/tablet"
    assert cells(opened) == [("east", "shared_tablet", 1)]


def test_what_is_left_out_is_asked_again_within_the_round_and_cleared_with_it(
    device: FlaskClient, opened: Opened
) -> None:
    begin(device, opened.codes[0])
    page = device.get("/tablet/questions?lang=en").text
    action = re.search(r'action="(/tablet/questions[^"]*)"', page)[1].replace("&amp;", "&")
    assert "helper=1" not in page
    wrong = device.post(action, data=hidden(page) | {"wish": "keep this"})
    assert (wrong.status_code, "keep this" in wrong.text) == (422, True)
    assert wrong.headers["Refresh"] == "900; url=/tablet"
    assert device.post("/tablet/clear").headers["Location"] == "/tablet"
    assert device.post(action, data=hidden(page) | OVERALL).headers["Location"] == "/tablet"
    assert cells(opened) == []


def test_a_tablet_code_serves_any_number_of_rounds(app: Flask, device: FlaskClient, opened: Opened) -> None:
    batch = Batch("kiosk", opened.id, KIOSK, "east", "", "free_choice", 1, KEY.id, opened.campaign.opens_at, "e")
    [code] = tickets.create_batch(EVALUATOR, opened.campaign.opens_at, batch, opened.key)[1]
    for _ in range(2):
        answer(device, code)
    page = app.test_client().get(f"/s/{code}?lang=en")
    assert (page.status_code, "evaluator&#39;s tablet only" in page.text) == (410, True)
    assert cells(opened) == [("east", "shared_tablet", 2)]


def test_wrong_codes_are_named_and_open_nothing(device: FlaskClient, opened: Opened) -> None:
    code = opened.codes[0]
    west = issue(opened, 1, site="west")[0]
    wrong = {
        code[:-1]: (404, "check the code"),
        "": (404, "check the code"),
        new_code("slip", lambda limit: 7): (404, "not known"),
        west: (410, "another place"),
    }
    for typed, (status, words) in wrong.items():
        page = begin(device, typed)
        assert (page.status_code, words in page.text) == (status, True), typed
        assert device.get("/tablet/questions").headers["Location"] == "/tablet"


def test_a_spent_code_says_so_at_the_end_and_offers_a_fresh_start(device: FlaskClient, opened: Opened) -> None:
    answer(device, opened.codes[0])
    begin(device, opened.codes[0])
    page = device.get("/tablet/questions?lang=en").text
    action = re.search(r'action="(/tablet/questions[^"]*)"', page)[1].replace("&amp;", "&")
    told = device.post(action, data=hidden(page) | OVERALL)
    assert (told.status_code, 'action="/tablet/clear"' in told.text) == (410, True)


def test_the_device_is_signed_out_and_holds_no_way_to_the_desk(app: Flask, opened: Opened) -> None:
    client = sign_in(app)
    session = client.get_cookie("minyi_session", path="/desk").value
    client.post(DESK, data={"_token": token(client), "place": "east"})
    assert client.get_cookie("minyi_session", path="/desk") is None
    assert client.get("/desk/").headers["Location"].startswith("/desk/sign-in")
    with pytest.raises(Refused, match="Sign in"):
        organisations.actor_of(session, datetime.now(UTC))
    assert client.get("/tablet").status_code == 200


def test_the_set_up_is_a_form_of_ours_for_evaluators_of_the_campaign(app: Flask, opened: Opened) -> None:
    evaluator = sign_in(app)
    assert evaluator.post(DESK, data={"place": "east"}).status_code == 403  # without the token
    for place in ("north", "", "east/no-session"):
        told = evaluator.post(DESK, data={"_token": token(evaluator), "place": place})
        assert (told.status_code, 'role="alert"' in told.text) == (422, True)
    assert sign_in(app, PROVIDER.username).get(DESK).status_code == 403
    assert sign_in(app, OTHER_EVALUATOR.username).get(DESK).status_code == 404
    assert app.test_client().get("/tablet").status_code == 401


def test_a_tablet_ends_with_the_day_by_hand_and_with_the_account_that_set_it_up(
    app: Flask, device: FlaskClient, opened: Opened
) -> None:
    now = datetime.now(UTC)
    [running] = tablets.running(EVALUATOR, opened.id, now)
    assert tablets.running(EVALUATOR, opened.id, now + timedelta(hours=12)) == []
    desk = sign_in(app)
    assert "East" in desk.get(DESK).text
    gone = desk.post(f"/desk/campaigns/phones/tablets/{running.id}", data={"_token": token(desk)})
    assert gone.status_code == 303
    assert device.get("/tablet").status_code == 401
    assert begin(device, opened.codes[0]).status_code == 401
    acts = [entry.act for entry in journal.entries(f"project:{opened.campaign.project}")]
    assert acts[-2:] == ["tablet.started", "tablet.ended"]


def test_the_mode_of_a_tablet_is_claimed_there_only(app: Flask, opened: Opened) -> None:
    body = {"submission_id": "submission-1", "answers": {"overall": "5"}, "lang": "en", "mode": "shared_tablet"}
    told = app.test_client().post(f"/api/v1/public/forms/{opened.codes[0]}/responses", json=body)
    assert (told.status_code, told.get_json()["errors"]["json"].keys()) == (422, {"mode"})


def test_another_sites_page_cannot_begin_a_round(device: FlaskClient, opened: Opened) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        assert device.post("/tablet", data={"code": opened.codes[0]}, headers=headers).status_code == 403


def small(*questions: dict, **more: object) -> dict[str, object]:
    """A definition in one language."""
    text = {"en": "x"}
    head = {"id": "small", "version": 1, "languages": ["en"], "population": "recipients"}
    return head | dict.fromkeys(("title", "purpose", "source"), text) | {"questions": list(questions)} | more


def test_what_goes_along_from_screen_to_screen_ends_with_the_round(app: Flask) -> None:
    choice = {"kind": "single", "label": {"en": "x"}, "options": [{"code": "a", "label": {"en": "x"}}]}
    questions = ({"id": "words", "kind": "text", "label": {"en": "x"}}, choice | {"id": "last", "required": True})
    sections = [{"id": "one", "questions": ["words"]}, {"id": "two", "questions": ["last"]}]
    opened = open_for_phones(app, 2, languages=("en",), definition=small(*questions, sections=sections))
    make_people()
    device = sign_in(app)
    device.post(DESK, data={"_token": token(device), "place": "east"})
    begin(device, opened.codes[0])
    page = device.get("/tablet/questions?lang=en").text
    action = re.search(r'action="(/tablet/questions[^"]*)"', page)[1].replace("&amp;", "&")
    first = hidden(page) | {"words": "carried along"}
    second = device.post(action, data=first)
    assert (second.status_code, "carried along" in second.text) == (200, True)
    assert second.headers["Refresh"] == "900; url=/tablet"
    fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', second.text))
    assert device.post(action, data=fields | {"last": "a"}).headers["Location"].startswith("/tablet/thanks")
    for form in (first, fields):
        back = device.post(action, data=form)
        assert (back.headers["Location"], "carried along" in back.text) == ("/tablet", False)
    assert cells(opened) == [("east", "shared_tablet", 1)]
