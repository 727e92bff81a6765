"""The desk's page of collecting apps: a code sets up one auditor's phone; it is shown once, and revoked here."""

from typing import Any

from flask import Response, url_for

from schemas.inspect.field_tokens import NewFieldTokenSchema
from service.operations import organisations
from service.operations.inspect import field_tokens, sent_records
from service.web import field_codes, qr
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.pages.desk.forms import NOTHING, Field, Form, ShownForm, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way

SET_UP = Form(NewFieldTokenSchema, (Field("user", "", "hidden"),))


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

    def act(values: dict[str, Any], version: int) -> Response:
        token, kept = field_tokens.make(actor(), now(), values["user"])
        name = organisations.colleagues(actor())[kept.user]
        drawn = qr.dense_svg(field_codes.code(token, name))
        return page("inspect/field_app_code.html", username=name, svg=drawn, server_url=field_codes.server_url(token))

    return save(SET_UP, act, lambda made: url_for("desk.field_apps"), _shown)


@blueprint.post("/field-apps/<id>/revoke")
@requires("field_tokens.write")
def revoke_field_app(id: str) -> Response:
    """Let a phone in no longer."""

    def act(values: dict[str, Any], version: int) -> Any:
        return field_tokens.revoke(actor(), now(), id)

    return save(NOTHING, act, lambda made: url_for("desk.field_apps"), _shown)


@blueprint.get("/field-apps/records/<id>")
@requires("field_tokens.write")
def field_record(id: str) -> Response:
    """A record as the phone sent it with its files, to be looked into outside a browser."""
    return attachment(f"{id}.zip", sent_records.bundle(actor(), id), "application/zip")


def _shown(failed: ShownForm | None = None, status: int = 200) -> Response:
    return page(
        "inspect/field_apps.html",
        status,
        colleagues=field_tokens.of_colleagues(actor()),
        names=organisations.colleagues(actor()),
        kept=sent_records.for_the_office(actor()),
        failed=failed,
    )
