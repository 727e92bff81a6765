"""Draws."""

from marshmallow import fields, validate

from schemas.base import Schema, identifier, moment, new_id, text
from schemas.inspect.frames import FRAME_LIMIT


class DrawSchema(Schema):
    """`take` is per stratum. `public` is a value named before the frame was frozen, if there is one."""

    id = new_id()
    frame = identifier(required=True)
    take = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=FRAME_LIMIT))
    public = text(200, least=0, load_default="")
    project = fields.String(dump_only=True)
    frame_sha256 = fields.String(dump_only=True)
    number = fields.Integer(dump_only=True)
    seed = fields.String(dump_only=True)
    secrets = fields.Dict(dump_only=True)
    drawn = fields.Function(lambda draw: [item.serial for item in draw.items])
    at = moment(dump_only=True)
