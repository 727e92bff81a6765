"""For tests of the auditor's app: a visit to be made, a server whose network can be cut, and an auditor's hands."""

import io
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import visiting
from babel.messages.pofile import read_po
from factories import EVALUATOR, NOW
from flask import Flask
from passwords import QUICK
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from werkzeug.serving import make_server

from service.domain.days import day_of
from service.domain.inspect.checklists import to_plain
from service.domain.inspect.visits import Visit
from service.domain.organisations import User
from service.operations.inspect import checklists
from service.store import records
from service.web.pages.audit_shell import FOLDER
from service.web.pages.audit_words import WORDS

PASSWORD, PIN = "a password that is long enough", "274913"
PLACE = {"permissions": ["geolocation"], "geolocation": {"latitude": 23.1, "longitude": 113.3, "accuracy": 12}}


def _words() -> dict[str, str]:
    with (FOLDER.parents[1] / "translations/zh_Hans/LC_MESSAGES/messages.po").open("rb") as file:
        known = {message.id: message.string for message in read_po(file)}
    return {name: known[text] for name, text in WORDS.items()}


SAID = _words()


def a_visit(take: int = 6, more: Mapping[str, Any] | None = None) -> Visit:
    """Planned for today, two auditors who can sign in, case records and an observation, or another checklist for it."""
    visiting.crew(visiting.FIRST, visiting.SECOND)
    fast = QUICK.hash(PASSWORD)
    for person in (visiting.FIRST, visiting.SECOND):
        there = records.get(User, person.id)
        assert there is not None
        records.delete(User, person.id)
        records.insert(User(**(vars(there) | {"password_hash": fast})))
    case, observation = (
        to_plain(checklists.shipped()[name]) for name in ("case-record.yaml", "observation-visit.yaml")
    )
    checklists.publish(EVALUATOR, NOW, case)
    version = checklists.publish(EVALUATOR, NOW, more or observation)[0]
    visiting.drawn(take=take)
    return visiting.planned(on=day_of(datetime.now(UTC)), checklists=(version.id,))


