"""The phone page over HTTP: what it says, what it accepts once, and what it answers to everything else."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from database import every_document
from every_kind import definition
from factories import EVALUATOR, LANGUAGES, issue
from phones import NOTICE, hidden, open_for_phones, receipt
from werkzeug.datastructures import MultiDict

from service.domain.collect import questionnaires
from service.domain.collect import tickets as ticket_rules
from service.operations.collect import campaigns, seals
from service.web.pages import sheet as sheets

OVERALL = {"overall": "5", "aspects/attitude": "4", "facts/place": "yes", "wish": "谢谢"}
# The promises of design section 4, by a word of each that no other sentence of the page has.
PROMISES = {
    "zh-Hans": ("核对填写资格", "再也看不出", "操作日志", "凭回执号", "期末评估", "不影响您享受服务", "只有评估机构"),
    "zh-Hant": ("核對填寫資格", "再也看不出", "操作日誌", "憑回執號", "期末評估", "不影響您享受服務", "只有評估機構"),
    "en": (
        "only checked",
        "no record of ours tells which answers came with which code",
        "operation log",
        "withdraw your",
        "closing evaluation",
        "does not depend",
        "Only",
    ),
}


def counted(campaign):
    seals.seal(campaign)
    tally, _ = seals.read(campaign)
    return sum(counts["n"] for counts in tally.values())


def post(client, code, answers, lang="en", **changed):
    """What a browser sends after it has opened the page."""
    page = client.get(f"/s/{code}?lang={lang}").text
    return client.post(f"/s/{code}?lang={lang}", data=hidden(page) | answers | changed)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_who_asks_what_for_and_what_is_promised(app, client, lang):
    opened = open_for_phones(app)
    page = client.get(f"/s/{opened.codes[0]}", headers={"Accept-Language": lang})
    assert page.status_code == 200
    assert f'<html lang="{lang}">' in page.text
    for fact in ("authority", "evaluator", "purpose", "retention", "complaints"):
        assert NOTICE[fact][lang] in page.text
    assert 'href="tel:020-12345678"' in page.text
    for promise in PROMISES[lang]:
        assert promise in page.text


def test_every_question_of_every_kind_is_there_with_its_label(app, client):
    opened = open_for_phones(app)
    text = client.get(f"/s/{opened.codes[0]}?lang=zh-Hans").text
    questionnaire = campaigns.view(opened.id).questionnaire
    for question in questionnaire.questions:
        assert question.label["zh-Hans"] in text
        for item in question.items:
            values = re.findall(rf'name="{item.id}" value="([^"]*)"', text)
            assert tuple(values) == item.codes + (("_cannot_say",) if item.cannot_say else ())
    assert text.count("（必答）") == 1
    assert text.count("（选答）") == len(questionnaire.questions) - 1
    assert '<textarea id="wish" name="wish"' in text


def test_opening_the_page_creates_and_spends_nothing(app, client):
    opened = open_for_phones(app)
    before = every_document()
    for _ in range(3):
        assert client.get(f"/s/{opened.codes[0]}").status_code == 200
    assert client.head(f"/s/{opened.codes[0]}").status_code == 200
    assert every_document() == before


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_is_small(app, client, lang):
    opened = open_for_phones(app)
    address = f"/s/{opened.codes[0]}?lang={lang}"
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(campaigns.view(opened.id).questionnaire.questions) == 10
    assert len(gzip.decompress(packed.data)) == pytest.approx(len(plain.data), abs=50)
    assert len(plain.data) <= 20_000
    assert len(packed.data) <= 6_000


def test_the_page_loads_nothing_and_its_style_is_allowed_by_the_policy(app, client):
    opened = open_for_phones(app)
    page = client.get(f"/s/{opened.codes[0]}")
    assert not re.findall(r'src=|url\(|@import|<link(?! rel="icon" href="data:,")| on[a-z]+=', page.text)
    nonce = re.search(r'<style nonce="([^"]+)"', page.text)[1]
    assert re.findall("<script[^>]*>", page.text) == [f'<script nonce="{nonce}">']
    policy = dict(part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == policy["style-src"] == f"'self' 'nonce-{nonce}'"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in page.headers


def test_answers_are_accepted_once_and_a_repeat_shows_the_same_receipt(app, client):
    opened = open_for_phones(app)
    form = hidden(client.get(f"/s/{opened.codes[0]}").text) | OVERALL
    first = client.post(f"/s/{opened.codes[0]}?lang=en", data=form)
    again = client.post(f"/s/{opened.codes[0]}?lang=en", data=form)
    assert (first.status_code, again.status_code) == (201, 200)
    assert receipt(first.text) == receipt(again.text)
    assert NOTICE["complaints"]["en"] in first.text
    assert 'href="tel:020-12345678"' in first.text
    assert counted(opened.id) == 1
    sealed = client.post(f"/s/{opened.codes[0]}?lang=en", data=form)
    assert (sealed.status_code, receipt(sealed.text)) == (200, receipt(first.text))


def test_other_answers_under_the_same_id_are_not_taken(app, client):
    opened = open_for_phones(app)
    form = hidden(client.get(f"/s/{opened.codes[0]}").text) | OVERALL
    client.post(f"/s/{opened.codes[0]}?lang=en", data=form)
    other = client.post(f"/s/{opened.codes[0]}?lang=en", data=form | {"overall": "1"})
    assert other.status_code == 409
    assert "sent first" in other.text
    assert counted(opened.id) == 1


def test_a_spent_code_says_so_to_who_sends_whole_answers_and_to_nobody_else(app, client):
    """Whoever printed the slips must not be able to watch which of them have been used."""
    opened = open_for_phones(app)
    fresh = client.get(f"/s/{opened.codes[0]}?lang=en")
    assert post(client, opened.codes[0], OVERALL).status_code == 201
    for _ in range(2):  # live; then sealed: only a guard is left, and it says the same
        again = client.get(f"/s/{opened.codes[0]}?lang=en")
        assert (again.status_code, visible(again.text)) == (200, visible(fresh.text))
        assert client.post(f"/s/{opened.codes[0]}?lang=en", data=hidden(again.text)).status_code == 422
        page = client.post(f"/s/{opened.codes[0]}?lang=en", data=hidden(again.text) | OVERALL)
        assert page.status_code == 410
        assert "already been used" in page.text
        assert "020-1234 5678" in page.text
        assert counted(opened.id) == 1


def visible(text: str) -> str:
    """A page without what is fresh in each: nonce, submission id, start time."""
    return re.sub(r'(nonce|value)="[^"]*"', "", text)


def test_a_poster_takes_many_answers(app, client):
    opened = open_for_phones(app, kind="poster")
    assert [post(client, opened.codes[0], OVERALL).status_code for _ in range(3)] == [201] * 3
    assert counted(opened.id) == 3


def test_a_closed_campaign_says_so_with_the_official_phone(app, client):
    opened = open_for_phones(app)
    form = hidden(client.get(f"/s/{opened.codes[0]}").text) | OVERALL
    version = campaigns.get(EVALUATOR, opened.id).version
    campaigns.change_state(EVALUATOR, datetime.now(UTC), opened.id, "final", version)
    for page in (client.get(f"/s/{opened.codes[0]}?lang=en"), client.post(f"/s/{opened.codes[0]}?lang=en", data=form)):
        assert page.status_code == 410
        assert "This survey is closed." in page.text
        assert "020-1234 5678" in page.text


def typed(code):
    return [code.lower(), ticket_rules.grouped(code), f" {code[:6]} {code[6:]} ".lower(), code.translate(WIDE)]


WIDE = {ord(char): ord(char) + 0xFEE0 for char in ticket_rules.ALPHABET}


def test_a_code_is_taken_however_it_was_typed(app, client):
    opened = open_for_phones(app)
    assert all('<form method="post"' in client.get(path).text for path in ("/s", "/withdraw"))
    for variant in typed(opened.codes[0]):
        page = client.get(f"/s/{quote(variant)}")
        assert page.status_code == 200, variant
        assert f'action="/s/{opened.codes[0]}?' in page.text
        sent = client.post("/s", data={"code": variant})
        assert (sent.status_code, sent.headers["Location"]) == (303, f"/s/{opened.codes[0]}")


def test_a_wrong_check_character_asks_to_check_the_code(app, client):
    opened = open_for_phones(app)
    code = opened.codes[0]
    wrong = code[:-1] + next(char for char in ticket_rules.ALPHABET if char != code[-1])
    for page in (
        client.get(f"/s/{wrong}?lang=en"),
        client.post("/s?lang=en", data={"code": wrong}),
        client.post(f"/s/{wrong}?lang=en", data=OVERALL),
    ):
        assert page.status_code == 404
        assert "Please check the code" in page.text
        assert f'value="{wrong}"' in page.text


def test_an_unknown_code_is_404(app, client):
    opened = open_for_phones(app)
    unknown = ticket_rules.new_code("slip", lambda limit: 7)
    assert unknown not in opened.codes
    page = client.get(f"/s/{unknown}?lang=en")
    assert page.status_code == 404
    assert "not known" in page.text


def test_only_the_languages_of_the_campaign_are_offered(app, client):
    opened = open_for_phones(app, languages=("zh-Hans", "en"))
    page = client.get(f"/s/{opened.codes[0]}", headers={"Accept-Language": "zh-TW"})
    assert '<html lang="zh-Hans">' in page.text
    assert "繁體中文" not in page.text
    assert 'name="_switch" value="en"' in page.text


def test_the_time_taken_is_signed_and_a_forged_one_counts_as_unknown(app):
    keys = app.extensions["minyi.keys"]
    sheet = sheets.blank(keys)
    later = datetime.now(UTC) + timedelta(seconds=90)
    form, asked = MultiDict({"_id": sheet.id, "_started": sheet.started, "q": "1"}), questionnaires.parse(definition())
    assert sheets.submission(form, asked, "en", keys, later, "own_phone").duration_s == pytest.approx(90, abs=2)
    other = sheets.blank(keys)
    moved = chr(ord(sheet.started[1]) ^ 1)
    for id, started in (
        (sheet.id, ""),
        (sheet.id, "nonsense"),
        (sheet.id, sheet.started[:1] + moved + sheet.started[2:]),
        (other.id, sheet.started),
        ("", sheet.started),
    ):
        forged = MultiDict({"_id": id, "_started": started, "q": "1"})
        assert sheets.submission(forged, asked, "en", keys, later, "own_phone").duration_s is None


def test_a_missing_start_is_accepted(app, client):
    opened = open_for_phones(app)
    assert post(client, opened.codes[0], OVERALL, _started="").status_code == 201


def test_withdrawing_takes_the_answers_out_and_a_repeat_says_the_same(app, client):
    opened = open_for_phones(app, 2)
    given = [receipt(post(client, code, OVERALL).text) for code in opened.codes]
    assert counted(opened.id) == 2
    for typed_receipt in (given[0].lower().replace(" ", "-"), given[0]):
        page = client.post("/withdraw?lang=en", data={"receipt": typed_receipt})
        assert page.status_code == 200
        assert "have been withdrawn" in page.text
    assert counted(opened.id) == 1


def test_an_unknown_receipt_is_asked_for_again(app, client):
    opened = open_for_phones(app)
    given = receipt(post(client, opened.codes[0], OVERALL).text)
    for wrong in ("", "?", given[:-1], given[:-1] + ("2" if given[-1] != "2" else "3"), "AAAAAA" + given[6:]):
        page = client.post("/withdraw?lang=en", data={"receipt": wrong})
        assert page.status_code == 404, wrong
        assert "Please check it" in page.text
    assert counted(opened.id) == 1


def test_a_batch_made_later_works_too(app, client):
    opened = open_for_phones(app)
    (code,) = issue(opened, 1)
    assert post(client, code, OVERALL).status_code == 201


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_helpers_page_says_what_it_is_and_its_answers_are_counted_apart(app, client, lang):
    opened = open_for_phones(app)
    address = re.search(r'href="(\?helper=1[^"]*)"', client.get(f"/s/{opened.codes[0]}?lang={lang}").text)[1]
    page = client.get(f"/s/{opened.codes[0]}{address.replace('&amp;', '&')}")
    word = {"zh-Hans": "不作任何提示", "zh-Hant": "不作任何提示", "en": "suggest nothing"}[lang]
    assert word in page.text
    assert f'<html lang="{lang}">' in page.text
    action = re.search(r'action="([^"]*)"', page.text)[1].replace("&amp;", "&")
    assert client.post(action, data=hidden(page.text) | OVERALL).status_code == 201
    [cell] = seals.read(opened.id)[0]
    assert (cell.mode, cell.assistance, cell.language) == ("staff_assisted", "service_staff", lang)
