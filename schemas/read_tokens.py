"""Tokens of programs that read."""

from marshmallow import fields

from schemas.base import Schema, text


class NewReadTokenSchema(Schema):
    """`name` says which program will hold it, so that it can be revoked alone."""

    name = text(80, required=True)


class ReadTokenSchema(Schema):
    id = fields.String()
    name = fields.String()
    made_at = fields.AwareDateTime(format="iso")
    revoked_at = fields.AwareDateTime(format="iso", allow_none=True)
    version = fields.Integer()


class IssuedReadTokenSchema(ReadTokenSchema):
    """Shown this once: `token` is the password, `feed` the address of the feed."""

    token = fields.String()
    feed = fields.String()
