"""Figures of a campaign, and of several together."""

from collections.abc import Sequence
from typing import Any

from flask.views import MethodView

from schemas.collect.estimates import (
    CampaignComparisonQuerySchema,
    FigureComparisonSchema,
    FigureTrendSchema,
    SiteComparisonQuerySchema,
    TrendQuerySchema,
)
from schemas.collect.satisfaction import JoinedQuerySchema, JoinedSchema, MarkableQuerySchema, SatisfactionSchema
from service.operations.collect import comparisons, satisfaction
from service.operations.collect.comparisons import Asking
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
        names = query.pop("figure")
        found = satisfaction.figures(actor(), id, **query)
        return {"campaign": found.campaign, "revision": found.revision, "groups": _groups(found, names)}


@blp.route("/projects/<id>/satisfaction")
class JoinedSatisfaction(MethodView):
    @requires("satisfaction.read")
    @blp.arguments(JoinedQuerySchema, location="query")
    @blp.response(200, JoinedSchema)
    def get(self, query: dict[str, Any], id: str) -> Any:
        """Figures over several campaigns, if their versions ask the scale's questions unchanged"""
        found = satisfaction.joined(actor(), id, query.pop("campaigns"), **query)
        return {**vars(found), "groups": _groups(found)}


@blp.route("/campaigns/<id>/comparisons")
class SiteComparison(MethodView):
    @requires("satisfaction.read")
    @blp.arguments(SiteComparisonQuerySchema, location="query")
    @blp.response(200, FigureComparisonSchema)
    def get(self, query: dict[str, Any], id: str) -> Any:
        """The sites of a campaign by one figure: places with ties, every difference with its interval"""
        by = query.pop("by")
        return comparisons.of_sites(actor(), id, Asking(**query), by)


@blp.route("/projects/<id>/comparisons")
class CampaignComparison(MethodView):
    @requires("satisfaction.read")
    @blp.arguments(CampaignComparisonQuerySchema, location="query")
    @blp.response(200, FigureComparisonSchema)
    def get(self, query: dict[str, Any], id: str) -> Any:
        """Campaigns of a project by one figure; unlike questions or ways of asking need a label"""
        ids = query.pop("campaigns")
        return comparisons.of_campaigns(actor(), id, ids, Asking(**query))


@blp.route("/projects/<id>/trend")
class CampaignTrend(MethodView):
    @requires("satisfaction.read")
    @blp.arguments(TrendQuerySchema, location="query")
    @blp.response(200, FigureTrendSchema)
    def get(self, query: dict[str, Any], id: str) -> Any:
        """How a figure moved over the campaigns of a project: steps, and the line through them"""
        ids = query.pop("campaigns")
        return comparisons.trend(actor(), id, ids, Asking(**query))


def _groups(found: satisfaction.Figures | satisfaction.Joined, names: Sequence[str] = ()) -> list[dict[str, Any]]:
    return [
        {
            "group": dict(zip(found.by, key, strict=True)),
            "estimate": estimate,
            "figures": satisfaction.named(estimate, names),
        }
        for key, estimate in found.groups
    ]
