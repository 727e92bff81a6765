"""Figures of single questions of a campaign."""

from typing import Any

from flask.views import MethodView

from schemas.collect.question_figures import QuestionFiguresQuerySchema, QuestionFiguresSchema
from service.operations.collect import question_figures
from service.web.auth import actor, requires
from service.web.extensions import Blueprint

blp = Blueprint("question_figures", __name__, description="How many chose what, of how many asked")


@blp.route("/campaigns/<id>/questions")
class QuestionFigures(MethodView):
    @requires("satisfaction.read")
    @blp.arguments(QuestionFiguresQuerySchema, location="query")
    @blp.response(200, QuestionFiguresSchema)
    def get(self, query: dict[str, Any], id: str) -> Any:
        """Figures of every question: chosen, ranked by place, numbers by class; who was not asked apart"""
        found = question_figures.figures(actor(), id, **query)
        groups = [{"group": dict(zip(found.by, key, strict=True)), "questions": part} for key, part in found.groups]
        return {"campaign": found.campaign, "revision": found.revision, "groups": groups}
