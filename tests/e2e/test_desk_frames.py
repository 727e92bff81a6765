"""A list becomes a frame at the desk of a phone's width, without JavaScript; axe on the pages in every language."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from accounts import token_of
from browsers import chromium, overflow, serving, violations
from factories import EVALUATOR, make_project
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from service.operations.inspect import frame_imports, frames

HEADER = "编号,站点,日期,时数,姓名,手机,类型"
ROWS = [
    "R-1,East,2026-02-01,1.5,王小明,13800138000,<img src=x onerror=alert(1)>",
    "R-2,West,2026-02-02,2,李红,13800138000,小组",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@contextmanager
def at_desk(browser: Browser, address: str, role: str, scripts: bool = False, width: int = 360) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts)
    context.add_cookies([{"name": "minyi_session", "value": token_of(role), "url": f"{address}/desk/"}])
    yield context.new_page()
    context.close()


def put_in(page: Page, address: str, file: Path) -> None:
    page.goto(f"{address}/desk/projects/project-1/frames?lang=en")
    page.get_by_label("File (CSV or XLSX)").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()


def test_a_list_is_put_in_mapped_mended_frozen_compared_and_its_receipt_read(
    app: Flask, browser: Browser, tmp_path: Path
) -> None:
    make_project()
    file, other = tmp_path / "cases.csv", tmp_path / "staff.csv"
    other.write_text("手机\n13800138000\n", encoding="utf-8")
    with serving(app) as address, at_desk(browser, address, "evaluator") as page:
        file.write_text("\n".join([HEADER, *ROWS, "13900139000,West,yesterday,1,周丽,12345678,x"]), encoding="gb18030")
        put_in(page, address, file)
        expect(page.get_by_text("It was read as GB18030")).to_be_visible()
        expect(page.get_by_label("编号")).to_have_value("serial")
        expect(page.get_by_label("姓名")).to_have_value("personal.name")
        page.get_by_label("类型").select_option(label="shown to the auditor")
        page.get_by_label("Name", exact=True).fill("Cases 2026")
        page.get_by_label("Where it comes from").fill("case register")
        page.get_by_label("Claimed in all").fill("5")
        page.get_by_role("button", name="Check every row").click()
        expect(page.get_by_role("alert")).to_contain_text("This is required")  # when are the numbers deleted?
        expect(page.get_by_label("类型")).to_have_value("detail")
        page.get_by_label("Personal columns are deleted on").fill("2036-01-01")
        page.get_by_role("button", name="Check every row").click()
        expect(page.get_by_role("row", name="4 编号")).to_contain_text("phone number, no opaque serial")
        expect(page.get_by_role("row", name="4 日期")).to_be_visible()
        assert page.get_by_role("button", name="Freeze the list").count() == 0
        assert overflow(page) == 0
        page.get_by_role("button", name="Throw this list away").click()
        file.write_text("\n".join([HEADER, *ROWS]), encoding="utf-8-sig")
        put_in(page, address, file)
        page.get_by_label("类型").select_option(label="shown to the auditor")
        page.get_by_label("Name", exact=True).fill("Cases 2026")
        page.get_by_label("Where it comes from").fill("case register")
        page.get_by_label("Claimed in all").fill("5")
        page.get_by_label("Personal columns are deleted on").fill("2036-01-01")
        page.get_by_role("button", name="Check every row").click()
        expect(page.get_by_text("The claim is 5, but the list adds up to 3.5.")).to_be_visible()
        waiting = page.url
        look_at(browser, address, "evaluator", waiting)
        page.get_by_role("button", name="Freeze the list").click()
        expect(page.get_by_text("Marked:")).to_be_visible()
        id = page.url.rsplit("/", 1)[1]
        page.get_by_label("Which list it is").select_option("staff")
        page.get_by_label("Where it comes from").fill("staff list")
        page.get_by_label("Its column: Phone").fill("手机")
        page.get_by_label("File (CSV or XLSX)").set_input_files(other)
        page.get_by_role("button", name="Compare").click()
        expect(page.get_by_text("The number belongs to staff")).to_contain_text("R-1 (Phone), R-2 (Phone)")
        expect(page.get_by_text("Several items share a number")).to_contain_text("R-1 = R-2")
        assert overflow(page) == 0
        for path in (f"/desk/frames/{id}", "/desk/projects/project-1/frames"):
            look_at(browser, address, "evaluator", address + path)
        look_at(browser, address, "provider", f"{address}/desk/frames/{id}/receipt")
        with at_desk(browser, address, "provider") as theirs:
            theirs.goto(f"{address}/desk/projects/project-1?lang=en")
            theirs.get_by_role("link", name="Lists and receipts").click()
            theirs.get_by_role("link", name="Receipt of Cases 2026").click()
            expect(theirs.get_by_text(frames.get(EVALUATOR, id).sha256)).to_be_visible()
            assert "R-1" not in theirs.content()
            assert theirs.goto(f"{address}/desk/frames/{id}").status == 403  # type: ignore[union-attr]
    assert frame_imports.get(EVALUATOR, id).state == "frozen"


def look_at(browser: Browser, address: str, role: str, path: str) -> None:
    """No violation, no script of a cell run, and nothing wider than a phone, in every language."""
    with at_desk(browser, address, role, scripts=True) as page:
        page.on("dialog", lambda dialog: pytest.fail("a cell of the list was run as a script"))
        for language in ("zh-Hans", "zh-Hant", "en"):
            page.goto(f"{path}?lang={language}")
            assert violations(page, colours=language == "en") == [], (path, language)
            assert overflow(page) == 0, (path, language)
