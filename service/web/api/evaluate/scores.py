"""The score of a round."""

from typing import Any

from flask.views import MethodView

from schemas.evaluate.scores import ScoreSchema
from service.operations.evaluate import scores
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("scores", __name__, description="Each point with rule, inputs and arithmetic")


@blp.route("/rounds/<id>/score")
class Score(MethodView):
    @requires("scores.read")
    @blp.response(200, ScoreSchema)
    def get(self, id: str) -> Any:
        """The score as the evidence stands: each point with rule, inputs and arithmetic"""
        return scores.of_round(actor(), now(), id).tree
