"""Approvals of third-party evaluators: papers by the evaluator, decision by the authority."""

from typing import Any

from flask import Response, request
from flask.views import MethodView

from schemas.procedure.approvals import (
    EvaluatorApprovalSchema,
    EvaluatorApprovalsSchema,
    EvaluatorDecisionSchema,
    EvaluatorFilingSchema,
    EvaluatorPaperSchema,
)
from service.domain.collect.scans import MEDIA_TYPES
from service.operations.procedure import approvals
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.extensions import Blueprint, edits

blp = Blueprint("approvals", __name__, description="Third-party evaluators: papers, and the authority's decision")


@blp.route("/projects/<id>/evaluator-approvals")
class Approvals(MethodView):
    @requires("approvals.read")
    @blp.response(200, EvaluatorApprovalsSchema)
    def get(self, id: str) -> Any:
        """All approvals of a project, refused ones too"""
        return {"approvals": approvals.of_project(actor(), id)}

    @requires("approvals.write")
    @blp.arguments(EvaluatorApprovalSchema)
    @blp.response(201, EvaluatorApprovalSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Propose an organisation as the evaluator"""
        asked = with_id(values)
        return made(approvals.propose(actor(), now(), asked["id"], id, asked["organisation"]))


@blp.route("/evaluator-approvals/<id>")
class OneApproval(MethodView):
    @requires("approvals.read")
    @blp.response(200, EvaluatorApprovalSchema)
    def get(self, id: str) -> Any:
        """One approval"""
        return tagged(approvals.get(actor(), id))


@blp.route("/evaluator-approvals/<id>/papers")
class Papers(MethodView):
    @requires("approvals.write")
    @blp.response(201, EvaluatorPaperSchema)
    @blp.doc(
        requestBody={
            "required": True,
            "content": {type: {"schema": {"type": "string", "format": "binary"}} for type in MEDIA_TYPES.values()},
        }
    )
    def post(self, id: str) -> Any:
        """Send a paper (PDF, JPEG, PNG) that the filing will name"""
        return approvals.add_paper(actor(), now(), id, request.get_data())


@blp.route("/evaluator-approvals/<id>/papers/<name>")
class OnePaper(MethodView):
    @requires("approvals.read")
    @blp.response(200, content_type="application/octet-stream", schema={"type": "string", "format": "binary"})
    def get(self, id: str, name: str) -> Response:
        """A paper that was sent"""
        found, data = approvals.paper(actor(), id, name)
        return attachment(f"{found.name[:12]}.{found.kind}", data, MEDIA_TYPES[found.kind])


@blp.route("/evaluator-approvals/<id>/filing")
class Filing(MethodView):
    @requires("approvals.write")
    @blp.arguments(EvaluatorFilingSchema)
    @blp.response(200, EvaluatorApprovalSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """File the papers: at least one for qualification and one for capability"""
        return tagged(approvals.file(actor(), now(), id, if_match(), **values))


@blp.route("/evaluator-approvals/<id>/decision")
class Decision(MethodView):
    @requires("approvals.decide")
    @blp.arguments(EvaluatorDecisionSchema)
    @blp.response(200, EvaluatorApprovalSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Approve or refuse; a refusal gives its reason"""
        return tagged(approvals.decide(actor(), now(), id, if_match(), values["state"], values["reason"]))
