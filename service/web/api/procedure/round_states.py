"""Moving a round on, and what stands in the way."""

from typing import Any

from flask.views import MethodView

from schemas.evaluate.rounds import RoundSchema
from schemas.procedure.round_states import MoveSchema, StepSchema
from service.operations.procedure import gates, moves
from service.web.api.conditional import if_match, tagged
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("round-states", __name__, description="The procedure of a round: its states and gates")


@blp.route("/rounds/<id>/state")
class State(MethodView):
    @requires("rounds.move")
    @blp.arguments(MoveSchema)
    @blp.response(200, RoundSchema)
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Move the round on; If-Match is the version that was read"""
        to = values.pop("state")
        return tagged(moves.move(actor(), now(), id, to, if_match(), values))


@blp.route("/rounds/<id>/gates")
class Gates(MethodView):
    @requires("gates.read")
    @blp.response(200, StepSchema(many=True))
    def get(self, id: str) -> Any:
        """Each next state with what it demands and what of that is missing"""
        return gates.of_round(actor(), now(), id)
