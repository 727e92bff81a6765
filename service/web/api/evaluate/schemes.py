"""Schemes."""

from typing import Any

from flask.views import MethodView

from schemas.evaluate.schemes import SchemeSchema, SchemeVersionSchema
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
        """All published schemes"""
        return schemes.versions(actor())

    @requires("schemes.write")
    @blp.arguments(SchemeSchema)
    @blp.response(201, SchemeVersionSchema)
    def post(self, values: dict[str, str]) -> Any:
        """Publish a scheme; faults are named by line and node"""
        return made(schemes.publish(actor(), now(), values["text"]))
