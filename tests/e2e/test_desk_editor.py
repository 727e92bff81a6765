"""The questionnaire editor in a real browser: a new question in three clicks, the keyboard, a phone's width, axe."""

from accounts import token_of
from browsers import chromium, overflow, painted, serving, typed, violations
from factories import EVALUATOR, NOW, make_project
from flask import Flask
from playwright.sync_api import Page, expect
from questionnaire_samples import sample

from service.domain import yaml_texts
from service.operations.collect import drafts
from service.web.auth import COOKIE

AT = "/desk/questionnaires/sample"
# What is to be pressed below 44 px; a box to tick is pressed by its label, links within a text are not meant.
SMALL = """() => [...document.querySelectorAll("main button, main .button, main select, main input:not([type=hidden])")]
  .map((one) => (/radio|checkbox/.test(one.type) ? one.closest("label") : one))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.height && (box.height < 44 || box.width < 44))
  .map(([one]) => one)
  .filter((one) => !one.classList.contains("unseen"))
  .map((one) => one.outerHTML.slice(0, 120))"""


def ids() -> list[str]:
    text = drafts.get(EVALUATOR, "sample").text
    return [question["id"] for question in yaml_texts.load(text, "invalid")["questions"]]


def checked(page: Page) -> None:
    """At 360 px nothing is wider than the window and nothing to press too small; axe finds nothing."""
    page.set_viewport_size({"width": 360, "height": 800})
    assert overflow(page) <= 0, page.url
    assert page.evaluate(SMALL) == [], page.url
    assert violations(page) == [], page.url
    page.set_viewport_size({"width": 1200, "height": 900})


def test_a_question_is_added_in_three_clicks_and_moved_with_the_keyboard(app: Flask) -> None:
    make_project()
    plain = {name: value for name, value in sample().items() if name != "version"}
    drafts.create(EVALUATOR, NOW, "sample", yaml_texts.dump(plain) + "# the end\n")
    with serving(app) as address, chromium() as browser:
        context = browser.new_context(locale="zh-Hans", viewport={"width": 1200, "height": 900})
        context.add_cookies([{"name": COOKIE, "value": token_of("evaluator"), "url": f"{address}/desk"}])
        page = context.new_page()
        page.goto(f"{address}{AT}/edit")
        checked(page)

        page.get_by_role("link", name="在这里添加题目").nth(1).click()  # behind the first question
        checked(page)
        page.get_by_role("button", name="多选").click()
        expect(page.locator("textarea").first).to_be_focused()
        typed(page, page.locator("textarea").first, "您来过哪些活动？")
        page.get_by_role("button", name="再加一个选项").click()
        expect(page.locator("[data-parts=options] > li").last.locator("input:not([type=hidden])").first).to_be_focused()
        page.keyboard.type("读书会")  # and now in the new line, without a new page
        answers = page.locator("[data-parts=options] > li")
        expect(answers).to_have_count(4)
        answers.nth(3).get_by_role("button", name="上移").press("Enter")
        expect(answers.nth(2).locator("input:not([type=hidden])").first).to_have_value("读书会")
        checked(page)
        page.get_by_role("button", name="保存", exact=True).click()
        page.wait_for_url("**/edit#q-q2")
        assert ids()[:2] == ["q1", "q2"]
        assert "code: '1', label: {zh-Hans: 读书会}" in drafts.get(EVALUATOR, "sample").text
        expect(page.locator("#q-q2")).to_contain_text("缺少文字：en")

        page.locator("#q-q2 h3 a").focus()
        painted(page)
        with page.expect_navigation():
            page.keyboard.press("Alt+ArrowDown")
        assert ids()[1:3] == ["m1", "q2"]
        expect(page.locator("#q-q2 button[value='down q2']")).to_be_focused()
        painted(page)
        with page.expect_navigation():
            page.keyboard.press("Enter")  # the button itself, as without scripts
        assert ids()[2:4] == ["t1", "q2"]
        with page.expect_navigation():
            page.locator("#q-q2").drag_to(page.locator("#q-q1"))
        assert ids()[:2] == ["q1", "q2"]
        assert drafts.get(EVALUATOR, "sample").text.endswith("# the end\n")

        for path in ("texts?to=en", "counting", "counting/satisfaction", "whole"):
            page.goto(f"{address}{AT}/edit/{path}")
            checked(page)
        page.goto(f"{address}{AT}/preview?question=q2")
        assert page.locator("body").bounding_box()["width"] == 360  # type: ignore[index]
        expect(page.locator("main")).to_contain_text("读书会")
        context.close()
