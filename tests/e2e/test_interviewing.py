"""An interviewer's day on a phone of 360 px, in a real browser without JavaScript; and the supervisor's look at it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import database
import pytest
from browsers import chromium, overflow, serving, too_small, violations
from demo_round import PASSWORD
from factories import EVALUATOR
from flask import Flask
from interviewing import ALL_DAY, CALLER, hire, make_station
from playwright.sync_api import Browser, Page, expect

from service.operations.collect import campaigns, responses, seals, tickets
from service.operations.inspect import interview_figures

MAIN = "main button.main"


@pytest.fixture(scope="module")
def address(_app: Flask) -> Iterator[str]:
    database.empty()
    campaigns.forget_views()
    tickets.forget_batches()
    now = datetime.now(UTC).replace(microsecond=0)
    make_station(rules=ALL_DAY, now=now, key=_app.extensions["minyi.keys"][0])
    hire()
    with serving(_app) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@contextmanager
def signed_in(browser: Browser, address: str, who: str, language: str, width: int, scripts: bool) -> Iterator[Page]:
    size = {"width": width, "height": 740}
    context = browser.new_context(locale=language, viewport=size, java_script_enabled=scripts)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}/desk/interviews")
    page.locator("#username").fill(who)
    page.locator("#password").fill(PASSWORD)
    press(page, "button.main")
    yield page
    context.close()


def press(page: Page, what: str) -> None:
    with page.expect_navigation():
        page.locator(what).first.click()


def looked_at(page: Page) -> None:
    """Large enough for a thumb and for tired eyes, and no wider than the phone."""
    assert overflow(page) <= 0, page.url
    # The head is the same on every page of the desk, and made for a desk.
    page.evaluate("document.querySelectorAll('header, .places, .path, .skip').forEach(each => each.remove())")
    assert too_small(page) == [], page.url


def test_a_day_of_an_interviewer(browser: Browser, address: str) -> None:
    with signed_in(browser, address, CALLER.username, "zh-Hans", 360, scripts=False) as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("我的访谈")
        press(page, MAIN)  # the next person, by phone
        number = page.locator("a.number")
        expect(number).to_have_count(1)
        assert re.fullmatch(r"tel:1380000\d{4}", number.get_attribute("href") or "")
        expect(page.locator("blockquote")).to_contain_text("您可以拒绝")
        expect(page.locator("main")).not_to_contain_text("home help")  # the record must not prompt the person
        page.get_by_text("接受过服务", exact=True).click()
        page.locator("#service").fill("居家照料")
        page.locator("#period").fill("二月")
        press(page, MAIN)
        assert "/questions" in page.url
        expect(page.locator("main")).to_contain_text("请照原文读出每个问题")
        for name in ("satisfaction", "influence", "contact"):
            page.locator(f'label:has(input[name="{name}"])').first.click()
        press(page, "button.s")
        expect(page.locator(".fine")).to_contain_text("访谈已保存：有效访谈")
        expect(page.locator(".receipt code")).to_have_text(re.compile("[A-Z2-9-]{30,}"))

        press(page, MAIN)
        first = page.locator("a.number").inner_text()
        page.get_by_text("约定再次联系").click()
        press(page, 'form[action$="/outcome"] button')
        expect(page.get_by_role("alert")).to_contain_text("2026-05-31 18:00")
        assert page.locator("a.number").inner_text() == first
        page.get_by_text("约定再次联系").click()
        later = (datetime.now(UTC) + timedelta(days=2, hours=8)).strftime("%Y-%m-%dT%H:%M")
        page.locator("#appointment").fill(later)
        press(page, 'form[action$="/outcome"] button')
        expect(page.locator("main")).to_contain_text(later.replace("T", " "))

        press(page, MAIN)
        assert page.locator("a.number").inner_text() != first
        page.get_by_text("始终联系不上", exact=True).click()
        press(page, 'form[action$="/outcome"] button')
        expect(page.get_by_role("alert")).to_contain_text("至少要在2天")
        page.get_by_text("从未接受过服务", exact=True).click()
        press(page, 'form[action$="/verification"] button')
        assert page.url.endswith("/desk/interviews")
        page.get_by_role("link", name="现场访问名单").click()
        expect(page.locator("section.card")).to_have_count(1)
        press(page, MAIN)
        page.get_by_text("不在场", exact=True).click()
        press(page, 'form[action$="/outcome"] button')
    found = interview_figures.progress(EVALUATOR, "plan-1")
    assert (found.effective, len(found.replacements), len(found.failures)) == (1, 1, 1)
    seals.seal("calls")
    [answer] = responses.page(EVALUATOR, "calls", 0, 9)[0]
    assert (answer.cell.mode, answer.cell.distribution) == ("interview", "drawn_persons")


def test_the_pages_fit_a_phone_and_the_supervisor_sees_how_far_it_is(browser: Browser, address: str) -> None:
    with signed_in(browser, address, CALLER.username, "en", 360, scripts=True) as page:
        for path in ("/desk/interviews", "/desk/interviews/plan-1/visit", "/desk/interviews/plan-1/person"):
            if path.endswith("person"):
                page.goto(f"{address}/desk/interviews")
                press(page, MAIN)
            page.goto(f"{address}{path}")
            assert page.locator("html").get_attribute("lang") == "en"
            assert violations(page) == [], path
            looked_at(page)
        page.reload()
        page.get_by_text("No language in common").click()
        press(page, 'form[action$="/outcome"] button')
    with signed_in(browser, address, EVALUATOR.username, "zh-Hant", 360, scripts=True) as page:
        for path in ("/desk/interviews/plan-1?campaign=calls", "/desk/campaigns/calls/interviews"):
            page.goto(f"{address}{path}")
            assert overflow(page) <= 0, path
            assert violations(page) == [], path
        page.goto(f"{address}/desk/interviews/plan-1")
        expect(page.locator("#t-cells")).to_be_visible()
        expect(page.get_by_role("main")).to_contain_text("從未接受過服務")
