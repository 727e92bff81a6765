"""What has been gathered by each method."""

from marshmallow import fields

from schemas.base import Schema, identifier, texts


class MethodsQuerySchema(Schema):
    round = identifier(load_default=None, metadata={"description": "by default the round opened last"})


class GatheredSchema(Schema):
    """One piece of evidence: a spot_check (record of a visit), an interview, a draw or a campaign."""

    kind = fields.String()
    id = fields.String()


class MethodProgressSchema(Schema):
    """`needed` is 0 for what the scheme does not ask for but was done."""

    method = fields.String()
    evidence = fields.String()
    label = texts()
    rules = fields.List(fields.String())
    needed = fields.Integer()
    done = fields.Integer()
    met = fields.Boolean()
    by = fields.List(fields.Nested(GatheredSchema))
