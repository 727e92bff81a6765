"""From a template to a published version in a real browser: an evaluator without JavaScript, in Chinese and English."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from accounts import token_of
from browsers import chromium, overflow, serving, violations
from factories import EVALUATOR, NOW, make_project
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from service.operations.collect import drafts
from service.web.auth import COOKIE

LIST = "/desk/questionnaires"
WORDS = {
    "zh-Hans": {
        "begin": "新建草稿",
        "try": "试答",
        "send": "提交",
        "publish": "发布第1版",
        "tried": "已试答1份",
        "change": "在这个版本的基础上修改",
        "compare": "与ours@1相比的改动",
        "save": "保存",
        "faults": "有1处问题",
    },
    "en": {
        "begin": "Begin a draft",
        "try": "Try it out",
        "send": "Send",
        "publish": "Publish version 1",
        "tried": "Tried out, test answers: 1",
        "change": "Begin a change of this version",
        "compare": "What changed since ours@1",
        "save": "Save",
        "faults": "Faults: 1",
    },
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@contextmanager
def at_desk(browser: Browser, address: str, language: str, scripts: bool) -> Iterator[Page]:
    size = {"width": 1280, "height": 900}
    context = browser.new_context(locale=language, viewport=size, java_script_enabled=scripts)  # type: ignore[arg-type]
    cookie = {"name": COOKIE, "value": token_of("evaluator"), "url": f"{address}/desk"}
    context.add_cookies([cookie])  # type: ignore[list-item]
    yield context.new_page()
    context.close()


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def follow(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=True).first.click()


def open_text(page: Page) -> None:
    page.locator("#text-view > summary").click()


def checked(page: Page, scripts: bool) -> None:
    """No page is wider than its window on a wide and a narrow screen; axe finds nothing where scripts run."""
    if not scripts:
        return
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) <= 0, (page.url, width)
        assert violations(page, colours=width == 360) == [], (page.url, width)
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize(("language", "scripts"), [("zh-Hans", False), ("en", True)])
def test_from_a_template_to_a_published_version_and_a_compared_change(
    app: Flask, browser: Browser, language: str, scripts: bool
) -> None:
    make_project()
    words = WORDS[language]

    with serving(app) as address, at_desk(browser, address, language, scripts) as page:
        page.goto(f"{address}{LIST}")
        checked(page, scripts)
        page.locator("#template").select_option("recipients")
        page.locator("#id").fill("ours")
        press(page, words["begin"])
        open_text(page)
        text = page.locator("#text").input_value()
        page.locator("#text").fill(text.replace("kind: single", "kind: singel", 1))
        press(page, words["save"])
        expect(page.locator("#faults")).to_contain_text(words["faults"])
        expect(page.locator("#faults")).to_contain_text("questions.")
        checked(page, scripts)
        open_text(page)
        page.locator("#text").fill(text)
        press(page, words["save"])
        follow(page, words["try"])
        checked(page, scripts)
        for question in page.locator("fieldset:not(:has(fieldset))").all():
            question.locator("label.o").first.click()
        press(page, words["send"])
        expect(page.locator(".lead")).to_contain_text(words["tried"])
        checked(page, scripts)
        press(page, words["publish"])
        assert page.url == f"{address}{LIST}/ours@1"
        checked(page, scripts)
        press(page, words["change"])
        open_text(page)
        text = page.locator("#text").input_value()
        page.locator("#text").fill(text.replace("满意", "称心"))
        press(page, words["save"])
        follow(page, words["compare"])
        expect(page.locator("#t-changes")).to_be_visible()
        expect(page.locator("main")).to_contain_text("称心")
        checked(page, scripts)
        follow(page, "ours")
        drafts.change(EVALUATOR, NOW, "ours", text, 2)  # a colleague, meanwhile
        open_text(page)
        page.locator("#text").fill(text + "# mine\n")
        press(page, words["save"])
        expect(page.locator("td.now").last).to_contain_text("# mine")
        expect(page.locator("#theirs")).to_have_value(text)
        checked(page, scripts)
        page.goto(f"{address}{LIST}")
        checked(page, scripts)
