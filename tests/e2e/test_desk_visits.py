"""A visit at the desk, 360 px wide and without JavaScript: declared, planned, started, handed over, ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from accounts import token_of
from browsers import chromium, overflow, serving, violations
from factories import make_project
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from visiting import drawn

from service.domain.days import day_of
from service.domain.inspect.assignments import Assignment
from service.domain.organisations import Token, User
from service.operations.organisations import _token_hash
from service.store import records

VISITS = "/desk/projects/project-1/visits"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@contextmanager
def at_desk(browser: Browser, address: str, token: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 720}, java_script_enabled=False)
    context.add_cookies([{"name": "minyi_session", "value": token, "url": f"{address}/desk/"}])
    yield context.new_page()
    context.close()


def name_of(token: str) -> str:
    session = records.get(Token, _token_hash(token))
    user = records.get(User, session.user) if session else None
    assert user is not None
    return user.username


def looked_at(browser: Browser, address: str, token: str, paths: list[str]) -> None:
    """No page is wider than the screen, and axe finds nothing, in any language."""
    context = browser.new_context(viewport={"width": 360, "height": 720})
    context.add_cookies([{"name": "minyi_session", "value": token, "url": f"{address}/desk/"}])
    page = context.new_page()
    for path in paths:
        for language in ("en", "zh-Hans", "zh-Hant"):
            page.goto(f"{address}{path}?lang={language}")
            assert overflow(page) == 0, (path, language)
        assert violations(page) == [], path
    context.close()


def test_a_visit_from_declaration_to_its_end(app: Flask, browser: Browser) -> None:
    make_project()
    drawn()
    evaluator, first, second = token_of("evaluator"), token_of("auditor"), token_of("auditor")
    today = day_of(datetime.now(UTC)).isoformat()
    with serving(app) as address:
        for token in (first, second):
            with at_desk(browser, address, token) as page:
                page.goto(f"{address}/desk/projects/project-1?lang=en")
                page.get_by_role("link", name="Visits").click()
                expect(page.get_by_role("heading", name="Plan a visit")).to_have_count(0)
                page.get_by_label("No", exact=True).check()
                page.get_by_role("button", name="Declare").click()
                expect(page.get_by_text("you have no conflict of interest")).to_be_visible()
        with at_desk(browser, address, evaluator) as page:
            page.goto(f"{address}{VISITS}?lang=en")
            page.locator("#f-plan-site").select_option("east")
            page.locator("#f-plan-on").fill(today)
            page.get_by_label("Who leads").select_option(label=name_of(first))
            page.get_by_role("group", name="Draws that are opened").get_by_role("checkbox").check()
            page.get_by_role("button", name="Plan a visit").click()
            expect(page.get_by_role("alert")).to_contain_text("At least 2 persons")
            assert page.locator("#f-plan-on").input_value() == today  # what was typed is still there
            page.get_by_role("checkbox", name=name_of(second)).check()
            page.get_by_role("button", name="Plan a visit").click()
            expect(page.get_by_role("heading", level=1)).to_contain_text(today)
            visit = page.url.split("?")[0]
        with at_desk(browser, address, first) as page:
            page.goto(f"{visit}?lang=en")
            page.get_by_role("button", name="Start the visit").click()
            expect(page.get_by_text("to be looked up: 6")).to_be_visible()
            page.get_by_role("button", name="Finish the visit").click()
            expect(page.get_by_role("heading", name="Finish the visit")).to_be_visible()  # a reason is needed
        with at_desk(browser, address, evaluator) as page:
            page.goto(f"{visit}?lang=en")
            moved = records.find(Assignment, draw="draw-1")[0]
            page.get_by_role("checkbox", name=moved.serial).check()
            other = {name_of(first), name_of(second)} - {records.get(User, moved.auditor).username}  # type: ignore[union-attr]
            page.get_by_label("To", exact=True).select_option(label=other.pop())
            page.locator("#f-hand-reason").fill("knows the file")
            page.get_by_role("button", name="Hand over").click()
            expect(page.get_by_text("knows the file")).to_be_visible()
            page.locator("#f-finish-reason").fill("logged by API")
            page.get_by_role("button", name="Finish the visit").click()
            expect(page.get_by_text("still open: 6")).to_be_visible()
            page.goto(f"{address}/desk/draws/draw-1/back-checks?lang=en")
            page.get_by_role("button", name="Draw back-checks").click()
            expect(page.get_by_role("alert")).to_contain_text("Nothing of this draw is finished")
        pages = [VISITS, visit.removeprefix(address), "/desk/projects/project-1/workload"]
        looked_at(browser, address, evaluator, [*pages, "/desk/draws/draw-1/back-checks"])
    assert records.get(Assignment, moved.id).history[0]["reason"] == "knows the file"  # type: ignore[union-attr]
