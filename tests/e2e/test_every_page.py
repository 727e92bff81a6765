"""Every page of the desk, reached as people reach it, in a real browser: nothing that axe finds, nothing too wide.

A round goes through its whole procedure. In between, each of its people follows the links of the pages; every route
that is met for the first time is opened in Chromium by whoever met it.
"""

import re
from collections import deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsers import chromium, overflow, serving
from demo_round import answer
from factories import ADMIN, EVALUATOR, KEY, NOW, Opened, issue, make_campaign
from flask import Flask
from outcomes import Person
from playwright.sync_api import Browser, Page
from werkzeug.exceptions import HTTPException
from whole_procedure import Walk

from service.domain.organisations import Organisation
from service.operations import organisations
from service.operations.collect import campaigns, seals
from service.web.auth import COOKIE

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
WIDTH, MOST_OF_A_ROUTE = 360, 2
PEOPLE = ("chief", "secretary", "lead", "department", "station", "scorer", "reviewer", "office")


class Readers:
    """The people of a round, who follow links; and the browser that opens what they meet."""

    def __init__(self, app: Flask, browser: Browser, address: str) -> None:
        self.app, self.address, self.adapter = app, address, app.url_map.bind("127.0.0.1")
        self.context = browser.new_context(locale="zh-Hans", viewport={"width": WIDTH, "height": 800})
        self.met: dict[str, str] = {}
        self.faults: list[str] = []

    def follow(self) -> None:
        """What is new since the last time, by everybody."""
        for name in PEOPLE:
            self.read(name)

    def read(self, name: str) -> None:
        """All that this person is led to from home: of each route MOST_OF_A_ROUTE addresses are enough."""
        client = self.app.test_client()
        client.set_cookie(COOKIE, f"token-of-{name}", path="/desk")
        self.context.add_cookies([{"name": COOKIE, "value": f"token-of-{name}", "url": f"{self.address}/desk/"}])
        waiting, seen, count = deque(["/desk/", "/desk/administration"]), set[str](), dict[str, int]()
        while waiting:
            path = waiting.popleft()
            endpoint = self.endpoint(path)
            if not endpoint or path in seen or count.get(endpoint, 0) >= MOST_OF_A_ROUTE:
                continue
            seen.add(path)
            count[endpoint] = count.get(endpoint, 0) + 1
            got = client.get(path)
            if got.status_code >= 500 or got.status_code == 404:
                self.faults.append(f"{name} is led to {path}: {got.status_code}")
            if got.status_code != 200:
                continue
            if got.mimetype == "text/html":
                waiting.extend(links(got.text))
            if endpoint not in self.met:
                self.met[endpoint] = f"{name} {path}"
                if got.mimetype == "text/html":
                    self.look(name, path)

    def endpoint(self, path: str) -> str:
        try:
            found = str(self.adapter.match(urlsplit(path).path, method="GET")[0])
        except HTTPException:
            return ""
        return found

    def look(self, name: str, path: str) -> None:
        page: Page = self.context.new_page()
        page.goto(f"{self.address}{path}")
        if wide := overflow(page):
            self.faults.append(f"{name} {path}: {wide} px too wide")
        found = Axe().run(page, options=RULES)
        for one in found.response["violations"]:
            where = "; ".join(str(node["html"])[:160] for node in one["nodes"][:3])
            self.faults.append(f"{name} {path}: {one['id']} ({len(one['nodes'])}) {where}")
        page.close()


def links(page: str) -> Iterator[str]:
    """The desk's own addresses on a page, of pages, charts and files."""
    for found in re.findall(r'\b(?:href|src)="(/desk/[^"#]*)', page):
        if "lang=" not in found:
            yield unescape(found)


def routes(app: Flask) -> set[str]:
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/desk") and "GET" in (rule.methods or ())
    }


def answers() -> None:
    """A campaign of the same project, with answers of two sites."""
    made = make_campaign()
    opened = Opened(campaigns.change_state(EVALUATOR, NOW, made.id, "open", made.version), KEY)
    for site, count in (("east", 24), ("west", 16)):
        opened.codes += issue(opened, count, site=site)
    answer(opened, 0, 30)
    seals.seal(opened.id)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_every_page_of_the_desk_is_reached_and_is_accessible(app: Flask) -> None:
    walk = Walk(app.test_client())
    organisations.create_organisation(ADMIN, NOW, Organisation("operator", "operator", "IT office"))
    walk.people["chief"] = Person(walk.client, "chief", "admin", "operator")
    answers()
    with serving(app) as address, chromium() as browser:
        readers = Readers(app, browser, address)
        walk.opened()
        readers.follow()
        walk.self_evaluated()
        walk.grouped()
        walk.gathered()
        readers.follow()
        walk.scored()
        walk.reported()
        readers.follow()
        walk.appealed()
        walk.published()
        walk.settled()
        readers.follow()
        readers.context.close()
    assert readers.faults == []
    assert len(readers.met) > 150, sorted(routes(app) - set(readers.met))  # forms of other states have their own walks
