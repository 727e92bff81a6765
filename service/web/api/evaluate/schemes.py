"""Schemes."""

from typing import Any

from flask.views import MethodView

from schemas.evaluate.schemes import ProjectSchemeSchema, SchemeSchema, SchemeShownSchema, SchemeVersionSchema
from service.operations.evaluate import schemes
from service.web.api.conditional import made
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("schemes", __name__, description="Published indicator trees with weights, rules and bands")


@blp.route("/schemes")
class Schemes(MethodView):
    @requires("schemes.read")
    @blp.response(200, SchemeVersionSchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self) -> Any:
        """All published schemes that every project may use"""
        return schemes.versions(actor())

    @requires("schemes.write")
    @blp.arguments(SchemeSchema)
    @blp.response(201, SchemeVersionSchema)
    def post(self, values: dict[str, str]) -> Any:
        """Publish a scheme; faults are named by line and node"""
        return made(schemes.publish(actor(), now(), values["text"], values["reason"]))


@blp.route("/schemes/<id>")
class OneScheme(MethodView):
    @requires("schemes.read")
    @blp.response(200, SchemeShownSchema)
    def get(self, id: str) -> Any:
        """One version: text, tree, parameters, deviations from its base, and what it leaves to be desired"""
        return schemes.shown(actor(), id)


@blp.route("/projects/<id>/schemes")
class ProjectSchemes(MethodView):
    @requires("projects.read")
    @blp.response(200, SchemeVersionSchema(many=True))
    def get(self, id: str) -> Any:
        """A project's own schemes"""
        return schemes.of_project(actor(), id)

    @requires("project_schemes.write")
    @blp.arguments(ProjectSchemeSchema)
    @blp.response(201, SchemeVersionSchema)
    def post(self, values: dict[str, str], id: str) -> Any:
        """Adjust a published scheme for this project alone, with the reason"""
        return made(schemes.adjust(actor(), now(), id, values["text"], values["reason"]))
