"""Figures of a campaign, and of several together."""

from typing import Any

from flask.views import MethodView

from schemas.collect.satisfaction import JoinedQuerySchema, JoinedSchema, MarkableQuerySchema, SatisfactionSchema
from service.operations.collect import satisfaction
from service.web.auth import actor, requires
from service.web.extensions import Blueprint

blp = Blueprint("satisfaction", __name__, description="Figures with what they may claim")


@blp.route("/campaigns/<id>/satisfaction")
class Satisfaction(MethodView):
    @requires("satisfaction.read")
    @blp.arguments(MarkableQuerySchema, location="query")
    @blp.response(200, SatisfactionSchema)
    def get(self, query: dict[str, Any], id: str) -> Any:
        """Figures with what they may claim; null values say why"""
        by, scale, marked = query.pop("by"), query.pop("scale"), query.pop("marked")
        where = {name: values for name, values in query.items() if values}
        found = satisfaction.figures(actor(), id, by, where, scale, marked=marked)
        return {"campaign": found.campaign, "revision": found.revision, "groups": _groups(found)}


@blp.route("/projects/<id>/satisfaction")
class JoinedSatisfaction(MethodView):
    @requires("satisfaction.read")
    @blp.arguments(JoinedQuerySchema, location="query")
    @blp.response(200, JoinedSchema)
    def get(self, query: dict[str, Any], id: str) -> Any:
        """Figures over several campaigns, if their versions ask the scale's questions unchanged"""
        by, scale, campaigns = query.pop("by"), query.pop("scale"), query.pop("campaigns")
        where = {name: values for name, values in query.items() if values}
        found = satisfaction.joined(actor(), id, campaigns, by, where, scale)
        return {**vars(found), "groups": _groups(found)}


def _groups(found: satisfaction.Figures | satisfaction.Joined) -> list[dict[str, Any]]:
    return [{"group": dict(zip(found.by, key, strict=True)), "estimate": estimate} for key, estimate in found.groups]
