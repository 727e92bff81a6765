"""The desk's page of read tokens: made for a spreadsheet or a dashboard, shown once, revoked by their maker."""

from typing import Any

from flask import Response, redirect, request, url_for

from service.domain.errors import Refused
from service.operations import read_tokens as operations
from service.web.auth import actor, now, requires
from service.web.errors import fault_text, status_of
from service.web.extensions import settings
from service.web.pages.desk.home import blueprint, message, page
from service.web.pages.desk.ways import N_, way

LONGEST_NAME = 80


@blueprint.get("/read-tokens")
@requires("read_tokens.write")
@way("desk", N_("Read tokens"), "read_tokens.write", heading=N_("Yourself"), order=96)
def read_tokens() -> Response:
    """The reader's live tokens, and the form for a new one."""
    return _shown()


@blueprint.post("/read-tokens")
@requires("read_tokens.write")
def make_read_token() -> Response:
    """Make a token and show it, the only time that anybody sees it."""
    name = request.form.get("name", "")[:LONGEST_NAME]
    try:
        token, _ = operations.make(actor(), now(), name)
    except Refused as refused:
        return _shown(refused, name=name)
    return _shown(token=token)


@blueprint.post("/read-tokens/<id>/revoke")
@requires("read_tokens.write")
def revoke_read_token(id: str) -> Response:
    """Take a token out of use at once."""
    operations.revoke(actor(), now(), id)
    response: Any = redirect(url_for("desk.read_tokens"), 303)
    return response


def _shown(refused: Refused | None = None, token: str = "", name: str = "") -> Response:
    problems = [fault_text(fault) for fault in refused.faults] or [message(refused)] if refused else []
    return page(
        "read_tokens.html",
        200 if refused is None else status_of(refused),
        tokens=operations.mine(actor()),
        token=token,
        name=name,
        problems=problems,
        longest=LONGEST_NAME,
        feed=f"{settings().base_url.rstrip('/')}/odata/",
    )
