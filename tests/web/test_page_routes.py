"""Every route is a page that a browser looks at, or is none and says why: a new one has to be entered."""

from flask import Flask
from page_routes import NO_PAGES, SEEN


def test_every_route_is_looked_at_or_says_why_not(app: Flask) -> None:
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith("/api/")
    }
    assert pages - SEEN - set(NO_PAGES) == set(), "enter them in tests/page_routes.py"
    assert (SEEN | set(NO_PAGES)) - pages == set(), "these routes are gone"
    assert SEEN & set(NO_PAGES) == set()
