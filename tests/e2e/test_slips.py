"""Printing codes at the desk in a real browser: the sheet comes as a file, the page is accessible on a phone too."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from browsers import chromium, overflow, serving, violations
from demo_round import PASSWORD, make_people
from factories import EVALUATOR
from flask import Flask
from phones import open_for_phones
from playwright.sync_api import Page, expect

from service.operations.collect import tickets


@pytest.fixture
def page(app: Flask) -> Iterator[Page]:
    """The page of codes of a campaign, at 320 px, signed in."""
    open_for_phones(app, 12)
    make_people()
    with serving(app) as address, chromium() as browser:
        context = browser.new_context(locale="en", viewport={"width": 320, "height": 720})
        page = context.new_page()
        page.goto(f"{address}/desk/campaigns/phones/slips")
        page.locator("#username").fill("evaluator")
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("#f-place")).to_be_visible()
        yield page
        context.close()


def test_slips_are_printed_counted_and_voided_on_a_phone(page: Page, tmp_path: Path) -> None:
    page.locator("#f-place").select_option("east")
    page.locator("#f-distribution").select_option("free_choice")
    page.locator("#f-count").fill("5")
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="Print codes").click()
    download.value.save_as(tmp_path / "slips.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "slips.pdf")
    assert len(zxingcpp.read_barcodes(document[0].render(scale=150 / 72).to_pil().convert("L"))) == 5
    document.close()
    assert sorted(batch.count for batch in tickets.batches(EVALUATOR, "phones")) == [5, 12]
    page.reload()
    for language in ("zh-Hans", "en"):
        page.goto(f"{page.url.partition('?')[0]}?lang={language}")
        for summary in page.locator("summary").all():
            summary.click()
        assert violations(page, colours=language == "en") == []
        assert overflow(page) <= 0
    printed = page.locator("tr", has_text="phones-batch-1")
    printed.get_by_role("link", name="Count").click()
    page.get_by_label("Handed out").fill("10")
    page.get_by_role("button", name="Save").click()
    expect(printed.locator("td.n").nth(1)).to_have_text("10")
    printed.get_by_role("link", name="Void").click()
    page.get_by_label("Reason").fill("Box lost")
    page.get_by_role("button", name="Void these codes").click()
    expect(printed).to_contain_text("Box lost")
