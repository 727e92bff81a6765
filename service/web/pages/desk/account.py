"""The desk's page of one's own account: who one is here, the password, and the calendar feed."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from schemas.organisations import OwnPasswordSchema
from schemas.procedure.calendar_feeds import NewFeedSchema
from service.operations import organisations
from service.operations.procedure import feed_tokens
from service.web.auth import SIGNED_IN, actor, address, now, presented_token, requires
from service.web.extensions import settings
from service.web.languages import NAMES, spoken
from service.web.pages.desk.forms import NOTHING, Field, Form, ShownForm, form_page, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way

PASSWORD = Form(
    OwnPasswordSchema,
    (
        Field("old", N_("Present password"), "password", autocomplete="current-password"),
        Field("password", N_("New password"), "password", N_("At least 12 characters."), autocomplete="new-password"),
    ),
)
FEED = Form(
    NewFeedSchema,
    (Field("language", N_("Language of the entries"), "choice", choices=tuple(NAMES.items()), required=True),),
)


@way("desk", N_("My account"), "projects.list", heading=N_("Yourself"), order=95)
@blueprint.get("/account")
@requires(SIGNED_IN)
def account() -> Response:
    """Name, organisation, roles; and the ways to change the password and to subscribe to one's deadlines."""
    return _account_page()


def _account_page(feed: ShownForm | None = None, status: int = 200, issued: str = "") -> Response:
    return page(
        "account.html",
        status,
        organisation=organisations.organisation(actor(), actor().organisation),
        feeds=feed_tokens.mine(actor()),
        feed=feed or FEED.shown({"language": spoken()}),
        issued=issued,
    )


@blueprint.get("/account/password")
@requires(SIGNED_IN)
def ask_password() -> Response:
    """The form for another password."""
    return _password_page(PASSWORD.shown())


@blueprint.post("/account/password")
@requires(SIGNED_IN)
def change_password() -> Response:
    """Change it; the session of this browser goes on, every other one ends."""

    def act(values: dict[str, Any], version: int) -> Any:
        return organisations.change_password(
            actor(), now(), values["old"], values["password"], address(), presented_token()
        )

    done = N_("Your password is changed. Everywhere else you are signed out.")
    return save(PASSWORD, act, to=lambda _: url_for("desk.account"), again=_password_page, done=done)


def _password_page(shown: ShownForm, status: int = 200) -> Response:
    path = [(_("My account"), url_for("desk.account"))]
    return form_page(_("Change my password"), shown, _("Change"), path, status)


@blueprint.post("/account/feed")
@requires("projects.list")
def make_feed() -> Response:
    """The address of one's calendar feed, shown this once; a former one ends with it."""

    def act(values: dict[str, Any], version: int) -> Response:
        token, _kept = feed_tokens.make(actor(), now(), values["language"])
        issued = settings().base_url.rstrip("/") + url_for("calendar.feed", token=token)
        return _account_page(issued=issued)

    return save(FEED, act, to=lambda _: url_for("desk.account"), again=_account_page)


@blueprint.post("/account/feed/<id>/revoke")
@requires("projects.list")
def revoke_feed(id: str) -> Response:
    """The address shows nothing any more."""

    def act(values: dict[str, Any], version: int) -> Any:
        return feed_tokens.revoke(actor(), now(), id)

    return save(
        NOTHING, act, to=lambda _: url_for("desk.account"), again=lambda shown, status: _account_page(status=status)
    )
