"""The desk's pages of users: their list, a form for another one, and switching accounts off and on."""

from collections.abc import Callable
from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from schemas.organisations import NewUserSchema, PasswordSchema, RolesSchema
from service.domain.access import ROLES
from service.domain.organisations import ROLES_OF_KIND, User
from service.operations import organisations
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import NOTHING, Field, Form, ShownForm, confirm_page, form_page, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import word

FORM = Form(
    NewUserSchema,
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
ROLES_FORM = Form(RolesSchema, (Field("roles", N_("Roles"), "choices"),))
PASSWORD = Form(
    PasswordSchema,
    (Field("password", N_("New password"), "password", N_("At least 12 characters."), autocomplete="new-password"),),
)


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


@blueprint.get("/users/<id>/roles")
@requires("users.write")
def ask_roles(id: str) -> Response:
    """What this user may do."""
    return _roles_page(id, _roles_of(id).shown(organisations.user(actor(), id)))


@blueprint.post("/users/<id>/roles")
@requires("users.write")
def change_roles(id: str) -> Response:
    """What he may do from now on."""

    def act(values: dict[str, Any], version: int) -> Any:
        return organisations.change_roles(actor(), now(), id, tuple(values["roles"]), version)

    def again(shown: ShownForm, status: int) -> Response:
        return _roles_page(id, shown, status)

    def current() -> tuple[User, int]:
        stored = organisations.user(actor(), id)
        return stored, stored.version

    return save(_roles_of(id), act, to=lambda _: url_for("desk.user", id=id), again=again, current=current)


def _roles_of(id: str) -> Form:
    kind = organisations.organisation(actor(), organisations.user(actor(), id).organisation).kind
    return ROLES_FORM.having({"roles": [(role, word("role", role)) for role in ROLES_OF_KIND[kind]]})


def _roles_page(id: str, shown: ShownForm, status: int = 200) -> Response:
    title = _("Roles of %(name)s", name=organisations.user(actor(), id).username)
    return form_page(title, shown, _("Save"), path(), status)


@blueprint.get("/users/<id>/password")
@requires("users.write")
def ask_new_password(id: str) -> Response:
    """A new password for somebody who has lost his."""
    return _password_page(id, PASSWORD.shown(version=organisations.user(actor(), id).version))


@blueprint.post("/users/<id>/password")
@requires("users.write")
def reset_password(id: str) -> Response:
    """Set it; every session of the account ends."""

    def act(values: dict[str, Any], version: int) -> Any:
        return organisations.reset_password(actor(), now(), id, values["password"], version)

    def again(shown: ShownForm, status: int) -> Response:
        return _password_page(id, shown, status)

    return save(PASSWORD, act, to=lambda _: url_for("desk.user", id=id), again=again)


def _password_page(id: str, shown: ShownForm, status: int = 200) -> Response:
    title = _("New password for %(name)s", name=organisations.user(actor(), id).username)
    lead = _("All sessions of this account end. Hand the password over yourself; it is not shown again.")
    return form_page(title, shown, _("Set the password"), path(), status, lead)


@blueprint.get("/users/<id>/switch-off")
@requires("users.write")
def ask_switch_off(id: str) -> Response:
    """What it means to switch the account off."""
    return _switch_off_page(id, NOTHING.shown(version=organisations.user(actor(), id).version))


@blueprint.post("/users/<id>/switch-off")
@requires("users.write")
def switch_off(id: str) -> Response:
    """Nobody signs in with it any more."""

    def again(shown: ShownForm, status: int) -> Response:
        return _switch_off_page(id, shown, status)

    return save(NOTHING, _switching(id, False), to=lambda _: url_for("desk.user", id=id), again=again)


@blueprint.post("/users/<id>/switch-on")
@requires("users.write")
def switch_on(id: str) -> Response:
    """It can be used again."""
    return save(NOTHING, _switching(id, True), to=lambda _: url_for("desk.user", id=id), again=_refused_page)


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
    roles = [(role, _role(role, kinds[role])) for role in ROLES]
    return FORM.having({"organisation": known, "roles": roles})


def _role(role: str, kind: str) -> str:
    """A role, with the kind of organisation that it is of where its own name does not say so."""
    return word("role", role) if role == kind else f"{word('role', role)} ({word('party', kind)})"


def _new_page(shown: ShownForm, status: int = 200) -> Response:
    return form_page(_("New user"), shown, _("Add"), path(), status)


def path() -> list[tuple[str, str]]:
    return [(_("Administration"), url_for("desk.administration")), (_("Users"), url_for("desk.user_list"))]
