"""The shipped questionnaires on the phone page: one light request each, whatever the language."""

import gzip

import pytest
from factories import TEMPLATES
from flask import Flask
from flask.testing import FlaskClient
from phones import open_for_phones

MOST_BYTES, MOST_GZIPPED = 20_000, 6_000  # CONTRIBUTING.md, Speed
NAMES = sorted(file.stem for file in (TEMPLATES / "questionnaires").glob("*.yaml"))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "institution-rating"])
def test_the_first_screen_is_light(app: Flask, client: FlaskClient, name: str) -> None:
    opened = open_for_phones(app, questionnaire=name)
    for language in ("zh-Hans", "zh-Hant", "en"):
        page = client.get(f"/s/{opened.codes[0]}?lang={language}")
        assert page.status_code == 200
        assert len(page.data) <= MOST_BYTES, language
        assert len(gzip.compress(page.data)) <= MOST_GZIPPED, language
