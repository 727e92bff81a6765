"""The public's pages of results on a small phone without scripts: list, one result, a provider, what was withdrawn."""

import pytest
from browsers import chromium, overflow, phone, serving, too_small, violations
from flask import Flask
from outcomes import final_round, lead_people, publish
from playwright.sync_api import Page

LANGUAGES = {"zh-Hans": "考核评估结果公示", "zh-Hant": "考核評估結果公示", "en": "Results of evaluations"}


def fits(page: Page) -> None:
    """Nothing too small to read or to press, nothing wider than the screen, in one column."""
    assert overflow(page) == 0, page.url
    assert too_small(page) == [], page.url


@pytest.mark.rule("C26", "G58")
def test_anybody_reads_results_on_a_phone_without_scripts(app: Flask) -> None:
    final_round()
    people = lead_people(app.test_client())
    publish(people, note="本年度服务总体稳定，记录的完整性有待加强。")
    with serving(app) as address, chromium() as browser:
        with phone(browser) as page:
            for language, title in LANGUAGES.items():
                page.goto(f"{address}/results/?lang={language}")
                assert page.inner_text("h1") == title
                assert page.get_attribute("html", "lang") == language
                fits(page)
            page.goto(f"{address}/results/")
            page.click("ol a")
            assert page.url.startswith(f"{address}/results/pub-1")
            assert "不公开" in page.inner_text("main")
            for fold in page.query_selector_all("details"):
                fold.evaluate("fold => fold.open = true") if fold.is_visible() else None
            fits(page)
            page.click("dd a")
            assert page.inner_text("h1") == "Provider"
            fits(page)
            reason = {"state": "withdrawn", "reason": "数据来源有误，正在更正。"}
            assert people["drafter"].put("/publications/pub-1/state", reason, 4).status_code == 200
            answer = page.goto(f"{address}/results/pub-1")
            assert answer is not None
            assert answer.status == 410
            assert reason["reason"] in page.inner_text("main")
            fits(page)
        publish(people, id="pub-2")
        with phone(browser, java_script_enabled=True) as page:
            for path in ("/results/", "/results/pub-2", "/results/providers/provider-org", "/results/pub-1"):
                page.goto(address + path)
                assert violations(page, runOnly=["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]) == [], path
