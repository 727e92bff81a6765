"""Figures of a campaign: the value, what it was computed from, and why there is none."""

from decimal import Decimal
from typing import Any

from marshmallow import fields, pre_dump, validate
from webargs.fields import DelimitedList

from schemas.base import Schema, exact, identifier, refuse_repeated
from service.domain.proportions import Interval


class SatisfactionQuerySchema(Schema):
    """`by` and the filters are within the tally's key: anything else is refused with the reason."""

    scale = fields.String(load_default="satisfaction", validate=validate.Length(max=40))
    by = fields.List(
        fields.String(validate=validate.Length(max=80)), load_default=list, validate=validate.Length(max=3)
    )
    site = fields.List(fields.String(validate=validate.Length(max=80)), load_default=list)
    session = fields.List(fields.String(validate=validate.Length(max=80)), load_default=list)
    distribution = fields.List(fields.String(validate=validate.Length(max=40)), load_default=list)
    mode = fields.List(fields.String(validate=validate.Length(max=40)), load_default=list)
    assistance = fields.List(fields.String(validate=validate.Length(max=40)), load_default=list)
    language = fields.List(fields.String(validate=validate.Length(max=16)), load_default=list)


class MarkableQuerySchema(SatisfactionQuerySchema):
    """`marked=without` leaves out answers that carry a quality mark and were excluded by a decision."""

    marked = fields.String(load_default="with", validate=validate.OneOf(["with", "without"]))


class IntervalSchema(Schema):
    """The domain's pair (lower, upper) with its ends by name."""

    lower = exact()
    upper = exact()

    @pre_dump
    def named(self, pair: Interval, **kwargs: Any) -> dict[str, Decimal]:
        return {"lower": pair[0], "upper": pair[1]}


class ItemFigureSchema(Schema):
    id = fields.String()
    n = fields.Integer()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    cannot_say = fields.Integer()
    skipped = fields.Integer()
    not_asked = fields.Integer()
    mean = exact(allow_none=True)
    cannot_say_share = exact(allow_none=True)
    skipped_share = exact(allow_none=True)


class HelpedSchema(Schema):
    answered = fields.Integer()
    n = fields.Integer()
    satisfied = exact(allow_none=True)
    index = exact(allow_none=True)
    distributions = fields.List(fields.String())
    modes = fields.Dict(keys=fields.String(), values=fields.Integer())


class EstimateSchema(Schema):
    scale = fields.String()
    headline = fields.String()
    mapping = fields.String()
    answered = fields.Integer()
    n = fields.Integer()
    issued = fields.Integer(allow_none=True)
    population = fields.Integer(allow_none=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    index = exact(allow_none=True)
    satisfied = exact(allow_none=True)
    top2 = exact(allow_none=True)
    top3 = exact(allow_none=True)
    interval = fields.Nested(IntervalSchema, allow_none=True)
    bounds = fields.Nested(IntervalSchema, allow_none=True)
    rate = exact(allow_none=True)
    items = fields.List(fields.Nested(ItemFigureSchema))
    helped = fields.Nested(HelpedSchema)
    distributions = fields.List(fields.String())
    modes = fields.Dict(keys=fields.String(), values=fields.Integer())
    carries_points = fields.Boolean()
    reasons = fields.Dict(keys=fields.String(), values=fields.String())
    formulas = fields.Dict(keys=fields.String(), values=fields.String())


class GroupSchema(Schema):
    group = fields.Dict(keys=fields.String(), values=fields.String())
    estimate = fields.Nested(EstimateSchema)


class SatisfactionSchema(Schema):
    campaign = fields.String()
    revision = fields.Integer()
    groups = fields.List(fields.Nested(GroupSchema))


class JoinedQuerySchema(SatisfactionQuerySchema):
    """`campaigns`: ids separated by commas; their versions must ask the scale's questions unchanged."""

    campaigns = DelimitedList(identifier(), required=True, validate=[validate.Length(min=1, max=20), refuse_repeated])


class JoinedSchema(Schema):
    campaigns = fields.List(fields.String())
    versions = fields.List(fields.String())
    revisions = fields.List(fields.Integer())
    groups = fields.List(fields.Nested(GroupSchema))
