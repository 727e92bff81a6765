"""The kinds of questions over the API: what the form shows, what an answer may look like, what is counted."""

import json
from typing import Any

import pytest
from accounts import API, As, fields_named, refusal
from factories import LANGUAGES, TEMPLATES, Opened
from flask import Flask
from flask.testing import FlaskClient
from phones import open_for_phones
from question_shapes import plain
from werkzeug.test import TestResponse

from service.domain.collect import responses as rules
from service.domain.collect.questionnaires import check_answers, parse_yaml
from service.operations.collect import seals
from service.store.collect import responses as stored

ANSWERS = {
    "used": "yes",
    "ways": ["foot", "bus"],
    "nps": 9,
    "dist": 2.5,
    "day": "2026-03-01",
    "best": ["q", "p"],
    "stars": "3",
    "m": {"r": "good"},
}
FLAT = {
    **{"used": "yes", "ways": "bus foot", "nps": "9", "dist": "2.5", "day": "2026-03-01", "best": "q p"},
    **{"stars": "3", "m/r": "good"},
}


def text(words: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, words)


def options(*codes: str) -> list[dict[str, Any]]:
    return [{"code": code, "label": text(code)} for code in codes]


def of(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "kind": kind, "label": text(name), **more}


DEFINITION = plain(
    of("single", "used", options=options("yes", "no"), required=True),
    of("multiple", "ways", options=options("bus", "foot", "bike"), max=2, random_order=True, when="used = 'yes'"),
    of("zero_to_ten", "nps", low=text("no"), high=text("yes")),
    of("number", "dist", unit=text("km"), decimals=1, min=0),
    of("date", "day", constraint={"expr": ". <= today", "message": text("not in the future")}),
    of("rank", "best", options=options("p", "q", "r"), most=2),
    of("rating", "stars", options=options("1", "2", "3"), cannot_say=True),
    of("matrix", "m", options=options("good", "bad"), rows=[{"id": "r", "label": text("r")}]),
    of("note", "bye"),
    languages=list(LANGUAGES),
    **{name: text("x") for name in ("title", "purpose", "source")},
)


@pytest.fixture
def opened(app: Flask) -> Opened:
    return open_for_phones(app, 3, definition=DEFINITION)


def post(client: FlaskClient, code: str, answers: Any, **more: Any) -> TestResponse:
    body = {"submission_id": "submission-1", "answers": answers, "lang": "en", **more}
    return client.post(f"{API}/public/forms/{code}/responses", data=json.dumps(body), content_type="application/json")


def test_the_form_shows_the_definition_as_it_was_published(client: FlaskClient, opened: Opened) -> None:
    form = client.get(f"{API}/public/forms/{opened.codes[0]}").get_json()
    assert form["questionnaire"] == DEFINITION


def test_answers_of_every_kind_are_taken_counted_and_kept_with_their_order(client: FlaskClient, opened: Opened) -> None:
    sent = post(client, opened.codes[0], ANSWERS, order_seed="0f3a")
    assert sent.status_code == 201
    again = {**ANSWERS, "nps": "9", "dist": "2.50", "ways": ["bus", "foot"]}  # the same, written otherwise
    assert post(client, opened.codes[0], again, order_seed="0f3a").status_code == 200
    refusal(post(client, opened.codes[0], ANSWERS | {"nps": 8}, order_seed="0f3a"), 409, "submission_differs")
    seals.seal(opened.id)
    [kept] = stored.each(opened.id)
    assert kept.answers == FLAT | {"_order": "0f3a"}
    [counts] = seals.read(opened.id)[0].values()
    expected = {"c|ways|_answered", "c|ways|bus", "c|ways|foot", "c|nps|9", "c|dist|_written", "c|day|_written"}
    assert expected | {"c|best|_answered", "r|best|q|1", "r|best|p|2", "c|stars|3", "c|m/r|good"} < set(counts)


