"""Releases: frozen tables for others than the evaluator."""

from marshmallow import fields, validate

from schemas.base import Schema, new_id
from service.domain.collect.release_units import BOTH, EVERYBODY, HIGHEST, LOWEST, MINIMUM, WITH, WITHOUT

NAME = validate.Length(min=1, max=80)


class ReleaseRequestSchema(Schema):
    """`tables`: lists of one or two dimensions of the tally key, the most important first."""

    id = new_id()
    scale = fields.String(load_default="satisfaction", validate=validate.Length(max=40))
    tables = fields.List(
        fields.List(fields.String(validate=NAME), validate=validate.Length(min=1, max=2)),
        load_default=lambda: [["site"]],
        validate=validate.Length(max=5),
    )
    marked = fields.String(load_default=WITH, validate=validate.OneOf([WITH, WITHOUT, BOTH]))
    minimum = fields.Integer(load_default=MINIMUM, strict=True, validate=validate.Range(LOWEST, HIGHEST))
    everybody = fields.Integer(load_default=EVERYBODY, strict=True, validate=validate.Range(LOWEST, 1000))


class ReleaseSchema(Schema):
    """`digest` is the SHA-256 of the whole content, which the journal holds as well."""

    number = fields.Integer()
    at = fields.AwareDateTime(format="iso")
    digest = fields.String()


class ReleaseContentSchema(ReleaseSchema):
    content = fields.Dict()
