"""Forms that somebody has changed, overfilled or filled with what does not belong there: a page, answers kept."""

import re

import pytest
from phones import hidden, open_for_phones, receipt
from werkzeug.datastructures import MultiDict

from service.operations.collect import seals
from service.store.collect import ledger

GOOD = {"overall": "5", "aspects/skill": "3", "wish": "kept words"}


@pytest.fixture
def opened(app):
    return open_for_phones(app)


@pytest.fixture
def send(client, opened):
    """Sends the form with these fields over the hidden ones."""
    page = client.get(f"/s/{opened.codes[0]}?lang=en").text

    def post(fields, lang="en", **options):
        return client.post(f"/s/{opened.codes[0]}?lang={lang}", data=hidden(page) | fields, **options)

    return post


def nothing_counted(opened):
    seals.seal(opened.id)
    return sum(counts["n"] for counts in seals.read(opened.id)[0].values()) == 0


def check_again(page, target):
    """A 422 page whose summary leads to `target`, with the answers of GOOD kept."""
    assert page.status_code == 422
    assert page.text.index('role="alert"') < page.text.index("<form")
    assert f'href="#{target}"' in page.text
    assert f'id="{target}"' in page.text
    assert "<title>Error: " in page.text


@pytest.mark.parametrize(
    ("fields", "target", "words"),
    [
        ({"overall": ""}, "overall", "Please answer this question."),
        ({"overall": "6"}, "overall", "Please choose one of the answers shown."),
        ({"overall": "<script>alert(1)</script>"}, "overall", "Please choose one of the answers shown."),
        ({"overall": ["5", "4"]}, "overall", "Please choose one of the answers shown."),
        ({"domain": "_cannot_say"}, "domain", "Please choose one of the answers shown."),
        ({"aspects/timing": "9"}, "aspects/timing", "Please choose one of the answers shown."),
        ({"aspects/nosuch": "5"}, "aspects/attitude", "Please choose one of the answers shown."),
        ({"aspects": "5"}, "aspects/attitude", "Please choose one of the answers shown."),
        ({"nosuch": "5"}, "domain", "Please choose one of the answers shown."),
        ({"nosuch/row.a": "5", "no.such": "1"}, "domain", "Please choose one of the answers shown."),
        ({"wish/row": "5"}, "wish", "Please choose one of the answers shown."),
        ({"wish": "x" * 501}, "wish", "This is longer than 500 characters."),
        ({"wish": "x" * 20_000}, "wish", "This is longer than 500 characters."),
    ],
)
def test_a_fault_stands_beside_its_question_and_the_other_answers_are_kept(send, opened, fields, target, words):
    page = send(GOOD | fields)
    check_again(page, target)
    assert page.text.count(words) >= (2 if target in fields else 1)
    if "aspects" not in fields and "aspects/skill" not in fields:
        assert 'name="aspects/skill" value="3" checked' in page.text
    if "wish" not in fields:
        assert "kept words</textarea>" in page.text
    if "overall" not in fields:
        assert re.search('name="overall" value="5"[^>]* checked', page.text)
    assert page.text.count("<script") == 1  # our own
    assert nothing_counted(opened)


def test_a_text_that_is_too_long_is_kept_to_be_shortened(send):
    assert "x" * 501 + "</textarea>" in send(GOOD | {"wish": "x" * 501}).text


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\x7f", "\u202e", "\u2066"])
def test_invisible_characters_are_taken_out_of_what_is_shown_again(send, opened, char):
    page = send(GOOD | {"wish": f"a{char}b"})
    check_again(page, "wish")
    assert "invisible characters" in page.text
    assert "ab</textarea>" in page.text
    assert char not in page.text
    again = send(GOOD | hidden(page.text) | {"wish": "ab"})
    assert again.status_code == 201


def test_line_breaks_are_no_invisible_characters(send):
    assert send(GOOD | {"wish": "one\r\ntwo\tthree"}).status_code == 201


def test_an_empty_form_is_not_an_answer(client, app):
    housing = open_for_phones(app, questionnaire="copenhagen-housing")
    page = client.post(f"/s/{housing.codes[0]}?lang=en", data={})
    check_again(page, "satisfaction")


@pytest.mark.parametrize("id", ["", "short", "x" * 65, "with space in it", "ümlaut-ümlaut"])
def test_a_form_without_a_proper_id_gets_a_fresh_one(send, opened, id):
    page = send(GOOD | {"_id": id})
    check_again(page, "domain")
    assert "Please send it once more." in page.text
    fresh = hidden(page.text)
    assert fresh["_id"] != id
    assert send(GOOD | fresh).status_code == 201


def test_a_language_that_is_not_offered_falls_back(send):
    assert send(GOOD, lang="xx").status_code == 201


@pytest.mark.parametrize("path", ["/s/{code}?lang=zh-Hant", "/s?lang=zh-Hant", "/withdraw?lang=zh-Hant"])
def test_an_oversized_form_is_413_in_the_readers_language(client, opened, path):
    page = client.post(path.format(code=opened.codes[0]), data={"wish": "x" * 1_100_000})
    assert page.status_code == 413
    assert '<html lang="zh-Hant">' in page.text
    assert "請返回上一頁，把文字寫短一些" in page.text
    assert nothing_counted(opened)


def test_a_form_of_too_many_fields_is_413(client, opened):
    fields = MultiDict([(f"f{number}", "1") for number in range(2500)])
    page = client.post(f"/s/{opened.codes[0]}?lang=en", data=fields, content_type="multipart/form-data")
    assert page.status_code == 413


@pytest.mark.parametrize("type", ["application/json", "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_that_is_no_form_is_asked_for_again(client, opened, type):
    page = client.post(f"/s/{opened.codes[0]}?lang=en", data=b'{"overall": \xff%%&&==;', content_type=type)
    assert page.status_code == 422
    assert nothing_counted(opened)


@pytest.mark.parametrize("code", ["%00", "%F0%9F%98%80", "x" * 5000, "..", "%E2%80%AE" * 12, "<b>"])
def test_a_code_of_anything_is_asked_for_again(client, opened, code):
    page = client.get(f"/s/{code}?lang=en")
    assert page.status_code == 404
    assert "Please check the code" in page.text
    assert "<b>" not in page.text.split("<h1>")[1]


def test_answers_stay_on_the_page_while_a_campaign_is_being_closed_and_the_repeat_gets_its_receipt(send, opened):
    assert ledger.change({"_id": opened.id, "state": "open"}, {"state": "closing"})
    page = send(GOOD)
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "2"
    assert "Please press “Send” again." in page.text
    assert "kept words</textarea>" in page.text
    seals.finalise(opened.id)  # what had come in before the end is counted
    again = send(GOOD | hidden(page.text))
    assert again.status_code == 200
    assert receipt(again.text)
    assert not nothing_counted(opened)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused_in_html(client, opened, method):
    page = getattr(client, method)(f"/s/{opened.codes[0]}", headers={"Accept-Language": "en"})
    assert page.status_code == 405
    assert page.mimetype == "text/html"
    assert "cannot be used in this way" in page.text
