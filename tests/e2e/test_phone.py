"""The phone page in a real browser: from code to receipt, small screens, large text, dark colours, no JavaScript."""

from collections.abc import Iterator

import phones
import pytest
from browsers import ABOUT_COLOURS, chromium, next_page, overflow, painted, phone, serving, too_small, violations
from flask import Flask
from phones import open_for_phones
from playwright.sync_api import Browser, Page, expect

from service.operations.collect import responses, seals

# language -> (very satisfied, an aspect, send, thank you, error of a question left out)
WORDS = {
    "zh-Hans": ("非常满意", "工作人员的态度", "提交", "谢谢您，答案已收到。", "请回答这道题。"),
    "zh-Hant": ("非常滿意", "工作人員的態度", "提交", "謝謝您，答案已收到。", "請回答這道題。"),
    "en": (
        "Very satisfied",
        "How the staff treat you",
        "Send",
        "Thank you. Your answers have arrived.",
        "Please answer",
    ),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


def answer(page: Page, language: str, send: bool = True) -> None:
    """What a person does: a tap on the overall answer, one aspect, a few words."""
    satisfied, aspect, button, _, _ = WORDS[language]
    page.get_by_role("group", name="4.").get_by_text(satisfied, exact=True).click()
    page.get_by_role("group", name=aspect).get_by_text(satisfied, exact=True).click()
    page.locator("#wish").fill("多搞活动，谢谢")
    if send:
        with next_page(page):  # what looks at the page next must not see the one that is leaving
            page.get_by_role("button", name=button).click()


@pytest.mark.parametrize("language", WORDS)
def test_from_code_to_receipt_without_javascript(app, address, browser, language):
    opened = open_for_phones(app)
    requests: list[str] = []
    with phone(browser, language) as page:
        page.on("request", lambda request: requests.append(request.url))
        page.goto(f"{address}/s/{opened.codes[0].lower()}")
        assert len(requests) == 1
        assert page.locator("html").get_attribute("lang") == language
        answer(page, language)
        expect(page.get_by_role("heading", level=1)).to_have_text(WORDS[language][3])
        assert len(requests) == 2
        receipt = page.locator(".r").inner_text()
    assert counted(opened.id) == 1
    responses.withdraw(receipt)
    assert counted(opened.id) == 0


def counted(campaign: str) -> int:
    seals.seal(campaign)
    tally, _ = seals.read(campaign)
    return sum(counts["n"] for counts in tally.values())


@pytest.mark.parametrize("language", WORDS)
def test_a_question_left_out_is_asked_again_with_the_answers_kept(app, address, browser, language):
    opened = open_for_phones(app)
    satisfied, aspect, button, thanks, error = WORDS[language]
    with phone(browser, language) as page:
        page.goto(f"{address}/s/{opened.codes[0]}")
        page.locator("#wish").fill("多搞活动")
        page.get_by_role("group", name=aspect).get_by_text(satisfied, exact=True).click()
        page.get_by_role("button", name=button).click()
        summary = page.get_by_role("alert")
        expect(summary).to_be_focused()
        painted(page)
        page.keyboard.press("Tab")
        link = summary.get_by_role("link")
        expect(link).to_contain_text(error)
        expect(link).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#overall")).to_be_in_viewport()
        expect(page.locator("#overall")).to_be_focused()
        page.keyboard.press("Space")
        expect(page.locator("#overall")).to_be_checked()
        expect(page.locator("#wish")).to_have_value("多搞活动")
        expect(page.locator('[id="aspects/attitude"]')).to_be_checked()
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(thanks)


def test_the_language_can_be_changed_on_an_error_page_without_losing_answers(app, address, browser):
    opened = open_for_phones(app)
    with phone(browser, "zh-Hans") as page:
        page.goto(f"{address}/s/{opened.codes[0]}")
        page.locator("#wish").fill("多搞活动")
        page.get_by_role("button", name="提交").click()
        with next_page(page):
            page.get_by_role("button", name="English").click()
        assert page.locator("html").get_attribute("lang") == "en"
        expect(page.locator("#wish")).to_have_value("多搞活动")
        answer(page, "en")
        expect(page.get_by_role("heading", level=1)).to_have_text(WORDS["en"][3])


def test_a_code_typed_by_hand_leads_to_its_page(app, address, browser):
    opened = open_for_phones(app)
    code = opened.codes[0]
    with phone(browser) as page:
        page.goto(f"{address}/s")
        page.locator("#code").fill(code[:-1] + ("A" if code[-1] != "A" else "B"))
        page.get_by_role("button", name="继续").click()
        expect(page.get_by_role("alert")).to_contain_text("请检查问卷码")
        expect(page.locator("#code")).to_be_focused()
        page.locator("#code").fill(f" {code[:4].lower()} {code[4:8]}-{code[8:]}")
        page.get_by_role("button", name="继续").click()
        expect(page.locator("#overall")).to_be_visible()
        assert page.url == f"{address}/s/{code}"


def every_page(page: Page, address: str, code: str, language: str) -> Iterator[str]:
    """Goes through all pages of the phone; yields the name of each one."""
    button = WORDS[language][2]
    page.goto(f"{address}/s/{code}")
    yield "form"
    with next_page(page):
        page.get_by_role("button", name=button).click()
    yield "errors"
    page.locator("summary").click()
    yield "errors, notice open"
    answer(page, language)
    yield "thanks"
    page.goto(f"{address}/s/{code}")
    answer(page, language)
    yield "spent"
    page.goto(f"{address}/s/2222")
    yield "wrong code"
    page.goto(f"{address}/withdraw")
    yield "withdraw"
    page.goto(f"{address}/nowhere")
    yield "nowhere"


# What axe and the measures look at: pages differ by the length of their words, which the two ways of writing share.
LOOKED_AT = ["zh-Hans", "en", pytest.param("zh-Hant", marks=pytest.mark.long)]
SMALL = [(320, 1), (360, 1), (360, 2)]  # width (px), size of the letters


@pytest.mark.parametrize("language", LOOKED_AT)
def test_axe_finds_nothing_nothing_is_too_small_and_nothing_sticks_out(app, address, browser, language):
    opened, looked = open_for_phones(app), []
    with phone(browser, language, 320, java_script_enabled=True, bypass_csp=True) as page:
        for name in every_page(page, address, opened.codes[0], language):
            assert violations(page, colours=language == "zh-Hans", stricter=True) == [], name
            for width, zoom in SMALL:
                page.set_viewport_size({"width": width, "height": 720})
                page.evaluate("zoom => document.documentElement.style.fontSize = `${zoom * 100}%`", zoom)
                assert too_small(page) == [], (name, width, zoom)
                assert overflow(page) <= 0, (name, width, zoom)
            page.evaluate("() => { document.documentElement.style.fontSize = '' }")
            page.set_viewport_size({"width": 320, "height": 720})
            looked.append(name)
    assert len(looked) == 8


def test_axe_finds_no_dark_colours_that_are_hard_to_read(app, address, browser):
    opened = open_for_phones(app)
    more = {"java_script_enabled": True, "bypass_csp": True, "color_scheme": "dark"}
    with phone(browser, "zh-Hans", 320, **more) as page:
        for name in every_page(page, address, opened.codes[0], "zh-Hans"):
            assert violations(page, stricter=True, **ABOUT_COLOURS) == [], name


@pytest.mark.long
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("language", WORDS)
def test_axe_finds_nothing_in_any_language_and_colours(app, address, browser, language, colours):
    opened = open_for_phones(app)
    more = {"java_script_enabled": True, "bypass_csp": True, "color_scheme": colours}
    with phone(browser, language, 320, **more) as page:
        for name in every_page(page, address, opened.codes[0], language):
            assert violations(page, stricter=True) == [], name


def test_the_page_needs_no_other_address_and_sets_no_cookie(app, address, browser):
    opened = open_for_phones(app)
    with phone(browser, java_script_enabled=True) as page:
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}/s/{opened.codes[0]}", wait_until="networkidle")
        assert complaints == []
        assert page.context.cookies() == []
        assert page.evaluate("() => performance.getEntriesByType('resource').length") == 0
        links = page.locator("a").evaluate_all("links => links.map(link => new URL(link.href).protocol)")
        assert set(links) <= {"http:", "tel:"}
        assert phones.hidden(page.content()).keys() == {"_id", "_started", "_size"}
