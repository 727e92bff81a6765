"""What a page makes of texts and order: shuffled by a seed, answers put into texts, markup shown as text."""

import re
from typing import Any

import every_kind
import pytest
from every_kind import question, said
from factories import Opened
from flask import Flask
from flask.testing import FlaskClient
from forms import Walk
from phones import open_for_phones

from service.domain.collect.screens import presented
from service.operations.collect import campaigns, seals
from service.store.collect import responses

SHUFFLED = [
    question("first", "single", "一", "一", "First", options=every_kind.SERVICES[:3], random_order=True),
    question("second", "multiple", "二", "二", "Second", options=every_kind.WISHES, random_order=True),
]
SECTIONS: list[dict[str, Any]] = [
    {"id": "one", "questions": ["first"], "random_order": True},
    {"id": "two", "questions": ["second"], "random_order": True},
]


def open_with(app: Flask, **changed: Any) -> Opened:
    return open_for_phones(app, 2, definition=every_kind.definition(**changed))


def kept(opened: Opened) -> dict[str, Any]:
    seals.seal(opened.id)
    [response] = responses.each(opened.id)
    return dict(response.answers)


@pytest.mark.parametrize("seed", ["0000", "0001", "beef", "ffff"])
def test_the_order_hangs_on_the_seed_stays_on_every_screen_and_is_stored(
    app: Flask, client: FlaskClient, seed: str
) -> None:
    opened = open_with(app, questions=SHUFFLED, sections=SECTIONS)
    questionnaire = campaigns.view(opened.id).questionnaire
    walk = Walk(client, f"/s/{opened.codes[0]}?lang=en")
    walk.switch("en", _seed=seed, _screen=None)
    while "Back</button>" in walk.page.text:
        walk.back()
    seen: list[tuple[str, ...]] = []
    for place in range(2):
        walk.switch("zh-Hans")
        names = re.findall(r'name="(first|second)" value="([a-z]+)"', walk.page.text)
        shown = [(name, code) for name, code in names if name == names[-1][0]]
        seen.append((shown[0][0], *(code for _, code in shown)))
        assert walk.press(**{shown[0][0]: shown[0][1]}).status_code == (201 if place else 200)
    wanted = [(each.id, *(option.code for option in each.options)) for each in presented(questionnaire, seed).questions]
    assert seen == wanted
    assert kept(opened)["_order"] == seed


def test_each_opening_draws_a_seed_and_one_without_chance_has_none(app: Flask, client: FlaskClient) -> None:
    opened = open_with(app, questions=SHUFFLED, sections=None)
    drawn = {Walk(client, f"/s/{opened.codes[0]}").fields()["_seed"] for _ in range(8)}
    assert len(drawn) > 1
    assert all(re.fullmatch("[0-9a-f]{4}", seed) for seed in drawn)


@pytest.mark.parametrize("seed", ["", "zzzz", "0", "<b>"])
def test_a_seed_that_is_none_spoils_no_answer(app: Flask, client: FlaskClient, seed: str) -> None:
    opened = open_with(app, questions=SHUFFLED, sections=None)
    walk = Walk(client, f"/s/{opened.codes[0]}?lang=en")
    assert walk.press(_seed=seed, first="meals").status_code == 201
    assert kept(opened) == {"first": "meals"}


MARKUP = "<script>alert(1)</script><b onclick='x'>&amp;\"{{ 7 * 7 }}"


def test_markup_in_texts_and_in_answers_is_shown_as_text(app: Flask, client: FlaskClient) -> None:
    text = said(*[MARKUP] * 3)
    options = [{"code": code, "label": text} for code in ("a", "b", "c")]
    questions = [
        question("n", "note", *[MARKUP] * 3),
        question("t", "text", "名", "名", "Name", short=True),
        question("s", "single", *[MARKUP] * 3, options=options, hint=text),
        question("m", "multiple", *[MARKUP] * 3, options=options),
        question("z", "zero_to_ten", *[MARKUP] * 3, low=text, high=text),
        question("u", "number", *[MARKUP] * 3, unit=text),
        question("p", "rank", "${t}", "${t}", "Hello ${t}, and ${s}", options=options),
    ]
    sections = [
        {"id": "a", "title": text, "questions": ["n", "t", "s", "m", "z", "u"]},
        {"id": "b", "questions": ["p"]},
    ]
    opened = open_with(app, title=text, questions=questions, sections=sections)
    walk = Walk(client, f"/s/{opened.codes[0]}?lang=en")
    for _ in range(2):
        assert walk.page.text.count("<script") == 1
        assert "<b onclick" not in walk.page.text
        assert "{{ 7 * 7 }}" in walk.page.text
        assert "<title>&lt;script&gt;" in walk.page.text
        walk.press(t=MARKUP, s="a")
    assert "Hello &lt;script&gt;" in walk.page.text or walk.page.status_code == 201


def test_an_answer_stands_in_a_later_text_and_an_ellipsis_where_there_is_none(app: Flask, client: FlaskClient) -> None:
    questions = [
        question("s", "single", "哪项？", "哪項？", "Which?", options=every_kind.SERVICES[:3]),
        question("w", "text", "为什么选${s}？", "為什麼選${s}？", "Why ${s}?"),
    ]
    opened = open_with(app, questions=questions, sections=None)
    walk = Walk(client, f"/s/{opened.codes[0]}?lang=zh-Hans")
    walk.press(s="meals")
    assert "为什么选长者饭堂？" in walk.page.text
    walk.switch("en")
    assert "Why Meals for older people?" in walk.page.text
    walk.back(s=None)
    walk.press(s=None)
    assert "Why …?" in walk.page.text


def test_right_to_left_texts_are_shown_as_they_are(app: Flask, client: FlaskClient) -> None:
    hebrew = "מה שלומך?"
    opened = open_with(app, questions=[question("t", "text", hebrew, hebrew, hebrew)], sections=None)
    assert hebrew in client.get(f"/s/{opened.codes[0]}").text


def test_the_most_questions_that_there_may_be(app: Flask, client: FlaskClient) -> None:
    questions = [question(f"q{n}", "single", "问", "問", "Q", options=every_kind.YES_NO) for n in range(1000)]
    opened = open_with(app, questions=questions, sections=None)
    walk = Walk(client, f"/s/{opened.codes[0]}?lang=en")
    assert "1000. Q" in walk.page.text
    assert walk.press(**{f"q{n}": "yes" for n in range(1000)}).status_code == 201
    assert len(kept(opened)) == 1000
