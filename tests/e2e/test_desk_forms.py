"""Editing at the desk in a browser, without JavaScript: faults, an edit that came late, a page before what is final."""

import pytest
from accounts import token_of
from browsers import chromium, overflow, serving, violations
from factories import make_campaign, make_project
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from service.domain.organisations import Organisation
from service.domain.projects import Site
from service.operations.collect import campaigns
from service.store import records
from service.web.auth import COOKIE

SITE = "/desk/projects/project-1/sites/east"
LOOKED_AT = {
    "admin": (
        *("organisations/evaluator-org", "users", "calendars/2026", "account"),
        *("administration/new-project", "projects/project-1/sites"),
    ),
    "evaluator": (
        *("projects/project-1/targets", "projects/project-1/campaigns/new"),
        *("campaigns/campaign-1/settings", "campaigns/campaign-1/open"),
    ),
}


@pytest.fixture
def address(app: Flask):
    make_project()
    make_campaign()
    records.insert(Organisation("operator", "operator", "IT"))
    with serving(app) as address:
        yield address


def signed_in(browser, address: str, role: str, language: str, **more) -> BrowserContext:
    context = browser.new_context(viewport={"width": 360, "height": 740}, **more)
    names = {COOKIE: token_of(role), "minyi_language": language}
    context.add_cookies([{"name": name, "value": value, "url": f"{address}/desk/"} for name, value in names.items()])
    return context


def looked_at(page: Page) -> None:
    """Not wider than its window, and nothing that axe finds."""
    assert overflow(page) == 0, page.url
    assert violations(page) == [], page.url


def test_editing_by_hand(app: Flask, address: str) -> None:
    with chromium() as browser:
        plain = signed_in(browser, address, "admin", "en", java_script_enabled=False)
        mine, other = plain.new_page(), plain.new_page()
        for page in (mine, other):
            page.goto(address + SITE)
        mine.get_by_label("Latitude").fill("95")
        mine.get_by_role("button", name="Save").click()
        mine.get_by_role("alert").get_by_role("link", name="Latitude").click()
        mine.wait_for_url("**#f-latitude")
        assert mine.locator("#f-latitude-error").inner_text() == "This must be between -90 and 90."
        assert mine.get_by_label("Latitude").get_attribute("aria-describedby") == "f-latitude-hint f-latitude-error"
        mine.get_by_label("Latitude").fill("")
        mine.get_by_label("Short name of the session, row 1").fill("s1")
        mine.get_by_label("What it is called, row 1").fill("Morning")
        other.get_by_label("Name", exact=True).fill("Eastern station")
        other.get_by_role("button", name="Save").click()
        expect(other.get_by_role("status")).to_have_text("Saved.")
        mine.get_by_role("button", name="Save").click()
        expect(mine.get_by_role("group", name="Name")).to_contain_text("Eastern station")
        with mine.expect_navigation():
            mine.get_by_role("button", name="Save").click()
        assert records.get(Site, "east").name == "Eastern station"
        assert [session["id"] for session in records.get(Site, "east").sessions] == ["s1"]
        plain.close()

        for role, paths in LOOKED_AT.items():
            seen = signed_in(browser, address, role, "zh-Hans")
            page = seen.new_page()
            for path in paths:
                page.goto(f"{address}/desk/{path}")
                looked_at(page)
            if role == "admin":
                page.goto(f"{address}/desk/users/new")
                page.get_by_label("用户名").fill("A")
                page.get_by_label("初始密码").fill("short")
                page.get_by_label("机构", exact=True).select_option("operator")
                with page.expect_navigation():
                    page.get_by_role("button", name="增加").click()
                looked_at(page)
            else:
                page.goto(f"{address}/desk/campaigns/campaign-1/open")
                page.get_by_role("button", name="开放调查").click()
                page.wait_for_url("**/progress")
                assert campaigns.state("campaign-1") == "open"
            seen.close()
