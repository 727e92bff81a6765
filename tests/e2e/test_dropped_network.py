"""The network drops when “Send” is pressed: nothing is lost, nothing counts twice, and the person is told in words."""

import re
from collections.abc import Iterator

import pytest
from browsers import chromium, next_page, phone, serving
from factories import Opened
from flask import Flask
from phones import open_for_phones
from playwright.sync_api import Browser, Page, expect

from service.operations.collect import seals

KEPT = re.compile("都保存在这里，会自动再次提交")
THANKS = "谢谢您，答案已收到。"
STORAGE = "() => Object.keys(localStorage)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.fixture
def opened(app: Flask) -> Opened:
    return open_for_phones(app)


def counted(opened: Opened) -> int:
    seals.seal(opened.id)
    return sum(counts["n"] for counts in seals.read(opened.id)[0].values())


def fill_in(page: Page) -> None:
    page.locator('label:has(input[name="overall"][value="5"])').click()
    page.locator("#wish").fill("多搞活动")


def send(page: Page) -> None:
    page.get_by_role("button", name="提交").click()


def test_the_answer_is_kept_sent_when_the_network_is_back_and_counted_once(
    opened: Opened, address: str, browser: Browser
) -> None:
    with phone(browser, java_script_enabled=True) as page:
        page.goto(f"{address}/s/{opened.codes[0]}")
        fill_in(page)
        page.context.set_offline(True)
        send(page)
        expect(page.get_by_role("alert")).to_have_text(KEPT)
        assert page.evaluate(STORAGE) == [f"minyi /s/{opened.codes[0]}"]
        expect(page.locator("#wish")).to_have_value("多搞活动")
        assert counted(opened) == 0
        with next_page(page):
            page.context.set_offline(False)
        expect(page.get_by_role("heading", level=1)).to_have_text(THANKS)
        assert page.evaluate(STORAGE) == []
    assert counted(opened) == 1


def test_an_answer_that_arrived_while_its_acknowledgement_was_lost_counts_once(
    opened: Opened, address: str, browser: Browser
) -> None:
    sent: list[str] = []
    with phone(browser, java_script_enabled=True) as page:
        page.goto(f"{address}/s/{opened.codes[0]}")
        fill_in(page)

        def lose_the_answer(route, request):  # type: ignore[no-untyped-def]
            sent.append(request.post_data)
            if len(sent) == 1:
                route.fetch()  # the server has it
                route.abort()  # and the phone does not know
            else:
                route.continue_()

        page.route("**/s/**", lose_the_answer)
        send(page)
        expect(page.get_by_role("alert")).to_have_text(KEPT)
        assert counted(opened) == 1
        with next_page(page):
            send(page)
        expect(page.get_by_role("heading", level=1)).to_have_text(THANKS)
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert counted(opened) == 1


def test_a_page_that_was_closed_sends_what_it_kept_when_it_is_opened_again(
    opened: Opened, address: str, browser: Browser
) -> None:
    with phone(browser, java_script_enabled=True) as page:
        page.goto(f"{address}/s/{opened.codes[0]}")
        fill_in(page)
        page.context.set_offline(True)
        send(page)
        expect(page.get_by_role("alert")).to_have_text(KEPT)
        context = page.context
        page.close()
        context.set_offline(False)
        again = context.new_page()
        again.goto(f"{address}/s/{opened.codes[0]}")
        expect(again.get_by_role("heading", level=1)).to_have_text(THANKS)
        assert again.evaluate(STORAGE) == []
    assert counted(opened) == 1


def test_whoever_leaves_while_an_answer_waits_is_asked(opened: Opened, address: str, browser: Browser) -> None:
    asked: list[str] = []
    with phone(browser, java_script_enabled=True) as page:
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.goto(f"{address}/s/{opened.codes[0]}")
        fill_in(page)
        page.close(run_before_unload=True)
    with phone(browser, java_script_enabled=True) as page:
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.goto(f"{address}/s/{opened.codes[0]}")
        fill_in(page)
        page.context.set_offline(True)
        send(page)
        expect(page.get_by_role("alert")).to_have_text(KEPT)
        assert asked == []
        page.context.set_offline(False)
        page.goto(f"{address}/s")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize(
    "broken",
    [
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('denied', 'SecurityError') }})",
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
        "Object.defineProperty(window, 'localStorage', {value: null})",
    ],
    ids=["denied", "full", "missing"],
)
def test_it_works_where_nothing_may_be_stored(opened: Opened, address: str, browser: Browser, broken: str) -> None:
    """As in in-app browsers: no storage, no service worker, no downloads."""
    more = {"java_script_enabled": True, "service_workers": "block", "accept_downloads": False}
    with phone(browser, **more) as page:
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.add_init_script(broken)
        page.goto(f"{address}/s/{opened.codes[0]}")
        fill_in(page)
        page.context.set_offline(True)
        send(page)
        expect(page.get_by_role("alert")).to_have_text(KEPT)
        with next_page(page):
            page.context.set_offline(False)
        expect(page.get_by_role("heading", level=1)).to_have_text(THANKS)
        assert errors == []
    assert counted(opened) == 1


def test_somebody_elses_page_in_between_is_not_taken_for_an_acknowledgement(
    opened: Opened, address: str, browser: Browser
) -> None:
    """A hotel's or a station's network answers with its own sign-in page, status 200."""
    portal = {"status": 200, "content_type": "text/html", "body": "<h1>Free Wi-Fi</h1><main>Sign in</main>"}
    with phone(browser, java_script_enabled=True) as page:
        page.goto(f"{address}/s/{opened.codes[0]}")
        fill_in(page)
        page.route("**/s/**", lambda route: route.fulfill(**portal))
        send(page)
        expect(page.get_by_role("alert")).to_have_text(KEPT)
        assert page.evaluate(STORAGE) != []
        page.unroute("**/s/**")
        with next_page(page):
            send(page)
        expect(page.get_by_role("heading", level=1)).to_have_text(THANKS)
    assert counted(opened) == 1


def test_what_is_wrong_with_an_answer_is_said_as_without_a_script(
    opened: Opened, address: str, browser: Browser
) -> None:
    with phone(browser, java_script_enabled=True) as page:
        page.goto(f"{address}/s/{opened.codes[0]}")
        page.locator("#wish").fill("多搞活动")
        with next_page(page):
            send(page)
        expect(page.get_by_role("alert").first).to_contain_text("请回答这道题。")
        assert page.evaluate(STORAGE) == []
        fill_in(page)
        with next_page(page):
            send(page)
        expect(page.get_by_role("heading", level=1)).to_have_text(THANKS)
    assert counted(opened) == 1
