"""Drafts of questionnaires: written, tried out, published, compared; and the templates they begin from."""

from typing import Any

from flask.views import MethodView

from schemas.collect.drafts import (
    ComparisonSchema,
    DraftSchema,
    DraftSummarySchema,
    DraftTextSchema,
    GivenTrialAnswerSchema,
    NewDraftSchema,
    TemplateSchema,
    TemplateTextSchema,
    TrialAnswerSchema,
    TrialSchema,
)
from schemas.collect.questionnaires import QuestionnaireVersionSchema
from service.domain import yaml_texts
from service.domain.collect.drafts import QuestionnaireDraft
from service.domain.collect.versions import WHAT
from service.operations.collect import drafts, templates, trials
from service.web.api.conditional import if_match
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits

blp = Blueprint(
    "drafts", __name__, description="Questionnaires while they are written, and what changed between versions"
)


def _shown(draft: QuestionnaireDraft) -> dict[str, Any]:
    reading = drafts.read(draft)
    faults = [
        {"path": fault.field, "line": reading.line(fault.field), "reason": fault.reason, "message": fault.message}
        for fault in reading.faults
    ]
    tried = trials.trial(draft, reading.questionnaire).tried
    return {**vars(draft), "number": reading.number, "digest": reading.digest, "faults": faults, "tried": tried}


def _answer(draft: QuestionnaireDraft, status: int = 200) -> tuple[dict[str, Any], int, dict[str, str]]:
    return _shown(draft), status, {"ETag": f'"{draft.version}"'}


def _text(values: dict[str, Any]) -> str:
    text: str = values["text"] if "text" in values else yaml_texts.dump(values["definition"])
    return text


@blp.route("/questionnaire-templates")
class Templates(MethodView):
    @requires("questionnaires.read")
    @blp.response(200, TemplateSchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self) -> Any:
        """Questionnaires to begin a draft from"""
        return templates.templates(actor())


@blp.route("/questionnaire-templates/<id>")
class OneTemplate(MethodView):
    @requires("questionnaires.read")
    @blp.response(200, TemplateTextSchema)
    def get(self, id: str) -> Any:
        """One template with its text"""
        return templates.get(actor(), id)


@blp.route("/questionnaire-drafts")
class Drafts(MethodView):
    @requires("questionnaires.write")
    @blp.response(200, DraftSummarySchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self) -> Any:
        """Your organisation's drafts"""
        return drafts.drafts(actor())

    @requires("questionnaires.write")
    @blp.arguments(NewDraftSchema)
    @blp.response(201, DraftSchema)
    def post(self, values: dict[str, Any]) -> Any:
        """Begin a draft; what is wrong with it is listed, not refused"""
        if "template" in values:
            draft, new = drafts.from_template(actor(), now(), values["template"], values["id"])
        else:
            draft, new = drafts.create(actor(), now(), values["id"], _text(values))
        return _answer(draft, 201 if new else 200)


@blp.route("/questionnaire-drafts/<id>")
class OneDraft(MethodView):
    @requires("questionnaires.write")
    @blp.response(200, DraftSchema)
    def get(self, id: str) -> Any:
        """One draft with its text and its faults; ETag is its version"""
        return _answer(drafts.get(actor(), id))

    @requires("questionnaires.write")
    @blp.arguments(DraftTextSchema)
    @blp.response(200, DraftSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Save a text; a refusal for an old version holds both texts under errors.sides"""
        return _answer(drafts.change(actor(), now(), id, _text(values), if_match()))

    @requires("questionnaires.write")
    @blp.response(204)
    @edits
    def delete(self, id: str) -> None:
        """Delete a draft with its test answers"""
        drafts.delete(actor(), now(), id, if_match())


@blp.route("/questionnaire-drafts/<id>/answers")
class TrialAnswers(MethodView):
    @requires("questionnaires.write")
    @blp.response(200, TrialSchema)
    def get(self, id: str) -> Any:
        """Test answers: of the present text with their counts, and of older texts"""
        return trials.of_draft(actor(), id)

    @requires("questionnaires.write")
    @blp.arguments(TrialAnswerSchema)
    @blp.response(201, GivenTrialAnswerSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Send a test answer; it is in no figure"""
        given = (values["answers"], values["lang"], values["submission_id"], values["digest"])
        answer, new = trials.answer(actor(), now(), id, *given)
        return answer, 201 if new else 200

    @requires("questionnaires.write")
    @blp.response(204)
    def delete(self, id: str) -> None:
        """Delete all test answers"""
        trials.delete(actor(), now(), id)


@blp.route("/questionnaire-drafts/<id>/publication")
class Publication(MethodView):
    @requires("questionnaires.write")
    @blp.response(201, QuestionnaireVersionSchema)
    @edits
    def post(self, id: str) -> Any:
        """Publish a draft that was tried out as it stands; If-Match is the version that was read"""
        return drafts.publish(actor(), now(), id, if_match())


@blp.route("/questionnaires/<id>/draft")
class DraftOfVersion(MethodView):
    @requires("questionnaires.write")
    @blp.response(201, DraftSchema)
    def post(self, id: str) -> Any:
        """Begin a change of a published version"""
        draft, new = drafts.from_version(actor(), now(), id)
        return _answer(draft, 201 if new else 200)


@blp.route("/questionnaires/<id>/compare/<other>")
class Comparison(MethodView):
    @requires("questionnaires.read")
    @blp.response(200, ComparisonSchema)
    def get(self, id: str, other: str) -> Any:
        """What changed from one version to another; either may be a draft, by the id without a number"""
        _, _, changes = drafts.comparison(actor(), id, other)
        return {"a": id, "b": other, "changes": [{**vars(change), "text": WHAT[change.what]} for change in changes]}
