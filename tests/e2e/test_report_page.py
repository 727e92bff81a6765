"""The report as a page in a real browser: on a phone, on a desk and on paper, under its own strict policy."""

from collections.abc import Iterator

import demo_round
import pypdfium2
import pytest
from browsers import chromium, overflow, serving, violations
from demo_round import PASSWORD
from factories import EVALUATOR, NOW
from flask import Flask

from service.domain.procedure.reports import Report
from service.operations.procedure import reports
from service.web.printing.reports import making

AT = "/desk/rounds/round-1/reports/report-1/report.html?lang=zh-Hans"
A4 = (595, 842)  # points
LOADED = "() => [...document.images].map(image => image.complete && image.naturalWidth > 100)"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    demo_round.make_city()
    asked = Report("report-1", "round-1", NOW, EVALUATOR.id, languages=("zh-Hans",))
    report, _ = reports.ask(EVALUATOR, NOW, asked)
    assert making.make(EVALUATOR, report, lambda: NOW)
    with serving(app) as url:
        yield url


def test_the_report_is_read_on_a_phone_and_printed_on_a4(address: str) -> None:
    with chromium() as browser:
        page = browser.new_context(locale="zh-Hans", viewport={"width": 1280, "height": 900}).new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        elsewhere: list[str] = []
        page.on("request", lambda request: None if request.url.startswith(address) else elsewhere.append(request.url))
        page.goto(f"{address}/desk/sign-in")
        page.locator("#username").fill("evaluator")
        page.locator("#password").fill(PASSWORD)
        with page.expect_navigation():
            page.locator("button.main").click()
        page.goto(f"{address}{AT}")
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            assert overflow(page) <= 0, width
            assert violations(page, colours=width == 360) == [], width
        shown = page.evaluate(LOADED)
        assert len(shown) >= 4
        assert all(shown)  # the charts are there under the policy, too
        assert page.locator("h1").inner_text() == "Street station考核评估报告"
        assert page.locator(".mark").inner_text() == "草稿：结果尚未固定"
        assert page.evaluate("() => getComputedStyle(document.querySelector('.issuer')).color") == "rgb(187, 0, 0)"
        printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
        assert {tuple(round(side) for side in printed[at].get_size()) for at in range(len(printed))} == {A4}
        first = printed[0].get_textpage().get_text_range()
        assert "考核评估基本情况" in first
        assert "— 1 —" in first
        assert complaints == []
        assert [url for url in elsewhere if not url.startswith("data:")] == []
