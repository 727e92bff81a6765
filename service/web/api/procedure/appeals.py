"""Appeals to results."""

from typing import Any

from flask import Response, request
from flask.views import MethodView

from schemas.procedure.appeals import ACCEPTED, AcceptanceSchema, AppealSchema, AppealsSchema
from schemas.procedure.cases import CaseFileSchema, CaseFilingSchema, CaseTextSchema, CaseWithdrawalSchema
from service.domain.collect.scans import MEDIA_TYPES
from service.operations.procedure import appeals
from service.operations.procedure.appeals import OnPaper
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.api.procedure.objections import FILE_BODY
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.extensions import Blueprint, edits

blp = Blueprint("appeals", __name__, description="Appeals to results, and whether they are taken up")


@blp.route("/projects/<id>/appeals")
class AppealsOfProject(MethodView):
    @requires("appeals.read")
    @blp.response(200, AppealsSchema)
    def get(self, id: str) -> Any:
        """The project's appeals, the latest first; drafts for who writes them"""
        return {"appeals": appeals.of_project(actor(), id)}


@blp.route("/rounds/<id>/appeals")
class AppealsOfRound(MethodView):
    @requires("appeals.write")
    @blp.arguments(AppealSchema)
    @blp.response(201, AppealSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Begin an appeal to the notified result, or enter one that came on paper"""
        asked = with_id(values)
        days = (asked["channel"], asked["filed_on"], asked["received_on"], asked["initiator"])
        return made(appeals.begin(actor(), now(), asked["id"], id, asked["text"], OnPaper(*days) if days[0] else None))


@blp.route("/appeals/<id>")
class OneAppeal(MethodView):
    @requires("appeals.read")
    @blp.response(200, AppealSchema)
    def get(self, id: str) -> Any:
        """One appeal"""
        return tagged(appeals.get(actor(), id))

    @requires("appeals.write")
    @blp.arguments(CaseTextSchema)
    @blp.response(200, AppealSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Edit a draft"""
        return tagged(appeals.change(actor(), now(), id, if_match(), values["text"]))


@blp.route("/appeals/<id>/attachments")
class AttachmentsOfAppeal(MethodView):
    @requires("appeals.write")
    @blp.response(201, CaseFileSchema)
    @blp.doc(requestBody=FILE_BODY)
    def post(self, id: str) -> Any:
        """Send a file (PDF, JPEG, PNG) with a draft"""
        return appeals.add_file(actor(), now(), id, request.get_data())


@blp.route("/appeals/<id>/attachments/<name>")
class AttachmentOfAppeal(MethodView):
    @requires("appeals.read")
    @blp.response(200, content_type="application/octet-stream", schema={"type": "string", "format": "binary"})
    def get(self, id: str, name: str) -> Response:
        """A file of an appeal"""
        found, data = appeals.attachment(actor(), id, name)
        return attachment(f"{found.name[:12]}.{found.kind}", data, MEDIA_TYPES[found.kind])


@blp.route("/appeals/<id>/filing")
class FilingOfAppeal(MethodView):
    @requires("appeals.write")
    @blp.arguments(CaseFilingSchema)
    @blp.response(200, AppealSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """File the draft, within the window that the notice of the result named"""
        return tagged(appeals.file(actor(), now(), id, if_match(), values["attachments"]))


@blp.route("/appeals/<id>/withdrawal")
class WithdrawalOfAppeal(MethodView):
    @requires("appeals.write")
    @blp.arguments(CaseWithdrawalSchema)
    @blp.response(200, AppealSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Take an appeal back before the decision: its review ends, the days of the notice go on as they were"""
        return tagged(appeals.withdraw(actor(), now(), id, if_match(), values["reason"]))


@blp.route("/appeals/<id>/acceptance")
class AcceptanceOfAppeal(MethodView):
    @requires("appeals.decide")
    @blp.arguments(AcceptanceSchema)
    @blp.response(200, AppealSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Take the appeal up, which starts the time for the review, or refuse it with the reason"""
        version, document = if_match(), values["document"]
        if values["state"] == ACCEPTED:
            return tagged(appeals.accept(actor(), now(), id, version, values["on"], document))
        return tagged(appeals.refuse(actor(), now(), id, version, values["reason"], document))
