"""The desk's pages of a project's sites: where the service is given, and its sessions with their times."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from schemas.projects import SiteChangeSchema, SiteSchema
from service.domain import access
from service.domain.errors import Refused
from service.domain.projects import Project, Site, sessions_of
from service.operations import projects
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import Field, Form, ShownForm, form_page, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.project_editing import path_of
from service.web.pages.desk.ways import N_, way

SESSIONS = Field(
    "sessions",
    N_("Sessions"),
    "rows",
    N_("Codes of a session work from its start to its end; give both times or neither. Empty a row to take it out."),
    rows=(
        Field("id", N_("Short name of the session")),
        Field("name", N_("What it is called")),
        Field("starts_at", N_("Starts at"), "moment"),
        Field("ends_at", N_("Ends at"), "moment"),
    ),
)
FIELDS = (
    Field("name", N_("Name")),
    Field("address", N_("Address"), "long", lines=2),
    Field("latitude", N_("Latitude"), "decimal", N_("In degrees (WGS 84): for the distance of a spot check.")),
    Field("longitude", N_("Longitude"), "decimal"),
    SESSIONS,
)
NEW = Form(SiteSchema, (Field("id", "", "new_id"), *FIELDS))
CHANGE = Form(SiteChangeSchema, FIELDS)


@way("project", N_("Sites and sessions"), "projects.read", heading=N_("What is bought"), order=12)
@blueprint.get("/projects/<id>/sites")
@requires("projects.read")
def sites(id: str) -> Response:
    """All sites with their sessions."""
    project = projects.project(actor(), id)
    found = [(site, sessions_of(site).values()) for site in projects.sites(actor(), id)]
    return page("sites.html", project=project, sites=found, edits=access.may(actor(), "sites.write", project.parties))


@blueprint.get("/projects/<id>/sites/new")
@requires("sites.write")
def new_site(id: str) -> Response:
    """The form for one more."""
    return _site_page(projects.project(actor(), id, "sites.write"), NEW.shown())


@blueprint.post("/projects/<id>/sites/new")
@requires("sites.write")
def add_site(id: str) -> Response:
    """Enter it."""
    project = projects.project(actor(), id, "sites.write")

    def act(values: dict[str, Any], version: int) -> Any:
        made = Site(**values | {"project": id, "sessions": tuple(values["sessions"])})
        return projects.create_site(actor(), now(), made)

    def again(shown: ShownForm, status: int) -> Response:
        return _site_page(project, shown, status)

    return save(NEW, act, to=lambda _: url_for("desk.sites", id=id), again=again)


@blueprint.get("/projects/<id>/sites/<site>")
@requires("sites.write")
def ask_site(id: str, site: str) -> Response:
    """Its name, address, position and sessions."""
    there = _site(id, site)
    return _site_page(projects.project(actor(), id), CHANGE.shown(there), name=there.name)


@blueprint.post("/projects/<id>/sites/<site>")
@requires("sites.write")
def change_site(id: str, site: str) -> Response:
    """Correct them; a session that is moved takes its codes along."""
    project, there = projects.project(actor(), id), _site(id, site)

    def act(values: dict[str, Any], version: int) -> Any:
        changed = Site(**values | {"id": site, "project": id, "sessions": tuple(values["sessions"])})
        return projects.change_site(actor(), now(), changed, version)

    def again(shown: ShownForm, status: int) -> Response:
        return _site_page(project, shown, status, there.name)

    def current() -> tuple[Site, int]:
        stored = _site(id, site)
        return stored, stored.version

    return save(CHANGE, act, to=lambda _: url_for("desk.sites", id=id), again=again, current=current)


def _site(project: str, id: str) -> Site:
    for one in projects.sites(actor(), project):
        if one.id == id:
            return one
    raise Refused("not_found", noun="site")


def _site_page(project: Project, shown: ShownForm, status: int = 200, name: str = "") -> Response:
    path = [*path_of(project.id, project.name), (_("Sites and sessions"), url_for("desk.sites", id=project.id))]
    return form_page(name or _("New site"), shown, _("Save") if name else _("Add"), path, status)
