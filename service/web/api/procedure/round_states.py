"""Moving a round on, what stands in the way, what the lead waives, and the deadlines that run."""

from typing import Any

from flask.views import MethodView

from schemas.evaluate.rounds import RoundSchema
from schemas.procedure.round_states import DeadlineSchema, MoveSchema, PostponeSchema, StepSchema, WaiverSchema
from service.domain.procedure.waivers import Waiver
from service.operations.evaluate import rounds
from service.operations.procedure import deadlines, gates, moves
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits, keys

blp = Blueprint("round-states", __name__, description="The procedure of a round: its states, gates and deadlines")


@blp.route("/rounds/<id>/state")
class State(MethodView):
    @requires("rounds.move")
    @blp.arguments(MoveSchema)
    @blp.response(200, RoundSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Move the round on; If-Match is the version that was read"""
        to = values.pop("state")
        return tagged(moves.move(actor(), now(), id, to, if_match(), values, keys=keys()))


@blp.route("/rounds/<id>/gates")
class Gates(MethodView):
    @requires("gates.read")
    @blp.response(200, StepSchema(many=True))
    def get(self, id: str) -> Any:
        """Each next state with what it demands and what of that is missing"""
        return gates.of_round(actor(), now(), id)


@blp.route("/rounds/<id>/waivers")
class Waivers(MethodView):
    @requires("gates.read")
    @blp.response(200, WaiverSchema(many=True))
    def get(self, id: str) -> Any:
        """What the lead waived, and why"""
        return gates.waivers(rounds.get(actor(), id, "gates.read"))

    @requires("rounds.lead")
    @blp.arguments(WaiverSchema)
    @blp.response(201, WaiverSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Waive one thing that a gate demands, with the reason"""
        waiver = Waiver(**with_id(values), round=id, at=now(), by=actor().id)
        return made(moves.waive(actor(), now(), waiver))


@blp.route("/rounds/<id>/deadlines")
class Deadlines(MethodView):
    @requires("rounds.read")
    @blp.response(200, DeadlineSchema(many=True))
    def get(self, id: str) -> Any:
        """The deadlines of a round, the earliest first"""
        return deadlines.of_round(actor(), now(), id)


@blp.route("/rounds/<id>/deadlines/<deadline>")
class OneDeadline(MethodView):
    @requires("rounds.lead")
    @blp.arguments(PostponeSchema)
    @blp.response(200, RoundSchema)
    @edits
    def put(self, values: dict[str, Any], id: str, deadline: str) -> Any:
        """Put a deadline off; one that the provider was told of only with the notice of it served"""
        return tagged(deadlines.postpone(actor(), now(), id, deadline, values, if_match()))
