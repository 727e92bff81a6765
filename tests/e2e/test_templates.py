"""The shipped questionnaires on a phone of 320 px without JavaScript: each gate and branch as a person meets it."""

from collections.abc import Iterator

import pytest
from browsers import chromium, overflow, phone, serving, too_small
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


def look(page: Page) -> str:
    """What the screen says, once it has been looked at: nothing too wide, too small or unreadable."""
    assert overflow(page) <= 0
    assert too_small(page) == []
    return page.get_by_role("main").inner_text()


def go_on(page: Page) -> None:
    """To the next screen, or sent from the last one."""
    with page.expect_navigation():
        page.locator("form button.s:not(.n)").click()


def counted(campaign: str) -> dict[str, int]:
    tally, _ = seals.read(campaign)
    [counts] = tally.values()
    return counts


def test_the_youth_form_stops_at_who_is_no_guardian(app: Flask, address: str, browser: Browser) -> None:
    opened = open_for_phones(app, questionnaire="youth")
    with phone(browser, "zh-Hans", 320) as page:
        page.goto(f"{address}/s/{opened.codes[0]}")
        first = look(page)
        assert "孩子不用填" in first
        assert "您的孩子多大" not in first
        page.get_by_text("不是", exact=True).click()
        go_on(page)
        second = look(page)
        assert "请把问卷交给孩子的家长或监护人" in second
        assert "您的孩子多大" not in second
        assert "您对服务满意吗" not in second


def test_a_guardian_is_asked_about_the_child(app: Flask, address: str, browser: Browser) -> None:
    opened = open_for_phones(app, questionnaire="youth")
    with phone(browser, "zh-Hant", 320) as page:
        page.goto(f"{address}/s/{opened.codes[0]}?lang=zh-Hant")
        page.get_by_text("是", exact=True).click()
        go_on(page)
        assert "您的孩子多大？" in look(page)
        page.get_by_text("6至11歲", exact=True).click()
        go_on(page)
        assert "總的來說，您對服務滿意嗎？" in look(page)
        page.get_by_role("group", name="總的來說").get_by_text("基本滿意", exact=True).click()
        go_on(page)
        look(page)
        go_on(page)
        expect(page.get_by_role("heading", level=1)).to_contain_text("謝謝")
    counts = counted(opened.id)
    assert (counts["c|overall|3"], counts["c|child_age|6_11"], counts["c|change|_skipped"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("level", "asked", "not_asked"),
    [
        ("Very satisfied", "What was good?", ("What was wrong?", "What could be better?")),
        ("Dissatisfied", "What was wrong?", ("What was good?", "What could be better?")),
    ],
)
def test_the_card_goes_on_with_what_fits_the_level(
    app: Flask, address: str, browser: Browser, level: str, asked: str, not_asked: tuple[str, ...]
) -> None:
    opened = open_for_phones(app, questionnaire="service-rating")
    with phone(browser, "en", 320) as page:
        page.goto(f"{address}/s/{opened.codes[0]}?lang=en")
        look(page)
        page.get_by_text(level, exact=True).click()
        go_on(page)
        shown = look(page)
        assert asked in shown
        assert not [words for words in not_asked if words in shown]
