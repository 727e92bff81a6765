"""The walk that the guide's pictures are taken from: each page as its reader sees it, in both languages."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from audit_phone import PASSWORD as FIELD_PASSWORD
from audit_phone import PIN, PLACE, a_visit, network
from axe_playwright_python.sync_playwright import Axe
from browsers import chromium, overflow, phone, serving
from demo_round import PASSWORD, make_city
from factories import EVALUATOR, NOW
from flask import Flask
from guide_pictures import LANGUAGES, PAINTS, PICTURES, keep, picture
from playwright.sync_api import Browser, Page
from whole_procedure import Walk

from service.operations.collect import drafts, quality

EVALUATORS = {
    "evaluator-home": "/desk/",
    "evaluator-questionnaire": "/desk/questionnaires/draft-1/edit",
    "evaluator-campaign": "/desk/campaigns/campaign-1",
    "evaluator-spot-checks": "/desk/projects/project-1/spot-checks",
    "evaluator-round": "/desk/rounds/round-1",
    "evaluator-waterfall": "/desk/rounds/round-1",
}
PARTIES = {  # person -> pictures
    "lead": {
        "purchaser-steps": "/desk/rounds/round-1/steps",
        "purchaser-cases": "/desk/projects/project-1/cases",
        "purchaser-publication": "/desk/publications/pub-1/preview",
    },
    "station": {
        "provider-self-evaluation": "/desk/rounds/round-1/self-evaluation",
        "provider-cases": "/desk/projects/project-1/cases",
    },
    "keeper": {"it-administration": "/desk/administration"},
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@contextmanager
def desk(browser: Browser, address: str, token: str) -> Iterator[Page]:
    """The desk of whoever has this token."""
    context = browser.new_context(locale="zh-Hans", viewport={"width": 1100, "height": 800})
    context.add_cookies([{"name": "minyi_session", "value": token, "url": address}])
    yield context.new_page()
    context.close()


def look(page: Page, address: str, name: str, wanted: str) -> None:
    """The page is there, fits a phone, says nothing wrong to a screen reader, and has its picture."""
    page.set_viewport_size({"width": 360, "height": 740})
    answer = page.goto(f"{address}{wanted}")
    assert answer is not None
    assert answer.status == 200, wanted
    assert overflow(page) <= 0, wanted
    page.set_viewport_size({"width": 1100, "height": 800})
    found = Axe().run(page)
    assert found.violations_count == 0, (wanted, found.generate_report())
    picture(page, name, of="figure:last-of-type" if name.endswith("waterfall") else "")


@pytest.mark.long
def test_the_evaluators_pages(app: Flask, browser: Browser) -> None:
    make_city()
    quality.scan(EVALUATOR, NOW, "campaign-1", {}, {"east": 1})
    drafts.from_template(EVALUATOR, NOW, "recipients", "draft-1")
    client = app.test_client()
    assert client.post("/desk/sign-in", data={"username": "evaluator", "password": PASSWORD}).status_code == 303
    cookie = client.get_cookie("minyi_session", path="/desk")
    assert cookie is not None
    with serving(app) as address, desk(browser, address, cookie.value) as page:
        for name, wanted in EVALUATORS.items():
            look(page, address, name, wanted)


@pytest.mark.long
def test_the_pages_of_purchaser_provider_and_it_office(app: Flask, browser: Browser) -> None:
    walk = Walk(app.test_client())
    for stage in (walk.opened, walk.self_evaluated, walk.grouped, walk.gathered, walk.scored, walk.reported):
        stage()
    walk.appealed()
    walk.final()
    walk.published()
    with serving(app) as address:
        for person, pictures in PARTIES.items():
            with desk(browser, address, f"token-of-{person}") as page:
                for name, wanted in pictures.items():
                    look(page, address, name, wanted)


@pytest.mark.long
def test_the_auditors_phone(app: Flask, browser: Browser) -> None:
    a_visit()
    with network(app) as net:
        for language in LANGUAGES:
            with phone(browser, language, java_script_enabled=True, **PLACE) as page:
                page.goto(f"{net.address}/audit/")
                page.locator("#username").fill("field-1")
                page.locator("#password").fill(FIELD_PASSWORD)
                page.locator("button.main").click()
                page.locator("#pin").fill(PIN)
                page.locator("#pin-again").fill(PIN)
                page.locator("button.main").click()
                page.locator("#visits a").first.wait_for()
                phone_picture(page, "auditor-visits", language)
                page.locator("#visits a").first.click()
                page.locator("#items a:visible, main button:visible").first.wait_for()
                if not page.locator("#items a").count():  # the first of the two starts the visit
                    page.locator("main button:visible").first.click()
                page.locator("#items a").first.click()
                page.locator("form.checklist").wait_for()
                phone_picture(page, "auditor-check", language)


def phone_picture(page: Page, name: str, language: str) -> None:
    assert overflow(page) <= 0
    if PAINTS:
        keep(page.screenshot(), language, name)
    assert (PICTURES / language / f"{name}.webp").is_file(), "run `make guide`"