def test_figures_of_every_question_are_read_over_the_api(client: FlaskClient, opened: Opened) -> None:
    evaluator = As(client, "evaluator")
    for code, answers in zip(opened.codes, ({"used": "no"}, ANSWERS, {"used": "yes", "nps": 4}), strict=True):
        assert post(client, code, answers, submission_id=f"submission-{code}").status_code == 201
    path = f"/campaigns/{opened.id}/questions"
    [group] = evaluator.get(path).get_json()["groups"]
    figures = {figure["id"]: figure for figure in group["questions"]}
    assert list(figures) == ["used", "ways", "nps", "dist", "day", "best", "stars", "m/r"]
    ways = figures["ways"]
    assert [ways[name] for name in ("persons", "asked", "answered", "skipped", "not_asked")] == [3, 2, 1, 1, 1]
    assert ways["counts"] == {"bus": 1, "foot": 1, "bike": 0}
    assert figures["best"]["places"] == {"p": [0, 1], "q": [1, 0], "r": [0, 0]}
    assert float(figures["nps"]["mean"]) == 6.5
    [east] = evaluator.get(f"{path}?by=site&mode=own_phone&marked=without").get_json()["groups"]
    assert (east["group"], east["questions"][0]["counts"]) == ({"site": "east"}, {"yes": 2, "no": 1})
    assert evaluator.get(f"{path}?mode=paper").get_json()["groups"][0]["questions"][0]["persons"] == 0
    refusal(evaluator.get(f"{path}?by=ways"), 422, "filter_unavailable")


def test_who_was_not_asked_may_not_answer(client: FlaskClient, opened: Opened) -> None:
    response = post(client, opened.codes[0], {"used": "no", "ways": ["bus"]})
    assert fields_named(refusal(response, 422, "answers_invalid")) == {"answers.ways"}
    assert post(client, opened.codes[0], {"used": "no"}).status_code == 201
    [counts] = seals.read(opened.id)[0].values()
    assert (counts["c|ways|_not_asked"], counts["c|nps|_skipped"]) == (1, 1)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"ways": ["bus", "foot", "bike"]}, "answers.ways"),
        ({"ways": {"bus": 1}}, "answers.ways"),
        ({"nps": 11}, "answers.nps"),
        ({"dist": -1}, "answers.dist"),
        ({"dist": 2.55}, "answers.dist"),
        ({"dist": 10**400}, "answers.dist"),
        ({"day": "2126-03-01"}, "answers.day"),
        ({"best": [["p"]]}, "answers.best"),
        ({"best": ["p"] * 100_000}, "answers.best"),
        ({"bye": "x"}, "answers.bye"),
        ({"_order": "0f3"}, "answers._order"),
        ({"_secret": "x"}, "answers._secret"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_question(
    client: FlaskClient, opened: Opened, answers: dict[str, Any], field: str
) -> None:
    response = post(client, opened.codes[0], {"used": "yes", **answers})
    assert fields_named(refusal(response, 422, "answers_invalid")) == {field}
    assert len(response.data) < 1000


def test_a_seed_is_four_hex_digits(client: FlaskClient, opened: Opened) -> None:
    for seed in ("0f3", "0F3A", "0f3a\n", "x" * 1000):
        refusal(post(client, opened.codes[0], ANSWERS, order_seed=seed), 422, "invalid")


def test_the_digest_of_answers_given_before_is_stable() -> None:
    """A phone may send again, months later, what was taken in by an older version of the service."""
    questionnaire = parse_yaml((TEMPLATES / "questionnaires/recipients.yaml").read_text("utf-8"))
    answers = {"overall": "5", "facts": {"place": "yes"}, "wish": " 谢谢 ", "aspects": {"skill": "4"}}
    digest = rules.content_digest(check_answers(questionnaire, answers), "own_phone", "zh-Hans")
    assert digest == "066273c7bb5a27b90fbfb18fda0f57d9007838ec77dc88beed890222cbb498a5"
