"""The desk's page of read tokens: made for a spreadsheet or a dashboard, shown once, revoked by their maker."""

from typing import Any

from flask import Response, redirect, url_for

from schemas.read_tokens import NewReadTokenSchema
from service.operations import read_tokens as operations
from service.web.auth import actor, now, requires
from service.web.extensions import settings
from service.web.pages.desk.forms import Field, Form, ShownForm, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way

TOKEN = Form(NewReadTokenSchema, (Field("name", N_("For which program?")),))


@blueprint.get("/read-tokens")
@requires("read_tokens.write")
@way("desk", N_("Read tokens"), "read_tokens.write", heading=N_("Yourself"), order=96)
def read_tokens() -> Response:
    """The reader's live tokens, and the form for a new one."""
    return _page(TOKEN.shown())


@blueprint.post("/read-tokens")
@requires("read_tokens.write")
def make_read_token() -> Response:
    """Make a token and show it, the only time that anybody sees it."""

    def act(values: dict[str, Any], version: int) -> Response:
        token, _ = operations.make(actor(), now(), values["name"])
        return _page(TOKEN.shown(), token=token)

    return save(TOKEN, act, to=lambda _: url_for("desk.read_tokens"), again=_page)


@blueprint.post("/read-tokens/<id>/revoke")
@requires("read_tokens.write")
def revoke_read_token(id: str) -> Response:
    """Take a token out of use at once."""
    operations.revoke(actor(), now(), id)
    response: Any = redirect(url_for("desk.read_tokens"), 303)
    return response


def _page(shown: ShownForm, status: int = 200, token: str = "") -> Response:
    feed = f"{settings().base_url.rstrip('/')}/odata/"
    return page("read_tokens.html", status, tokens=operations.mine(actor()), token=token, shown=shown, feed=feed)
