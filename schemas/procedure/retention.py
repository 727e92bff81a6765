"""Proofs of what was deleted, and how long things are kept."""

from marshmallow import fields

from schemas.base import Schema, moment


class PurgeSchema(Schema):
    """One deletion: what there was, under which rule it was deleted, and what is kept instead."""

    id = fields.String()
    kind = fields.String()
    subject = fields.String()
    rule = fields.Dict()
    plan = fields.String()
    count = fields.Integer()
    before = fields.String()
    after = fields.String()
    state = fields.String()
    at = moment()


class RetentionRuleSchema(Schema):
    """How long a kind of data is kept, since when, and on what basis."""

    kind = fields.String()
    years = fields.Integer()
    days = fields.Integer()
    starts = fields.String()
    basis = fields.String()
    least = fields.Integer()


class PurgesSchema(Schema):
    rules = fields.List(fields.Nested(RetentionRuleSchema))
    purges = fields.List(fields.Nested(PurgeSchema))
