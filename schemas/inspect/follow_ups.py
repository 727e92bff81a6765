"""Follow-ups: opened, answered with evidence, verified or returned, looked at again; and what ratings may become."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from schemas.base import Schema, identifier, moment, new_id, refuse_repeated, text
from service.domain.inspect.follow_ups import (
    CALL_BACKS,
    DEVIATION,
    FELL_BACK,
    FINDING,
    HELD,
    MOST_DAYS,
    MOST_EVIDENCE,
    RETURNED,
    VERIFIED,
)


def working_days(**options: Any) -> fields.Integer:
    """How long the provider has, from the day after."""
    return fields.Integer(strict=True, validate=validate.Range(min=1, max=MOST_DAYS), **options)


class AnswerSchema(Schema):
    """What the provider did; `evidence` are names of files that were sent before."""

    text = text(4000, required=True)
    evidence = fields.List(
        identifier(), load_default=[], validate=[validate.Length(max=MOST_EVIDENCE), refuse_repeated]
    )
    at = moment(dump_only=True)
    by = fields.String(dump_only=True)
    due_on = fields.String(dump_only=True)


class VerdictSchema(Schema):
    """`verified`, with the day to look again if there is one, or `returned` with a new term.

    `call_back` only in a window service's case: what the person said.
    """

    state = fields.String(required=True, validate=validate.OneOf([VERIFIED, RETURNED]))
    comment = text(4000, required=True)
    look_back_on = fields.Date(load_default=None, allow_none=True, load_only=True)
    working_days = working_days(load_default=None, allow_none=True, load_only=True)
    call_back = fields.String(load_default="", validate=validate.OneOf(["", *CALL_BACKS]))
    at = moment(dump_only=True)
    by = fields.String(dump_only=True)

    @validates_schema
    def returned_with_a_term(self, values: dict[str, Any], **_more: Any) -> None:
        if values["state"] == RETURNED and values["working_days"] is None:
            raise ValidationError("Missing data for required field.", "working_days")


class LookBackSchema(Schema):
    result = fields.String(required=True, validate=validate.OneOf([HELD, FELL_BACK]))
    comment = text(4000, required=True)
    at = moment(dump_only=True)
    by = fields.String(dump_only=True)


class FollowUpSchema(Schema):
    """`subject` of a finding is a spot check that erred or an issued notice; `of` an earlier case that fell back."""

    id = new_id()
    project = fields.String(dump_only=True)
    source = fields.String(load_default=DEVIATION, validate=validate.OneOf([FINDING, DEVIATION]))
    subject = text(200, least=0, load_default="")
    of = text(80, least=0, load_default="")
    basis = text(400, least=0, load_default="")
    title = text(200, required=True)
    text = text(4000, required=True)
    passed = fields.Dict(dump_only=True, allow_none=True)
    due_on = fields.Date(dump_only=True)
    provisional = fields.Boolean(dump_only=True)
    opened_at = moment(dump_only=True)
    state = fields.String(dump_only=True)
    answers = fields.List(fields.Nested(AnswerSchema), dump_only=True)
    verdicts = fields.List(fields.Nested(VerdictSchema), dump_only=True)
    look_back_on = fields.Date(dump_only=True, allow_none=True)
    look_back = fields.Nested(LookBackSchema, dump_only=True, allow_none=True)
    version = fields.Integer(dump_only=True)


class NewFollowUpSchema(FollowUpSchema):
    """With the term for the answer."""

    working_days = working_days(required=True, load_only=True)


class FollowUpsSchema(Schema):
    follow_ups = fields.List(fields.Nested(FollowUpSchema))


class MonthQuerySchema(Schema):
    month = fields.String(required=True, validate=validate.Length(equal=7))


class MonthSchema(Schema):
    """What happened in the month, and what waited for the provider at its end."""

    month = fields.String()
    opened = fields.Integer()
    answered = fields.Integer()
    answered_late = fields.Integer()
    verified = fields.Integer()
    returned = fields.Integer()
    looked_back = fields.Integer()
    fell_back = fields.Integer()
    waiting = fields.Integer()
    overdue = fields.Integer()


class EvidenceSchema(Schema):
    name = fields.String()
    kind = fields.String()
    size = fields.Integer()
    sha256 = fields.String()


class ThemeSchema(Schema):
    """`responses` are the ids of the answers behind it; the provider never sees them."""

    id = new_id()
    title = text(200, required=True)
    text = text(4000, required=True)
    responses = fields.List(
        identifier(), required=True, validate=[validate.Length(min=1, max=100_000), refuse_repeated]
    )
    working_days = working_days(required=True)


class PassedOnSchema(Schema):
    id = new_id()
    title = text(200, required=True)
    text = text(4000, required=True)
    working_days = working_days(required=True)
