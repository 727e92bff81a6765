"""A notice and its follow-up from desk to desk, in a browser without scripts: written, served, answered, verified."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from accounts import token_of
from browsers import chromium, overflow, serving, violations
from demo_round import make_draw
from factories import make_project
from flask import Flask
from pictures import with_position
from playwright.sync_api import Browser, Page, expect

from service.domain.days import day_of

NOTICES = "/desk/projects/project-1/notices"
CASES = "/desk/projects/project-1/follow-ups"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    make_project()
    make_draw()
    with serving(app) as address:
        yield address


@contextmanager
def at_desk(browser: Browser, address: str, role: str, language: str, scripts: bool = False) -> Iterator[Page]:
    size = {"width": 360, "height": 740}
    context = browser.new_context(locale=language, viewport=size, java_script_enabled=scripts)  # type: ignore[arg-type]
    context.add_cookies([{"name": "minyi_session", "value": token_of(role), "url": f"{address}/desk/"}])
    yield context.new_page()
    context.close()


def write_and_serve(page: Page, address: str) -> str:
    page.goto(f"{address}{NOTICES}")
    page.get_by_role("group", name="通报所依据的抽取").get_by_role("checkbox").check()
    page.get_by_label("通报内容").fill("抽查服务记录10份，1份缺少签名。")
    for label, text in (
        ("受理异议的部门", "区民政局"),
        ("地址", "某路1号"),
        ("电话", "020-12345"),
        ("提出异议的期限", "5"),
    ):
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_role("cell", name="记录不完整")).to_be_visible()
    page.get_by_role("button", name="发出通报").click()
    page.get_by_label("方式").select_option("post")
    page.get_by_label("签收人").fill("前台")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("提出异议的最后日期")).to_be_visible()
    return page.url


def test_a_notice_is_served_and_what_it_found_is_put_right(address: str, browser: Browser, tmp_path: Path) -> None:
    picture = tmp_path / "signed.jpg"
    picture.write_bytes(with_position((60, 40)))
    with (
        at_desk(browser, address, "evaluator", "zh-CN") as desk,
        at_desk(browser, address, "provider", "en-GB") as other,
    ):
        notice = write_and_serve(desk, address)
        desk.get_by_role("link", name="就此通报登记整改事项").click()
        desk.get_by_label("标题").fill("补齐签名")
        desk.get_by_label("需要整改的问题").fill("请补齐记录上的签名。")
        desk.get_by_label("答复期限（工作日）").fill("10")
        desk.get_by_role("button", name="登记").click()
        expect(desk.get_by_role("heading", name="补齐签名")).to_be_visible()
        case = desk.url

        other.goto(f"{address}/desk/projects/project-1")
        other.get_by_role("link", name="Notices").click()
        other.get_by_role("link", name="No. 1").click()
        expect(other.get_by_text("You may object in writing")).to_be_visible()
        other.goto(f"{address}{CASES}")
        other.get_by_role("link", name="补齐签名").click()
        other.get_by_label("What was done").fill("All signed.")
        other.get_by_label("Evidence").set_input_files(picture)
        other.get_by_role("button", name="Send the answer").click()
        expect(other.get_by_text("answered, to be verified")).to_be_visible()

        desk.goto(case)
        desk.get_by_label("属实，已核实").check()
        desk.get_by_label("如何核实的").fill("已到现场查看。")
        desk.get_by_label("回头看的日期").fill((day_of(datetime.now(UTC)) + timedelta(days=30)).isoformat())
        desk.get_by_role("button", name="决定").click()
        expect(desk.get_by_text("已到现场查看。")).to_be_visible()
        expect(other.get_by_role("button", name="Verify")).to_have_count(0)

    for language, role in (("zh-CN", "evaluator"), ("en-GB", "provider")):
        with at_desk(browser, address, role, language, scripts=True) as page:
            for path in (NOTICES, notice, CASES, case):
                page.goto(path if path.startswith("http") else f"{address}{path}")
                assert violations(page) == [], path
                assert overflow(page) == 0, path
