"""A round in a real browser: from three points to their evidence, what if, and every page of a round on a phone."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from accounts import token_of
from browsers import chromium, overflow, serving, violations
from demo_round import AUTHORITY, PURCHASER
from factories import EVALUATOR, NOW, make_project
from flask import Flask
from mixed_scheme import WIDE
from playwright.sync_api import Browser, Page, expect

from service.domain.evaluate.entries import RoundEvent, RoundGateFinding, RoundMeasure, RoundRatio
from service.domain.evaluate.rounds import Round, RoundQuantity
from service.domain.procedure.groups import GroupMember
from service.operations.evaluate import entries, rounds, schemes
from service.operations.procedure import groups
from service.web.auth import COOKIE

ROUND = "/desk/rounds/round-1"
# Who looks -> which pages, below the round's address where they do not begin with a slash.
PAGES = {
    "evaluator": (
        *("/desk/rounds", "", "/nodes/praise", "/nodes/cases", "/what-if", "/sensitivity", "/uncertainty"),
        *("/comparison", "/entries", "/sources", "/judging", "/scoring", "/results", "/reports"),
    ),
    "purchaser": (
        *("", "/steps", "/steps/evidence", "/terms", "/group", "/group/new", "/scheme-changes"),
        "/desk/projects/project-1/rounds/new",
    ),
    "provider": ("", "/self-evaluation", "/self-evaluation/nodes/cases"),
}


@pytest.fixture
def made(app: Flask) -> None:
    """A round with an entry of each kind, and a group of one who scores on paper."""
    make_project()
    schemes.publish(AUTHORITY, NOW, WIDE)
    rounds.open_round(EVALUATOR, NOW, Round("round-1", "project-1", "pre", "前期评估", "mixed@1", "", NOW), False)
    by = (NOW, EVALUATOR.id)
    quantity = RoundQuantity("q1", "round-1", "cases", "个案登记册", *by, Decimal(50), Decimal(60), Decimal(45))
    rounds.enter_quantity(EVALUATOR, NOW, quantity)
    for entry in (
        RoundRatio("r1", "round-1", "answered", Decimal(18), Decimal(20), "信访登记册", *by),
        RoundMeasure("m1", "round-1", "hall", Decimal(4500), "平方米", "现场测量", *by),
        RoundEvent("e1", "round-1", "praise", "praised", Decimal(1), date(2026, 3, 1), "某街道的表扬信", *by),
        RoundGateFinding("g1", "round-1", "registered", True, "登记证书在有效期内", "登记证书", *by),
    ):
        entries.enter(EVALUATOR, NOW, entry)
    member = GroupMember("m-paper", "round-1", "居民代表", "recipient_representative", ("scorer",))
    groups.appoint(PURCHASER, NOW, member)


@pytest.fixture
def address(made: None, app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


def signed_in(browser: Browser, address: str, role: str) -> Page:
    """A phone of somebody with this role; scripts run because axe is one."""
    context = browser.new_context(locale="zh-Hans", viewport={"width": 360, "height": 720})
    context.route("**/charts/*", lambda route: route.abort())  # drawn by a slow process, looked at by other tests
    context.add_cookies([{"name": COOKIE, "value": token_of(role), "url": f"{address}/desk/"}])
    return context.new_page()


def test_points_lead_to_their_evidence_and_every_page_fits_a_phone(address):
    with chromium() as browser:
        page = signed_in(browser, address, "evaluator")
        for node, evidence in (("praise", "某街道的表扬信"), ("answered", "信访登记册"), ("cases", "个案登记册")):
            page.goto(f"{address}{ROUND}")
            with page.expect_navigation():  # one click: the register that it was read from is on the point's own page
                page.locator(f'[data-node="{node}"]').get_by_role("link").click()
            expect(page.locator("section, table").filter(has_text=evidence).first).to_be_visible()
        page.goto(f"{address}{ROUND}/what-if")
        page.get_by_label("表扬与投诉").first.fill("3")
        with page.expect_navigation():
            page.get_by_role("button", name="计算").click()
        expect(page.locator("#before")).to_have_text("69.00")
        expect(page.locator("#after")).to_have_text("75.00")  # two more letters of ten points, at 30 percent
        wrong = []
        for role, paths in PAGES.items():
            page = signed_in(browser, address, role)
            for path in paths:
                wanted = path if path.startswith("/desk") else f"{ROUND}{path}"
                answer = page.goto(f"{address}{wanted}")
                assert answer is not None
                assert answer.status == 200, (role, path)
                if overflow(page) > 0:
                    wrong.append((role, path, "wider than its window"))
                wrong += [(role, path, one) for one in violations(page)]
        assert wrong == []
