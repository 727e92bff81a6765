"""For browser tests: a real server on loopback, Debian's Chromium, and measures taken of what it shows."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, Playwright, expect, sync_playwright
from werkzeug.serving import make_server

SWITCHES = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
# `field.example` is this machine by a name that browsers do not trust as they trust localhost.
SWITCHES.append("--host-resolver-rules=MAP field.example 127.0.0.1")
SWITCHES.append("--disable-site-isolation-trials")  # all pages are of one site: a process fewer for each context
expect.set_options(timeout=30_000)  # as long as playwright waits for what it is to press
SMALLEST_TEXT, SMALLEST_TARGET = 18, 48  # px

# Texts and targets that are smaller than they may be. The target of a box to tick is its label.
TOO_SMALL = """([text, target]) => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const size = parseFloat(getComputedStyle(walker.currentNode.parentElement).fontSize);
    if (walker.currentNode.data.trim() && size < text) found.push(`${size} px: ${walker.currentNode.data.trim()}`);
  }
  let targets = 0;
  for (const one of document.querySelectorAll("a, button, summary, select, textarea, input:not([type=hidden])")) {
    const box = (/radio|checkbox/.test(one.type) ? one.closest("label") : one).getBoundingClientRect();
    if (!box.width && !box.height) continue;  // folded away
    targets += 1;
    if (box.height < target || box.width < target) {
      found.push(`${box.width} x ${box.height}: ${one.outerHTML.slice(0, 90)}`);
    }
  }
  if (!targets) found.push("nothing to press");
  return found;
}"""
# The element that has the focus: its place in the page (0 if none has it), what it is, and whether anybody sees that.
FOCUSED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), look = getComputedStyle(one);
  if (one === document.body) return [0, "", true];
  const ringed = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 1 && box.width > 1 && box.height > 1;
  const shown = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  return [[...document.querySelectorAll("*")].indexOf(one), one.outerHTML.slice(0, 90), ringed && shown];
}"""
STOPS = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(
  one => one.tabIndex >= 0 && one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length
).length"""
# Rules on which the colours bear: enough for another colour scheme of a page that all rules have seen.
ABOUT_COLOURS = {"runOnly": ["color-contrast", "color-contrast-enhanced", "link-in-text-block"]}
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address of a server that runs until the end of the block."""
    server = make_server("127.0.0.1", 0, _closing(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _closing(app: Flask) -> Callable[..., Iterator[bytes]]:
    """The application, whose files are closed also where a browser goes on before it has read them.

    Werkzeug's server leaves them open when the connection breaks while it looks for what is left to read.
    """

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        with closing(app(environ, start_response)) as pieces:  # type: ignore[type-var]
            yield from pieces

    return serve


class _Shared:
    """One browser for all tests of a process: starting it takes longer than many a test."""

    def __init__(self) -> None:
        self.ends = ExitStack()
        self.playwright: Playwright | None = None
        self.browser: Browser | None = None

    def running(self) -> Browser:
        if self.playwright is None:
            self.playwright = self.ends.enter_context(sync_playwright())
        if self.browser is None or not self.browser.is_connected():
            names = ("chromium-headless-shell", "chromium", "chromium-browser")  # the first does half the work
            found = next(filter(None, map(shutil.which, names)), None)
            self.browser = self.playwright.chromium.launch(executable_path=found, args=SWITCHES)
            self.ends.callback(self.browser.close)
        return self.browser


_shared = _Shared()
end_shared = _shared.ends.close  # called when the process has run its last test


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or the one that playwright has installed. What it keeps of a page is the page's context's,
    so at the end of the block those that it was given are closed."""
    browser = _shared.running()
    before = set(browser.contexts)
    try:
        yield browser
    finally:
        for context in set(browser.contexts) - before:
            context.close()


@contextmanager
def phone(browser: Browser, language: str = "zh-Hans", width: int = 360, **more: Any) -> Iterator[Page]:
    """A page of a phone. Without JavaScript unless `java_script_enabled=True`."""
    options = {"java_script_enabled": False, "viewport": {"width": width, "height": 720}} | more
    context = browser.new_context(locale=language, device_scale_factor=2, has_touch=True, **options)
    yield context.new_page()
    context.close()


def too_small(page: Page) -> list[str]:
    """What is shown or to be pressed below SMALLEST_TEXT and SMALLEST_TARGET."""
    found: list[str] = page.evaluate(TOO_SMALL, [SMALLEST_TEXT, SMALLEST_TARGET])
    return found


def violations(page: Page, colours: bool = True, stricter: bool = False, **options: Any) -> list[str]:
    """What axe finds, rule by rule with the first place; `stricter` contrasts are those of WCAG's level AAA.

    Contrasts are three quarters of axe's work: `colours=False` where the same page was looked at with them before, in
    another language or at another width.
    """
    rules = {"color-contrast": colours, "color-contrast-enhanced": colours and stricter}
    options = {"resultTypes": ["violations"], "rules": {name: {"enabled": on} for name, on in rules.items()}} | options
    found = Axe().run(page, options=options).response
    if colours and stricter:
        assert any(rule["id"] == "color-contrast-enhanced" for rule in found["passes"] + found["violations"])
    return [f"{rule['id']}: {rule['nodes'][0]['html']} ({rule['help']})" for rule in found["violations"]]


def tabbed(page: Page) -> list[str]:
    """What is wrong with a walk by Tab through a page without radio buttons: stops that are not seen, or not met."""
    painted(page)
    faults, last, met = [], 0, set[int]()
    stops = page.evaluate(STOPS)
    for _ in range(2 * stops):
        page.keyboard.press("Tab")
        place, what, seen = page.evaluate(FOCUSED)
        if met and place == 0:
            break
        if place < last:
            faults.append(f"before what had the focus: {what}")
            break
        if not seen:
            faults.append(f"not seen: {what}")
        met, last = met | {place}, place
    return faults if len(met) == stops else [*faults, f"{len(met)} of {stops} reached"]


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window, once it has its style sheet."""
    page.wait_for_load_state()
    return int(page.evaluate(WIDER))


@contextmanager
def next_page(page: Page) -> Iterator[None]:
    """Around a press: waits until another page is shown, whether the browser loaded it or a script swapped the body."""
    page.evaluate("() => { document.body.dataset.left = 1 }")
    yield
    page.wait_for_selector("body:not([data-left])", state="attached")


def painted(page: Page) -> None:
    """Wait until the page has been painted: keys that are pressed before may be lost."""
    page.screenshot(clip={"x": 0, "y": 0, "width": 1, "height": 1})


def typed(page: Page, field: Locator, text: str) -> None:
    """Type into the field that has the focus and see it there.

    Should the browser drop a key of a page that is new nevertheless: who types sees that and types again.
    """
    painted(page)
    for _ in range(20):
        page.keyboard.press("Control+A")
        page.keyboard.type(text)
        if field.input_value() == text:
            break
    expect(field).to_have_value(text)


def eventually(condition: Callable[[], object], seconds: float = 60) -> None:
    """For what the page's policy keeps the browser from polling by itself, and for what arrives at the server."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.05)
