"""Questionnaires: published versions."""

from typing import Any

from flask.views import MethodView

from schemas.collect.questionnaires import QuestionnaireSchema, QuestionnaireSummarySchema, QuestionnaireVersionSchema
from service.operations.collect import questionnaires
from service.web.api.conditional import made
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("questionnaires", __name__, description="Published questionnaire versions")


@blp.route("/questionnaires")
class Questionnaires(MethodView):
    @requires("questionnaires.read")
    @blp.response(200, QuestionnaireSummarySchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self) -> Any:
        """All published versions"""
        return questionnaires.versions(actor())

    @requires("questionnaires.write")
    @blp.arguments(QuestionnaireSchema)
    @blp.response(201, QuestionnaireVersionSchema)
    def post(self, values: dict[str, Any]) -> Any:
        """Publish a version; it never changes"""
        return made(questionnaires.publish(actor(), now(), values["definition"]))


@blp.route("/questionnaires/<id>")
class OneQuestionnaire(MethodView):
    @requires("questionnaires.read")
    @blp.response(200, QuestionnaireVersionSchema)
    def get(self, id: str) -> Any:
        """One version with its questions"""
        return questionnaires.get(actor(), id)
