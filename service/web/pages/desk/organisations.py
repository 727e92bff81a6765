"""The desk's pages of organisations: their list, and a form for another one."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from schemas.organisations import OrganisationChangeSchema, OrganisationSchema
from service.domain.organisations import KINDS, Organisation
from service.operations import organisations
from service.operations.procedure import bans
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import Field, Form, ShownForm, form_page, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import word

NAME = Field("name", N_("Name"))
PHONES = Field(
    "phones",
    N_("Telephone numbers"),
    "lines",
    N_("One in each line. A provider's number is never told to respondents as the official one."),
)
KIND = Field("kind", N_("Kind"), "choice", N_("It decides which roles its users can have, and cannot be changed."))
NEW = Form(OrganisationSchema, (Field("id", "", "new_id"), NAME, KIND, PHONES))
CHANGE = Form(OrganisationChangeSchema, (NAME, PHONES))


@way("administration", N_("Organisations"), "organisations.write", heading=N_("Who takes part"), order=10)
@blueprint.get("/organisations")
@requires("organisations.write")
def organisation_list() -> Response:
    """All organisations with their users."""
    return page("organisations.html", organisations=organisations.organisations(actor()))


@blueprint.get("/organisations/new")
@requires("organisations.write")
def new_organisation() -> Response:
    """The form for one more."""
    return _new_page(_form().shown())


@blueprint.post("/organisations/new")
@requires("organisations.write")
def add_organisation() -> Response:
    """Enter it."""
    return save(_form(), _add, to=lambda made: url_for("desk.organisation_list"), again=_new_page)


def _add(values: dict[str, Any], version: int) -> Any:
    made = Organisation(**values | {"phones": tuple(values["phones"])})
    return organisations.create_organisation(actor(), now(), made)


def _form() -> Form:
    return NEW.having({"kind": [(kind, word("party", kind)) for kind in KINDS]})


@blueprint.get("/organisations/<id>")
@requires("organisations.write")
def organisation(id: str) -> Response:
    """Name and telephone numbers, to be corrected; and its users."""
    return _edit_page(CHANGE.shown(organisations.organisation(actor(), id)), 200, id)


@blueprint.post("/organisations/<id>")
@requires("organisations.write")
def change_organisation(id: str) -> Response:
    """Correct them."""
    there = organisations.organisation(actor(), id)

    def act(values: dict[str, Any], version: int) -> Any:
        changed = Organisation(**values | {"id": id, "phones": tuple(values["phones"])})
        return organisations.change_organisation(actor(), now(), changed, version)

    def again(shown: ShownForm, status: int) -> Response:
        return _edit_page(shown, status, id)

    def current() -> tuple[Organisation, int]:
        stored = organisations.organisation(actor(), id)
        return stored, stored.version

    form = CHANGE.having(fixed={"kind": there.kind})
    return save(form, act, to=lambda _: url_for("desk.organisation_list"), again=again, current=current)


def _edit_page(shown: ShownForm, status: int, id: str) -> Response:
    there = organisations.organisation(actor(), id)
    users = [one for one in organisations.users(actor()) if one.organisation == id]
    barred = bans.of_organisation(actor(), id)[1]
    return page("organisation.html", status, shown=shown, organisation=there, users=users, bans=barred)


def _new_page(shown: ShownForm, status: int = 200) -> Response:
    return form_page(_("New organisation"), shown, _("Add"), path(), status)


def path() -> list[tuple[str, str]]:
    return [
        (_("Administration"), url_for("desk.administration")),
        (_("Organisations"), url_for("desk.organisation_list")),
    ]
