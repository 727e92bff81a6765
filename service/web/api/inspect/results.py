"""Results of draws and projects."""

from typing import Any

from flask.views import MethodView

from schemas.inspect.results import DrawResultsSchema, ProjectResultsSchema
from service.operations.inspect import results
from service.web.auth import actor, requires
from service.web.extensions import Blueprint

blp = Blueprint("results", __name__, description="What spot checks say about whole lists and claimed counters")


@blp.route("/draws/<id>/findings")
class FindingsOfDraw(MethodView):
    @requires("findings.read")
    @blp.response(200, DrawResultsSchema)
    def get(self, id: str) -> Any:
        """Errors and exact limits by attribute and stratum, what does not count, and the corrected counter"""
        return results.of_draw(actor(), id)


@blp.route("/projects/<id>/findings")
class FindingsOfProject(MethodView):
    @requires("findings.read")
    @blp.response(200, ProjectResultsSchema)
    def get(self, id: str) -> Any:
        """All draws of a project, its counters, both directions; checks after complaints stand apart"""
        return results.of_project(actor(), id)
