"""Ratios, measured values, events and findings on gates."""

from decimal import Decimal

from marshmallow import fields, validate

from schemas.base import Schema, exact, moment, new_id, text


class RatioSchema(Schema):
    """Numerator and denominator of a ratio, both counted; `source` says what they were read from."""

    id = new_id()
    node = text(80, required=True)
    numerator = exact(required=True)
    denominator = exact(required=True)
    source = text(2000, required=True)
    at = moment(dump_only=True)


class MeasureSchema(Schema):
    """A measured value; `unit` is the scheme's, in one of its languages."""

    id = new_id()
    node = text(80, required=True)
    value = exact(required=True)
    unit = text(80, required=True)
    source = text(2000, required=True)
    at = moment(dump_only=True)


class EventSchema(Schema):
    """So many events of one type on one day; `modifiers` hold for each of them."""

    id = new_id()
    node = text(80, required=True)
    type = text(80, required=True)
    quantity = exact(load_default=lambda: Decimal(1))
    modifiers = fields.List(text(80), load_default=list, validate=validate.Length(max=20))
    role = fields.String(load_default="", validate=validate.Length(max=80))
    on = fields.Date(required=True)
    source = text(2000, required=True)
    at = moment(dump_only=True)


class GateFindingSchema(Schema):
    """Whether a condition that earns nothing is met (C10); a later finding takes the place of an earlier one."""

    id = new_id()
    node = text(80, required=True)
    passed = fields.Boolean(required=True)
    reason = text(4000, required=True)
    source = text(2000, required=True)
    at = moment(dump_only=True)
