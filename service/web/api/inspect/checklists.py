"""Checklists: published versions."""

from typing import Any

from flask.views import MethodView

from schemas.inspect.checklists import ChecklistSchema, ChecklistSummarySchema, ChecklistVersionSchema
from service.operations.inspect import checklists, xforms
from service.web.api.conditional import made
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("checklists", __name__, description="What auditors look at, as published versions")


@blp.route("/checklists")
class Checklists(MethodView):
    @requires("checklists.read")
    @blp.response(200, ChecklistSummarySchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self) -> Any:
        """All published versions"""
        return checklists.versions(actor())

    @requires("checklists.write")
    @blp.arguments(ChecklistSchema)
    @blp.response(201, ChecklistVersionSchema)
    def post(self, values: dict[str, Any]) -> Any:
        """Publish a version with its form for phones; it never changes"""
        return made(xforms.publish(actor(), now(), values["definition"]))


@blp.route("/checklists/shipped")
class ShippedChecklists(MethodView):
    @requires("checklists.write")
    @blp.response(200, ChecklistSummarySchema(many=True))
    def post(self) -> Any:
        """Publish the checklists that come with the service, as far as they are not published yet"""
        return checklists.publish_shipped(actor(), now())


@blp.route("/checklists/<id>")
class OneChecklist(MethodView):
    @requires("checklists.read")
    @blp.response(200, ChecklistVersionSchema)
    def get(self, id: str) -> Any:
        """One version with its questions and attributes"""
        return checklists.read(actor(), id)
