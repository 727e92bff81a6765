"""Figures with their design, n, N, formula and limits; comparisons of them, and trends."""

from marshmallow import fields, validate
from webargs.fields import DelimitedList

from schemas.base import Schema, exact, identifier, moment, refuse_repeated, text
from schemas.collect.satisfaction import FigureSchema, FilteredQuerySchema, IntervalSchema


class ComparedQuerySchema(FilteredQuerySchema):
    """One figure of several; `label` says what a list of unlike ones is, without which it is refused."""

    figure = text(200, load_default="satisfied")
    label = text(500, least=0, load_default="")


class SiteComparisonQuerySchema(ComparedQuerySchema):
    """`by`: site, or another dimension of the tally's key."""

    by = fields.String(load_default="site", validate=validate.Length(max=80))


class CampaignComparisonQuerySchema(ComparedQuerySchema):
    """`campaigns`: ids separated by commas, of one project."""

    campaigns = DelimitedList(identifier(), required=True, validate=[validate.Length(min=2, max=60), refuse_repeated])


class TrendQuerySchema(ComparedQuerySchema):
    """`campaigns`: ids separated by commas; without any, all of the project that were opened and ask the scale."""

    campaigns = DelimitedList(identifier(), load_default=list, validate=[validate.Length(max=60), refuse_repeated])


class FigureMemberSchema(Schema):
    """One of those compared, and its place: from `first` to `last`, tied with those it is not separated from."""

    key = fields.String()
    name = fields.String()
    figure = fields.Nested(FigureSchema)
    bounds = fields.Nested(IntervalSchema, allow_none=True)


class FigurePlaceSchema(Schema):
    key = fields.String()
    first = fields.Integer()
    last = fields.Integer()
    ties = fields.List(fields.String())


class FigurePairSchema(Schema):
    """`value` is one minus other; `p` of this pair alone, `adjusted` over all pairs; `separated` is what is claimed."""

    one = fields.String()
    other = fields.String()
    value = exact(allow_none=True)
    interval = fields.Nested(IntervalSchema, allow_none=True)
    method = fields.String(allow_none=True)
    p = exact(allow_none=True)
    adjusted = exact(allow_none=True)
    separated = fields.Boolean()
    reason = fields.String(allow_none=True)


class FigureUnlikeSchema(Schema):
    aspect = fields.String()
    values = fields.List(fields.String())


class FigureComparisonSchema(Schema):
    """Members with the best value first."""

    figure = fields.String()
    unit = fields.String()
    members = fields.List(fields.Nested(FigureMemberSchema))
    pairs = fields.List(fields.Nested(FigurePairSchema))
    places = fields.List(fields.Nested(FigurePlaceSchema))
    differences = fields.List(fields.Nested(FigureUnlikeSchema))
    label = fields.String()
    adjustment = fields.String()
    risk = exact()


class FigureTrendPointSchema(Schema):
    member = fields.Nested(FigureMemberSchema)
    at = moment()


class FigureTrendLineSchema(Schema):
    """Change a year; `p` of none at all, `fit` small where the rounds scatter more than sampling explains."""

    slope = exact(allow_none=True)
    interval = fields.Nested(IntervalSchema, allow_none=True)
    p = exact(allow_none=True)
    fit = exact(allow_none=True)
    reason = fields.String(allow_none=True)
    formula = fields.String()


class FigureTrendSchema(Schema):
    """Points in order of time, the steps from each to the next, the line through all."""

    figure = fields.String()
    unit = fields.String()
    points = fields.List(fields.Nested(FigureTrendPointSchema))
    steps = fields.List(fields.Nested(FigurePairSchema))
    line = fields.Nested(FigureTrendLineSchema)
    comparison = fields.Nested(FigureComparisonSchema)
