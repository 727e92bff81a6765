"""Figures of a campaign: the value, what it was computed from, and why there is none."""

from decimal import Decimal
from typing import Any

from marshmallow import fields, post_load, pre_dump, validate
from webargs.fields import DelimitedList

from schemas.base import Schema, exact, identifier, refuse_repeated
from service.domain.proportions import Interval

FILTERS = ("site", "session", "distribution", "mode", "assistance", "language")


class WithinKeySchema(Schema):
    """Filters are within the tally's key: anything else is refused with the reason.

    `where` names further ones as `dimension:value`, such as a weighting variable: `where=age:old`.
    """

    scale = fields.String(load_default="satisfaction", validate=validate.Length(max=40))
    where = fields.List(
        fields.String(validate=validate.Regexp(r"^[^:]{1,80}:.{0,200}\Z", error="dimension:value")),
        load_default=list,
        validate=validate.Length(max=20),
    )
    site = fields.List(fields.String(validate=validate.Length(max=80)), load_default=list)
    session = fields.List(fields.String(validate=validate.Length(max=80)), load_default=list)
    distribution = fields.List(fields.String(validate=validate.Length(max=40)), load_default=list)
    mode = fields.List(fields.String(validate=validate.Length(max=40)), load_default=list)
    assistance = fields.List(fields.String(validate=validate.Length(max=40)), load_default=list)
    language = fields.List(fields.String(validate=validate.Length(max=16)), load_default=list)

    @post_load
    def gathered(self, query: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """All filters as one mapping, dimension -> wanted values."""
        named = {name: query.pop(name) for name in FILTERS}
        where = {name: values for name, values in named.items() if values}
        for one in query["where"]:
            name, _, value = one.partition(":")
            where.setdefault(name, []).append(value)
        return {**query, "where": where}


class SatisfactionQuerySchema(WithinKeySchema):
    """`by` is within the tally's key too."""

    by = fields.List(
        fields.String(validate=validate.Length(max=80)), load_default=list, validate=validate.Length(max=3)
    )


class MarkedQuerySchema(SatisfactionQuerySchema):
    """`marked=without` leaves out answers that carry a quality mark and were excluded by a decision."""

    marked = fields.String(load_default="with", validate=validate.OneOf(["with", "without"]))


class FilteredQuerySchema(WithinKeySchema):
    """How figures are computed (see the guide): `formula` linear or 100-80-60-30-0, `weights` dimension@frame.

    `marked=without` leaves out answers that carry a quality mark and were excluded by a decision. `cluster` takes the
    answers of a session or site as alike; `interval=exact` asks for exact limits of shares; several `weights` are
    margins.
    """

    marked = fields.String(load_default="with", validate=validate.OneOf(["with", "without"]))
    formula = fields.String(load_default="", validate=validate.Length(max=100))
    weights = fields.List(
        fields.String(validate=validate.Length(max=400)), load_default=list, validate=validate.Length(max=3)
    )
    cluster = fields.String(load_default="", validate=validate.OneOf(["", "session", "site"]))
    interval = fields.String(load_default="wilson", validate=validate.OneOf(["wilson", "exact"]))


class MarkableQuerySchema(SatisfactionQuerySchema, FilteredQuerySchema):
    """Repeated `figure` names what `figures` shall tell: satisfied, top2, index, persons, mean:item, nps:question, …"""

    figure = fields.List(
        fields.String(validate=validate.Length(max=200)), load_default=list, validate=validate.Length(max=20)
    )


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
    rates = fields.Dict(keys=fields.String(), values=exact())
    items = fields.List(fields.Nested(ItemFigureSchema))
    helped = fields.Nested(HelpedSchema)
    distributions = fields.List(fields.String())
    modes = fields.Dict(keys=fields.String(), values=fields.Integer())
    carries_points = fields.Boolean()
    reasons = fields.Dict(keys=fields.String(), values=fields.String())
    formulas = fields.Dict(keys=fields.String(), values=fields.String())


class FigureSchema(Schema):
    """`reason` is the code of why there is no value or no interval; `limits` are codes of what to keep in mind."""

    name = fields.String()
    value = exact(allow_none=True)
    unit = fields.String()
    formula = fields.String()
    design = fields.String()
    n = fields.Integer()
    population = fields.Integer(allow_none=True)
    interval = fields.Nested(IntervalSchema, allow_none=True)
    method = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    se = exact(allow_none=True)
    freedom = fields.Integer(allow_none=True)
    effective_n = exact(allow_none=True)
    design_effect = exact(allow_none=True)
    limits = fields.List(fields.String())
    confidence = exact()


class GroupSchema(Schema):
    group = fields.Dict(keys=fields.String(), values=fields.String())
    estimate = fields.Nested(EstimateSchema)
    figures = fields.List(fields.Nested(FigureSchema))


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
