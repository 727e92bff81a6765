"""What is due."""

from marshmallow import fields

from schemas.base import Schema


class DueQuerySchema(Schema):
    overdue = fields.Boolean(load_default=False)


class DueSchema(Schema):
    project = fields.String()
    round = fields.String()
    kind = fields.String()
    subject = fields.String()
    label = fields.Dict(keys=fields.String(), values=fields.String())
    on = fields.Date()
    provisional = fields.Boolean()
    whom = fields.String()
    overdue = fields.Boolean()
