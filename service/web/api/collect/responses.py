"""Sealed answers, for the evaluator."""

from typing import Any

from flask.views import MethodView

from schemas.collect.responses import ResponsePageSchema, ResponseQuerySchema
from service.operations.collect import responses
from service.web.auth import actor, requires
from service.web.extensions import Blueprint

blp = Blueprint("responses", __name__, description="Sealed answers; evaluator only")


@blp.route("/campaigns/<id>/responses")
class Responses(MethodView):
    @requires("responses.read")
    @blp.arguments(ResponseQuerySchema, location="query")
    @blp.response(200, ResponsePageSchema)
    def get(self, query: dict[str, int], id: str) -> Any:
        """Sealed answers in the order of their random ids; evaluator only"""
        found, cursor = responses.page(actor(), id, query["cursor"], query["size"])
        return {"responses": found, "next_cursor": cursor}
