"""Users who were told to come and watch a check."""

from marshmallow import fields, validate

from schemas.base import Schema, moment, new_id, text
from service.domain.inspect.user_notifications import CHANNELS, LONGEST


class UserNotificationSchema(Schema):
    """One drawn user who was told; `evidence` is what proves it. Whether the user came is recorded apart."""

    id = new_id()
    serial = text(200, required=True)
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    notified_at = moment(required=True)
    evidence = text(LONGEST, required=True)
    draw = fields.String(dump_only=True)
    attended = fields.Boolean(dump_only=True, allow_none=True)
    attendance = fields.String(dump_only=True)
    at = moment(dump_only=True)
    by = fields.String(dump_only=True)
    version = fields.Integer(dump_only=True)


class AttendanceSchema(Schema):
    """Whether a notified user came, and how that is known."""

    attended = fields.Boolean(required=True)
    evidence = text(LONGEST, required=True)


class NotifiedSchema(Schema):
    """`met` when at least `needed` different users were told; attendance is not demanded."""

    needed = fields.Integer()
    notified = fields.Integer()
    attended = fields.Integer()
    met = fields.Boolean()
    notifications = fields.List(fields.Nested(UserNotificationSchema))
