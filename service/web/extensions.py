"""Our Api and Blueprint, from which authentication, error shape and documentation follow once for all routes."""

from collections.abc import Callable, Mapping
from functools import partial
from threading import Lock
from typing import Any, TypeVar

import flask_smorest
from flask import Flask, current_app
from flask_smorest import Page

from schemas.base import ErrorSchema
from service.config import Settings
from service.domain.keys import Key
from service.web.auth import public
from service.web.described_operations import REFUSED, DescribedOperations
from service.web.reading import StrictParser

F = TypeVar("F", bound=Callable[..., Any])


class Api(flask_smorest.Api):
    """flask-smorest's, without its error writer: service.web.errors writes in the dialect of the URL."""

    ERROR_SCHEMA = ErrorSchema

    def _init_spec(self, **options: Any) -> None:
        super()._init_spec(extra_plugins=(DescribedOperations(),), **options)
        self.undescribed: list[Callable[[], None]] = []
        self._describing = Lock()

    def described(self) -> dict[str, Any]:
        """The document of the API, made when it is first asked for: that takes longer than all else of a start."""
        self._describe()
        document: dict[str, Any] = self.spec.to_dict()
        return document

    def _describe(self) -> None:
        with self._describing:
            while self.undescribed:
                self.undescribed.pop(0)()

    def _register_error_handlers(self) -> None:
        return

    @public
    def _openapi_json(self) -> Any:
        self._describe()
        return super()._openapi_json()


class ListPage(Page):
    """A page of a list that is already in memory: lists of administration size (fewer than 1,000 rows)."""

    @property
    def item_count(self) -> int:
        return len(self.collection)


class Blueprint(flask_smorest.Blueprint):
    """flask-smorest's, with our reader of JSON and the pager of our lists at hand."""

    ARGUMENTS_PARSER = StrictParser()
    list_page = ListPage

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._prepare_doc_cbks.append(_describe_edit)

    def register_views_in_doc(self, api: Api, *args: Any, **options: Any) -> None:
        api.undescribed.append(partial(super().register_views_in_doc, api, *args, **options))

    def arguments(self, schema: Any, **options: Any) -> Any:
        """As flask-smorest's; a schema class is made into an instance once, not at each request (0.13 ms)."""
        return super().arguments(schema() if isinstance(schema, type) else schema, **options)


def edits(view: F) -> F:
    """For a view that asks for `if_match()`: its description names the header, and what is answered without it."""
    view._apidoc = {**getattr(view, "_apidoc", {}), "edits": True}  # type: ignore[attr-defined]
    return view


def _describe_edit(doc: dict[str, Any], info: Mapping[str, Any], **_context: Any) -> dict[str, Any]:
    if info.get("edits"):
        doc.setdefault("parameters", []).append("IF_MATCH")
        doc.setdefault("responses", {}).update(dict.fromkeys((412, 428), REFUSED))
    return doc


def api_config() -> Mapping[str, Any]:
    return {
        "API_TITLE": "Minyi",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api/v1",
        "OPENAPI_JSON_PATH": "openapi.json",
        "API_SPEC_OPTIONS": {
            "info": {
                "description": "How a city evaluates the social services it buys. Errors: see the schema Error.",
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
            "security": [{"bearer": []}],
            "servers": [{"url": "/", "description": "This service"}],
        },
    }


def keep_settings(app: Flask, settings: Settings) -> None:
    app.extensions["minyi.settings"] = settings
    app.extensions["minyi.keys"] = settings.keys()


def settings() -> Settings:
    found: Settings = current_app.extensions["minyi.settings"]
    return found


def keys() -> tuple[Key, ...]:
    """The keys that codes may have been hashed with, the current one first."""
    found: tuple[Key, ...] = current_app.extensions["minyi.keys"]
    return found
