"""The pages "Take away" in a real browser: a file is taken, a token made and used, nothing is wider than the screen."""

import base64
import csv
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from browsers import chromium, overflow, serving, violations
from demo_round import PASSWORD, make_city
from factories import EVALUATOR, NOW
from flask import Flask
from playwright.sync_api import Page, expect

from service.operations.collect import releases
from service.operations.collect.releases import ReleaseRequest
from service.operations.evaluate import results
from service.web.pages.guide import TASKS

PAGES = (
    "/desk/campaigns/campaign-1/take-away",
    "/desk/rounds/round-1/take-away",
    "/desk/projects/project-1/take-away",
    "/desk/read-tokens",
)

GUIDE = ("/docs/", *(f"/docs/{task}" for task in TASKS))


@pytest.fixture(scope="module")
def address(_app: Flask) -> Iterator[str]:
    made = make_city()
    releases.make(EVALUATOR, made.campaign.campaign.closes_at, "campaign-1", ReleaseRequest("release-1"))
    results.freeze(EVALUATOR, NOW, made.round)
    with serving(_app) as address:
        yield address


def token_made(page: Page, address: str) -> str:
    """The token as the page shows it once."""
    page.goto(f"{address}/desk/read-tokens?lang=en")
    page.get_by_label("For which program?").fill("Spreadsheet")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_role("status")).to_contain_text("Copy it now")
    return page.locator("code.token").inner_text()


def looked_at(page: Page, address: str) -> None:
    """At both widths and in both languages; axe finds nothing."""
    for language in ("zh-Hans", "en"):
        for path in PAGES:
            page.set_viewport_size({"width": 360, "height": 800})
            page.goto(f"{address}{path}?lang={language}")
            assert overflow(page) <= 0, (path, language)
            assert violations(page, colours=language == "en") == [], (path, language)
        for path in GUIDE:
            page.goto(f"{address}{path}?lang={language}")
            assert overflow(page) <= 0, (path, language)
            if path in GUIDE[:2]:  # the others are made of the same template
                assert violations(page, colours=language == "en") == [], (path, language)


def test_files_and_a_feed_are_taken_away(address: str, tmp_path: Path):
    with chromium() as browser:
        page = browser.new_page(locale="zh-Hans", accept_downloads=True)
        page.goto(f"{address}/desk/sign-in?next={PAGES[0]}&lang=en")
        page.get_by_label("User name").fill("evaluator")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        with page.expect_download() as taken:
            page.get_by_role("link", name="Answers – CSV").click()
        file = tmp_path / "answers.csv"
        taken.value.save_as(file)
        with file.open(encoding="utf-8-sig", newline="") as table:
            rows = list(csv.DictReader(table))
        assert len(rows) == 32
        with page.expect_download() as book:
            page.get_by_role("link", name="Answers – Excel", exact=True).click()
        token = token_made(page, address)  # on other pages, while the workbook is made
        book.value.save_as(tmp_path / "answers.xlsx")
        assert openpyxl.load_workbook(tmp_path / "answers.xlsx")["Answers"].max_row == 33
        looked_at(page, address)
    given = base64.b64encode(f"x:{token}".encode()).decode()
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{address}/odata/campaigns/campaign-1/Responses/$count", headers={"Authorization": f"Basic {given}"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own server
        assert answer.read() == str(len(rows)).encode()
