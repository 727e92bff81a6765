"""Judgements: what each scorer gives, seen by others only when all are in."""

from typing import Any

from flask.views import MethodView

from schemas.evaluate.judgements import JudgementEditSchema, JudgementSchema
from service.domain.evaluate.judgements import RoundJudgement
from service.operations.evaluate import judgements, rounds
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits

blp = Blueprint("judgements", __name__, description="What scorers give the indicators that people judge")


@blp.route("/rounds/<id>/judgements")
class Judgements(MethodView):
    @requires("scoring.read")
    @blp.response(200, JudgementSchema(many=True))
    def get(self, id: str) -> Any:
        """Your own judgements, and those of others where everybody's are in"""
        return judgements.visible(actor(), rounds.get(actor(), id, "scoring.read"))

    @requires("scoring.write")
    @blp.arguments(JudgementSchema)
    @blp.response(201, JudgementSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Give a score with its reason: your own, one on paper as secretary, or an institution's signed opinion"""
        values["papers"] = tuple(values["papers"])
        judgement = RoundJudgement(**with_id(values), round=id, at=now(), by=actor().id)
        return made(judgements.enter(actor(), now(), judgement))


@blp.route("/judgements/<id>")
class OneJudgement(MethodView):
    @requires("scoring.write")
    @blp.arguments(JudgementEditSchema)
    @blp.response(200, JudgementSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Go on with a draft, hand it in, or change what is in before anybody may see it"""
        return tagged(judgements.change(actor(), now(), id, if_match(), **values))
