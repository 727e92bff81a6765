"""The desk's page of collecting apps: a code sets up one auditor's phone; it is shown once, and revoked here."""

from typing import Any

from flask import Response, redirect, request, url_for

from service.domain.errors import Refused
from service.operations import organisations
from service.operations.inspect import field_tokens, sent_records
from service.web import field_codes, qr
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.errors import status_of
from service.web.pages.desk.home import blueprint, message, page
from service.web.pages.desk.ways import N_, way


@blueprint.get("/field-apps")
@requires("field_tokens.write")
@way("desk", N_("Collecting apps"), "field_tokens.write", heading=N_("Tools"), order=60)
def field_apps() -> Response:
    """Whose phone is set up, and the buttons."""
    return _shown()


@blueprint.post("/field-apps")
@requires("field_tokens.write")
def set_up_field_app() -> Response:
    """Make a token and show its code, the only time that anybody sees it."""
    try:
        token, kept = field_tokens.make(actor(), now(), request.form.get("user", ""))
    except Refused as refused:
        return _shown(refused)
    name = organisations.colleagues(actor())[kept.user]
    drawn = qr.dense_svg(field_codes.code(token, name))
    return page("inspect/field_app_code.html", username=name, svg=drawn, server_url=field_codes.server_url(token))


@blueprint.post("/field-apps/<id>/revoke")
@requires("field_tokens.write")
def revoke_field_app(id: str) -> Response:
    """Let a phone in no longer."""
    try:
        field_tokens.revoke(actor(), now(), id)
    except Refused as refused:
        return _shown(refused)
    response: Any = redirect(url_for("desk.field_apps"), 303)
    return response


@blueprint.get("/field-apps/records/<id>")
@requires("field_tokens.write")
def field_record(id: str) -> Response:
    """A record as the phone sent it with its files, to be looked into outside a browser."""
    return attachment(f"{id}.zip", sent_records.bundle(actor(), id), "application/zip")


def _shown(refused: Refused | None = None) -> Response:
    return page(
        "inspect/field_apps.html",
        200 if refused is None else status_of(refused),
        colleagues=field_tokens.of_colleagues(actor()),
        names=organisations.colleagues(actor()),
        kept=sent_records.for_the_office(actor()),
        problem=message(refused) if refused else "",
    )
