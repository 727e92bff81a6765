"""Quality marks of a campaign, for the evaluator."""

from typing import Any

from flask.views import MethodView

from schemas.collect.quality import (
    MarkPageSchema,
    MarkQuerySchema,
    QualityDecisionSchema,
    QualityScanRequestSchema,
    QualityScanSchema,
    QualitySchema,
    shown_rules,
)
from service.domain.collect.quality import QualityDecision, fixed_by
from service.operations.collect import quality, satisfaction
from service.operations.evaluate import rounds
from service.web.api.conditional import if_match, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits

blp = Blueprint("quality", __name__, description="Marks of answers and places that need a look; evaluator only")


@blp.route("/campaigns/<id>/quality")
class CampaignQuality(MethodView):
    @requires("quality.read")
    @blp.response(200, QualitySchema)
    def get(self, id: str) -> Any:
        """Rules, marks with counts, decisions, figures with and without; ETag is what decisions must name"""
        found = quality.of(actor(), id)
        places = [vars(mark) | {"verdict": verdict} for mark, verdict in found.places]
        kinds = shown_rules(found.scan, found.kinds)
        figures = satisfaction.side_by_side(actor(), id)
        shown = vars(found) | {"kinds": kinds, "places": places, "figures": figures}
        return shown, 200, {"ETag": f'"{found.scan.version}"'}

    @requires("quality.write")
    @blp.arguments(QualityScanRequestSchema)
    @blp.response(201, QualityScanSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Scan all sealed answers; `minyi mark-quality` does the same without a request's time limit"""
        contacts = {one["site"]: one["n"] for one in values["contacts"]}
        parameters = fixed_by(rounds.thresholds(id), values["parameters"])
        made = quality.scan(actor(), now(), id, parameters, contacts)
        return made, 201, {"ETag": f'"{made.version}"'}


@blp.route("/campaigns/<id>/quality/marks")
class QualityMarks(MethodView):
    @requires("quality.read")
    @blp.arguments(MarkQuerySchema, location="query")
    @blp.response(200, MarkPageSchema)
    def get(self, query: dict[str, Any], id: str) -> Any:
        """Marked answers in the order of their random ids"""
        found, cursor = quality.page(actor(), id, query["kind"], query["cursor"], query["size"])
        marks = [vars(mark) | {"final_id": final_id, "verdict": verdict} for final_id, mark, verdict in found]
        return {"marks": marks, "next_cursor": cursor}


@blp.route("/campaigns/<id>/quality/decisions")
class QualityDecisions(MethodView):
    @requires("quality.write")
    @blp.arguments(QualityDecisionSchema)
    @blp.response(201, QualityDecisionSchema)
    @edits
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Keep or exclude marks in bulk; If-Match is the ETag of the marks that were looked at"""
        made = with_id(values) | {"final_ids": tuple(values["final_ids"])}
        at = now()
        asked = QualityDecision(campaign=id, number=0, scan=0, by="", at=at, **made)
        return quality.decide(actor(), at, asked, if_match())
