"""One way through what follows from a result, in a browser: objection, appeal, three signatures, the public's page."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import casework
import pytest
from accounts import token_of
from browsers import chromium, overflow, serving, violations
from casework import PICTURE, TEXT
from flask import Flask
from outcomes import lead_people
from playwright.sync_api import Browser, Page

from service.domain.days import day_of
from service.web.auth import COOKIE

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
# What a page is made of: forms of one act are alike, and so are those before something that cannot be undone.
KIND = "() => document.querySelector('main .danger') ? 'confirm' : document.querySelector('main .form .field') ? 'form'"
KIND += " : location.pathname.split('/').filter(part => !/[0-9]/.test(part)).join('/')"


class Walker:
    """One person's phone, signed in; axe looks at each kind of page once."""

    def __init__(self, page: Page, address: str, seen: set[str]) -> None:
        self.page, self.address, self.seen = page, address, seen

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.measure()

    def measure(self) -> None:
        assert overflow(self.page) == 0, self.page.url
        kind = str(self.page.evaluate(KIND))
        if kind in self.seen:
            return
        self.seen.add(kind)
        assert violations(self.page, **RULES) == [], self.page.url

    def press(self, text: str) -> None:
        """Follow a link of the page by what it says."""
        with self.page.expect_navigation():
            self.page.click(f"main a:text-is('{text}')")
        self.measure()

    def send(self, **fields: str) -> None:
        """Fill the form of the page in and send it; it has to lead on."""
        here = self.page.url
        for name, text in fields.items():
            self.page.fill(f"[name='{name.replace('__', '.')}']", text)
        with self.page.expect_navigation():
            self.page.click("main .form button.main")
        assert self.page.url != here, self.page.inner_text("main")

    def choose(self, name: str, value: str) -> None:
        self.page.select_option(f"[name='{name}']", value)


@contextmanager
def walker(browser: Browser, address: str, token: str, seen: set[str]) -> Iterator[Walker]:
    context = browser.new_context(locale="zh-Hans", viewport={"width": 360, "height": 740}, has_touch=True)
    context.add_cookies([{"name": COOKIE, "value": token, "url": f"{address}/desk"}])
    yield Walker(context.new_page(), address, seen)
    context.close()


@pytest.mark.rule("C20", "G58", "O05")
def test_an_objection_an_appeal_and_a_publication_on_a_phone(app: Flask, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    casework.make_case_round()
    casework.serve_notice(served_on=day_of(now), at=now)
    casework.notify("round-1", now, day_of(now) + timedelta(days=15))
    people = lead_people(app.test_client())
    picture = tmp_path / "page.jpg"
    picture.write_bytes(PICTURE)
    seen: set[str] = set()
    with serving(app) as address, chromium() as browser:

        def as_(token: str):  # type: ignore[no-untyped-def]
            return walker(browser, address, token, seen)

        with as_(token_of("provider")) as provider, as_(token_of("purchaser")) as purchaser:
            provider.open("/desk/projects/project-1/cases")
            provider.press("第1号")
            provider.send(text=TEXT)
            provider.press("添加文件")
            provider.page.set_input_files("[name=file]", picture)
            provider.send()
            provider.press("提交异议")
            provider.send()
            objection = provider.page.url.removeprefix(address)
            assert "回执" in provider.page.inner_text("main")
            purchaser.open(objection)
            purchaser.press("答复异议")
            purchaser.choose("outcome", "dismissed")
            purchaser.send(reasons="记录中确实没有签名页。")
            assert "不成立" in purchaser.page.inner_text("main")

            provider.open("/desk/rounds/round-1/appeals/new")
            provider.send(text="制度文件另存。")
            provider.press("提交申诉")
            provider.send()
            appeal = provider.page.url.removeprefix(address)
        with as_(token_of("authority")) as authority:
            authority.open(appeal)
            authority.press("受理申诉")
            authority.send()
            authority.press("组成复核小组")
            for place, name in enumerate(("复核员甲", "复核员乙")):
                authority.choose(f"members.{place}.category", "expert")
                authority.page.fill(f"[name='members.{place}.name']", name)
            authority.send()
            authority.press("复核情况")
            authority.page.check("input[value$='|score']")
            with authority.page.expect_navigation():
                authority.page.click("button:text-is('更正所勾选的内容并作出决定')")
            authority.measure()
            authority.choose("outcome", "upheld")
            fields = {"reasons": "制度文件齐全。", "edits__0__value": "100", "edits__0__reason": "附件齐全。"}
            for name, text in fields.items():
                authority.page.fill(f"[name='{name.replace('__', '.')}']", text)
            authority.page.click("main .form button.main")
            authority.page.wait_for_selector("button[name=sure]")
            authority.measure()
            authority.page.click("button[name=sure]")
            authority.page.wait_for_url(f"**{appeal}")
            assert "结果已更正" in authority.page.inner_text("main")
        with as_(people["drafter"].token) as drafter:
            drafter.open("/desk/rounds/round-1/publications")
            drafter.press("起草公示")
            drafter.choose("disclosure", "active")
            drafter.send(legal_basis="办法六（三）", note="本轮结果。")
            here = drafter.page.url.removeprefix(address)
        for name, button in (("office", "以处室负责人身份签字"), ("unit", "以单位负责人身份批准")):
            with as_(people[name].token) as signer:
                signer.open(here)
                signer.press(button)
                for box in signer.page.query_selector_all("[name=looked_for]"):
                    box.check()
                signer.send()
        with as_(people["drafter"].token) as drafter:
            drafter.open(f"{here}/preview")
            preview = drafter.page.inner_text("main h1")
            drafter.open(here)
            drafter.press("公示结果")
            drafter.send()
            drafter.press("公示网址")
            assert "/results/" in drafter.page.url
            assert drafter.page.inner_text("main h1") == preview
            assert "本轮结果。" in drafter.page.inner_text("main")
        with as_(token_of("evaluator")) as evaluator:
            evaluator.open("/desk/projects/project-1/journal")
            evaluator.open("/desk/projects/project-1/retention?kind=procurement_file")
    assert len(seen) > 9
