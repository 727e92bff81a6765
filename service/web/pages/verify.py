"""The verifier of draws: a page that recomputes a draw in the reader's browser, and sends nothing."""

import json
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from markupsafe import Markup

from service.domain.errors import Refused
from service.operations.inspect import published_draws
from service.web.auth import actor, public, requires
from service.web.errors import status_of
from service.web.languages import NAMES
from service.web.pages.desk import home as desk
from service.web.pages.verify_words import words

blueprint = Blueprint("verify", __name__, url_prefix="/verify")


@blueprint.get("/")
@public
def own_file() -> Response:
    """For a file that the reader has; it is read by the page and sent nowhere."""
    return _page(None)


@blueprint.get("/<id>")
@public
def draw(id: str) -> Response:
    """A published draw, with its file in the page."""
    try:
        return _page(published_draws.public(id), source=url_for("published-draws.PublicDraw", id=id))
    except Refused as refused:
        return _page(None, status_of(refused), wanted=id)


@desk.blueprint.get("/draws/<id>/verify")
@requires("draws.follow")
def of_party(id: str) -> Response:
    """The same for a signed-in party, before publication."""
    return _page(published_draws.of_party(actor(), id), source=url_for("desk.file_of_party", id=id))


@desk.blueprint.get("/draws/<id>/published.json")
@requires("draws.follow")
def file_of_party(id: str) -> Response:
    """The file itself, for `minyi verify-draw --published`."""
    response = make_response(_json(published_draws.of_party(actor(), id)))
    response.mimetype = "application/json"
    return response


def _page(file: dict[str, Any] | None, status: int = 200, **more: Any) -> Response:
    values = {
        "file": file,
        "data": None if file is None else _block(file),
        "words": _block(words()),
        "languages": {name: f"{request.path}?lang={name}" for name in NAMES},
        **more,
    }
    return make_response(render_template("verify.html", **values), status)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _block(value: Any) -> Markup:
    """JSON inside a page: `<` could end the element that holds it."""
    return Markup(_json(value).replace("<", "\\u003c"))  # noqa: S704 - escaped for where it stands