class Network:
    """The server at one address, started and stopped at will; `drop_after` cuts it in the middle of a file."""

    def __init__(self, app: Flask) -> None:
        self._inner, self._server, self.port = app, None, 0
        self.pieces = 0  # of files that came through
        self._left: int | None = None
        self.dropped = threading.Event()
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.dropped.clear()
        self._left = None
        self._server: Any = make_server("127.0.0.1", self.port, self._app, threaded=True)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def drop_after(self, pieces: int) -> None:
        """Let so many pieces through, then answer nothing that follows."""
        self._left = pieces

    def _app(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if self.dropped.is_set():
            raise ConnectionResetError
        if environ["REQUEST_METHOD"] == "PUT" and "/media/" in environ["PATH_INFO"]:
            if self._left == 0:
                self.dropped.set()
                raise ConnectionResetError
            self._left = None if self._left is None else self._left - 1
            self.pieces += 1
        return self._inner(environ, start_response)


@contextmanager
def network(app: Flask) -> Iterator[Network]:
    found = Network(app)
    try:
        yield found
    finally:
        found.stop()


def photo(width: int = 2400, height: int = 1600, turned: bool = False) -> dict[str, Any]:
    """A camera's picture with so much detail that it takes several pieces; `turned` as by an upright phone."""
    noise = Image.frombytes("RGB", (width // 6, height // 6), secrets.token_bytes(width // 6 * (height // 6) * 3))
    picture, file, exif = noise.resize((width, height)), io.BytesIO(), Image.Exif()
    if turned:
        exif[0x0112] = 6
    picture.save(file, "JPEG", quality=95, exif=exif)
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


IDS = "found => found.map(each => each.dataset.question)"


class Hands:
    """What an auditor does with the app, by the words that it shows."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, word: str, **values: Any) -> None:
        self.named(word, **values).first.click()

    def named(self, word: str, **values: Any) -> Locator:
        text = SAID[word].format(**values)
        return self.page.locator("button:visible, a:visible, label.choice:visible").filter(has_text=text)

    def sees(self, word: str, **values: Any) -> None:
        expect(self.page.locator("body")).to_contain_text(SAID[word].format(**values))

    def heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text)

    def sign_in(self, name: str = "field-1") -> None:
        self.page.locator("#username").fill(name)
        self.page.locator("#password").fill(PASSWORD)
        self.page.locator("button.main").click()

    def choose_pin(self, pin: str = PIN) -> None:
        self.heading(SAID["set_pin"])
        self.page.locator("#pin").fill(pin)
        self.page.locator("#pin-again").fill(pin)
        self.page.locator("button.main").click()

    def unlock(self, pin: str = PIN) -> None:
        self.page.locator("#pin").fill(pin)
        self.page.locator("button.main").click()

    def begin(self, address: str, name: str = "field-1") -> None:
        """From nothing to the list of visits, and ready to work without network."""
        self.page.goto(f"{address}/audit/")
        self.sign_in(name)
        self.choose_pin()
        self.page.locator("#visits a").first.wait_for()
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def start_visit(self) -> list[str]:
        """The serials of this auditor's items."""
        self.page.locator("#visits a").first.click()
        self.press("start_visit")
        self.page.locator("#items a").first.wait_for()
        return self.page.locator("#items strong").all_inner_texts()

    def item(self, serial: str) -> None:
        self.page.locator("#items a").filter(has_text=serial).click()
        self.heading(serial)
        self.page.locator("form.checklist").wait_for()

    def to_visit(self) -> None:
        self.press("to_visit")
        self.page.locator("#items a").first.wait_for()

    def question(self, id: str) -> Locator:
        return self.page.locator(f'fieldset[data-question="{id}"]')

    def choose(self, question: str, code: str) -> None:
        field = self.question(question).locator(f'input[value="{code}"]')
        field.check()
        expect(field).to_be_checked()

    def fill_in(self, **photos: dict[str, Any]) -> None:
        """Every question that is asked and open: the first option, a number, some words, a photo."""
        filled: set[str] = set()
        asked = "fieldset.question:visible"
        # Again until none is new: an answer may make further questions appear, on a busy machine after a while.
        while left := [id for id in self.page.eval_on_selector_all(asked, IDS) if id not in filled]:
            for id in left:
                self._fill(id, photos)
            filled.update(left)
            self.page.wait_for_timeout(300)  # what is typed is written down after a moment

    def _fill(self, id: str, photos: dict[str, dict[str, Any]]) -> None:
        field = self.question(id)
        if field.locator("input[type=radio]").count():
            for name in set(field.locator("input[type=radio]").evaluate_all("all => all.map(each => each.name)")):
                if not field.locator(f'input[name="{name}"]:checked').count():
                    field.locator(f'input[name="{name}"]').first.check()
        elif field.locator("input[type=file]").count():
            self.take(id, photos.get(id) or photo(400, 300))
        elif field.locator("input[inputmode=decimal]").count():
            field.locator("input[inputmode=decimal]").fill("2")
        elif field.locator("textarea").count():
            field.locator("textarea").fill("写得清楚")

    def take(self, question: str, picture: dict[str, Any]) -> None:
        before = self.question(question).locator(".photos li").count()
        self.question(question).locator("input[type=file]").set_input_files(picture)
        expect(self.question(question).locator(".photos img")).to_have_count(before + 1)

    def scrawl(self, place: int) -> None:
        pad = self.page.locator("canvas.pad:visible").nth(place)
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box is not None
        left, top = box["x"] + 20, box["y"] + 40
        self.page.mouse.move(left, top)
        self.page.mouse.down()
        for step in range(1, 10):
            self.page.mouse.move(left + step * 20, top + (step * (7 + place)) % 40)
        self.page.mouse.up()

    def sign(self) -> None:
        """By the auditor and a witness; the view is open."""
        self.scrawl(0)
        self.scrawl(1)
        self.page.get_by_label(SAID["witness_name"]).fill("王主任")
        self.press("sign_now")

    def state_of(self, serial: str) -> Locator:
        return self.page.locator("#items a").filter(has_text=serial).locator(".state")


def stored(store: str) -> str:
    """JavaScript for what lies in one of the app's stores on the phone."""
    return f"""() => new Promise((resolve, reject) => {{
      const opening = indexedDB.open("minyi-audit")
      opening.onerror = () => reject(opening.error)
      opening.onsuccess = () => {{
        const asking = opening.result.transaction("{store}").objectStore("{store}").getAll()
        asking.onsuccess = () => {{ opening.result.close(); resolve(asking.result) }}
      }}
    }})"""
