"""Free text of answers, and tags on it."""

from marshmallow import fields, validate

from schemas.base import Schema, text
from service.domain.collect.texts import LONGEST_TAG, MOST_AT_ONCE

NAME = validate.Length(min=1, max=80)
RANDOM_ID = validate.Regexp(r"\A[0-9a-f]{32}\Z")


class TextQuerySchema(Schema):
    """`tag`: texts that bear it; "-": those without any. `cursor` is the `next_cursor` of the page before."""

    question = fields.String(required=True, validate=NAME)
    tag = fields.String(load_default="", validate=validate.Length(max=LONGEST_TAG))
    site = fields.String(load_default="", validate=validate.Length(max=80))
    cursor = fields.Integer(load_default=0, validate=validate.Range(0, (1 << 30) - 1))
    size = fields.Integer(load_default=30, validate=validate.Range(1, 100))


class WrittenTextSchema(Schema):
    """`response` is the answer's random id; of its time the hour only."""

    response = fields.String()
    site = fields.String()
    session = fields.String()
    mode = fields.String()
    language = fields.String()
    hour = fields.String()
    text = fields.String()
    tags = fields.List(fields.String())


class TextPageSchema(Schema):
    texts = fields.List(fields.Nested(WrittenTextSchema))
    next_cursor = fields.Integer(allow_none=True)


class TextTagQuerySchema(Schema):
    question = fields.String(required=True, validate=NAME)


class TextTagsSchema(Schema):
    """How many texts bear each tag, the most frequent first."""

    tags = fields.Dict(keys=fields.String(), values=fields.Integer())


class TaggingSchema(Schema):
    """A tag for the answers with these random ids; `remove` takes it off them."""

    question = fields.String(required=True, validate=NAME)
    tag = text(LONGEST_TAG, required=True)
    responses = fields.List(
        fields.String(validate=RANDOM_ID), required=True, validate=validate.Length(min=1, max=MOST_AT_ONCE)
    )
    remove = fields.Boolean(load_default=False)


class TaggedSchema(Schema):
    changed = fields.Integer()
