"""Many stations at once: what a workbook made, the stations at a glance, and results in order."""

from marshmallow import fields, validate

from schemas.base import Schema, exact, identifier, text
from service.domain.evaluate.rounds import STATES


class DistrictQuerySchema(Schema):
    """`dry_run` checks everything and writes nothing."""

    dry_run = fields.Boolean(load_default=False)


class DistrictFaultSchema(Schema):
    field = fields.String()
    reason = fields.String()
    message = fields.String()


class DistrictStepSchema(Schema):
    """One thing of the workbook; `codes` of a batch are shown this once."""

    kind = fields.String()
    id = fields.String()
    row = fields.Integer()
    outcome = fields.String(metadata={"description": "new | made | there | differs | waits | refused"})
    faults = fields.List(fields.Nested(DistrictFaultSchema))
    codes = fields.List(fields.String())


class DistrictSchema(Schema):
    dry_run = fields.Boolean()
    counts = fields.Dict(metadata={"description": "kind -> outcome -> how many"})
    steps = fields.List(fields.Nested(DistrictStepSchema))


class StationsQuerySchema(Schema):
    state = fields.String(load_default="", validate=validate.OneOf(("", *STATES)))
    overdue = fields.Boolean(load_default=False)


class StationSchema(Schema):
    project = fields.String(attribute="project.id")
    name = fields.String(attribute="project.name")
    provider = fields.String(attribute="project.provider")
    round = fields.String(attribute="round.id", dump_default=None)
    round_name = fields.String(attribute="round.name", dump_default=None)
    state = fields.String(attribute="round.state", dump_default=None)
    sites = fields.Integer()
    answered = fields.Integer(allow_none=True)
    due_on = fields.Date(attribute="due.on", dump_default=None)
    due_kind = fields.String(attribute="due.kind", dump_default=None)
    overdue = fields.Integer()
    total = exact(allow_none=True)
    grade = fields.String()


class RankingQuerySchema(Schema):
    """`label` says what a list of results that were measured differently is of."""

    rounds = fields.List(identifier(), required=True, validate=validate.Length(min=2, max=200))
    label = text(500, least=0, load_default="")


class UnlikeSchema(Schema):
    aspect = fields.String()
    nodes = fields.List(fields.String())
    values = fields.List(fields.String())


class RankedSchema(Schema):
    """A place from `first` to `last`; `ties` are the rounds that it is not separated from."""

    round = fields.String(attribute="compared.round")
    project = fields.String(attribute="compared.project")
    name = fields.String(attribute="compared.name")
    provider = fields.String(attribute="compared.provider")
    total = exact(attribute="compared.total")
    grade = fields.String(attribute="compared.grade")
    se = exact(attribute="compared.se")
    unstated = fields.List(fields.String(), attribute="compared.unstated")
    first = fields.Integer()
    last = fields.Integer()
    ties = fields.List(fields.String())


class ComparedPairSchema(Schema):
    one = fields.String()
    other = fields.String()
    difference = exact()
    p = fields.Float(allow_none=True)
    separated = fields.Boolean()


class RankingSchema(Schema):
    ranked = fields.List(fields.Nested(RankedSchema))
    pairs = fields.List(fields.Nested(ComparedPairSchema))
    differences = fields.List(fields.Nested(UnlikeSchema))
    label = fields.String()
