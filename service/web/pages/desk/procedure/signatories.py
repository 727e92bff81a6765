"""The desk's page of signatories: who of an organisation signs what is published, as heads of offices and unit."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from schemas.procedure.publications import SignatoriesSchema
from service.domain.procedure.publications import Signatories
from service.operations import organisations
from service.operations.procedure import publications
from service.web.auth import actor, now, requires
from service.web.pages.desk import organisations as organisation_pages
from service.web.pages.desk.forms import Field, Form, ShownForm, form_page, save
from service.web.pages.desk.home import blueprint
from service.web.pages.desk.ways import N_

FORM = Form(
    SignatoriesSchema,
    (
        Field("office_heads", N_("Heads of offices"), "choices"),
        Field("unit_heads", N_("Heads of the unit"), "choices"),
    ),
)


@blueprint.get("/organisations/<id>/signatories")
@requires("signatories.write")
def signatory_form(id: str) -> Response:
    """Who signs, among the accounts of the organisation."""
    there = publications.signatories(actor(), id)
    return _shown(id, _form(id).shown(there))


@blueprint.post("/organisations/<id>/signatories")
@requires("signatories.write")
def name_signatories(id: str) -> Response:
    """Name them."""

    def act(values: dict[str, Any], version: int) -> Any:
        named = Signatories(id, tuple(values["office_heads"]), tuple(values["unit_heads"]))
        return publications.name_signatories(actor(), now(), named, version)

    def again(shown: ShownForm, status: int) -> Response:
        return _shown(id, shown, status)

    def current() -> tuple[Signatories, int]:
        stored = publications.signatories(actor(), id)
        return stored, stored.version

    return save(_form(id), act, to=lambda _: url_for("desk.organisation", id=id), again=again, current=current)


def _form(id: str) -> Form:
    people = [(one.id, one.username) for one in organisations.users(actor()) if one.organisation == id and one.active]
    return FORM.having({"office_heads": people, "unit_heads": people})


def _shown(id: str, shown: ShownForm, status: int = 200) -> Response:
    name = organisations.organisation(actor(), id).name
    path = [*organisation_pages.path(), (name, url_for("desk.organisation", id=id))]
    lead = _("Drafter, head of an office and head of the unit are three persons.")
    return form_page(_("Who signs publications"), shown, _("Save"), path, status, lead)
