"""Entering an institution's signed form in a real browser without JavaScript; axe on both pages in three languages."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from accounts import token_of
from browsers import chromium, overflow, serving, violations
from flask import Flask
from institutions import answers, enter, open_with
from playwright.sync_api import Browser, Page, expect

from service.operations.collect import opinions

LIST = "/desk/campaigns/campaign-1/institutions"
PDF = b"%PDF-1.4\nstartxref\n9\n%%EOF\n"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    open_with()
    with serving(app) as address:
        yield address


@contextmanager
def at_desk(browser: Browser, address: str, language: str, scripts: bool, width: int = 1280) -> Iterator[Page]:
    size = {"width": width, "height": 900}
    context = browser.new_context(locale=language, viewport=size, java_script_enabled=scripts)  # type: ignore[arg-type]
    context.add_cookies([{"name": "minyi_session", "value": token_of("evaluator"), "url": f"{address}/desk/"}])
    yield context.new_page()
    context.close()


def test_a_signed_form_is_entered_with_its_scan(address: str, browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "form.pdf").write_bytes(PDF)
    with at_desk(browser, address, "en", scripts=False) as page:
        page.goto(f"{address}{LIST}?lang=en")
        page.get_by_role("link", name="Institution 1").click()
        page.get_by_label("How does your institution know").select_option("joint")
        page.get_by_label("All in all").select_option("4")
        page.get_by_label("Professional skill").select_option("_cannot_say")
        page.get_by_label("How far does your institution recognise").select_option("9")
        page.get_by_label("Signed by").fill("Signer")
        page.get_by_label("Office held").fill("Deputy head")
        page.get_by_label("Signed on").fill("2026-03-01")
        page.get_by_label("Scan of the signed form").set_input_files(tmp_path / "form.pdf")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("row", name="Institution 1")).to_contain_text("returned")
        expect(page.get_by_role("row", name="Institution 2")).to_contain_text("missing")
    entered = opinions.current("campaign-1")["inst-1"]
    assert (entered.answers["aspects/skill"], entered.answers["recognition"]) == ("_cannot_say", "9")
    assert entered.scan


def test_axe_finds_nothing_and_no_page_is_wider_than_its_window(address: str, browser: Browser) -> None:
    enter("inst-0", answers())
    enter("inst-0", answers("2"), number=2, reason="the institution sent a new form")
    for language in ("zh-Hans", "zh-Hant", "en"):
        with at_desk(browser, address, language, scripts=True, width=320) as page:
            for path in (LIST, f"{LIST}/inst-0"):
                page.goto(f"{address}{path}?lang={language}")
                assert page.locator("html").get_attribute("lang") == language
                assert overflow(page) <= 0, (path, language)
                assert violations(page, colours=language == "en") == [], (path, language)
