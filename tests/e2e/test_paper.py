"""Typing paper in with the keyboard alone, in a real browser, with JavaScript and without."""

from collections.abc import Iterator

import pytest
from browsers import chromium, overflow, serving, typed, violations
from demo_round import PASSWORD, make_people
from flask import Flask
from phones import open_for_phones
from playwright.sync_api import Browser, Page, expect

from service.operations.collect import seals


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


def enter(page: Page, name: str, text: str) -> None:
    """Type into the field that has the focus, and go on."""
    field = page.locator(f'[id="{name}"]')
    expect(field).to_be_focused()
    typed(page, field, text)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("script", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_two_sheets_with_the_keyboard_alone(app: Flask, address: str, browser: Browser, script: bool) -> None:
    opened = open_for_phones(app, 2)
    make_people()
    context = browser.new_context(locale="zh-Hans", java_script_enabled=script, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{address}/desk/campaigns/phones/paper")
    page.locator("#username").fill("evaluator")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#_code")).to_be_focused()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    for place, code in enumerate(opened.codes):
        fields = page.locator("#paper input:not([type=hidden])").evaluate_all("all => all.map(one => one.id)")
        fields = [name for name in fields if not name.startswith("_")]
        enter(page, "_code", code)
        for name in fields:
            enter(page, name, "9" if name == "overall" and place else "2" if name == "overall" else "-")
            if name == "overall" and place and not script:  # at once; with JavaScript at the end
                break
        if place:
            expect(page.locator("#overall")).to_be_focused()
            expect(page.locator('[id="e-overall"]')).to_be_visible()
            if script:
                assert violations(page) == []
                assert overflow(page) <= 0
            enter(page, "overall", "1")
            for name in fields[fields.index("overall") + 1 :]:
                enter(page, name, "-")
        expect(page.locator("[role=status]")).to_have_text("这份问卷已保存。")
        expect(page.locator("#_code")).to_be_focused()
    assert len(sent) == 3 if script else len(sent) > 20
    context.close()
    tally, _ = seals.read(opened.id)
    assert [(cell.mode, cell.language, counts["n"]) for cell, counts in tally.items()] == [("paper", "zh-Hans", 2)]
