"""Consequences of final results: what follows, decisions, bans, and tasks that go on until they are done."""

from typing import Any

from flask.views import MethodView

from schemas.procedure.consequences import (
    BanSchema,
    ConsequenceDecisionSchema,
    ContinuationSchema,
    FollowingQuerySchema,
    FollowingSchema,
    LiftingSchema,
    VerifiedSchema,
)
from service.operations.procedure import consequences
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits

blp = Blueprint("consequences", __name__, description="What follows from a final result")


@blp.route("/rounds/<id>/consequences")
class Consequences(MethodView):
    @requires("consequences.read")
    @blp.arguments(FollowingQuerySchema, location="query")
    @blp.response(200, FollowingSchema(many=True))
    def get(self, values: dict[str, Any], id: str) -> Any:
        """Every consequence of the scheme, whether it follows, and what was decided"""
        grounds = [one.strip() for one in values["grounds"].split(",") if one.strip()]
        return consequences.of_round(actor(), id, grounds, values["group"])

    @requires("consequences.write")
    @blp.arguments(ConsequenceDecisionSchema)
    @blp.response(201, ConsequenceDecisionSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Decide on one consequence, with the reason; the amount of a cut is a person's decision"""
        said = consequences.Decided(**with_id(values) | {"grounds": tuple(values["grounds"])})
        return made(consequences.decide(actor(), now(), id, said))


@blp.route("/projects/<id>/bans")
class Bans(MethodView):
    @requires("consequences.read")
    @blp.response(200, BanSchema(many=True))
    def get(self, id: str) -> Any:
        """Bans that followed from the results of a project"""
        return consequences.bans(actor(), id)


@blp.route("/bans/<id>/lifting")
class Lifting(MethodView):
    @requires("consequences.write")
    @blp.arguments(LiftingSchema)
    @blp.response(200, BanSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Take a ban back from a day on; If-Match is the version that was read"""
        return tagged(consequences.lift(actor(), now(), id, values["on"], values["reason"], if_match()))


@blp.route("/projects/<id>/continuations")
class Continuations(MethodView):
    @requires("consequences.read")
    @blp.response(200, ContinuationSchema(many=True))
    def get(self, id: str) -> Any:
        """Tasks that go on until the targets are reached"""
        return consequences.continuations(actor(), id)


@blp.route("/continuations/<id>/verified")
class Verified(MethodView):
    @requires("continuations.write")
    @blp.arguments(VerifiedSchema)
    @blp.response(200, ContinuationSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Enter what a counter has come to, as verified; If-Match is the version that was read"""
        return tagged(consequences.report(actor(), now(), id, **values, version=if_match()))
