"""The desk's pages of users: their list, a form for another one, and switching accounts off and on."""

from collections.abc import Callable
from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from schemas.base import Schema
from schemas.organisations import UserSchema
from service.domain.access import ROLES
from service.domain.organisations import ROLES_OF_KIND
from service.operations import organisations
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import Field, Form, ShownForm, confirm_page, form_page, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import word

FORM = Form(
    UserSchema,
    (
        Field("id", "", "new_id"),
        Field("username", N_("User name"), hint=N_("3 to 40 of a-z 0-9 . _ -, a letter or digit first.")),
        Field(
            "password",
            N_("First password"),
            "password",
            N_("At least 12 characters. The user is asked to change it under “My account”."),
            autocomplete="new-password",
        ),
        Field("organisation", N_("Organisation"), "choice"),
        Field("roles", N_("Roles"), "choices", N_("They must suit the kind of the organisation.")),
    ),
)
SWITCH = Form(Schema)


@way("administration", N_("Users"), "users.read", heading=N_("Who takes part"), order=20)
@blueprint.get("/users")
@requires("users.read")
def user_list() -> Response:
    """All accounts."""
    names = {one.id: one.name for one in organisations.organisations(actor())}
    return page("users.html", users=organisations.users(actor()), names=names)


@blueprint.get("/users/new")
@requires("users.write")
def new_user() -> Response:
    """The form for one more."""
    return _new_page(_form().shown())


@blueprint.post("/users/new")
@requires("users.write")
def add_user() -> Response:
    """Make the account."""
    return save(_form(), _add, to=lambda made: url_for("desk.user_list"), again=_new_page)


@blueprint.get("/users/<id>")
@requires("users.read")
def user(id: str) -> Response:
    """One account, and what can be done with it."""
    found = organisations.user(actor(), id)
    employer = next(one for one in organisations.organisations(actor()) if one.id == found.organisation)
    return page("user.html", user=found, employer=employer)


@blueprint.get("/users/<id>/switch-off")
@requires("users.write")
def ask_switch_off(id: str) -> Response:
    """What it means to switch the account off."""
    return _switch_off_page(id, SWITCH.shown(version=organisations.user(actor(), id).version))


@blueprint.post("/users/<id>/switch-off")
@requires("users.write")
def switch_off(id: str) -> Response:
    """Nobody signs in with it any more."""

    def again(shown: ShownForm, status: int) -> Response:
        return _switch_off_page(id, shown, status)

    return save(SWITCH, _switching(id, False), to=lambda _: url_for("desk.user", id=id), again=again)


@blueprint.post("/users/<id>/switch-on")
@requires("users.write")
def switch_on(id: str) -> Response:
    """It can be used again."""
    return save(SWITCH, _switching(id, True), to=lambda _: url_for("desk.user", id=id), again=_refused_page)


def _switching(id: str, active: bool) -> Callable[[dict[str, Any], int], Any]:
    return lambda values, version: organisations.set_active(actor(), now(), id, active, version)


def _refused_page(shown: ShownForm, status: int) -> Response:
    return form_page(_("Switch the account on"), shown, _("Switch on"), path(), status)


def _switch_off_page(id: str, shown: ShownForm, status: int = 200) -> Response:
    found = organisations.user(actor(), id)
    consequences = (
        _("%(name)s is signed out everywhere and cannot sign in any more.", name=found.username),
        _("What this user has done stays, under this name. The account can be switched on again."),
    )
    back = url_for("desk.user", id=id)
    title = _("Switch off %(name)s", name=found.username)
    return confirm_page(title, shown, _("Switch off"), consequences, path(), status, back)


def _add(values: dict[str, Any], version: int) -> Any:
    return organisations.create_user(actor(), now(), **values | {"roles": tuple(values["roles"])})


def _form() -> Form:
    known = [(one.id, f"{one.name} ({word('party', one.kind)})") for one in organisations.organisations(actor())]
    kinds = {role: kind for kind, roles in ROLES_OF_KIND.items() for role in roles}
    roles = [(role, f"{word('role', role)} ({word('party', kinds[role])})") for role in ROLES]
    return FORM.having({"organisation": known, "roles": roles})


def _new_page(shown: ShownForm, status: int = 200) -> Response:
    return form_page(_("New user"), shown, _("Add"), path(), status)


def path() -> list[tuple[str, str]]:
    return [(_("Administration"), url_for("desk.administration")), (_("Users"), url_for("desk.user_list"))]
