"""Objections to notices of checks."""

from marshmallow import fields, validate

from schemas.base import Schema, identifier, moment, refuse_repeated, text
from schemas.procedure.cases import CaseBeginSchema, CaseFileSchema, CaseReceiptSchema
from service.domain.procedure.cases import MOST_TEXT, OUTCOMES


class NoticeCorrectionSchema(Schema):
    """The corrected notice, new versions of results, and rounds whose result was final and stays."""

    notice = fields.String()
    results = fields.List(fields.String())
    locked = fields.List(fields.String())
    at = moment()


class NoticeObjectionSchema(CaseBeginSchema):
    """`reply_by` is the last day of the answer; its working days run from `clock`: receipt or filing."""

    notice = fields.String(dump_only=True)
    project = fields.String(dump_only=True)
    state = fields.String(dump_only=True)
    attachments = fields.List(fields.Nested(CaseFileSchema), dump_only=True)
    receipt = fields.Nested(CaseReceiptSchema, dump_only=True, allow_none=True)
    clock = fields.String(dump_only=True)
    reply_days = fields.Integer(dump_only=True)
    basis = fields.String(dump_only=True)
    reply_by = fields.Date(dump_only=True, allow_none=True)
    provisional = fields.Boolean(dump_only=True)
    outcome = fields.String(dump_only=True)
    reasons = fields.String(dump_only=True)
    spot_checks = fields.List(fields.String(), dump_only=True)
    answered_on = fields.Date(dump_only=True, allow_none=True)
    correction = fields.Nested(NoticeCorrectionSchema, dump_only=True, allow_none=True)
    withdrawn_on = fields.Date(dump_only=True, allow_none=True)
    withdrawn_reason = fields.String(dump_only=True)
    version = fields.Integer(dump_only=True)


class NoticeObjectionsSchema(Schema):
    objections = fields.List(fields.Nested(NoticeObjectionSchema))


class ObjectionAnswerSchema(Schema):
    """`spot_checks` are the records that the answer finds wrong; they are to be reviewed again."""

    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    reasons = text(MOST_TEXT, required=True)
    spot_checks = fields.List(identifier(), load_default=[], validate=[validate.Length(max=200), refuse_repeated])


class CorrectNoticeSchema(Schema):
    """`summary` of the corrected notice: what is put right, in words."""

    notice = identifier(load_default=None, allow_none=True, metadata={"description": "the new notice's id"})
    summary = text(4000, required=True)
