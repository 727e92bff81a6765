"""Calendar feeds."""

from marshmallow import fields, validate

from schemas.base import Schema


class NewFeedSchema(Schema):
    language = fields.String(load_default="zh-Hans", validate=validate.OneOf(("zh-Hans", "zh-Hant", "en")))


class FeedTokenSchema(Schema):
    id = fields.String()
    language = fields.String()
    made_at = fields.AwareDateTime(format="iso")
    revoked_at = fields.AwareDateTime(format="iso", allow_none=True)
    version = fields.Integer()


class IssuedFeedSchema(FeedTokenSchema):
    """Shown this once: `url` holds the token."""

    url = fields.String()
