"""The desk's page of a campaign at work: figures with their ways, progress by role, the forms of control."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from at_desk import table
from demo_round import PURCHASER, make_people, sign_in
from factories import EVALUATOR, OTHER_EVALUATOR, PROVIDER, Opened, issue
from flask import Flask
from flask.testing import FlaskClient
from phones import open_for_phones
from werkzeug.test import TestResponse

from service.operations.collect import campaigns, responses, seals
from service.operations.collect.responses import Submission, submit

PATH = "/desk/campaigns/phones/progress?lang=en"
CHINA = timedelta(hours=8)


@pytest.fixture
def opened(app: Flask) -> Opened:
    made = open_for_phones(app, 4)
    make_people()
    now, facts = datetime.now(UTC), {"facts": {"place": "yes"}}
    answers = [("own_phone", {"overall": "5"} | facts), ("paper", {"overall": "4"} | facts)]
    answers.append(("own_phone", {"overall": "1", "helped": "service_staff"} | facts))
    for place, (mode, given) in enumerate(answers):
        sheet = Submission(f"submission-{place}", given, mode)
        told = submit(made.codes[place], sheet, now, (made.key,), (mode,))
    responses.withdraw(told.receipt)
    sheet = Submission("submission-9", answers[2][1])
    submit(issue(made, 1)[0], sheet, now, (made.key,))
    seals.seal(made.id)
    return made


@pytest.fixture
def evaluator(app: Flask, opened: Opened) -> FlaskClient:
    return sign_in(app)


def campaign() -> campaigns.Campaign:
    return campaigns.get(EVALUATOR, "phones")


def send(client: FlaskClient, what: str, **fields: str) -> TestResponse:
    """A form of the page, with its token and the version that was read."""
    page = client.get(PATH).text
    common = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("_token", "version")}
    return client.post(f"/desk/campaigns/phones/{what}?lang=en", data=common | fields)


def quota(site: str, target: str, variable: str = "", value: str = "") -> dict[str, str]:
    cells = {"site": site, "variable": variable, "value": value, "target": target}
    return {f"quotas.0.{name}": text for name, text in cells.items()}


def test_every_figure_stands_beside_its_distributions_and_modes(evaluator: FlaskClient) -> None:
    page = unescape(evaluator.get("/desk/campaigns/phones?lang=en").text)
    ways = [re.sub(r"<[^>]*>|\s+", " ", one) for one in re.findall(r'<p class="small ways">(.*?)</p>', page, re.DOTALL)]
    handed = "Handed out to : all present, handed out by the evaluator. Given by :"
    for one in ways:
        assert " ".join(one.replace(":", " :").split()).startswith(handed), one
    # levels, items, helped by staff, awareness
    assert [re.search(r"Given by *: (.*)\.", one)[1].strip() for one in ways] == [
        "own phone 2 · paper 1",
        "own phone 2 · paper 1",
        "own phone 1",
        "own phone 1 · paper 1",
    ]
    for row in table(page, "t-figures-satisfaction")[1:]:
        if row[0] in ("East", "All sites"):
            assert row[9:] == ["all present, handed out by the evaluator", "own phone 2 paper 1"]


def test_the_evaluator_reads_progress_against_target(evaluator: FlaskClient) -> None:
    assert send(evaluator, "quotas", **quota("east", "2")).status_code == 303
    page = evaluator.get(PATH).text
    [east, west] = table(page, "t-progress")[1:]
    assert east[:4] == ["East", "2", "3", "1"]
    assert east[5:] == ["own phone 2 paper 1", "1"]
    assert west == ["West", "–", "0", "–", "–", "–", "0"]
    assert table(page, "t-days")[1][1:] == ["4", "0"]


@pytest.mark.parametrize("person", [PROVIDER, PURCHASER])
def test_others_read_totals_without_forms(app: Flask, opened: Opened, person: object) -> None:
    client = sign_in(app, person.username)
    page = client.get(PATH).text
    assert table(page, "t-totals")[1:] == [["East", "fewer than 10"], ["West", "fewer than 10"]]
    assert "version" not in page
    assert "own phone" not in page
    assert 'href="/desk/campaigns/phones"' in client.get("/desk/").text
    assert 'href="/desk/campaigns/phones/progress"' in client.get("/desk/campaigns/phones").text
    for what in ("pause", "resume", "window", "quotas"):
        assert send_as(client, what).status_code == 403
    assert sign_in(app, OTHER_EVALUATOR.username).get(PATH).status_code == 404


def send_as(client: FlaskClient, what: str) -> TestResponse:
    token = re.search(r'name="_token" value="([^"]*)"', client.get("/desk/").text)[1]
    return client.post(f"/desk/campaigns/phones/{what}", data={"_token": token, "version": "2", "reason": "x"})


def test_pause_and_resume_by_form(evaluator: FlaskClient, opened: Opened) -> None:
    until = datetime.now(UTC) + timedelta(hours=5)
    local = (until + CHINA).strftime("%Y-%m-%dT%H:%M")
    assert send(evaluator, "pause", resumes_at=local, reason="the hall is <b>closed</b>").status_code == 303
    assert campaign().resumes_at == until.replace(second=0, microsecond=0)
    page = evaluator.get(PATH).text
    assert "the hall is &lt;b&gt;closed&lt;/b&gt;" in page
    assert "Paused since" in evaluator.get("/desk/campaigns/phones?lang=en").text
    assert send(evaluator, "pause", reason="again").status_code == 409
    assert send(evaluator, "resume", reason="open again").status_code == 303
    assert campaign().paused_at is None


def test_the_window_is_extended_by_form(evaluator: FlaskClient, opened: Opened) -> None:
    later = opened.campaign.closes_at + timedelta(days=2)
    local = (later + CHINA).strftime("%Y-%m-%dT%H:%M")
    assert send(evaluator, "window", closes_at=local, reason="few came").status_code == 303
    assert campaign().closes_at == later.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("what", "fields", "words"),
    [
        ("pause", {"resumes_at": "2020-01-01T00:00", "reason": "x"}, "Name a time to come"),
        ("pause", {"resumes_at": "tomorrow", "reason": "x"}, "2026-05-31 18:00"),
        ("pause", {"reason": " "}, "Reason: This is required."),
        ("pause", {"reason": "x" * 1001}, "longer than 1000"),
        ("window", {"closes_at": "2020-01-01T00:00", "reason": "x"}, "never shortened"),
        ("window", {"closes_at": "", "reason": "x"}, "This is required."),
        ("quotas", quota("north", "5"), "north is not one of"),
        ("quotas", quota("east", "many"), "a number in digits"),
        ("quotas", quota("east", "0"), "between 1 and"),
        ("quotas", quota("east", "5", "overall", "5"), "overall is not one of"),
    ],
)
def test_what_does_not_fit_is_said_and_changes_nothing(
    evaluator: FlaskClient, opened: Opened, what: str, fields: dict[str, str], words: str
) -> None:
    before = campaign()
    told = send(evaluator, what, **fields)
    assert told.status_code == 422
    [alert] = re.findall(r'<div class="missing" role="alert">(.*?)</div>', told.text, re.DOTALL)
    assert words in unescape(re.sub(r"<[^>]*>", "", alert))
    assert campaign() == before


def test_targets_that_two_have_set_stand_side_by_side(evaluator: FlaskClient, opened: Opened) -> None:
    before = campaign().version
    assert send(evaluator, "quotas", **quota("east", "2")).status_code == 303
    late = send(evaluator, "quotas", **quota("east", "7"), version=str(before))
    assert late.status_code == 412
    sides = re.findall(r'<span class="side">([^<]*)</span>', late.text)
    assert [side.strip() for side in sides] == ["East · 2", "East · 7"]
    assert campaign().quotas[0]["target"] == 2
    taken = {"_take.quotas": "yours", "version": str(campaign().version)}
    assert send(evaluator, "quotas", **quota("east", "7"), **taken).status_code == 303
    assert campaign().quotas[0]["target"] == 7


def test_forms_need_the_token_and_the_version(evaluator: FlaskClient, opened: Opened) -> None:
    fields = {"version": str(campaign().version), "reason": "x"}
    assert evaluator.post("/desk/campaigns/phones/pause", data=fields).status_code == 403
    for version in ("", "99", "-1", "x"):
        told = send(evaluator, "pause", reason="x", version=version)
        assert told.status_code == 412
        assert "Somebody else changed this meanwhile" in told.text
    assert campaign().paused_at is None
    campaigns.change_state(EVALUATOR, datetime.now(UTC), "phones", "final", campaign().version)
    page = evaluator.get(PATH).text
    assert "/desk/campaigns/phones/pause" not in page
    assert "/desk/campaigns/phones/quotas" not in page
