"""A signed-in browser at the desk, without scripts: it opens pages and sends their forms as they stand."""

import re
from html import unescape
from typing import Any

from accounts import token_of
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from service.web.auth import COOKIE


def signed_in(
    app: Flask, role: str | tuple[str, ...] = "evaluator", organisation: str = "", language: str = ""
) -> FlaskClient:
    """A client with a session of the desk, made without the slow password hash."""
    client = app.test_client()
    client.set_cookie(COOKIE, token_of(role, organisation), path="/desk")
    if language:
        client.set_cookie("minyi_language", language, path="/desk")
    return client


class Desk:
    """Somebody with this role in this organisation (by default the role's own, see accounts.token_of)."""

    def __init__(self, app: Flask, role: str | tuple[str, ...], organisation: str = "", language: str = "en") -> None:
        self.client = signed_in(app, role, organisation, language)
        self.page: TestResponse

    def open(self, path: str) -> TestResponse:
        self.page = self.client.get(path)
        return self.page

    def send(self, path: str, button: Any = (), **fields: Any) -> TestResponse:
        """Send the form of the open page that goes to `path`; `a__b` is the field a.b, None takes it out.

        `button` is [(name, value)] of the button that is pressed, if it has a name.
        """
        heads = ((unescape(part.partition(">")[0]), part) for part in self.page.text.split("<form ")[1:])
        form = next(part for head, part in heads if f'action="{path}"' in head)
        sent = fields_of(form.partition("</form>")[0])
        for name, value in fields.items():
            sent.poplist(name.replace("__", "."))
            for each in value if isinstance(value, list) else [] if value is None else [value]:
                sent.add(name.replace("__", "."), each)
        for name, value in button:
            sent[name] = value
        self.page = self.client.post(path, data=sent)
        return self.page

    def follow(self) -> TestResponse:
        """The page that a saved form leads to."""
        return self.open(self.page.headers["Location"])


def fields_of(form: str) -> MultiDict[str, str]:
    """What a browser would send of this markup."""
    found = MultiDict()
    for tag in re.findall(r"<input [^>]*>", form):
        has = {name: unescape(value) for name, value in re.findall(r'([a-z-]+)="([^"]*)"', tag)}
        if has.get("type") in ("checkbox", "radio") and " checked" not in tag:
            continue
        if has.get("type") != "file":
            found.add(has["name"], has.get("value", ""))
    for name, text in re.findall(r'<textarea [^>]*?name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        found.add(name, unescape(text))
    for name, options in re.findall(r'<select [^>]*?name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        found.add(name, unescape(chosen[1]))
    return found


def table(page: str, id: str) -> list[list[str]]:
    """The texts of a table's cells by row, the head's first; `id` is that of its caption."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page.split(f'id="{id}"')[1].split("</table>")[0], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[" ".join(unescape(re.sub(r"<[^>]*>", " ", cell)).split()) for cell in row] for row in cells]
