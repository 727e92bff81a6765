"""Rounds and what the evaluation group enters."""

from marshmallow import fields, validate

from schemas.base import Schema, exact, identifier, moment, new_id, text
from service.domain.evaluate.evidence import DECISIONS
from service.domain.evaluate.rounds import KINDS


class AdoptionSchema(Schema):
    """The document by which the lead adopted the scheme's example weights."""

    document = text(required=True)
    number = text(80, required=True)
    date = text(10, required=True)


def node() -> fields.String:
    """The id of a scheme's node as the key of an object."""
    return fields.String(validate=validate.Regexp(r"^[A-Za-z0-9_-]{1,80}\Z", error="1 to 80 of A-Z a-z 0-9 _ -"))


def bound() -> fields.Dict:
    return fields.Dict(keys=node(), values=identifier(), load_default=dict)


class SourcesSchema(Schema):
    """Which campaign, draw and raters are the evidence of which node; `counters`: whose spot checks verify a claim."""

    surveys = bound()
    checks = bound()
    panels = fields.Dict(
        keys=node(),
        values=fields.List(text(200), validate=validate.Length(max=200)),
        load_default=dict,
    )
    counters = bound()


class RoundSchema(SourcesSchema):
    id = new_id()
    project = identifier(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    name = text(required=True)
    scheme = identifier(required=True)
    adoption = fields.Nested(AdoptionSchema, load_default=None, allow_none=True)
    scheme_digest = fields.String(dump_only=True)
    state = fields.String(dump_only=True)
    opened_at = moment(dump_only=True)
    version = fields.Integer(dump_only=True)


class CounterSchema(Schema):
    """Target, claimed and verified value of a counter; `source` says what they were read from."""

    id = new_id()
    node = text(80, required=True)
    target = exact(load_default=None, allow_none=True)
    claimed = exact(load_default=None, allow_none=True)
    verified = exact(load_default=None, allow_none=True)
    workers = exact(load_default=None, allow_none=True)
    source = text(2000, required=True)
    at = moment(dump_only=True)


class DecisionSchema(Schema):
    """The lead's decision on a survey that stays below the scheme's minimum."""

    id = new_id()
    node = text(80, required=True)
    decision = fields.String(required=True, validate=validate.OneOf(DECISIONS))
    reason = text(4000, required=True)
    at = moment(dump_only=True)
