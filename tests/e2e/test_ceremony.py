"""A draw from the evaluator's plan to the sealed list, as evaluator and provider do it in a real browser."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from accounts import token_of
from browsers import chromium, overflow, serving, violations
from factories import AUDITOR, EVALUATOR, NOW, make_project
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from service.domain.inspect.draws import RecordedDraw
from service.operations.inspect import draws, frames
from service.store import records
from service.web.extensions import keys

SERIALS = [f"R-{number:03}" for number in range(60)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    make_project()
    strata = ["北片" if number % 3 else "南片" for number in range(60)]
    frames.freeze(EVALUATOR, NOW, "frame-1", "project-1", "Records of March", "archive", SERIALS, strata)
    with serving(app) as address:
        yield address


@contextmanager
def at_desk(browser: Browser, address: str, role: str, *, scripts: bool, width: int = 1280) -> Iterator[Page]:
    size = {"width": width, "height": 800}
    context = browser.new_context(locale="en", viewport=size, java_script_enabled=scripts)  # type: ignore[arg-type]
    context.add_cookies([{"name": "minyi_session", "value": token_of(role), "url": f"{address}/desk/"}])
    yield context.new_page()
    context.close()


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def plan(page: Page, address: str) -> str:
    """Plan a draw of 12 without JavaScript: its id."""
    page.goto(f"{address}/desk/projects/project-1?lang=en")
    page.get_by_role("link", name="Plan a draw").click()
    page.get_by_label("How many in all").fill("12")
    page.get_by_role("button", name="Plan the draw").click()
    expect(page.get_by_role("alert").first).to_contain_text("Commitments until")
    page.get_by_label("Commitments until").fill(in_days(2))
    page.get_by_label("Secrets until").fill(in_days(4))
    page.get_by_role("button", name="Plan the draw").click()
    expect(page.locator("#next")).to_contain_text("Each party deposits its commitment")
    expect(page.locator("dl.facts")).to_contain_text("北片 8 · 南片 4")
    return page.url.split("/")[-2]


def looks_right(page: Page, colours: bool = True) -> None:
    assert overflow(page) <= 0
    assert violations(page, colours) == []


def test_a_provider_without_tools_takes_part(app: Flask, address: str, browser: Browser, tmp_path: Path) -> None:
    with at_desk(browser, address, "evaluator", scripts=False) as page:
        id = plan(page, address)

    with at_desk(browser, address, "provider", scripts=True, width=360) as page:
        page.goto(f"{address}/desk/projects/project-1?lang=en")
        page.get_by_role("link", name="Draw 1").click()
        looks_right(page)
        page.get_by_role("button", name="Make a secret in this browser").click()
        expect(page.get_by_label("Commitment")).to_have_value(re.compile("^[0-9a-f]{64}$"))
        secret = page.locator("#secret-shown").inner_text()
        with page.expect_download() as saved:
            page.get_by_role("link", name="Save the file with the secret").click()
        saved.value.save_as(tmp_path / "secret.txt")
        typed = page.get_by_label("Commitment").input_value()
        assert typed == hashlib.sha256(bytes.fromhex(secret)).hexdigest()
        looks_right(page)
        page.get_by_role("button", name="Deposit the commitment").click()
        page.get_by_label("Secret", exact=True).fill("not the secret")
        page.get_by_role("button", name="Reveal").click()
        expect(page.get_by_role("alert")).to_contain_text("Secret")
        file = (tmp_path / "secret.txt").read_text()
        assert f"draw {id}\nparty provider\nsecret {secret}\n" in file
        page.get_by_label("Secret", exact=True).fill(file)
        page.get_by_role("button", name="Reveal").click()
        expect(page.locator("#next")).to_contain_text("Until then nobody can compute it")
        for language in ("zh-Hans", "zh-Hant"):
            page.goto(f"{address}/desk/draws/{id}/ceremony?lang={language}")
            looks_right(page, colours=language == "zh-Hans")
        with app.test_request_context():
            opened = draws.open(AUDITOR, NOW, keys(), id)
        page.goto(f"{address}/desk/draws/{id}/ceremony?lang=en")
        shown = page.content()
        assert opened.secrets["provider"] == secret
        assert opened.seed not in shown
        assert opened.secrets["evaluator"] not in shown
        assert not any(item.serial in shown for item in opened.items)

    with at_desk(browser, address, "evaluator", scripts=True, width=360) as page:
        for path in ("projects/project-1/new-draw", "draw-planner", f"draws/{id}"):
            page.goto(f"{address}/desk/{path}?lang=zh-Hans")
            looks_right(page)
        page.goto(f"{address}/desk/draw-planner?lang=en")
        form = page.get_by_role("region", name="To show that the error rate is below a limit")
        form.get_by_label("Tolerable error rate").fill("5%")
        form.get_by_label("Risk").fill("0.05")
        form.get_by_role("button", name="Compute").click()
        expect(page.get_by_role("region", name="Result", exact=True)).to_contain_text("59, if at most 0 of them")
    assert len(records.find(RecordedDraw)) == 1
