"""Judgements: what each scorer gives, seen by others only when all are in."""

from typing import Any

from flask.views import MethodView

from schemas.evaluate.judgements import JudgementSchema
from service.domain.evaluate.judgements import RoundJudgement
from service.operations.evaluate import judgements, rounds
from service.web.api.conditional import made, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("judgements", __name__, description="What scorers give the indicators that people judge")


@blp.route("/rounds/<id>/judgements")
class Judgements(MethodView):
    @requires("judgements.read")
    @blp.response(200, JudgementSchema(many=True))
    def get(self, id: str) -> Any:
        """Your own judgements, and those of others where everybody's are in"""
        return judgements.visible(actor(), rounds.get(actor(), id, "judgements.read"))

    @requires("judgements.write")
    @blp.arguments(JudgementSchema)
    @blp.response(201, JudgementSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Enter one rater's score of an expert node, with the reason"""
        judgement = RoundJudgement(**with_id(values), round=id, at=now(), by=actor().id)
        return made(judgements.enter(actor(), now(), judgement))
