"""Pages of interviews over HTTP: what each role sees, forms of an earlier call, people asked twice, the script."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from demo_round import sign_in
from factories import EVALUATOR, Opened, issue, make_project
from flask import Flask
from flask.testing import FlaskClient
from interviewing import (
    ALL_DAY,
    CALLER,
    LINKED,
    NOTICE,
    OTHER_CALLER,
    hire,
    make_campaign,
    make_frame,
    make_station,
    with_rules,
)

from service.operations.collect import responses, seals
from service.operations.collect.responses import Submission
from service.operations.inspect import draws, interview_figures, interview_plans

LIST, PERSON = "/desk/interviews?lang=en", "/desk/interviews/plan-1/person?lang=en"
ANSWERS = {"satisfaction": "High", "influence": "Low", "contact": "Low"}
SERVED = {"served": "yes", "service": "home help", "period": "2026-02"}


@pytest.fixture
def station(app: Flask) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    make_station(rules=ALL_DAY, now=now, key=app.extensions["minyi.keys"][0])
    hire()


def token(page: str) -> str:
    return re.search(r'name="_token" value="([^"]*)"', page)[1]  # type: ignore[index]


def send(client: FlaskClient, path: str, page: str, **form: str) -> str:
    """The page after the form was sent, wherever that leads."""
    sent = {"_token": token(page), **form}
    return unescape(client.post(f"{path}?lang=en", data=sent, follow_redirects=True).text)


def take(client: FlaskClient, mode: str = "phone", **form: str) -> tuple[str, str]:
    """(the page of the person in hand, the serial)."""
    page = send(client, "/desk/interviews/plan-1/next", client.get(LIST).text, mode=mode, **form)
    page = unescape(client.get(PERSON).text)
    return page, re.search(r'name="_serial" value="([^"]*)"', page)[1]  # type: ignore[index]


@pytest.mark.usefixtures("station")
def test_the_script_tells_what_must_be_told_and_nothing_of_the_record(app: Flask) -> None:
    page, serial = take(sign_in(app, CALLER.username))
    script = page.split("<blockquote>")[1].split("</blockquote>")[0]
    for told in ("Evaluation centre", "Civil affairs bureau", "to learn how good", "five years", "020-12345"):
        assert told in script
    assert "without your name and number" in script
    assert f"Person {serial}" in page
    assert page.count("tel:") == 1
    assert "home help" not in page


@pytest.mark.usefixtures("station")
def test_a_form_of_an_earlier_call_changes_nothing(app: Flask) -> None:
    client = sign_in(app, CALLER.username)
    page, first = take(client)
    send(client, "/desk/interviews/plan-1/outcome", page, _serial=first, outcome="refused")
    second = take(client)[1]
    assert second != first
    late = send(client, "/desk/interviews/plan-1/outcome", page, _serial=first, outcome="refused")
    assert "You have nobody in hand." in late
    late = send(client, "/desk/interviews/plan-1/verification", page, _serial=first, served="never")
    assert "You have nobody in hand." in late
    assert take(client)[1] == second
    found = interview_figures.progress(EVALUATOR, "plan-1")
    assert [each.out for each in found.replacements] == [first]


@pytest.mark.usefixtures("station")
def test_an_earlier_page_of_questions_is_not_taken_for_another_person(app: Flask) -> None:
    client = sign_in(app, CALLER.username)
    page, first = take(client)
    questions = send(client, "/desk/interviews/plan-1/verification", page, _serial=first, **SERVED)
    sheet = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', questions)) | ANSWERS
    done = client.post("/desk/interviews/plan-1/questions?form=1&lang=en", data=sheet)
    assert "Effective interview" in done.text
    take(client)
    again = client.post("/desk/interviews/plan-1/questions?form=1&lang=en", data=sheet)
    assert again.status_code == 409
    seals.seal("calls")
    assert len(responses.page(EVALUATOR, "calls", 0, 9)[0]) == 1


@pytest.mark.usefixtures("station")
def test_what_the_questionnaire_refuses_is_shown_at_its_question(app: Flask) -> None:
    client = sign_in(app, CALLER.username)
    page, serial = take(client)
    questions = send(client, "/desk/interviews/plan-1/verification", page, _serial=serial, **SERVED)
    sheet = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', questions))
    refused = client.post("/desk/interviews/plan-1/questions?form=1&lang=en", data=sheet | {"influence": "Low"})
    assert refused.status_code == 422
    assert "Please answer this question." in refused.text
    assert "Back to the call" in refused.text
    assert " data-keep novalidate" not in refused.text  # nothing is left on the interviewer's phone


@pytest.mark.usefixtures("station")
def test_nobody_to_be_asked_is_said_in_words(app: Flask) -> None:
    client, other = sign_in(app, CALLER.username), sign_in(app, OTHER_CALLER.username)
    _, serial = take(client, "on_site")
    page = send(other, "/desk/interviews/plan-1/next", other.get(LIST).text, mode="on_site")
    assert "Everybody who is left is being called by somebody else." in page
    visit = other.get("/desk/interviews/plan-1/visit?lang=en").text
    assert "Somebody else is asking this person." in visit
    assert serial in visit
    assert "138" not in visit.split("<main")[1]
    page = send(client, "/desk/interviews/plan-1/return", client.get(PERSON).text, _serial=serial, reason="my aunt")
    assert "In hand" not in page


@pytest.mark.usefixtures("station")
def test_provider_purchaser_and_authority_see_no_page_of_interviews(app: Flask) -> None:
    for who in ("provider", "purchaser", "authority", "auditor"):
        client = sign_in(app, who)
        for path in ("", "/plan-1", "/plan-1/person", "/plan-1/visit", "/plan-1/questions"):
            assert client.get(f"/desk/interviews{path}").status_code == 403, (who, path)
        assert "/desk/interviews" not in client.get("/desk/").text
    stranger = sign_in(app, "other")
    assert "plan-1" not in stranger.get("/desk/interviews").text
    assert stranger.get("/desk/interviews/plan-1").status_code == 404
    caller = sign_in(app, CALLER.username)
    assert caller.get("/desk/interviews/plan-1").status_code == 403
    assert "/desk/interviews" in caller.get("/desk/").text


@pytest.mark.usefixtures("station")
def test_a_form_without_the_sessions_token_is_refused(app: Flask) -> None:
    client = sign_in(app, CALLER.username)
    assert client.post("/desk/interviews/plan-1/next", data={"mode": "phone"}).status_code == 403
    _, serial = take(client)
    sent = {"_serial": serial, "outcome": "refused"}
    assert client.post("/desk/interviews/plan-1/outcome", data=sent).status_code == 403


def test_the_evaluator_opens_follows_and_closes_a_station(app: Flask) -> None:
    now, key = datetime.now(UTC).replace(microsecond=0), app.extensions["minyi.keys"][0]
    make_project()
    make_frame(size=160, key=key)
    make_campaign(now=now)
    draws.draw(EVALUATOR, now, "persons-1", "recipients", 20)
    hire()
    lead = sign_in(app)
    form = lead.get("/desk/campaigns/calls/interviews?lang=en").text
    page = send(lead, "/desk/campaigns/calls/interviews", form, id="plan-1", draw="persons-1", site="east")
    assert "30 interviews are wanted. Draw more." in page  # of each stratum: half of fifty and of ten
    draws.draw(EVALUATOR, now, "persons-2", "recipients", 40)
    page = send(lead, "/desk/campaigns/calls/interviews", form, id="plan-1", draw="persons-2", site="east")
    assert "Interviews: East" in page
    assert page.count('<td class="n">25</td>') >= 2
    assert "Closed" not in page
    page = send(lead, "/desk/interviews/plan-1/tickets", page)
    [read, *_] = re.findall(r'name="version" value="([^"]+)"', page)
    page = send(lead, "/desk/interviews/plan-1/close", page, version=read)
    assert "Closed" in page
    assert "Closed" in lead.get(LIST).text


def test_people_who_were_told_are_asked_for_the_receipt_of_their_earlier_answer(app: Flask) -> None:
    now, key = datetime.now(UTC).replace(microsecond=0), app.extensions["minyi.keys"][0]
    make_project()
    make_frame(size=160, key=key)
    slips = Opened(make_campaign("slips", now=now, notice=NOTICE | LINKED), key)
    make_campaign("calls", now=now, notice=NOTICE | LINKED)
    [code] = issue(slips, 1)
    told = app.test_client().get(f"/s/{code}?lang=en").text
    assert "Your two answers stay linked." in told
    assert "no record of ours tells" not in told
    receipt = responses.submit(code, Submission("slip-0001", ANSWERS, language="en"), now, app.extensions["minyi.keys"])
    draws.draw(EVALUATOR, now, "persons-1", "recipients", 40)
    hire()
    lead, caller = sign_in(app), sign_in(app, CALLER.username)
    form = lead.get("/desk/campaigns/calls/interviews?lang=en").text
    named = {"id": "plan-1", "draw": "persons-1", "site": "east", "earlier": "slips"}
    assert "two answers" not in send(lead, "/desk/campaigns/calls/interviews", form, **named)
    with_rules(interview_plans.get(EVALUATOR, "plan-1"), ALL_DAY)
    page, serial = take(caller)
    assert "Your two answers stay linked." in page
    page = send(caller, "/desk/interviews/plan-1/verification", page, _serial=serial, **SERVED)
    assert "Receipt of the earlier answer" in page
    begun = {"_serial": serial, "_earlier": receipt.receipt, "_begin": "1"}
    questions = send(caller, "/desk/interviews/plan-1/questions", page, **begun)
    sheet = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', questions)) | ANSWERS
    assert sheet["_earlier"] == receipt.receipt
    wrong = caller.post("/desk/interviews/plan-1/questions?form=1&lang=en", data=sheet | {"_earlier": "ABCD"})
    assert "This receipt is not known." in wrong.text
    assert "Effective interview" in caller.post("/desk/interviews/plan-1/questions?form=1&lang=en", data=sheet).text
    found = interview_figures.comparison(EVALUATOR, "plan-1", "slips")
    assert found.agreement is not None
    assert found.agreement.pairs.both == 1
    assert "Asked twice: 1." in lead.get("/desk/interviews/plan-1?campaign=slips&lang=en").text
