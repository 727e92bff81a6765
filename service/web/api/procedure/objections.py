"""Objections to notices of checks."""

import secrets
from typing import Any

from flask import Response, request
from flask.views import MethodView

from schemas.procedure.cases import CaseFileSchema, CaseFilingSchema, CaseTextSchema, CaseWithdrawalSchema
from schemas.procedure.objections import (
    CorrectNoticeSchema,
    NoticeObjectionSchema,
    NoticeObjectionsSchema,
    ObjectionAnswerSchema,
)
from service.domain.collect.scans import MEDIA_TYPES
from service.operations.procedure import objection_corrections, objections
from service.operations.procedure.objections import Paper
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.extensions import Blueprint, edits

blp = Blueprint("objections", __name__, description="Objections to notices of checks, their answers and corrections")
FILE_BODY = {
    "required": True,
    "content": {type: {"schema": {"type": "string", "format": "binary"}} for type in MEDIA_TYPES.values()},
}


@blp.route("/projects/<id>/objections")
class ObjectionsOfProject(MethodView):
    @requires("objections.read")
    @blp.response(200, NoticeObjectionsSchema)
    def get(self, id: str) -> Any:
        """The project's objections, the latest first; drafts for who writes them"""
        return {"objections": objections.of_project(actor(), id)}


@blp.route("/notices/<id>/objections")
class ObjectionsOfNotice(MethodView):
    @requires("objections.write")
    @blp.arguments(NoticeObjectionSchema)
    @blp.response(201, NoticeObjectionSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Begin an objection to a served notice, or enter one that came on paper"""
        asked = with_id(values)
        channel = asked["channel"]
        paper = Paper(channel, asked["filed_on"], asked["received_on"]) if channel else None
        return made(objections.begin(actor(), now(), asked["id"], id, asked["text"], paper))


@blp.route("/objections/<id>")
class OneObjection(MethodView):
    @requires("objections.read")
    @blp.response(200, NoticeObjectionSchema)
    def get(self, id: str) -> Any:
        """One objection"""
        return tagged(objections.get(actor(), id))

    @requires("objections.write")
    @blp.arguments(CaseTextSchema)
    @blp.response(200, NoticeObjectionSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Edit a draft"""
        return tagged(objections.change(actor(), now(), id, if_match(), values["text"]))


@blp.route("/objections/<id>/attachments")
class AttachmentsOfObjection(MethodView):
    @requires("objections.write")
    @blp.response(201, CaseFileSchema)
    @blp.doc(requestBody=FILE_BODY)
    def post(self, id: str) -> Any:
        """Send a file (PDF, JPEG, PNG) as evidence of a draft"""
        return objections.add_file(actor(), now(), id, request.get_data())


@blp.route("/objections/<id>/attachments/<name>")
class AttachmentOfObjection(MethodView):
    @requires("objections.read")
    @blp.response(200, content_type="application/octet-stream", schema={"type": "string", "format": "binary"})
    def get(self, id: str, name: str) -> Response:
        """A file of an objection"""
        found, data = objections.attachment(actor(), id, name)
        return attachment(f"{found.name[:12]}.{found.kind}", data, MEDIA_TYPES[found.kind])


@blp.route("/objections/<id>/filing")
class FilingOfObjection(MethodView):
    @requires("objections.write")
    @blp.arguments(CaseFilingSchema)
    @blp.response(200, NoticeObjectionSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """File the draft with its evidence: a receipt is given, and the time to answer runs"""
        return tagged(objections.file(actor(), now(), id, if_match(), values["attachments"]))


@blp.route("/objections/<id>/withdrawal")
class WithdrawalOfObjection(MethodView):
    @requires("objections.write")
    @blp.arguments(CaseWithdrawalSchema)
    @blp.response(200, NoticeObjectionSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Take an objection back before it is answered: no answer is due any more"""
        return tagged(objections.withdraw(actor(), now(), id, if_match(), values["reason"]))


@blp.route("/objections/<id>/answer")
class AnswerOfObjection(MethodView):
    @requires("objections.answer")
    @blp.arguments(ObjectionAnswerSchema)
    @blp.response(200, NoticeObjectionSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Answer: upheld, partly or dismissed, with reasons and the records that are wrong"""
        said = (values["outcome"], values["reasons"], tuple(values["spot_checks"]))
        return tagged(objections.answer(actor(), now(), id, if_match(), *said))


@blp.route("/objections/<id>/correction")
class CorrectionOfObjection(MethodView):
    @requires("objections.correct")
    @blp.arguments(CorrectNoticeSchema)
    @blp.response(200, NoticeObjectionSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """After an upheld one: issue the corrected notice, and correct results that were frozen and are not final"""
        notice = values["notice"] or secrets.token_hex(8)
        return tagged(objection_corrections.correct(actor(), now(), id, if_match(), notice, values["summary"]))
