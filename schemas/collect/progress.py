"""Progress of a campaign by site."""

from marshmallow import fields

from schemas.base import Schema


class QuotaProgressSchema(Schema):
    """`over`: by how many the target was passed; no complete answer is turned away."""

    target = fields.Integer(attribute="quota.target")
    variable = fields.String(attribute="quota.variable")
    value = fields.String(attribute="quota.value")
    answered = fields.Integer()
    over = fields.Integer()


class SiteProgressSchema(Schema):
    """`days`: sealed answers by day in UTC. `withdrawn` is a number only: nothing tells which answers those were."""

    site = fields.String()
    answered = fields.Integer()
    modes = fields.Dict(keys=fields.String(), values=fields.Integer())
    distributions = fields.Dict(keys=fields.String(), values=fields.Integer())
    quotas = fields.List(fields.Nested(QuotaProgressSchema))
    days = fields.Dict(keys=fields.String(), values=fields.Integer())
    withdrawn = fields.Integer()


class SiteTotalSchema(Schema):
    """At least so many, in steps of the minimum cell; null below it."""

    site = fields.String()
    at_least = fields.Integer(allow_none=True)


class ProgressSchema(Schema):
    """`sites` for the evaluator, `totals` for everybody else."""

    campaign = fields.String(attribute="campaign.id")
    sites = fields.List(fields.Nested(SiteProgressSchema))
    totals = fields.List(fields.Nested(SiteTotalSchema))
