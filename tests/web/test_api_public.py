"""The form of a code for native clients: what is accepted once, what is refused and how, guessing, withdrawing."""

import json
from typing import Any

import database as database_tools
import pytest
from accounts import API, fields_named, refusal, within_one_window
from factories import EVALUATOR, LANGUAGES, Opened, issue, open_campaign
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.domain.collect import tickets
from service.operations import limits
from service.operations.collect import campaigns, seals

ANSWERS = {"satisfaction": "High", "influence": "Low", "contact": "High"}
BODY = {"submission_id": "submission-1", "answers": ANSWERS, "lang": "en"}
RECIPIENT = {"overall": "5"}


@pytest.fixture
def opened(app: Flask) -> Opened:
    return open_campaign(key=app.extensions["minyi.keys"][0])


@pytest.fixture
def recipients(app: Flask) -> Opened:
    """A campaign with a matrix and an open question."""
    return open_campaign(key=app.extensions["minyi.keys"][0], questionnaire="recipients")


def post(client: FlaskClient, code: str, body: dict[str, Any], address: str = "10.1.1.1") -> TestResponse:
    path = f"{API}/public/forms/{code}/responses"
    content = json.dumps(body)  # escaped, so that half a surrogate pair can be sent as well
    return client.post(path, data=content, content_type="application/json", environ_base={"REMOTE_ADDR": address})


def counted(opened: Opened) -> int:
    return sum(counts["n"] for counts in seals.read(opened.id)[0].values())


def test_the_form_says_what_is_asked_and_by_whom(client: FlaskClient, opened: Opened) -> None:
    form = client.get(f"{API}/public/forms/{opened.codes[0]}").get_json()
    assert set(form["notice"]) == {"authority", "evaluator", "purpose", "retention", "complaints", "phone"}
    assert tuple(form["languages"]) == LANGUAGES
    assert [question["id"] for question in form["questionnaire"]["questions"]] == list(ANSWERS)
    assert counted(opened) == 0


def test_201_then_200_with_the_same_receipt_then_409_and_410(client: FlaskClient, opened: Opened) -> None:
    first = post(client, opened.codes[0], BODY)
    assert first.status_code == 201
    for sealed in (False, True):
        if sealed:
            seals.seal(opened.id)
        again = post(client, opened.codes[0], BODY | {"duration_s": 12.5})
        assert (again.status_code, again.get_json()) == (200, first.get_json())
        other = BODY | {"answers": ANSWERS | {"contact": "Low"}}
        refusal(post(client, opened.codes[0], other), 409, "submission_differs")
        refusal(post(client, opened.codes[0], BODY | {"submission_id": "submission-2"}), 410, "code_spent")
    assert counted(opened) == 1


@pytest.mark.parametrize("typed", [str.lower, lambda code: f"{code[:4]} {code[4:8]}-{code[8:]}"])
def test_a_code_may_be_typed_in_lower_case_and_with_spaces(client: FlaskClient, opened: Opened, typed: Any) -> None:
    code = typed(opened.codes[0])
    assert client.get(f"{API}/public/forms/{code}").status_code == 200
    assert post(client, code, BODY).status_code == 201
    assert post(client, opened.codes[0], BODY).status_code == 200


def test_a_wrong_check_character_asks_to_check_the_code(client: FlaskClient, opened: Opened) -> None:
    code = opened.codes[0]
    last = tickets.ALPHABET[(tickets.ALPHABET.index(code[-1]) + 1) % len(tickets.ALPHABET)]
    for wrong in (code[:-1] + last, code[:-1], code + "2", "%00", "☃" * 12, "0" * 500):
        for response in (client.get(f"{API}/public/forms/{wrong}"), post(client, wrong, BODY)):
            assert "check the code" in refusal(response, 404, "code_mistyped")["message"]


def test_nothing_is_accepted_before_opening_or_after_closing(client: FlaskClient, opened: Opened) -> None:
    receipt = post(client, opened.codes[0], BODY).get_json()
    version = campaigns.get(EVALUATOR, opened.id).version
    campaigns.change_state(EVALUATOR, opened.campaign.opens_at, opened.id, "final", version)
    refusal(post(client, opened.codes[1], BODY), 410, "campaign_closed")
    refusal(client.get(f"{API}/public/forms/{opened.codes[1]}"), 410, "campaign_closed")
    repeated = post(client, opened.codes[0], BODY)
    assert (repeated.status_code, repeated.get_json()) == (200, receipt)


def test_an_answer_is_withdrawn_with_its_receipt_and_again_without_harm(client: FlaskClient, opened: Opened) -> None:
    receipt = post(client, opened.codes[0], BODY).get_json()["receipt"]
    for _ in range(2):
        assert client.post(f"{API}/public/withdrawals", json={"receipt": receipt}).status_code == 204
        assert counted(opened) == 0
    refusal(client.post(f"{API}/public/withdrawals", json={"receipt": "?"}), 404, "receipt_unknown")
    assert post(client, opened.codes[0], BODY).get_json() == {"receipt": receipt}


