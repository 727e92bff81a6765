"""The published file of a draw: the same for the API, the verifier's page and `minyi verify-draw --published`."""

from marshmallow import fields

from schemas.base import Schema


class PublishedFrameSchema(Schema):
    sha256 = fields.String()
    serials = fields.List(fields.String())
    strata = fields.List(fields.String(), allow_none=True)


class PublishedDrawSchema(Schema):
    """Secrets and commitments in hexadecimal, by party; `allocation` and `skip` by stratum, "" where there is none."""

    format = fields.String()
    draw = fields.String()
    number = fields.Integer(metadata={"description": "the number in the seed: that of the draw on its frame"})
    frame = fields.Nested(PublishedFrameSchema)
    allocation = fields.Dict(keys=fields.String(), values=fields.Integer())
    skip = fields.Dict(keys=fields.String(), values=fields.Integer())
    commitments = fields.Dict(keys=fields.String(), values=fields.String())
    secrets = fields.Dict(keys=fields.String(), values=fields.String())
    public_source = fields.String()
    public = fields.String()
    seed = fields.String()
    drawn = fields.List(fields.String())
