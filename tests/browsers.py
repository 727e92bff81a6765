"""For browser tests: a real server on loopback, Debian's Chromium, and measures taken of what it shows."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

SWITCHES = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
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
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address of a server that runs until the end of the block."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def chromium(*switches: str) -> Iterator[Browser]:
    """Debian's Chromium, or the one that playwright has installed; with further switches."""
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=found, args=[*SWITCHES, *switches])
        yield browser
        browser.close()


@contextmanager
def phone(browser: Browser, language: str = "zh-Hans", width: int = 360, **more: Any) -> Iterator[Page]:
    """A page of a phone. Without JavaScript unless `java_script_enabled=True`."""
    options = {"java_script_enabled": False, "viewport": {"width": width, "height": 720}} | more
    context = browser.new_context(locale=language, device_scale_factor=2, has_touch=True, **options)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def too_small(page: Page) -> list[str]:
    """What is shown or to be pressed below SMALLEST_TEXT and SMALLEST_TARGET."""
    found: list[str] = page.evaluate(TOO_SMALL, [SMALLEST_TEXT, SMALLEST_TARGET])
    return found


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
