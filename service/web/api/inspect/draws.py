"""Draws: planned or made at once, top-ups, and what was found of their items."""

from collections.abc import Mapping
from typing import Any

from flask.views import MethodView

from schemas.inspect.draws import DrawSchema, PlannedSchema, PlannerSchema, TopUpSchema
from schemas.inspect.spot_checks import ReviewDecisionSchema, ReviewedSchema, SpotChecksSchema
from service.domain.inspect.ceremonies import DrawPlan
from service.operations.inspect import draw_planning, draws, results, spot_checks, top_ups
from service.operations.inspect import spot_check_reviews as reviews
from service.web.api.conditional import made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, keys

blp = Blueprint("draws", __name__, description="Verifiable draws from frozen lists")
PLANNED = ("sealer", "commit_by", "reveal_by", "public_source", "kind", "trigger", "of", "reason")


def _allocation(asked: Mapping[str, Any], frame: str) -> Mapping[str, int]:
    """How many of each stratum, whichever way it was asked for."""
    if "proportional" in asked:
        return draws.proportional(actor(), frame, **asked["proportional"])
    allocation: Mapping[str, int] = (
        asked["allocation"] if "allocation" in asked else draws.equal(actor(), frame, asked["take"])
    )
    return allocation


@blp.route("/draws")
class Draws(MethodView):
    @requires("draws.write")
    @blp.arguments(DrawSchema)
    @blp.response(201, DrawSchema)
    def post(self, values: dict[str, Any]) -> Any:
        """Draw from a frozen list, or plan a draw that several parties make"""
        asked = with_id(values)
        if not asked["parties"]:
            take = asked["take"] if "take" in asked else _allocation(asked, asked["frame"])
            return made(draws.draw(actor(), now(), asked["id"], asked["frame"], take, asked["public"]))
        planned = DrawPlan(
            id=asked["id"],
            frame=asked["frame"],
            allocation=_allocation(asked, asked["frame"]),
            parties=tuple(asked["parties"]),
            plan=asked["plan"] or {},
            **{name: asked[name] for name in PLANNED},
        )
        return made(draws.plan(actor(), now(), keys(), planned))


@blp.route("/draws/plan")
class Planner(MethodView):
    @requires("draws.follow")
    @blp.arguments(PlannerSchema)
    @blp.response(200, PlannedSchema)
    def post(self, values: dict[str, Any]) -> Any:
        """How many to draw; nothing is kept"""
        return draw_planning.plan(values["goal"], values)


@blp.route("/draws/<id>")
class OneDraw(MethodView):
    @requires("draws.follow")
    @blp.response(200, DrawSchema)
    def get(self, id: str) -> Any:
        """A draw: what the parties deposited, and, for whom it is open, all that is needed to compute it again"""
        return tagged(draws.get(actor(), id, now()))


@blp.route("/draws/<id>/top-ups")
class TopUps(MethodView):
    @requires("draws.write")
    @blp.arguments(TopUpSchema)
    @blp.response(201, DrawSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Take the next tickets of a draw"""
        asked = with_id(values)
        frame = draws.get(actor(), id).frame
        done = top_ups.top_up(
            actor(), now(), asked["id"], id, _allocation(asked, frame), asked["purpose"], asked["reason"]
        )
        return made(done)


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
