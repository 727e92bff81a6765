"""The desk in a real browser: an outsider follows points to their evidence, without JavaScript, on any screen."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from browsers import chromium, eventually, overflow, painted, serving, tabbed, violations
from demo_round import PASSWORD, DemoRound, make_city
from factories import EVALUATOR, NOW
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from xlsform_sheets import SMALL, xlsx

from service.operations.collect import quality

ROUND = "/desk/rounds/round-1"
PAGES = (
    "/desk/",
    ROUND,
    f"{ROUND}/nodes/quality",
    f"{ROUND}/nodes/g16",
    f"{ROUND}/nodes/g27",
    f"{ROUND}/nodes/g28-recipients",
    f"{ROUND}/nodes/g35",
    "/desk/campaigns/campaign-1?round=round-1&node=g28-recipients",
    "/desk/campaigns/campaign-1/responses",
    "/desk/campaigns/campaign-1/progress",
    "/desk/campaigns/campaign-1/quality",
    "/desk/campaigns/campaign-1/tablet",
    "/desk/campaigns/campaign-1/paper",
    "/desk/draws/draw-1",
    "/desk/draws/draw-1/verify",
    "/desk/projects/project-1/findings",
    "/desk/spot-checks/spot-3",
    "/desk/projects/project-1/spot-checks?draw=draw-1",
    "/desk/questionnaires/import",
    "/desk/rounds/none",
)
MOST_CLICKS = 3


@pytest.fixture(scope="module")
def made(_app: Flask) -> DemoRound:
    city = make_city()
    quality.scan(EVALUATOR, NOW, "campaign-1", {}, {"east": 1})
    return city


@pytest.fixture(scope="module")
def address(_app: Flask, made: DemoRound) -> Iterator[str]:
    with serving(_app) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@contextmanager
def at_desk(
    browser: Browser, address: str, wanted: str, language: str = "zh-Hans", width: int = 1280, scripts: bool = False
) -> Iterator[Page]:
    """A page of the desk as somebody sees it who was sent its address and has just signed in."""
    size = {"width": width, "height": 800}
    context = browser.new_context(locale=language, viewport=size, java_script_enabled=scripts)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}{wanted}")
    assert "/desk/sign-in" in page.url
    page.locator("#username").fill("evaluator")
    page.locator("#password").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("button.main").click()
    page.wait_for_url(f"{address}{wanted}")  # loaded: keys pressed before would go to the page that is leaving
    yield page
    context.close()


class Clicks:
    """Follows links by the words on them and counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def follow(self, words: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("link", name=words, exact=True).first.click()
        self.count += 1


def test_from_a_survey_point_to_its_answers(browser, address):
    with at_desk(browser, address, ROUND) as page:
        clicks = Clicks(page)
        row = page.locator('[data-node="g28-recipients"]')
        expect(row).to_contain_text("G28")
        points = row.locator(".points").inner_text()
        clicks.follow("住户满意度")
        expect(page.locator(".big")).to_contain_text(points)
        expect(page.locator("#calculation")).to_contain_text("= 73.4375")
        clicks.follow("调查活动的各站点数据")
        expect(page.get_by_role("row", name="全部站点").first).to_contain_text("73.4")
        expect(page.locator("#index")).to_have_text("指数 = (19 × 100 + 9 × 50 + 4 × 0) / 32 = 73.4375")
        clicks.follow("逐份查看答卷")
        expect(page.locator(".answer").first).to_contain_text("总的来说，您对现在的居住条件满意吗？")
        expect(page.locator(".path")).to_contain_text("住户满意度")
        assert clicks.count <= MOST_CLICKS


def test_from_a_point_of_a_check_to_the_record_that_was_looked_up(browser, address, made):
    erring = made.draw.items[2].serial
    with at_desk(browser, address, ROUND) as page:
        clicks = Clicks(page)
        expect(page.locator('[data-node="g35"]')).to_contain_text("G35")
        clicks.follow("记录的全面、真实与完整保存")
        expect(page.locator("#calculation")).to_contain_text("10份中有1份")
        clicks.follow("抽取结果和核查记录")
        expect(page.locator("#verify")).to_contain_text(made.draw.seed)
        clicks.follow(erring)
        expect(page.get_by_role("main")).to_contain_text("缺少服务对象签名。")
        expect(page.get_by_role("main")).to_contain_text("auditor")
        assert clicks.count <= MOST_CLICKS


def test_from_an_experts_point_to_score_and_reason(browser, address):
    with at_desk(browser, address, ROUND, "en") as page:
        clicks = Clicks(page)
        expect(page.locator('[data-node="g27"]')).to_contain_text("G27")
        clicks.follow("Social benefit")
        entry = page.get_by_role("row", name="评分人甲")
        expect(entry).to_contain_text("查阅了")
        expect(entry).to_contain_text("2026-03-02 17:30 +08:00")
        assert clicks.count <= MOST_CLICKS


@pytest.mark.parametrize("language", ["zh-Hans", pytest.param("en", marks=pytest.mark.long)])
def test_axe_finds_nothing_and_no_page_is_wider_than_its_window(browser, address, language):
    with at_desk(browser, address, "/desk/", language, scripts=True) as page:
        elsewhere: list[str] = []
        page.on("request", lambda request: None if request.url.startswith(address) else elsewhere.append(request.url))
        for path in (*PAGES, "/desk/sign-in"):
            page.goto(f"{address}{path}")
            assert page.locator("html").get_attribute("lang") == language
            for width in (1280, 360):
                page.set_viewport_size({"width": width, "height": 800})
                assert overflow(page) <= 0, (path, width)
                assert violations(page, colours=width == 360) == [], (path, width)
        assert [url for url in elsewhere if not url.startswith("data:")] == []


def test_an_xlsform_is_put_in_and_its_problems_are_read_row_by_row(browser, address, tmp_path):
    """Axe needs scripts to be run by; the page itself has none."""
    good, broken = tmp_path / "good.xlsx", tmp_path / "broken.xlsx"
    good.write_bytes(xlsx(SMALL))
    broken.write_bytes(xlsx({**SMALL, "survey": [*SMALL["survey"], ["nonsense", "x", "X"]]}))
    with at_desk(browser, address, "/desk/questionnaires/import", scripts=True) as page:
        for file, table, words in ((broken, "t-problems", "没有 nonsense 这种题型"), (good, "t-questions", "Did the")):
            page.get_by_label("文件（XLSX）").set_input_files(file)
            with page.expect_navigation():
                page.get_by_role("button", name="读取文件").click()
            expect(page.locator(f"table:has(#{table})")).to_contain_text(words)
            for width in (1280, 360):
                page.set_viewport_size({"width": width, "height": 800})
                assert overflow(page) <= 0
                assert violations(page, colours=width == 360) == []


def test_the_keyboard_reaches_the_content_and_scrolls_wide_tables(browser, address):
    with at_desk(browser, address, ROUND, width=360, scripts=True) as page:
        painted(page)
        page.locator("body").press("Tab")
        skip = page.get_by_role("link", name="跳到正文")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()
        for _ in range(30):  # past the links to the round's other pages
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.className") == "scroll":
                break
        region = page.locator(".scroll:focus")
        expect(region).to_have_count(1)
        page.keyboard.press("ArrowRight")
        eventually(lambda: region.evaluate("box => box.scrollLeft") > 0)  # it scrolls smoothly
        for path in (ROUND, "/desk/campaigns/campaign-1"):
            page.goto(f"{address}{path}")
            assert tabbed(page) == []


def test_on_paper_the_tables_are_whole_and_the_controls_are_gone(browser, address):
    with at_desk(browser, address, ROUND) as page:
        page.emulate_media(media="print")
        expect(page.get_by_role("button", name="退出")).to_be_hidden()
        expect(page.locator("table").last).to_be_visible()
        assert page.pdf().startswith(b"%PDF")


def test_signing_out_in_the_browser_closes_the_desk(browser, address):
    with at_desk(browser, address, "/desk/") as page:
        with page.expect_navigation():
            page.get_by_role("button", name="退出").click()
        assert page.url == f"{address}/desk/sign-in"
        page.goto(f"{address}{ROUND}")
        assert "/desk/sign-in?next=" in page.url
