"""Screen by screen without a script: all kinds of questions, on and back, skipping, nothing stored before the end."""

import io
from typing import Any

import every_kind
import pictures
import pytest
from database import every_document
from factories import LANGUAGES, Opened
from flask import Flask
from flask.testing import FlaskClient
from forms import Walk
from phones import open_for_phones
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from service.operations.collect import campaigns, media, seals
from service.store.collect import responses
from service.store.documents import PictureDocument
from service.store.records import collection

FIRST = {"used": "yes", "services": ["meals", "health"], "times": "１２ 次"}
SECOND = {"aspects__staff": "5", "stars": "4", "mood": "_cannot_say", "advise": "9"}
THIRD = {"since": "2026年5月1日", "matters__1": "kind", "matters__2": "near", "station": "东站", "wish": "谢谢\r\n再见"}
GIVEN = {
    "used": "yes",
    "services": "meals health",
    "times": "12",
    "aspects/staff": "5",
    "stars": "4",
    "mood": "_cannot_say",
    "advise": "9",
    "since": "2026-05-01",
    "matters": "kind near",
    "station": "东站",
    "wish": "谢谢\n再见",
}


@pytest.fixture
def opened(app: Flask) -> Opened:
    media._sent.clear()
    return open_for_phones(app, 2, definition=every_kind.definition())


@pytest.fixture
def walk(client: FlaskClient, opened: Opened) -> Walk:
    return Walk(client, f"/s/{opened.codes[0]}?lang=en")


def kept(opened: Opened) -> dict[str, Any]:
    """The one answer that is stored."""
    seals.seal(opened.id)
    [response] = responses.each(opened.id)
    return dict(response.answers)


def to_the_end(walk: Walk) -> None:
    for answers in (FIRST, SECOND, THIRD):
        assert walk.press(**answers).status_code == 200, walk.page.text


def test_every_kind_is_answered_screen_by_screen_and_nothing_is_stored_before_send(walk: Walk, opened: Opened) -> None:
    before = every_document()
    to_the_end(walk)
    assert "Page 4 of 4" in walk.page.text
    assert every_document() == before
    assert walk.press().status_code == 201
    assert kept(opened) == GIVEN


def test_going_back_shows_what_was_filled_in_and_keeps_what_comes_later(walk: Walk, opened: Opened) -> None:
    to_the_end(walk)
    assert walk.back().status_code == 200
    assert walk.fields()["wish"] == "谢谢\n再见"
    walk.back(station="西站")
    assert walk.fields().getlist("advise") == ["9"]
    walk.back(aspects__staff="1")
    assert walk.fields().getlist("services") == ["meals", "health"]
    assert walk.fields()["times"] == "１２ 次"
    assert "Back</button>" not in walk.page.text
    for _ in range(3):
        walk.press()
    assert walk.press().status_code == 201
    assert kept(opened) == GIVEN | {"station": "西站", "aspects/staff": "1"}


def test_what_is_not_asked_any_more_is_left_out(walk: Walk, opened: Opened) -> None:
    to_the_end(walk)
    for _ in range(3):
        walk.back()
    assert walk.press(used="no").status_code == 200
    assert "A few more" in walk.page.text
    assert "Page 2 of 3" in walk.page.text
    walk.press()
    assert walk.press().status_code == 201
    assert kept(opened) == {
        key: text for key, text in GIVEN.items() if key not in ("aspects/staff", "stars", "mood", "advise")
    } | {"used": "no"}


def test_an_error_stands_beside_its_question_before_the_next_screen(walk: Walk) -> None:
    assert walk.press(services=["meals"]).status_code == 422
    assert 'href="#used"' in walk.page.text
    assert "Question 1: Please answer this question." in walk.page.text
    assert walk.fields().getlist("services") == ["meals"]
    assert walk.press(used="yes").status_code == 200
    assert walk.press(stars="2").status_code == 422
    assert 'href="#advise"' in walk.page.text
    assert walk.press(advise="0").status_code == 200


@pytest.mark.parametrize("lang", LANGUAGES)
def test_another_language_keeps_screen_and_answers(walk: Walk, lang: str) -> None:
    walk.press(**FIRST)
    assert walk.switch(lang, stars="3", advise="2").status_code == 200
    assert f'<html lang="{lang}">' in walk.page.text
    assert walk.fields().getlist("stars") == ["3"]
    assert walk.press().status_code == 200
    assert walk.fields().getlist("services") == ["meals", "health"]
    assert f'<html lang="{lang}">' in walk.page.text


def test_on_the_first_page_too(client: FlaskClient, opened: Opened) -> None:
    walk = Walk(client, f"/s/{opened.codes[0]}?lang=en")
    walk.switch("zh-Hant", **FIRST)
    assert walk.fields().getlist("services") == ["meals", "health"]
    assert walk.fields()["times"] == "１２ 次"


