"""Notices of checks: what is written, what is fixed when issued, how it was served."""

from marshmallow import fields, validate

from schemas.base import Schema, identifier, moment, new_id, refuse_repeated, text
from service.domain.inspect.notices import CHANNELS, ISSUED, MOST_OBJECT_DAYS, SERVED


class ObjectionSchema(Schema):
    """Where and how to object; `working_days` from receipt."""

    body = text(200, required=True)
    address = text(200, required=True)
    phone = text(200, required=True)
    working_days = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=MOST_OBJECT_DAYS))


class NoticeTextSchema(Schema):
    """What people write of a notice."""

    draws = fields.List(identifier(), required=True, validate=[validate.Length(min=1, max=50), refuse_repeated])
    visits = fields.List(identifier(), load_default=[], validate=[validate.Length(max=50), refuse_repeated])
    summary = text(4000, required=True)
    objection = fields.Nested(ObjectionSchema, required=True)


class CheckNoticeSchema(NoticeTextSchema):
    """`findings` stand as they were when it was issued; `object_by` is the last day to object once it is served.

    `corrects` is an earlier notice that this one puts right, `because` the objection that was upheld.
    """

    id = new_id()
    project = fields.String(dump_only=True)
    number = fields.Integer(dump_only=True)
    kind = fields.String(dump_only=True)
    state = fields.String(dump_only=True)
    findings = fields.List(fields.Dict(), dump_only=True)
    digest = fields.String(dump_only=True)
    checked_from = fields.Date(dump_only=True, allow_none=True)
    checked_to = fields.Date(dump_only=True, allow_none=True)
    issued_at = moment(dump_only=True, allow_none=True)
    served_on = fields.Date(dump_only=True, allow_none=True)
    channel = fields.String(dump_only=True)
    received_by = fields.String(dump_only=True)
    object_by = fields.Date(dump_only=True, allow_none=True)
    provisional = fields.Boolean(dump_only=True)
    corrects = fields.String(dump_only=True)
    because = fields.String(dump_only=True)
    version = fields.Integer(dump_only=True)


class NoticesSchema(Schema):
    notices = fields.List(fields.Nested(CheckNoticeSchema))


class NoticeStateSchema(Schema):
    """To `issued`, or to `served` with the day, the channel and who received it."""

    state = fields.String(required=True, validate=validate.OneOf([ISSUED, SERVED]))
    served_on = fields.Date(load_default=None, allow_none=True)
    channel = fields.String(load_default="", validate=validate.OneOf(["", *CHANNELS]))
    received_by = text(200, least=0, load_default="")
