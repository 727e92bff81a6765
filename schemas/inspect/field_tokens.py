"""Setting up an auditor's collecting app."""

from marshmallow import fields

from schemas.base import Schema, identifier


class NewFieldTokenSchema(Schema):
    user = identifier(required=True, metadata={"description": "an auditor of the own organisation"})


class FieldTokenSchema(Schema):
    """`revoked_at` is null while the app is let in."""

    id = fields.String()
    user = fields.String()
    made_at = fields.AwareDateTime(format="iso")
    revoked_at = fields.AwareDateTime(format="iso", allow_none=True)
    version = fields.Integer()


class IssuedFieldTokenSchema(FieldTokenSchema):
    """Shown this once: `server_url` holds the token, `settings` is the text of the code that sets the app up."""

    server_url = fields.String()
    settings = fields.String()
