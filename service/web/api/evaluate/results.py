"""Results of a round: frozen versions and what corrections changed, what if, and the export."""

from typing import Any

from flask import Response
from flask.views import MethodView

from schemas.evaluate.results import (
    DifferenceSchema,
    ResultSchema,
    ResultTreeSchema,
    SensitivitySchema,
    UncertaintySchema,
    WhatIfRequestSchema,
    WhatIfSchema,
    sensitivity_data,
)
from service.domain.evaluate.corrections import Edit
from service.operations.evaluate import result_readers, scores
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("results_of_rounds", __name__, description="Frozen results, their corrections, and what moves them")


@blp.route("/rounds/<id>/results")
class Results(MethodView):
    @requires("results.read")
    @blp.response(200, ResultSchema(many=True))
    def get(self, id: str) -> Any:
        """All frozen versions, the first one first: for the provider from the notice on"""
        return result_readers.of_round(actor(), id)


@blp.route("/rounds/<id>/results/<int:number>")
class OneResult(MethodView):
    @requires("results.read")
    @blp.response(200, ResultTreeSchema)
    def get(self, id: str, number: int) -> Any:
        """A version with its tree; what would tell the answers of too few is withheld"""
        version, tree = result_readers.one(actor(), id, number)
        return {**vars(version), "tree": tree}


@blp.route("/rounds/<id>/results/<int:number>/difference")
class DifferenceOfResult(MethodView):
    @requires("results.read")
    @blp.response(200, DifferenceSchema(many=True))
    def get(self, id: str, number: int) -> Any:
        """What a correction changed in the version before it, node by node, and why"""
        return result_readers.difference(actor(), id, number)


@blp.route("/rounds/<id>/score/uncertainty")
class Uncertainty(MethodView):
    @requires("scores.read")
    @blp.response(200, UncertaintySchema)
    def get(self, id: str) -> Any:
        """The interval of the total, and the grades that it does not separate; for the group only"""
        return scores.uncertainty(actor(), now(), id)


@blp.route("/rounds/<id>/score/sensitivity")
class SensitivityOfScore(MethodView):
    @requires("scores.read")
    @blp.response(200, SensitivitySchema(many=True))
    def get(self, id: str) -> Any:
        """How far each leaf moves the total; those that decide the grade first"""
        grade, rows = scores.sensitivity(actor(), now(), id)
        return [sensitivity_data(row, grade) for row in rows]


@blp.route("/rounds/<id>/what-if")
class WhatIf(MethodView):
    @requires("scores.read")
    @blp.arguments(WhatIfRequestSchema)
    @blp.response(200, WhatIfSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """The score under other evidence or weights; nothing is stored"""
        edits = [Edit(**change) for change in values["changes"]]
        return scores.what_if(actor(), now(), id, edits, values["weights"])


@blp.route("/rounds/<id>/export")
class Export(MethodView):
    @requires("scores.read")
    @blp.response(200, content_type="application/json", description="The file for `minyi score --round`")
    def get(self, id: str) -> Any:
        """Scheme, evidence, corrections and trees in one file: `minyi score` recomputes it without a database"""
        text = result_readers.export(actor(), id)
        headers = {"Content-Disposition": "attachment; filename=round.json", "Cache-Control": "no-store"}
        return Response(text, 200, headers, content_type="application/json")
