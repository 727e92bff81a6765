"""What has been gathered by each method of assessment."""

from typing import Any

from flask.views import MethodView

from schemas.evaluate.methods import MethodProgressSchema, MethodsQuerySchema
from service.operations.evaluate import methods
from service.web.auth import actor, requires
from service.web.extensions import Blueprint

blp = Blueprint("methods", __name__, description="How much was done by each method of assessment")


@blp.route("/projects/<id>/methods")
class Methods(MethodView):
    @requires("methods.read")
    @blp.arguments(MethodsQuerySchema, location="query")
    @blp.response(200, MethodProgressSchema(many=True))
    def get(self, query: dict[str, Any], id: str) -> Any:
        """What of each method's minimum is met, and by which records"""
        return methods.of_project(actor(), id, query["round"] or "")
