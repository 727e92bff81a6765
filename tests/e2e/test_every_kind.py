"""Every kind of question in a real browser, answered as a person would: without a script and with one."""

from collections.abc import Iterator
from typing import Any

import every_kind
import pictures
import pytest
from browsers import chromium, next_page, overflow, phone, serving, too_small, violations
from factories import LANGUAGES, Opened
from flask import Flask
from phones import open_for_phones
from playwright.sync_api import Browser, Page, expect

from service.operations.collect import media, seals
from service.store.collect import responses
from service.store.documents import PictureDocument
from service.store.records import collection

THANKS = {
    "zh-Hans": "谢谢您，答案已收到。",
    "zh-Hant": "謝謝您，答案已收到。",
    "en": "Thank you. Your answers have arrived.",
}
GIVEN = {
    "used": "yes",
    "services": "meals health",
    "times": "12",
    "aspects/staff": "5",
    "aspects/place": "_cannot_say",
    "stars": "4",
    "mood": "5",
    "advise": "9",
    "since": "2026-05-01",
    "matters": "kind near",
    "station": "东站",
    "wish": "多搞活动",
}


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
    media._sent.clear()
    return open_for_phones(app, definition=every_kind.definition())


def tap(page: Page, name: str, value: str) -> None:
    """On the words of an answer, as people do."""
    page.locator(f'label:has(input[name="{name}"][value="{value}"])').click()


def onwards(page: Page) -> None:
    with next_page(page):
        page.locator("form#_f button.s:not(.n)").click()


def first_screen(page: Page) -> None:
    tap(page, "used", "yes")
    tap(page, "services", "meals")
    tap(page, "services", "health")
    page.locator("#times").fill("12")


def second_screen(page: Page) -> None:
    tap(page, "aspects/staff", "5")
    tap(page, "aspects/place", "_cannot_say")
    tap(page, "stars", "4")
    tap(page, "mood", "5")
    tap(page, "advise", "9")


def third_screen(page: Page) -> None:
    page.locator("#since").fill("2026-05-01")
    page.locator('[id="matters/1"]').select_option("kind")
    page.locator('[id="matters/2"]').select_option("near")
    page.locator("#station").fill("东站")
    page.locator("#wish").fill("多搞活动")


def add_photo(page: Page) -> None:
    file: Any = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": pictures.with_position()}
    page.locator("#photo").set_input_files(file)


FILLED_IN = (first_screen, second_screen, third_screen, add_photo)


def stored(opened: Opened) -> list[dict[str, str]]:
    seals.seal(opened.id)
    return [dict(response.answers) for response in responses.each(opened.id)]


def looks_right(page: Page, name: str) -> None:
    assert too_small(page) == [], name
    assert overflow(page) <= 0, name


WALKED = [("zh-Hans", False), ("zh-Hans", True), ("zh-Hant", True), ("en", False)]  # language, with a script
ALSO = [pytest.param(*one, marks=pytest.mark.long) for one in (("zh-Hant", False), ("en", True))]


@pytest.mark.parametrize(("language", "scripted"), [*WALKED, *ALSO])
def test_from_the_code_to_the_thanks(
    opened: Opened, address: str, browser: Browser, language: str, scripted: bool
) -> None:
    requests: list[str] = []
    with phone(browser, language, 320, java_script_enabled=scripted) as page:
        page.on("request", lambda request: requests.append(request.url))
        page.goto(f"{address}/s/{opened.codes[0].lower()}")
        for fill in FILLED_IN:
            fill(page)
            onwards(page)
        expect(page.get_by_role("heading", level=1)).to_have_text(THANKS[language])
    assert len(requests) == 1 + len(FILLED_IN)
    [answers] = stored(opened)
    [picture] = collection(PictureDocument).find({})
    assert answers == GIVEN | {"photo": picture["_id"]}
    assert not any(secret in picture["content"] for secret in pictures.SECRETS)


def every_screen(page: Page, address: str, code: str) -> Iterator[str]:
    """Each screen as it comes, then with its errors, then filled in; yields the name of what is shown."""
    page.goto(f"{address}/s/{code}")
    yield "first screen"
    onwards(page)
    yield "first screen with an error"
    first_screen(page)
    onwards(page)
    yield "second screen"
    second_screen(page)
    yield "second screen filled in"
    onwards(page)
    page.locator('[id="matters/2"]').select_option("near")
    onwards(page)
    yield "third screen with an error"
    third_screen(page)
    onwards(page)
    yield "photo"
    onwards(page)
    yield "thanks"


@pytest.mark.parametrize("language", ["zh-Hans", "en", pytest.param("zh-Hant", marks=pytest.mark.long)])
def test_axe_finds_nothing_and_nothing_is_too_small(
    opened: Opened, address: str, browser: Browser, language: str
) -> None:
    with phone(browser, language, 320, java_script_enabled=True, bypass_csp=True) as page:
        for name in every_screen(page, address, opened.codes[0]):
            assert violations(page, colours=language == "zh-Hans", stricter=True) == [], name
            looks_right(page, name)


