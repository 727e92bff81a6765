"""Rounds and what the evaluation group enters."""

from marshmallow import fields, validate

from schemas.base import Schema, exact, identifier, moment, new_id, text
from service.domain.evaluate.evidence import DECISIONS
from service.domain.evaluate.round_opening import DATE_SET_BY
from service.domain.evaluate.rounds import KINDS, LEADS, STATES


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


class ReviewBodySchema(Schema):
    """Who would review the result: named before the round begins."""

    name = text(required=True)
    address = text(least=0, load_default="")
    phone = text(40, least=0, load_default="")


class TermsSchema(Schema):
    """What may be set until the scheme is served. `terms`: days of the deadlines that the scheme leaves open, by id."""

    terms = fields.Dict(keys=node(), values=fields.Integer(strict=True), validate=validate.Length(max=100))
    self_evaluation_on = fields.Date(allow_none=True, metadata={"description": "the day of a mid-term self-evaluation"})
    self_evaluation_set = fields.String(validate=validate.OneOf(("", *DATE_SET_BY)))
    review_body = fields.Nested(ReviewBodySchema, allow_none=True)


class RoundRowSchema(Schema):
    """A round in a list: `due` is the last day of what is next."""

    id = fields.String()
    project = fields.String()
    kind = fields.String()
    name = fields.String()
    state = fields.String()
    lead = fields.String()
    scheme = fields.String()
    opened_at = moment()
    due = fields.Date(allow_none=True)
    version = fields.Integer()


class RoundsQuerySchema(Schema):
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))
    kind = fields.String(load_default=None, validate=validate.OneOf(KINDS))
    project = identifier(load_default=None)
    lead = fields.String(load_default=None, validate=validate.OneOf(LEADS))
    due = fields.Date(load_default=None, metadata={"description": "something is due on this day or before"})


class RoundSchema(SourcesSchema, TermsSchema):
    """A provider is shown what was served on it: no sources, no panels."""

    id = new_id()
    project = identifier(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    name = text(required=True)
    scheme = identifier(required=True)
    adoption = fields.Nested(AdoptionSchema, load_default=None, allow_none=True)
    scheme_digest = fields.String(dump_only=True)
    state = fields.String(dump_only=True)
    lead = fields.String(load_default="purchaser", validate=validate.OneOf(LEADS))
    direct_reason = text(
        2000, least=0, load_default="", metadata={"description": "why the authority organises the round itself"}
    )
    of = fields.String(
        validate=validate.Length(max=80),
        load_default="",
        metadata={"description": "the round that a re-evaluation looks at again"},
    )
    expired_reason = text(
        2000, least=0, load_default="", metadata={"description": "why a scheme that is not valid now is used"}
    )
    served = fields.Dict(dump_only=True)
    notice = fields.Dict(dump_only=True)
    deadlines = fields.Dict(dump_only=True)
    references = fields.Dict(dump_only=True)
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
