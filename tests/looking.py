"""A plugin for a run of the pages' tests (`pytest -p looking`): whatever page a test opens first, a browser opens too.

The browser has the test's own cookies, so that it sees the page in the state that the test has made; 360 px wide, in
Chinese with all rules of axe and in English with those about words. Findings and the routes met go to LOOKING_REPORT.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsers import chromium, overflow, serving
from flask import Flask
from flask.testing import FlaskClient
from page_routes import NO_PAGES
from playwright.sync_api import Browser, Page
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
WORDS = {
    "runOnly": ["document-title", "html-has-lang", "html-lang-valid", "valid-lang", "label", "link-name", "button-name"]
}
LANGUAGES = {"zh-Hans": RULES, "en": WORDS}
OF_ONE_LANGUAGE = {"desk.report_page"}  # made only in the languages that were asked for
WIDTH = 360
LOOKS: list["Looks"] = []


class Looks:
    """What was met, and what was wrong with it."""

    def __init__(self, app: Flask, browser: Browser, address: str) -> None:
        self.browser, self.address, self.adapter = browser, address, app.url_map.bind("127.0.0.1")
        self.met: dict[str, str] = {}
        self.faults: list[str] = []

    def meet(self, client: FlaskClient, answer: TestResponse) -> None:
        """Look at a page that nobody has opened before."""
        path = answer.request.full_path.rstrip("?")
        endpoint = self._endpoint(answer.request.path)
        if answer.mimetype != "text/html" or endpoint in NO_PAGES or endpoint in ("", *self.met):
            return
        self.met[endpoint] = path
        if endpoint in OF_ONE_LANGUAGE:
            self._look(client, path, "zh-Hans", RULES)
        else:
            for language, rules in LANGUAGES.items():
                self._look(client, in_language(path, language), language, rules)
        self.tell()  # after each page, so that a run that was stopped has told what it saw

    def tell(self) -> None:
        told = {"met": self.met, "faults": self.faults}
        Path(os.environ["LOOKING_REPORT"]).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")

    def _endpoint(self, path: str) -> str:
        try:
            return str(self.adapter.match(path, method="GET")[0])
        except HTTPException:
            return ""

    def _look(self, client: FlaskClient, path: str, language: str, rules: dict[str, Any]) -> None:
        context = self.browser.new_context(locale=language, viewport={"width": WIDTH, "height": 800})
        context.set_default_timeout(60_000)
        context.route("**/charts/*", lambda route: route.abort())  # drawn by a slow process, looked at by other tests
        context.add_cookies(
            [
                {"name": one.key, "value": one.value, "url": self.address + one.path}
                for one in client._cookies.values()
                if one.key != "minyi_language"
            ]
        )
        page = context.new_page()
        answer = page.goto(self.address + path)
        status = answer.status if answer else 0
        self.faults += [f"{path}: {one}" for one in ([status] if status != 200 else found(page, language, rules))]
        context.close()


def in_language(path: str, language: str) -> str:
    parts = urlsplit(path)
    return f"{parts.path}?{urlencode(dict(parse_qsl(parts.query, keep_blank_values=True)) | {'lang': language})}"


def found(page: Page, language: str, rules: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the page in words of a developer."""
    if (wide := overflow(page)) > 0:
        yield f"{wide} px too wide"
    said = page.get_attribute("html", "lang")
    if said != language and page.locator("nav.languages").count():  # the phone page speaks what its campaign speaks
        yield f"lang is {said}"
    for one in Axe().run(page, options=rules).response["violations"]:
        where = "; ".join(str(node["html"])[:160] for node in one["nodes"][:3])
        yield f"{one['id']} ({len(one['nodes'])}) {where}"


class LookingClient(FlaskClient):
    """A test's client; its pages are looked at in passing."""

    def open(self, *args: Any, **more: Any) -> TestResponse:
        answer = super().open(*args, **more)
        if LOOKS and answer.request.method == "GET" and answer.status_code == 200:
            LOOKS[0].meet(self, answer)
        return answer


@pytest.fixture(scope="session", autouse=True)
def looking(_app: Flask) -> Iterator[None]:
    """The browser and a server for it, as long as the run lasts."""
    _app.test_client_class = LookingClient
    with serving(_app) as address, chromium() as browser:
        LOOKS.append(Looks(_app, browser, address))
        yield
        LOOKS.pop().tell()
