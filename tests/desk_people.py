"""People at the desk, each with a browser of their own: they sign in, follow links, fill forms in by their labels."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

PASSWORD = "a password that is long enough"
PATIENCE = 60_000  # ms; the machine may be busy
Value = str | bool | Path | list[str]


class Someone:
    """A person with an account. What he is led to he opens; nothing is typed into the address."""

    def __init__(self, browser: Browser, address: str, name: str, width: int = 1200, language: str = "en") -> None:
        self.context: BrowserContext = browser.new_context(locale=language, viewport={"width": width, "height": 900})
        self.context.set_default_timeout(PATIENCE)
        self.address, self.name = address, name
        self.page: Page = self.context.new_page()
        self.page.goto(f"{address}/desk/")
        self.fill({"User name": name, "Password": PASSWORD})
        self.press("Sign in")
        self.sees_heading("My desk")

    def home(self, *texts: str) -> None:
        """From the first page by these links."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name="Minyi desk").click()
        self.follow(*texts)

    def follow(self, *texts: str) -> None:
        """By these links, one after the other, wherever they stand."""
        for text in texts:
            link = self.page.get_by_role("link", name=text, exact=True)
            if not link.count():
                link = self.page.get_by_role("link", name=text)
            assert link.count(), (self.name, self.page.url, f"no way to {text}", self.page.inner_text("main")[:3000])
            with self.page.expect_navigation():
                link.first.click()

    def follow_in_row(self, row: str, link: str) -> None:
        """By a link that stands in this row of a table."""
        with self.page.expect_navigation():
            self.page.get_by_role("row", name=row).get_by_role("link", name=link).first.click()

    def within(self, heading: str) -> Locator:
        """The part of the page below this heading."""
        return self.page.get_by_role("region", name=heading)

    def fill(self, values: Mapping[str, Value], inside: Locator | None = None) -> None:
        """Each field by its label, whatever it is made of."""
        for label, value in values.items():
            self._fill(inside or self.page.locator("body"), label, value)

    def _fill(self, inside: Locator, label: str, value: Value) -> None:
        if isinstance(value, list):
            group = inside.get_by_role("group", name=label)
            for each in value:
                self.field(group, each).check()
            return
        field = self.field(inside, label)
        kind = field.evaluate("one => one.tagName == 'INPUT' ? one.type : one.tagName.toLowerCase()")
        if isinstance(value, Path):
            field.set_input_files(value)
        elif isinstance(value, bool):
            field.set_checked(value)
        elif kind == "select":
            options = field.locator("option").all_inner_texts()
            chosen = next((one for one in options if value == one), None) or [one for one in options if value in one][0]
            field.select_option(label=chosen)
        elif kind == "radio":
            field.check()
        else:
            field.fill(value)

    def field(self, inside: Locator, label: str) -> Locator:
        """The first field with this label, or with one that begins with it and goes on with what the field means."""
        exact = inside.get_by_label(label, exact=True)
        named = exact if exact.count() else inside.get_by_label(re.compile(rf"^\s*{re.escape(label)}\b"))
        assert named.count(), (self.name, self.page.url, f"no field {label}", self.page.inner_text("main")[:3000])
        return named.first

    def press(self, button: str, inside: Locator | None = None) -> None:
        """A button that leads on, by its words or the first of them."""
        found = (inside or self.page.locator("main")).get_by_role("button", name=re.compile(rf"^{re.escape(button)}"))
        with self.page.expect_navigation():
            found.first.click()

    def send(self, button: str, values: Mapping[str, Value] | None = None, inside: Locator | None = None) -> None:
        """Fill in and press; whatever the desk asks to be checked fails the walk."""
        self.fill(values or {}, inside)
        self.press(button, inside)
        told = self.page.get_by_role("alert")
        assert not told.count(), (self.name, self.page.url, told.all_inner_texts())

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.locator("main")).to_contain_text(text)

    def sees_heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)

    def within_group(self, name: str) -> Locator:
        """The fields that belong to one question."""
        return self.page.get_by_role("group", name=name).first

    def download(self, button: str, to: Path) -> Path:
        """The file that a button hands over."""
        with self.page.expect_download() as found:
            self.page.get_by_role("button", name=button, exact=True).click()
        found.value.save_as(to)
        return to

    def table(self, name: str) -> list[list[str]]:
        """The rows of a table by its caption."""
        rows: list[Any] = self.page.get_by_role("table", name=name).locator("tr").all()
        return [row.locator("th, td").all_inner_texts() for row in rows]