# --- Content that does not fit: 422, each field named, nothing stored


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"answers": {}}, "answers.overall"),
        ({"answers": {"overall": "6"}}, "answers.overall"),
        ({"answers": {"overall": 5}}, "answers.overall"),
        ({"answers": {"overall": ["5"]}}, "answers.overall"),
        ({"answers": {"overall": None}}, "answers.overall"),
        ({"answers": {"overall": True}}, "answers.overall"),
        ({"answers": {"overall": 10**400}}, "answers.overall"),
        ({"answers": RECIPIENT | {"income": "1"}}, "answers.income"),
        ({"answers": RECIPIENT | {"$where": "1"}}, "answers.$where"),
        ({"answers": RECIPIENT | {"a.b": "1"}}, "answers.a.b"),
        ({"answers": RECIPIENT | {"aspects": "4"}}, "answers.aspects"),
        ({"answers": RECIPIENT | {"aspects/none": "4"}}, "answers.aspects/none"),
        ({"answers": RECIPIENT | {"wish": "x" * 100_000}}, "answers.wish"),
        ({"answers": RECIPIENT | {"wish": "a\u0000b"}}, "answers.wish"),
        ({"answers": RECIPIENT | {"wish": "a\u001bb"}}, "answers.wish"),
        ({"answers": RECIPIENT | {"wish": "\u202egnp.exe"}}, "answers.wish"),
        ({"answers": RECIPIENT | {"wish": "a\u2066b"}}, "answers.wish"),
        ({"submission_id": "short"}, "submission_id"),
        ({"submission_id": "x" * 65}, "submission_id"),
        ({"submission_id": "x" * 8 + "\n"}, "submission_id"),
        ({"mode": "interview"}, "mode"),
        ({"lang": "fr"}, "lang"),
        ({"duration_s": -1}, "duration_s"),
        ({"duration_s": 1e300}, "duration_s"),
        ({"duration_s": "soon"}, "duration_s"),
        ({"code": "ABCD"}, "code"),
    ],
)
def test_what_does_not_fit_is_named_by_its_field(
    client: FlaskClient, recipients: Opened, change: dict[str, Any], field: str
) -> None:
    body = {"submission_id": "submission-1", "answers": RECIPIENT} | change
    refused = refusal(post(client, recipients.codes[0], body), 422)
    assert any(field == named or field.startswith(f"{named}.") for named in fields_named(refused)), refused
    assert counted(recipients) == 0
    assert all(name != "InboxDocument" for name, _ in database_tools.every_document())


@pytest.mark.parametrize(
    "body",
    [
        '{"submission_id": "submission-1", "answers": {"overall": "5"}, "duration_s": NaN}',
        '{"submission_id": "submission-1", "answers": {"overall": "5"}, "duration_s": Infinity}',
        '{"submission_id": "submission-1", "answers": {"overall": "1", "overall": "5"}}',
        '{"submission_id": "submission-1", "answers": {"overall": "5"}, "duration_s": ' + "9" * 5000 + "}",
        '{"submission_id": "submission-1", "answers": ' + '{"a":' * 5000 + "1" + "}" * 5000 + "}",
        '{"submission_id": "submission-1", "answers": {"overall": "5"}',
        '{"submission_id": "submission-1", "answers": {"overall": "5", "wish": "\\ud800"}}',
    ],
    ids=["NaN", "Infinity", "a name twice", "5000 digits", "5000 levels", "cut off", "half a pair"],
)
def test_what_is_no_clear_json_is_400(client: FlaskClient, recipients: Opened, body: str) -> None:
    path = f"{API}/public/forms/{recipients.codes[0]}/responses"
    refusal(client.post(path, data=body, content_type="application/json"), 400, "malformed")
    assert counted(recipients) == 0


def test_400_levels_of_nesting_are_only_a_wrong_answer(client: FlaskClient, recipients: Opened) -> None:
    deep: Any = "5"
    for _ in range(400):
        deep = [deep]
    body = {"submission_id": "submission-1", "answers": {"overall": deep}}
    refused = refusal(post(client, recipients.codes[0], body), 422, "answers_invalid")
    assert len(json.dumps(refused)) < 5_000, "a refusal does not send back all that it was sent"


def test_a_refusal_of_a_huge_value_is_small(client: FlaskClient, recipients: Opened) -> None:
    for body in (
        {"answers": {"overall": "x" * 900_000}},
        {"answers": RECIPIENT, "mode": "x" * 900_000},
        {"answers": {f"q{number}": "1" for number in range(20_000)}},
        {f"field{number}": 1 for number in range(20_000)},
        {"x" * 900_000: 1},
    ):
        response = post(client, recipients.codes[0], {"submission_id": "submission-1"} | body)
        refusal(response, 422)
        assert len(response.data) < 20_000, f"{len(response.data)} bytes"


# --- Guessing


def test_guessing_is_slowed_and_a_right_code_from_the_same_address_is_not(
    client: FlaskClient, opened: Opened, slept: list[float]
) -> None:
    within_one_window()
    unknown = tickets.new_code(tickets.SLIP, lambda limit: 7)
    for _ in range(limits.FREE_TRIES + 3):
        refusal(post(client, unknown, BODY, "10.9.9.9"), 404, "code_unknown")
    assert slept == [limits.delay_after(limits.FREE_TRIES + more) for more in (1, 2, 3)]
    assert slept == sorted(slept)
    for number, code in enumerate(opened.codes):
        response = post(client, code, BODY | {"submission_id": f"submission-{number}"}, "10.9.9.9")
        assert response.status_code == 201
    assert len(slept) == 3


def test_wrong_answers_and_spent_codes_are_no_guessing(client: FlaskClient, opened: Opened, slept: list[float]) -> None:
    post(client, opened.codes[0], BODY)
    for _ in range(limits.FREE_TRIES + 5):
        refusal(post(client, opened.codes[0], BODY | {"submission_id": "submission-2"}), 410)
        refusal(post(client, opened.codes[1], BODY | {"answers": {}}), 422)
    assert slept == []


def test_a_poster_takes_many(client: FlaskClient, opened: Opened) -> None:
    [poster] = issue(opened, 1, "poster")
    for number in range(5):
        assert post(client, poster, BODY | {"submission_id": f"submission-{number}"}).status_code == 201
    assert counted(opened) == 5
