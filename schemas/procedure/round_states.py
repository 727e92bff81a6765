"""Steps of a round, what gates demand, and what a step is given."""

from marshmallow import fields, validate

from schemas.base import Schema, text
from service.domain.evaluate.rounds import STATES


class MoveSchema(Schema):
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    reason = text(2000, load_default="")
    served_on = fields.Date(load_default=None, allow_none=True)
    channel = text(40, load_default="")
    received_by = text(load_default="")


class UnmetSchema(Schema):
    """What a gate misses; `message` names the remedy."""

    gate = fields.String()
    subject = fields.String()
    code = fields.String()
    message = fields.String(attribute="fault.message")
    waivable = fields.Boolean()


class StepSchema(Schema):
    state = fields.String()
    gates = fields.List(fields.String())
    unmet = fields.List(fields.Nested(UnmetSchema))
