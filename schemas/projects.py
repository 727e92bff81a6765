"""Projects and sites."""

from marshmallow import fields, validate

from schemas.base import Schema, identifier, new_id, text


class ProjectSchema(Schema):
    id = new_id()
    name = text(required=True)
    authority = identifier(required=True)
    purchaser = identifier(required=True)
    provider = identifier(required=True)
    evaluator = identifier(required=True)
    starts_on = fields.Date(load_default=None, allow_none=True)
    ends_on = fields.Date(load_default=None, allow_none=True)
    version = fields.Integer(dump_only=True)


class ProjectChangeSchema(ProjectSchema):
    class Meta(ProjectSchema.Meta):
        exclude = ("id",)


class SessionOfServiceSchema(Schema):
    """A session (场次) of a site: an id that batches of tickets may name, and what it is called."""

    id = identifier(required=True)
    name = text(required=True)
    starts_at = fields.String(load_default="", validate=validate.Length(max=40))


class SiteSchema(Schema):
    id = new_id()
    project = fields.String(dump_only=True)
    name = text(required=True)
    address = text(400, least=0, load_default="")
    sessions = fields.List(fields.Nested(SessionOfServiceSchema), load_default=list, validate=validate.Length(max=500))
    version = fields.Integer(dump_only=True)
