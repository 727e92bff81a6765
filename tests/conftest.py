"""What all tests share: one real database a run, emptied between tests; MINYI_TEST_DATABASE names another one."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit, urlunsplit

import database as database_tools
import pausing  # noqa: F401 - registers its listener before any connection is made
import pytest
from codes_on_pages import reading_pages  # noqa: F401 - a fixture
from flask import Flask
from flask.testing import FlaskClient
from passwords import product_passwords, quick_passwords  # noqa: F401 - fixtures
from rubbish import pytest_collection_finish  # noqa: F401 - a hook
from stages import STAGES, STARTING

from service import store
from service.app import create_app
from service.config import Settings
from service.operations.collect import campaigns, quality, quotas, tickets
from service.operations.evaluate import schemes
from service.operations.procedure import duties, publications
from service.web import slowdown


def pytest_runtest_setup(item: pytest.Item) -> None:
    folder = item.path.parent.name
    if folder not in database_tools.OWN_WRITES or hasattr(getattr(item, "module", None), "subprocess"):
        database_tools.WRITTEN.elsewhere = True
    # What is built while something of the product is replaced is no stage for other tests.
    patched = "monkeypatch" in getattr(item, "fixturenames", ())
    STAGES.allowed = f"{folder}/{item.path.name}".startswith(STARTING) and not patched


def pytest_sessionfinish() -> None:
    for name in ("browsers", "commands"):  # loaded by tests that look at pages or run commands, and by no others
        if shared := sys.modules.get(name):
            shared.end_shared()


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database of this process alone: tests that run beside one another empty it under nobody's feet."""
    named = os.environ.get("MINYI_TEST_DATABASE")
    if named is None:
        return f"embedded:{tmp_path_factory.mktemp('database')}"
    parts = urlsplit(named)
    return urlunsplit(parts._replace(path=parts.path + os.environ.get("PYTEST_XDIST_WORKER", "")))


@pytest.fixture(scope="session")
def settings(database_url: str) -> Settings:
    return Settings.for_demo(database=database_url, base_url="http://127.0.0.1:8000")


@pytest.fixture(scope="session")
def _app(settings: Settings) -> Iterator[Flask]:
    yield create_app(settings)
    store.close()


@pytest.fixture
def database(_app: Flask) -> None:
    """The opened database, empty. Collections are emptied, never dropped: that would lose their unique indexes."""
    database_tools.empty(everything=False)
    campaigns.forget_views()
    quality.forget_tallies()
    quotas.forget_tallies()
    tickets.forget_batches()
    schemes.parsed.cache_clear()
    publications.forget_list()
    duties.forget()


@pytest.fixture
def app(_app: Flask, database: None) -> Flask:
    return _app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def templates() -> Path:
    return Path(__file__).parent.parent / "survey_templates"


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds by which answers were to be held back, asked of the clock instead of waited for."""
    asked: list[float] = []
    monkeypatch.setattr(slowdown, "time", SimpleNamespace(sleep=asked.append))
    return asked
