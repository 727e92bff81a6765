"""The shared tablet in a real browser: set up at the desk, one person after the other, and what going back shows."""

from collections.abc import Iterator

import pytest
from browsers import chromium, overflow, phone, serving, too_small, typed, violations
from demo_round import PASSWORD, make_people
from flask import Flask
from phones import open_for_phones
from playwright.sync_api import Browser, Page, expect

from service.operations.collect import seals

SECRET = "the wish of the first person"
# language -> (very satisfied, send)
WORDS = {"zh-Hans": ("非常满意", "提交"), "zh-Hant": ("非常滿意", "提交"), "en": ("Very satisfied", "Send")}
TABLET = {"viewport": {"width": 810, "height": 1080}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


def set_up(page: Page, address: str) -> None:
    page.goto(f"{address}/desk/campaigns/phones/tablet?lang=en")
    page.get_by_label("User name").fill("evaluator")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Where this device stands").select_option("east")
    page.get_by_role("button", name="Make this device a tablet").click()
    expect(page.locator("#code")).to_be_focused()


def enter(page: Page, code: str) -> None:
    """As a scanner does, which types at once, into the field that has the focus."""
    field = page.locator("#code")
    expect(field).to_be_focused()
    typed(page, field, code)
    page.keyboard.press("Enter")
    expect(page.locator("#wish")).to_be_visible()


def answer(page: Page, code: str, wish: str) -> None:
    enter(page, code)
    page.get_by_role("group", name="4.").get_by_text("Very satisfied", exact=True).click()
    page.locator("#wish").fill(wish)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your answers have arrived.")


@pytest.mark.parametrize("script", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_going_back_shows_no_answers_of_the_one_before(
    app: Flask, address: str, browser: Browser, script: bool
) -> None:
    opened = open_for_phones(app, 2)
    make_people()
    with phone(browser, "en", 810, java_script_enabled=script, **TABLET) as page:
        set_up(page, address)
        answer(page, opened.codes[0], SECRET)
        page.get_by_role("button", name="Done: next person").click()
        expect(page.get_by_label("Code")).to_have_value("")
        seen = []
        for _ in range(8):
            if page.go_back() is None and page.url == "about:blank":
                break
            seen.append(page.url)
            assert SECRET not in page.content()
            assert page.locator("#wish").count() == 0
            assert page.locator(".r").count() == 0, "a receipt of somebody else"
            assert opened.codes[0] not in page.url
        assert seen
        page.goto(f"{address}/tablet?lang=en")
        answer(page, opened.codes[1], "another one")
    tally, _ = seals.read(opened.id)
    assert [(cell.mode, counts["n"]) for cell, counts in tally.items()] == [("shared_tablet", 2)]


@pytest.mark.parametrize("language", ["zh-Hans", "en", pytest.param("zh-Hant", marks=pytest.mark.long)])
def test_the_tablets_pages_are_accessible_and_fit(app: Flask, address: str, browser: Browser, language: str) -> None:
    opened = open_for_phones(app, 1)
    make_people()
    satisfied, send = WORDS[language]
    with phone(browser, language, 320, java_script_enabled=True) as page:
        set_up(page, address)
        page.goto(f"{address}/tablet?lang={language}")
        assert page.locator("html").get_attribute("lang") == language
        fits(page, language)
        enter(page, opened.codes[0])
        fits(page, language)
        page.get_by_role("group", name="4.").get_by_text(satisfied, exact=True).click()
        page.get_by_role("button", name=send).click()
        expect(page.locator(".r")).to_be_visible()
        fits(page, language)


def fits(page: Page, language: str) -> None:
    """On a tablet and on a phone; each page's colours are looked at in one language."""
    for width in (810, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert too_small(page) == []
        assert overflow(page) <= 0
        if width == 320 or language == "en":
            assert violations(page, colours=(language, width) == ("en", 320)) == []


def test_the_thanks_go_away_by_themselves(app: Flask, address: str, browser: Browser, monkeypatch) -> None:
    monkeypatch.setattr("service.web.pages.tablet.THANKS_SECONDS", 1)
    opened = open_for_phones(app, 1)
    make_people()
    with phone(browser, "en", 810, **TABLET) as page:
        set_up(page, address)
        enter(page, opened.codes[0])
        page.get_by_role("group", name="4.").get_by_text("Very satisfied", exact=True).click()
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_label("Code")).to_have_value("")
        assert page.url == f"{address}/tablet"
