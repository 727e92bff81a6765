"""Approvals of third-party evaluators."""

from marshmallow import fields, validate

from schemas.base import Schema, identifier, moment, new_id, text
from service.domain.procedure.approvals import APPROVED, REFUSED
from service.domain.procedure.groups import MOST_REASON


def names() -> fields.List:
    return fields.List(identifier(), load_default=list, validate=validate.Length(max=40))


class EvaluatorApprovalSchema(Schema):
    id = new_id()
    organisation = identifier(required=True)
    project = fields.String(dump_only=True)
    state = fields.String(dump_only=True)
    qualification = fields.List(fields.String(), dump_only=True)
    capability = fields.List(fields.String(), dump_only=True)
    proposed_at = moment(dump_only=True)
    filed_at = moment(dump_only=True, allow_none=True)
    decided_at = moment(dump_only=True, allow_none=True)
    decided_by = fields.String(dump_only=True)
    reason = fields.String(dump_only=True)
    version = fields.Integer(dump_only=True)


class EvaluatorApprovalsSchema(Schema):
    approvals = fields.List(fields.Nested(EvaluatorApprovalSchema))


class EvaluatorFilingSchema(Schema):
    """The names of files that were sent before: what proves qualification, and what proves capability."""

    qualification = names()
    capability = names()


class EvaluatorDecisionSchema(Schema):
    state = fields.String(required=True, validate=validate.OneOf((APPROVED, REFUSED)))
    reason = text(MOST_REASON, least=0, load_default="")


class EvaluatorPaperSchema(Schema):
    name = fields.String()
    kind = fields.String()
    size = fields.Integer()
    sha256 = fields.String()
    at = moment()
