"""Steps of a round, what gates demand, what a step is given, waivers and deadlines."""

from marshmallow import fields, validate

from schemas.base import Schema, moment, new_id, text
from service.domain.evaluate.rounds import STATES
from service.domain.inspect.notices import CHANNELS


class ServiceSchema(Schema):
    """When, how and by whom something was received."""

    served_on = fields.Date(load_default=None, allow_none=True)
    channel = fields.String(load_default="", validate=validate.OneOf(("", *CHANNELS)))
    received_by = text(least=0, load_default="")


class MoveSchema(ServiceSchema):
    """`body`, `address` and `phone` tell the provider where to appeal; they default to the reviewing body's."""

    state = fields.String(required=True, validate=validate.OneOf(STATES))
    reason = text(2000, least=0, load_default="")
    body = text(least=0, load_default="")
    address = text(least=0, load_default="")
    phone = text(least=0, load_default="")


class UnmetSchema(Schema):
    """What a gate misses; `message` names the remedy."""

    gate = fields.String()
    subject = fields.String()
    code = fields.String()
    message = fields.String(attribute="fault.message")
    waivable = fields.Boolean()


class StepSchema(Schema):
    """`by` names the act that takes this step; it is empty where people do. `late` wants a reason with the step."""

    state = fields.String()
    gates = fields.List(fields.String())
    by = fields.String()
    unmet = fields.List(fields.Nested(UnmetSchema))
    waived = fields.List(fields.Nested(UnmetSchema))
    late = fields.List(fields.Nested(UnmetSchema))


class WaiverSchema(Schema):
    id = new_id()
    gate = text(80, required=True)
    subject = text(least=0, load_default="")
    reason = text(2000, required=True)
    at = moment(dump_only=True)
    by = fields.String(dump_only=True)


class PostponeSchema(ServiceSchema):
    on = fields.Date(required=True)
    reason = text(2000, required=True)


class DeadlineSchema(Schema):
    id = fields.String(attribute="deadline.id")
    label = fields.Dict(keys=fields.String(), values=fields.String(), attribute="scheme.label")
    event = fields.String(attribute="deadline.event")
    event_on = fields.Date(attribute="deadline.event_on")
    on = fields.Date(attribute="deadline.on")
    first_on = fields.Date(attribute="deadline.first_on")
    provisional = fields.Boolean(attribute="deadline.provisional")
    unit = fields.String(attribute="deadline.unit")
    days = fields.Integer(attribute="deadline.days")
    roll = fields.Boolean(attribute="deadline.roll")
    basis = fields.String(attribute="deadline.basis")
    hard = fields.Boolean(attribute="deadline.hard")
    served = fields.Date(attribute="deadline.served", allow_none=True)
    done_on = fields.Date(attribute="deadline.done_on", allow_none=True)
    late_reason = fields.String(attribute="deadline.late_reason")
    whom = fields.String()
    overdue = fields.Boolean()
