"""The page for typing paper in, over HTTP: from field to field, saved once, each fault at its field."""

import re
from html import unescape

import pytest
from demo_round import make_people, sign_in
from factories import EVALUATOR, OTHER_EVALUATOR, PROVIDER, Opened, issue
from flask import Flask
from flask.testing import FlaskClient
from phones import open_for_phones
from werkzeug.test import TestResponse

from service.domain.collect.tickets import new_code
from service.operations.collect import campaigns, responses, seals

PATH = "/desk/campaigns/phones/paper?lang=en"


@pytest.fixture
def opened(app: Flask) -> Opened:
    made = open_for_phones(app, 3)
    make_people()
    return made


@pytest.fixture
def typist(app: Flask, opened: Opened) -> FlaskClient:
    return sign_in(app)


def names(page: str) -> list[str]:
    return [name for name in re.findall(r'<input id="([^"]+)"', page) if name != "seek" and not name.startswith("_")]


def focused(page: str) -> str:
    return re.search(r'<input id="([^"]+)"[^>]*autofocus', page)[1]


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(_token|_id)" value="([^"]*)"', page.split('id="paper"')[1]))


def whole(page: str, code: str, **changed: str) -> dict[str, str]:
    """A sheet with every field typed: blank, but for the overall answer."""
    return hidden(page) | dict.fromkeys(names(page), "-") | {"overall": "1", "_code": code} | changed


def send(client: FlaskClient, form: dict[str, str]) -> TestResponse:
    return client.post(PATH, data=form)


def errors(page: str) -> dict[str, str]:
    return {name: unescape(text) for name, text in re.findall(r'id="e-([^"]+)" role="alert">([^<]*)<', page)}


def test_enter_leads_from_field_to_field_and_the_last_one_saves(typist: FlaskClient, opened: Opened) -> None:
    page = typist.get(PATH).text
    assert focused(page) == "_code"
    typed = hidden(page) | {"_code": opened.codes[0].lower()}
    order = names(page)
    for place, name in enumerate(order):
        page = send(typist, typed).text
        assert focused(page) == name
        assert f'value="{opened.codes[0].lower()}"' in page
        assert hidden(page)["_id"] == typed["_id"]
        typed[name] = {"overall": "2", "wish": "谢谢 <b>"}.get(name, "-")
        assert place < 40
    saved = send(typist, typed)
    assert saved.status_code == 303
    page = typist.get(f"{saved.headers['Location']}&lang=en").text
    assert "The sheet has been saved." in page
    assert focused(page) == "_code"
    assert "谢谢" not in page + saved.headers["Location"]
    seals.seal(opened.id)
    [answer] = responses.page(EVALUATOR, opened.id, 0, 9)[0]
    codes = campaigns.view(opened.id).questionnaire.items["overall"].codes
    assert answer.answers == {"overall": codes[1], "wish": "谢谢 <b>"}
    assert (answer.cell.mode, answer.cell.site) == ("paper", "east")


def test_a_sheet_sent_twice_counts_once_and_its_code_is_spent(typist: FlaskClient, opened: Opened) -> None:
    form = whole(typist.get(PATH).text, opened.codes[0])
    assert send(typist, form).headers["Location"].count("saved=1") == 1
    again = send(typist, form)
    assert "saved=0" in again.headers["Location"]
    other = send(typist, whole(typist.get(PATH).text, opened.codes[0]))
    assert (other.status_code, errors(other.text)) == (410, {"_code": "This code has already been used."})
    assert sum(counts["n"] for counts in seals.read(opened.id)[0].values()) == 1


def test_each_fault_stands_at_its_field_and_what_was_typed_is_kept(typist: FlaskClient, opened: Opened) -> None:
    page = typist.get(PATH).text
    told = send(typist, whole(page, opened.codes[0], overall="9", wish="kept"))
    assert (told.status_code, list(errors(told.text)), focused(told.text)) == (422, ["overall"], "overall")
    assert 'value="kept"' in told.text
    told = send(typist, whole(page, opened.codes[0], overall="-"))
    assert (told.status_code, focused(told.text)) == (422, "overall")
    assert "set it aside" in errors(told.text)["overall"]
    told = send(typist, whole(page, opened.codes[0], _received="2020-01-01"))
    assert (told.status_code, list(errors(told.text))) == (422, ["_received"])
    told = send(typist, whole(page, opened.codes[0], _language="fr"))
    assert (told.status_code, "fr is not one of" in told.text) == (422, True)
    unknown = new_code("slip", lambda limit: 7)
    for code, status in ((opened.codes[0][:-1], 404), (unknown, 404)):
        told = send(typist, whole(page, code))
        assert (told.status_code, list(errors(told.text)), focused(told.text)) == (status, ["_code"], "_code")
    assert seals.read(opened.id)[0] == {}


def test_the_typist_is_an_evaluator_of_the_campaign(app: Flask, typist: FlaskClient, opened: Opened) -> None:
    form = whole(typist.get(PATH).text, opened.codes[0])
    assert send(typist, form | {"_token": ""}).status_code == 403
    assert sign_in(app, PROVIDER.username).get(PATH).status_code == 403
    assert sign_in(app, OTHER_EVALUATOR.username).get(PATH).status_code == 404
    assert app.test_client().get(PATH).status_code == 303
    version = campaigns.get(EVALUATOR, opened.id).version
    campaigns.change_state(EVALUATOR, opened.campaign.opens_at, opened.id, "final", version)
    assert typist.get(PATH).status_code == 409


def test_a_poster_sheet_is_typed_any_number_of_times(typist: FlaskClient, opened: Opened) -> None:
    [code] = issue(opened, 1, "poster", "west")
    for _ in range(2):
        assert send(typist, whole(typist.get(PATH).text, code)).status_code == 303
    [cell] = seals.read(opened.id)[0]
    assert (cell.site, cell.distribution, cell.mode) == ("west", "poster", "paper")


def test_what_somebody_wrote_beside_the_way_through_the_sheet_is_left_out(app: Flask) -> None:
    text, yes_no = {"en": "x"}, [{"code": code, "label": {"en": code}} for code in ("yes", "no")]
    questions = [
        {"id": "came", "kind": "single", "label": text, "options": yes_no},
        {"id": "liked", "kind": "single", "label": text, "options": yes_no, "required": True, "when": "came = 'yes'"},
    ]
    head = {"id": "small", "version": 1, "languages": ["en"], "population": "recipients"}
    definition = head | dict.fromkeys(("title", "purpose", "source"), text) | {"questions": questions}
    opened = open_for_phones(app, 2, languages=("en",), definition=definition)
    make_people()
    typist = sign_in(app)
    page = typist.get(PATH).text
    sheet = hidden(page) | {"_code": opened.codes[0], "came": "2", "liked": "1", "_language": "en"}
    assert send(typist, sheet).status_code == 303
    sheet = hidden(typist.get(PATH).text) | {"_code": opened.codes[1], "came": "1", "liked": "-", "_language": "en"}
    assert "set it aside" in errors(send(typist, sheet).text)["liked"]
    seals.seal(opened.id)
    [answer] = responses.page(EVALUATOR, opened.id, 0, 9)[0]
    assert answer.answers == {"came": "no"}
