"""Pages with nothing to fill in: paused, full, closed, voided, own answers; axe on each, three languages, 320 px."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from browsers import chromium, overflow, phone, serving, too_small, violations
from factories import EVALUATOR, LANGUAGES, Opened, issue
from flask import Flask
from phones import hidden, open_for_phones, receipt
from playwright.sync_api import Browser, Page, expect

from service.domain.collect.quotas import Quota
from service.operations.collect import batches, campaigns, quotas, tickets


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


def version(opened: Opened) -> int:
    return campaigns.get(EVALUATOR, opened.id).version


def receipt_of(app: Flask, code: str) -> str:
    client = app.test_client()
    filled_in = hidden(client.get(f"/s/{code}").text) | {"overall": "5", "wish": "谢谢 <b>"}
    return receipt(client.post(f"/s/{code}", data=filled_in).text)


def stops(opened: Opened) -> Iterator[tuple[str, str]]:
    """Brings each refusal about, one after the other; yields the code to open and words of what is said in English."""
    now = datetime.now(UTC)
    campaigns.pause(EVALUATOR, now, opened.id, now + timedelta(hours=3), "the hall is closed", version(opened))
    yield opened.codes[1], "This survey is paused"
    campaigns.resume(EVALUATOR, now, opened.id, "open again", version(opened))
    quotas.replace(EVALUATOR, now, opened.id, [Quota("east", 1)], version(opened))
    quotas.forget_tallies()
    yield opened.codes[1], "Enough answers have been given here"
    quotas.replace(EVALUATOR, now, opened.id, [], version(opened))
    later = issue(opened, 1)
    batch = tickets.batches(EVALUATOR, opened.id)[0]
    batches.void(EVALUATOR, now, opened.id, batch.id, "the sheet was lost", batch.version)
    yield opened.codes[1], "withdrawn from use"
    campaigns.change_state(EVALUATOR, now, opened.id, "final", version(opened), [opened.key])
    yield later[0], "This survey is closed"


def holds(page: Page, name: str, colours: bool = True) -> None:
    assert violations(page, colours, stricter=True) == [], name
    assert set(too_small(page)) <= {"nothing to press"}, name  # the end of a withdrawal is an end
    assert overflow(page) <= 0, name


def test_axe_finds_nothing_where_there_is_nothing_to_fill_in(app: Flask, address: str, browser: Browser) -> None:
    opened = open_for_phones(app, 2)
    receipt_of(app, opened.codes[0])
    with phone(browser, "en", 320, java_script_enabled=True, bypass_csp=True) as page:
        for code, told in stops(opened):
            for language in LANGUAGES:
                page.goto(f"{address}/s/{code}?lang={language}")
                assert page.locator("html").get_attribute("lang") == language
                holds(page, f"{told}, {language}", colours=language == "en")
            expect(page.get_by_role("main")).to_contain_text(told)
        page.goto(f"{address}/tablet?lang=en")
        holds(page, "a tablet that is not set up")


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_on_the_own_answers_and_after_withdrawing(
    app: Flask, address: str, browser: Browser, language: str
) -> None:
    held = receipt_of(app, open_for_phones(app).codes[0])
    with phone(browser, language, 320, java_script_enabled=True, bypass_csp=True) as page:
        page.goto(f"{address}/withdraw")
        page.locator("#receipt").fill(held)
        page.locator("button[name=show]").click()
        expect(page.get_by_text("谢谢 <b>")).to_be_visible()
        holds(page, "own answers", colours=language == "en")
        page.goto(f"{address}/withdraw")
        page.locator("#receipt").fill(held)
        page.locator("form button.s:not([name])").click()
        expect(page.locator("#receipt")).to_have_count(0)
        holds(page, "withdrawn", colours=language == "en")