@pytest.mark.long
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_in_dark_colours_and_at_twice_the_size(
    opened: Opened, address: str, browser: Browser, language: str, colours: str
) -> None:
    more: dict[str, Any] = {"java_script_enabled": True, "bypass_csp": True, "color_scheme": colours}
    with phone(browser, language, 320, **more) as page:
        for name in every_screen(page, address, opened.codes[0]):
            assert violations(page, stricter=True) == [], name
            page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")
            looks_right(page, f"{name}, 200 %")
            assert violations(page, stricter=True) == [], f"{name}, 200 %"
            page.evaluate("() => { document.documentElement.style.fontSize = '' }")


def test_another_language_keeps_everything_with_a_script_too(opened: Opened, address: str, browser: Browser) -> None:
    with phone(browser, "zh-Hans", 320, java_script_enabled=True) as page:
        page.goto(f"{address}/s/{opened.codes[0]}")
        first_screen(page)
        with next_page(page):
            page.get_by_role("button", name="English").click()
        assert page.locator("html").get_attribute("lang") == "en"
        expect(page.get_by_role("button", name="Larger text")).to_be_visible()
        expect(page.locator("#times")).to_have_value("12")
        onwards(page)
        expect(page.get_by_text("Page 2 of 4")).to_be_visible()


def test_the_enter_key_goes_on_and_does_not_change_the_language(opened: Opened, address: str, browser: Browser) -> None:
    for scripted in (False, True):
        with phone(browser, "en", 320, java_script_enabled=scripted) as page:
            page.goto(f"{address}/s/{opened.codes[0]}")
            first_screen(page)
            with next_page(page):
                page.locator("#times").press("Enter")
            expect(page.get_by_text("Page 2 of 4")).to_be_visible()


def test_the_phones_own_back_key_goes_a_screen_back(opened: Opened, address: str, browser: Browser) -> None:
    with phone(browser, "en", 320, java_script_enabled=True) as page:
        page.goto(f"{address}/s/{opened.codes[0]}")
        first_screen(page)
        onwards(page)
        tap(page, "stars", "4")
        with next_page(page):
            page.evaluate("() => history.back()")
        expect(page.get_by_text("Page 1 of 4")).to_be_visible()
        expect(page.locator("#times")).to_have_value("12")
        onwards(page)
        expect(page.locator('[name="stars"][value="4"]')).to_be_checked()


def test_letters_grow_and_stay_large_on_the_next_screen(opened: Opened, address: str, browser: Browser) -> None:
    size = "() => parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)"
    with phone(browser, "zh-Hans", 320, java_script_enabled=True) as page:
        page.goto(f"{address}/s/{opened.codes[0]}")
        before = page.evaluate(size)
        larger = page.get_by_role("button", name="字大一点")
        larger.click()
        larger.click()
        assert page.evaluate(size) == pytest.approx(before * 1.5)
        first_screen(page)
        onwards(page)
        assert page.evaluate(size) == pytest.approx(before * 1.5)
        for _ in range(4):
            larger.click()
        assert page.evaluate(size) == pytest.approx(before * 2)
        looks_right(page, "200 %")
        for _ in range(9):
            page.get_by_role("button", name="字小一点").click()
        assert page.evaluate(size) == pytest.approx(before)


# The test machine's browser has no voice, so a stand-in takes down what a phone's would be given to say.
VOICE = """
window.said = []
const voices = [{lang: "LANGUAGE", name: "stand-in"}]
Object.defineProperty(window, "speechSynthesis", {value: {
  speaking: false, getVoices: () => voices, cancel() {}, speak(speech) { window.said.push([speech.text, speech.lang]) }
}})
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text } }
"""


@pytest.mark.parametrize(
    ("language", "voice", "button"), [("zh-Hans", "zh-CN", "读给我听"), ("en", "en-GB", "Read aloud")]
)
def test_a_question_is_read_aloud_in_the_language_of_the_page(
    opened: Opened, address: str, browser: Browser, language: str, voice: str, button: str
) -> None:
    with phone(browser, language, 320, java_script_enabled=True) as page:
        page.add_init_script(VOICE.replace("LANGUAGE", voice))
        page.goto(f"{address}/s/{opened.codes[0]}")
        buttons = page.get_by_role("button", name=button)
        expect(buttons).to_have_count(3)
        buttons.nth(1).click()
        [[text, spoken]] = page.evaluate("() => window.said")
        asked = every_kind.QUESTIONS[2]
        assert spoken == voice
        assert asked["label"][language] in text
        assert all(option["label"][language] in text for option in asked["options"])
        assert button not in text


def test_without_a_voice_for_the_language_no_button_promises_one(
    opened: Opened, address: str, browser: Browser
) -> None:
    with phone(browser, "zh-Hans", 320, java_script_enabled=True) as page:
        page.add_init_script(VOICE.replace("LANGUAGE", "en-GB"))
        page.goto(f"{address}/s/{opened.codes[0]}")
        expect(page.get_by_role("button", name="字大一点")).to_be_visible()
        expect(page.get_by_role("button", name="读给我听")).to_have_count(0)
