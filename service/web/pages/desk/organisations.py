"""The desk's pages of organisations: their list, and a form for another one."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from schemas.organisations import OrganisationSchema
from service.domain.organisations import KINDS, Organisation
from service.operations import organisations
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import Field, Form, ShownForm, form_page, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import word

FORM = Form(
    OrganisationSchema,
    (
        Field("id", "", "new_id"),
        Field("name", N_("Name")),
        Field("kind", N_("Kind"), "choice", N_("It decides which roles its users can have, and cannot be changed.")),
        Field(
            "phones",
            N_("Telephone numbers"),
            "lines",
            N_("One in each line."),
        ),
    ),
)


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
    return FORM.having({"kind": [(kind, word("party", kind)) for kind in KINDS]})


def _new_page(shown: ShownForm, status: int = 200) -> Response:
    return form_page(_("New organisation"), shown, _("Add"), path(), status)


def path() -> list[tuple[str, str]]:
    return [
        (_("Administration"), url_for("desk.administration")),
        (_("Organisations"), url_for("desk.organisation_list")),
    ]
