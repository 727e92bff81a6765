"""Results of draws: findings, exclusions, corrected counters, both directions."""

from marshmallow import fields

from schemas.base import Schema
from schemas.inspect.spot_checks import AttributeFindingsSchema, ExclusionSchema, FindingsSchema


class CorrectionSchema(Schema):
    """A counter: `status` is `corrected` or `claimed, unverified`; `interval`: how `lower` and `upper` were made."""

    rule = fields.String()
    status = fields.String()
    claimed = fields.Decimal(as_string=True, allow_none=True)
    corrected = fields.Decimal(as_string=True, allow_none=True)
    factor = fields.Decimal(as_string=True, allow_none=True)
    lower = fields.Decimal(as_string=True, allow_none=True)
    upper = fields.Decimal(as_string=True, allow_none=True)
    interval = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    draw = fields.String()
    n = fields.Integer()
    population = fields.Integer()
    wanting = fields.Integer()


class DrawResultsSchema(Schema):
    """`kind`: of the records; `check_kind`: of the check; `trigger`: what caused it; `stages`: draw and top-ups."""

    draw = fields.String(attribute="draw.id")
    kind = fields.String(attribute="frame.kind")
    check_kind = fields.String(attribute="draw.kind")
    trigger = fields.String(attribute="draw.trigger")
    direction = fields.String(attribute="frame.direction")
    counter = fields.String(attribute="frame.counter")
    marked = fields.Boolean(attribute="frame.marked")
    stages = fields.List(fields.String())
    findings = fields.Nested(FindingsSchema)
    excluded = fields.List(fields.Nested(ExclusionSchema))
    correction = fields.Nested(CorrectionSchema, allow_none=True)


class DirectionSchema(Schema):
    draw = fields.String()
    kind = fields.String()
    counter = fields.String()
    population = fields.Integer()
    wanting = fields.Nested(AttributeFindingsSchema)


class KindResultsSchema(Schema):
    """Several lists of one kind of records together, each list a stratum; null where one list was drawn from twice."""

    kind = fields.String()
    draws = fields.List(fields.String())
    findings = fields.Nested(FindingsSchema, allow_none=True)


class ProjectResultsSchema(Schema):
    """`kinds`: draws put together by kind of records. `apart`: checks that a complaint or a report caused."""

    draws = fields.List(fields.Nested(DrawResultsSchema))
    kinds = fields.List(fields.Nested(KindResultsSchema))
    apart = fields.List(fields.Nested(DrawResultsSchema))
    counters = fields.List(fields.Nested(CorrectionSchema))
    claims = fields.List(fields.Nested(DirectionSchema))
    evidence = fields.List(fields.Nested(DirectionSchema))
