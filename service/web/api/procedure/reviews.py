"""Reviews of appeals."""

from typing import Any

from flask import request
from flask.views import MethodView

from schemas.procedure.appeals import AppealSchema
from schemas.procedure.reviews import (
    AppealDecisionSchema,
    PanelSchema,
    ReviewDifferencesSchema,
    ReviewedEvidenceSchema,
    ReviewNoteSchema,
    ReviewPreviewSchema,
    ReviewSchema,
)
from service.domain.evaluate.corrections import Edit
from service.operations.procedure import reviews
from service.web.api.conditional import if_match, tagged
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits

blp = Blueprint("reviews", __name__, description="The groups that review appeals, and what they decide")


@blp.route("/appeals/<id>/review")
class ReviewOfAppeal(MethodView):
    @requires("reviews.read")
    @blp.response(200, ReviewSchema)
    def get(self, id: str) -> Any:
        """The group and its notes, for the reviewing body and the group"""
        return tagged(reviews.get(actor(), id))

    @requires("appeals.decide")
    @blp.arguments(PanelSchema)
    @blp.response(200, ReviewSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Appoint the group; one that is appointed already is replaced by naming its version in If-Match"""
        version = if_match() if request.headers.get("If-Match") else None
        return tagged(reviews.appoint(actor(), now(), id, values["members"], version))


@blp.route("/appeals/<id>/review/notes")
class NotesOfReview(MethodView):
    @requires("reviews.read")
    @blp.arguments(ReviewNoteSchema)
    @blp.response(200, ReviewSchema)
    @edits
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Write something down that only the group reads"""
        return tagged(reviews.note(actor(), now(), id, if_match(), values["text"]))


@blp.route("/appeals/<id>/review/result")
class ResultUnderReview(MethodView):
    @requires("reviews.read")
    @blp.response(200, ReviewedEvidenceSchema)
    def get(self, id: str) -> Any:
        """The result that stands with its frozen evidence, for the group"""
        return reviews.reviewed(actor(), id)


@blp.route("/appeals/<id>/review/preview")
class PreviewOfReview(MethodView):
    @requires("reviews.read")
    @blp.arguments(ReviewPreviewSchema)
    @blp.response(200, ReviewDifferencesSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """What corrections would change in the result; nothing is kept"""
        return {"differences": reviews.preview(actor(), id, _edits(values))}


@blp.route("/appeals/<id>/decision")
class DecisionOnAppeal(MethodView):
    @requires("appeals.decide")
    @blp.arguments(AppealDecisionSchema)
    @blp.response(200, AppealSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """What the group decided: it is final"""
        said = (values["outcome"], values["reasons"], _edits(values), values["document"], values["scheme_change"])
        return tagged(reviews.decide(actor(), now(), id, if_match(), *said))


@blp.route("/appeals/<id>/conclusion")
class ConclusionOfAppeal(MethodView):
    @requires("appeals.decide")
    @blp.response(200, AppealSchema)
    @edits
    def put(self, id: str) -> Any:
        """After a review that changed the scheme: the result under the served scheme is what it came to, and final"""
        return tagged(reviews.conclude(actor(), now(), id, if_match()))


def _edits(values: dict[str, Any]) -> list[Edit]:
    return [Edit(**edit) for edit in values["edits"]]
