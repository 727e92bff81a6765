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


class PeriodsQuerySchema(Schema):
    group = text(80, required=True, metadata={"description": "a group of units of the scheme"})


class PeriodStandingSchema(Schema):
    """Points of one period (number 0: the whole year) against the group's target; `met` is null where there is none."""

    year = fields.Integer(attribute="period.year")
    number = fields.Integer(attribute="period.number")
    start = fields.Date(attribute="period.start")
    end = fields.Date(attribute="period.end")
    points = exact()
    target = exact(allow_none=True)
    met = fields.Boolean(allow_none=True)


class GateFindingSchema(Schema):
    """Whether a condition that earns nothing is met (C10); a later finding takes the place of an earlier one."""

    id = new_id()
    node = text(80, required=True)
    passed = fields.Boolean(required=True)
    reason = text(4000, required=True)
    source = text(2000, required=True)
    at = moment(dump_only=True)
