"""Evaluation groups: members, and who may not sit in a review."""

from marshmallow import fields, validate

from schemas.base import Schema, identifier, moment, new_id, text
from service.domain.procedure.groups import CATEGORIES, DUTIES, MOST_MEMBERS, MOST_NODES, MOST_REASON, ROLES


class GroupMemberSchema(Schema):
    """A member of the group. Of an account the organisation is known; `organisation` is for those without one."""

    id = new_id()
    name = text(required=True)
    category = fields.String(required=True, validate=validate.OneOf(CATEGORIES))
    roles = fields.List(
        fields.String(validate=validate.OneOf(ROLES)), required=True, validate=validate.Length(1, len(ROLES))
    )
    organisation = fields.String(validate=validate.Length(max=200), load_default="")
    user = fields.String(
        validate=validate.Length(max=80), load_default="", metadata={"description": "the account that scores"}
    )
    nodes = fields.List(
        identifier(),
        load_default=list,
        validate=validate.Length(max=MOST_NODES),
        metadata={"description": "what a scorer judges; empty for all"},
    )
    duties = fields.List(fields.String(validate=validate.OneOf(DUTIES)), load_default=list)
    waived = fields.Dict(
        keys=text(80),
        values=text(MOST_REASON),
        load_default=dict,
        validate=validate.Length(max=20),
        metadata={"description": "id of a conflict that may be waived -> why it is"},
    )
    appointed_at = moment(dump_only=True)
    left_at = moment(dump_only=True, allow_none=True)
    left_reason = fields.String(dump_only=True)
    version = fields.Integer(dump_only=True)


class EvaluationGroupSchema(Schema):
    members = fields.List(fields.Nested(GroupMemberSchema))


class MemberDepartureSchema(Schema):
    reason = text(MOST_REASON, required=True)


class PanelCandidateSchema(Schema):
    name = text(required=True)
    user = fields.String(validate=validate.Length(max=80), load_default="")
    category = fields.String(validate=validate.OneOf(CATEGORIES), load_default="expert")


class ReviewPanelSchema(Schema):
    members = fields.List(
        fields.Nested(PanelCandidateSchema), required=True, validate=validate.Length(min=1, max=MOST_MEMBERS)
    )


class BarredSchema(Schema):
    """Who may not sit: their place in what was asked, and the part that brings it about."""

    place = fields.Integer()
    name = fields.String()
    part = fields.String()
    basis = fields.String()


class ReviewPanelAnswerSchema(Schema):
    barred = fields.List(fields.Nested(BarredSchema))
