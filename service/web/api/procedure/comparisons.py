"""Claims beside what was verified and judged."""

from typing import Any

from flask.views import MethodView

from schemas.procedure.comparisons import RoundComparisonSchema
from service.operations.procedure import comparisons
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("comparisons", __name__, description="Claim, verified value, judgements and points side by side")


@blp.route("/rounds/<id>/comparison")
class OneComparison(MethodView):
    @requires("comparisons.read")
    @blp.response(200, RoundComparisonSchema)
    def get(self, id: str) -> Any:
        """For the group: of each node claim, verified value, judgements and points, and what does not add up"""
        return comparisons.of_round(actor(), now(), id)