@pytest.mark.parametrize(
    ("screen", "answers", "words"),
    [
        (0, {"services": ["meals", "visits", "health"]}, "at most 2"),
        (0, {"services": ["meals", "none"]}, "“None of these” can only be chosen by itself."),
        (0, {"services": ["meals", "_cannot_say"]}, "keep only one"),
        (0, {"services": ["nosuch"]}, "Please choose one of the answers shown."),
        (0, {"times": "many"}, "number"),
        (0, {"times": "61"}, "between 0 and 60"),
        (0, {"times": "1.5"}, "whole number"),
        (0, {"times": ["3", "_cannot_say"]}, "keep only one"),
        (1, {"advise": "11"}, "Please choose one of the answers shown."),
        (1, {"stars": "6"}, "Please choose one of the answers shown."),
        (2, {"since": "May"}, "year, month, day"),
        (2, {"since": "2026-02-30"}, "year, month, day"),
        (2, {"since": "2027-01-01"}, "2026-12-31"),
        (2, {"matters__1": "kind", "matters__2": "kind"}, "each only once"),
        (2, {"matters__2": "kind"}, "from the first on"),
        (2, {"matters__1": "kind", "matters": "_cannot_say"}, "keep only one"),
        (2, {"station": "x" * 41}, "longer than 40 characters"),
    ],
)
def test_what_does_not_fit_is_said_in_words_and_kept(
    walk: Walk, screen: int, answers: dict[str, Any], words: str
) -> None:
    for given in (FIRST, SECOND)[:screen]:
        walk.press(**given)
    proper: dict[str, Any] = (FIRST, SECOND, THIRD)[screen]
    if screen == 2:
        proper = {}
    assert walk.press(**(proper | answers)).status_code == 422, words
    assert words in walk.page.text.split('class="x"')[1].split("</div>")[0]
    assert 'class="e"' in walk.page.text
    for name, given in answers.items():
        if isinstance(given, str) and name in ("times", "since", "station"):
            assert walk.fields()[name] == given


@pytest.mark.parametrize(
    ("typed", "read"), [("1,200", None), ("12", "12"), (" 7 times ", "7"), ("０", "0"), ("", None)]
)
def test_numbers_are_read_as_people_type_them(walk: Walk, opened: Opened, typed: str, read: str | None) -> None:
    status = walk.press(**FIRST | {"times": typed}).status_code
    if typed == "1,200":  # a thousand and more is too many here, but it is a number
        assert "between 0 and 60" in walk.page.text
        return
    assert status == 200
    walk.press(**SECOND)
    walk.press()
    walk.press()
    assert kept(opened).get("times") == read


@pytest.mark.parametrize("typed", ["2026-05-01", "2026/5/1", "2026.5.1", "20260501", "2026年05月01日", " 2026-5-1 "])
def test_dates_are_read_where_a_browser_has_no_field_for_them(walk: Walk, opened: Opened, typed: str) -> None:
    walk.press(**FIRST)
    walk.press(**SECOND)
    assert walk.press(since=typed).status_code == 200
    walk.press()
    assert kept(opened)["since"] == "2026-05-01"


def with_photo(walk: Walk, opened: Opened, content: bytes, lang: str = "en", **more: str) -> TestResponse:
    """What a browser sends of the page with a photo chosen in it."""
    chosen = FileStorage(io.BytesIO(content), "photo.jpg", "_photo/photo", "image/jpeg")
    fields = {**walk.fields().to_dict(flat=False), "_photo/photo": chosen, **more}
    boundary, body = encode_multipart(fields)
    kind = f"multipart/form-data; boundary={boundary}"
    walk.page = walk.client.post(f"/s/{opened.codes[0]}?lang={lang}", data=body, content_type=kind)
    return walk.page


def test_a_photo_is_sent_with_its_screen_and_kept_without_position(walk: Walk, opened: Opened) -> None:
    to_the_end(walk)
    assert 'enctype="multipart/form-data"' in walk.page.text
    sent = with_photo(walk, opened, pictures.with_position())
    assert sent.status_code == 201, sent.text
    [stored] = collection(PictureDocument).find({})
    assert kept(opened) == GIVEN | {"photo": stored["_id"]}
    assert not any(secret in stored["content"] for secret in pictures.SECRETS)


def test_a_photo_can_be_taken_out_again(walk: Walk, opened: Opened) -> None:
    to_the_end(walk)
    with_photo(walk, opened, pictures.with_position(), _switch="zh-Hans")
    assert "已经添加一张照片" in walk.page.text
    assert len(walk.fields()["photo"]) == 32
    assert walk.press(_remove="photo").status_code == 201
    assert "photo" not in kept(opened)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (pictures.NO_PICTURES["page"], "不是可以读取的照片"),
        (pictures.of_size(6_000_001), "照片超过6MB"),
        (pictures.of_size(12_000_000), "照片超过6MB"),
    ],
    ids=["none", "too large", "much too large"],
)
def test_a_photo_that_is_none_or_too_large_is_said_beside_its_question(
    walk: Walk, opened: Opened, content: bytes, words: str
) -> None:
    to_the_end(walk)
    assert with_photo(walk, opened, content, "zh-Hans").status_code == 422
    assert 'href="#photo"' in walk.page.text
    assert walk.page.text.count(words) == 2
    assert collection(PictureDocument).count_documents({}) == 0
    assert walk.press().status_code == 201
    assert kept(opened) == GIVEN


def test_far_too_much_is_413_in_the_readers_language(walk: Walk, opened: Opened) -> None:
    sent = with_photo(walk, opened, b"x" * 25_000_000, "zh-Hant")
    assert sent.status_code == 413
    assert '<html lang="zh-Hant">' in sent.text


def test_without_a_photo_question_a_form_stays_small(client: FlaskClient, app: Flask) -> None:
    opened = open_for_phones(app)
    assert with_photo(Walk(client, f"/s/{opened.codes[0]}"), opened, b"x" * 1_100_000).status_code == 413


def test_a_form_that_says_nothing_of_its_screen_is_taken_as_the_whole_answer(
    client: FlaskClient, opened: Opened
) -> None:
    walk = Walk(client, f"/s/{opened.codes[0]}?lang=en")
    assert walk.press(_screen=None, used="no").status_code == 201


def test_a_campaign_that_closes_meanwhile_says_so_at_once(walk: Walk, opened: Opened) -> None:
    walk.press(**FIRST)
    seals.finalise(opened.id)
    campaigns.forget_views()
    assert walk.press(**SECOND).status_code == 410
