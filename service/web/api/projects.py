"""Projects and sites."""

from typing import Any

from flask.views import MethodView

from schemas.projects import ProjectChangeSchema, ProjectSchema, SiteChangeSchema, SiteSchema
from service.domain.projects import Project, Site
from service.operations import projects
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits

blp = Blueprint("projects", __name__, description="Service projects and where the service is given")


@blp.route("/projects")
class Projects(MethodView):
    @requires("projects.list")
    @blp.response(200, ProjectSchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self) -> Any:
        """The projects in which your organisation has a part"""
        return projects.projects(actor())

    @requires("projects.write")
    @blp.arguments(ProjectSchema)
    @blp.response(201, ProjectSchema)
    def post(self, values: dict[str, Any]) -> Any:
        """Open a project"""
        return made(projects.create_project(actor(), now(), Project(**with_id(values))))


@blp.route("/projects/<id>")
class OneProject(MethodView):
    @requires("projects.read")
    @blp.response(200, ProjectSchema)
    def get(self, id: str) -> Any:
        """One project; ETag is its version"""
        return tagged(projects.project(actor(), id))

    @requires("projects.write")
    @blp.arguments(ProjectChangeSchema)
    @blp.response(200, ProjectSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Change a project; If-Match is the version that was read"""
        return tagged(projects.change_project(actor(), now(), Project(id=id, **values), if_match()))


@blp.route("/projects/<id>/sites")
class Sites(MethodView):
    @requires("projects.read")
    @blp.response(200, SiteSchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self, id: str) -> Any:
        """Where the service is given"""
        return projects.sites(actor(), id)

    @requires("sites.write")
    @blp.arguments(SiteSchema)
    @blp.response(201, SiteSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Add a site with its sessions"""
        sessions = tuple(values.pop("sessions"))
        return made(projects.create_site(actor(), now(), Site(**with_id(values), project=id, sessions=sessions)))


@blp.route("/projects/<id>/sites/<site>")
class OneSite(MethodView):
    @requires("sites.write")
    @blp.arguments(SiteChangeSchema)
    @blp.response(200, SiteSchema)
    @edits
    def put(self, values: dict[str, Any], id: str, site: str) -> Any:
        """Change a site and its sessions; If-Match is the version that was read"""
        sessions = tuple(values.pop("sessions"))
        changed = Site(id=site, project=id, sessions=sessions, **values)
        return tagged(projects.change_site(actor(), now(), changed, if_match()))
