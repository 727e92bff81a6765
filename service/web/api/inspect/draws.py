"""Draws and what was found of their items."""

from typing import Any

from flask.views import MethodView

from schemas.inspect.draws import DrawSchema
from schemas.inspect.spot_checks import ReviewDecisionSchema, ReviewedSchema, SpotChecksSchema
from service.operations.inspect import draws, results, spot_checks
from service.operations.inspect import spot_check_reviews as reviews
from service.web.api.conditional import made, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("draws", __name__, description="Verifiable draws from frozen lists")


@blp.route("/draws")
class Draws(MethodView):
    @requires("draws.write")
    @blp.arguments(DrawSchema)
    @blp.response(201, DrawSchema)
    def post(self, values: dict[str, Any]) -> Any:
        """Draw from a frozen list"""
        asked = with_id(values)
        made_draw = draws.draw(actor(), now(), asked["id"], asked["frame"], asked["take"], asked["public"])
        return made(made_draw)


@blp.route("/draws/<id>")
class OneDraw(MethodView):
    @requires("draws.read")
    @blp.response(200, DrawSchema)
    def get(self, id: str) -> Any:
        """A draw with everything that is needed to compute it again"""
        return draws.get(actor(), id)


@blp.route("/draws/<id>/spot-checks")
class SpotChecksOfDraw(MethodView):
    @requires("spot_checks.read")
    @blp.response(200, SpotChecksSchema)
    def get(self, id: str) -> Any:
        """The spot checks of a draw and what they say about the whole frame"""
        found, draw = spot_checks.of_draw(actor(), id), draws.get(actor(), id)
        return {
            "findings": results.findings(draw),
            "excluded": spot_checks.excluded(draw),
            "spot_checks": found,
        }


@blp.route("/draws/<id>/spot-checks/state")
class StateOfSpotChecks(MethodView):
    @requires("spot_checks.review")
    @blp.arguments(ReviewDecisionSchema)
    @blp.response(200, ReviewedSchema)
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Accept (or return, or reject) all records of a draw that were received and are not reviewed yet"""
        return {"reviewed": reviews.review_all(actor(), now(), id, values["state"], values["comment"])}
