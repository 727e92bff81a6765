"""The desk's forms of a project: opening one, and changing its parties, period, money and class."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from schemas.projects import ProjectChangeSchema, ProjectSchema
from service.domain.projects import BASES, FUNDING, Project
from service.operations import organisations, projects
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import Field, Form, ShownForm, form_page, save
from service.web.pages.desk.home import blueprint
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import word

PARTS = ("authority", "purchaser", "provider", "evaluator", "witness")
FIELDS = (
    Field("name", N_("Name")),
    Field("authority", N_("Authority in charge"), "choice"),
    Field("purchaser", N_("Purchaser"), "choice"),
    Field("provider", N_("Service provider"), "choice"),
    Field("evaluator", N_("Evaluator"), "choice", N_("These organisations see the project, each in its part.")),
    Field(
        "witness",
        N_("Witness (third party of the contract)"),
        "choice",
        N_("Follows everything, changes nothing."),
    ),
    Field("starts_on", N_("Begins on"), "date"),
    Field("ends_on", N_("Ends on"), "date"),
    Field("funding_type", N_("Money"), "choice", required=True),
    Field(
        "basis",
        N_("The measures"),
        "choice",
        N_("They apply where public money pays wholly or in part; others may follow them by agreement."),
        required=True,
    ),
    Field(
        "service_class",
        N_("Class of the service"),
        "choice",
        N_("Services to the public must ask the people they are given to."),
        choices=(
            ("0", N_("not classified")),
            ("1", N_("class 1")),
            ("2", N_("class 2")),
            ("3", N_("class 3: given to the public")),
        ),
        required=True,
    ),
)
WORDED = (("funding_type", "funding", FUNDING), ("basis", "basis", BASES))
NEW = Form(ProjectSchema, (Field("id", "", "new_id"), *FIELDS))
CHANGE = Form(ProjectChangeSchema, FIELDS)


@way("administration", N_("Open a project"), "projects.write", heading=N_("Projects"), order=5)
@blueprint.get("/administration/new-project")
@requires("projects.write")
def new_project() -> Response:
    """The form for one more."""
    return _new_page(_named(NEW).shown())


@blueprint.post("/administration/new-project")
@requires("projects.write")
def open_project() -> Response:
    """Open it; its parties see it from now on."""

    def act(values: dict[str, Any], version: int) -> Any:
        return projects.create_project(actor(), now(), Project(**values))

    return save(_named(NEW), act, to=lambda made: url_for("desk.sites", id=made.id), again=_new_page)


def _new_page(shown: ShownForm, status: int = 200) -> Response:
    path = [(_("Administration"), url_for("desk.administration"))]
    return form_page(_("Open a project"), shown, _("Open a project"), path, status)


@way("project", N_("Change the project"), "projects.write", heading=N_("What is bought"), order=10)
@blueprint.get("/projects/<id>/change")
@requires("projects.write")
def ask_project(id: str) -> Response:
    """Its parties, period, money and class."""
    return _change_page(id, _named(CHANGE).shown(projects.project(actor(), id)))


@blueprint.post("/projects/<id>/change")
@requires("projects.write")
def change_project(id: str) -> Response:
    """Other ones from now on."""

    def act(values: dict[str, Any], version: int) -> Any:
        return projects.change_project(actor(), now(), Project(**values | {"id": id}), version)

    def again(shown: ShownForm, status: int) -> Response:
        return _change_page(id, shown, status)

    def current() -> tuple[Project, int]:
        stored = projects.project(actor(), id)
        return stored, stored.version

    return save(_named(CHANGE), act, to=lambda _: url_for("desk.project", id=id), again=again, current=current)


def _change_page(id: str, shown: ShownForm, status: int = 200) -> Response:
    name = projects.project(actor(), id).name
    return form_page(_("Change the project"), shown, _("Save"), path_of(id, name), status)


def path_of(id: str, name: str) -> list[tuple[str, str]]:
    """The way to a page of a project."""
    return [(_("Projects"), url_for("desk.projects")), (name, url_for("desk.project", id=id))]


def _named(form: Form) -> Form:
    known = organisations.organisations(actor())
    parts: Any = {part: [(one.id, one.name) for one in known if one.kind == part] for part in PARTS}
    words = {name: [(code, word(family, code)) for code in codes] for name, family, codes in WORDED}
    return form.having({**parts, **words})
