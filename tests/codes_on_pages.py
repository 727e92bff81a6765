"""Reads the desk's pages that a test opens: no ids, no codes, no values of Python, no raw times.

Files of tests ask for it by `reading_pages`. What stands in `code`, in what a form holds and in ALLOWED is meant as it
is. Each route is read once: that costs a millisecond.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

# What holds data as it was typed or is kept, for people who look for just that.
AS_IT_IS = re.compile(r"(?s)<(script|style|code|textarea|pre|select)\b.*?</\1>|<!--.*?-->")
TAG = re.compile(r"<[^>]+>")
CODE = re.compile(
    r"(?<![\w/.@-])(?:[0-9a-f]{16}|[0-9a-f]{24}|[0-9a-f]{32}|True|False|None|[a-z]+(?:_[a-z0-9]+)+"
    r"|\d{4}-\d\d-\d\dT[\d:.+Z-]+)(?![\w./@-])"
)
# Words of English that look like values of Python.
ALLOWED = re.compile(r"None (?:so far|was|of|yet)\b|(?:Complete|Fails:|yes|no|·)\s+(?:· )?True\b|True\s+(?:yes|no|·)")
READ: set[str] = set()


def codes_in(page: str) -> list[str]:
    """What no reader should see, each with the words around it."""
    text = " ".join(unescape(TAG.sub(" ", AS_IT_IS.sub(" ", page))).split())
    text = ALLOWED.sub("", text)
    return [f"{found[0]!r} in “{text[max(0, found.start() - 60) : found.end() + 40]}”" for found in CODE.finditer(text)]


class ReadingClient(FlaskClient):
    """A test client that reads each page of the desk when it is opened for the first time."""

    def open(self, *args: Any, **more: Any) -> TestResponse:
        answer = super().open(*args, **more)
        if answer.mimetype == "text/html" and answer.request.path.startswith("/desk"):
            route = f"{self._route(answer)} {answer.status_code}"
            if route not in READ:
                READ.add(route)
                assert codes_in(answer.text) == [], f"codes on the page {answer.request.path}"
        return answer

    def _route(self, answer: TestResponse) -> str:
        adapter = self.application.url_map.bind("127.0.0.1")
        try:
            return str(adapter.match(answer.request.path, method=answer.request.method)[0])
        except HTTPException:
            return ""


@pytest.fixture
def reading_pages(_app: Flask) -> Iterator[None]:
    """All clients of the test read what they open."""
    before, _app.test_client_class = _app.test_client_class, ReadingClient
    yield
    _app.test_client_class = before
