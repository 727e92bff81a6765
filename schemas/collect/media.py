"""What is told of a picture that was sent."""

from marshmallow import fields

from schemas.base import Schema


class PictureSchema(Schema):
    """`id` is what the answer to a photo question names."""

    id = fields.String()
