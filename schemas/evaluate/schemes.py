"""Schemes: their exact text in, what was made of it out."""

from marshmallow import fields, validate

from schemas.base import Schema


class SchemeSchema(Schema):
    """A scheme as YAML text; a scheme that it extends is published before it."""

    text = fields.String(required=True, validate=validate.Length(min=1, max=1_000_000))


class SchemeVersionSchema(Schema):
    id = fields.String()
    scheme = fields.String()
    number = fields.String()
    digest = fields.String()
