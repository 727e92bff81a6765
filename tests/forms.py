"""What a browser without a script would send of a page: its fields as they stand, changed by a person."""

from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse


class _Reader(HTMLParser):
    """Collects the fields that would be sent with the questions' form."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: MultiDict[str, str] = MultiDict()
        self.action, self.encoding, self.area, self.select = "", "", "", ""
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attributes}
        if tag == "form" and has.get("id") == "_f":
            self.action, self.encoding = has["action"], has.get("enctype", "")
        elif tag == "textarea":
            self.area, self.text = has["name"], []
        elif tag == "select":
            self.select = has["name"]
            self.fields.setdefault(self.select, "")
        elif tag == "option" and "selected" in has:
            self.fields[self.select] = has["value"]
        elif tag == "input" and has.get("type") != "file" and self.action and "name" in has:
            if has.get("type") not in ("radio", "checkbox") or "checked" in has:
                self.fields.add(has["name"], has.get("value", ""))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self.fields[self.area] = "".join(self.text).removeprefix("\n")
            self.area = ""


class Walk:
    """One person's way through the screens of a code."""

    def __init__(self, client: FlaskClient, address: str) -> None:
        self.client = client
        self.page = client.get(address)

    def fields(self) -> MultiDict[str, str]:
        return self._read().fields

    def press(self, button: str = "", value: str = "", **answers: Any) -> TestResponse:
        """Fill in (`q__r` is the field q/r; a list ticks several boxes, None unticks) and press a button."""
        read = self._read()
        for name, given in answers.items():
            field = name.replace("__", "/")
            read.fields.poplist(field)
            for text in given if isinstance(given, list) else [] if given is None else [given]:
                read.fields.add(field, text)
        if button:
            read.fields[button] = value
        self.page = self.client.post(read.action, data=read.fields, content_type=read.encoding or None)
        return self.page

    def back(self, **answers: Any) -> TestResponse:
        return self.press("_go", "back", **answers)

    def switch(self, language: str, **answers: Any) -> TestResponse:
        return self.press("_switch", language, **answers)

    def _read(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.page.text)
        return reader
