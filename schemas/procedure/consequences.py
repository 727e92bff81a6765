"""Consequences of results: what follows, decisions, bans, and tasks that go on until they are done."""

from marshmallow import fields, validate

from schemas.base import Schema, exact, moment, new_id, refuse_repeated, text, texts
from service.domain.evaluate.scheme_parts import REASONS
from service.domain.procedure.consequences import OUTCOMES


def grounds() -> fields.List:
    words = fields.String(validate=validate.OneOf(REASONS))
    return fields.List(words, load_default=list, validate=refuse_repeated)


class FollowingQuerySchema(Schema):
    """`grounds`, by commas: what the lead has found. `group`: of the unit, where the scheme has several."""

    grounds = text(200, least=0, load_default="")
    group = text(80, least=0, load_default="")


class ConsequenceDecisionSchema(Schema):
    id = new_id()
    consequence = text(80, required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    reason = text(4000, required=True)
    document = text(200, least=0, load_default="")
    grounds = grounds()
    group = text(80, least=0, load_default="", load_only=True)
    amount = exact(load_default=None, allow_none=True)
    starts_on = fields.Date(load_default=None, allow_none=True)
    ends_on = fields.Date(load_default=None, allow_none=True)
    action = fields.String(dump_only=True)
    round = fields.String(dump_only=True)
    project = fields.String(dump_only=True)
    provider = fields.String(dump_only=True)
    result = fields.String(dump_only=True)
    at = moment(dump_only=True)
    by = fields.String(dump_only=True)


class SchemeConsequenceSchema(Schema):
    id = fields.String()
    label = texts()
    duty = fields.String()
    months = fields.Integer(allow_none=True)
    permanent = fields.Boolean()
    rules = fields.List(fields.String())


class FollowingSchema(Schema):
    """`status`: applies | on_grounds (if the lead finds the ground) | waits (a chance to rectify is left) | no."""

    consequence = fields.Nested(SchemeConsequenceSchema)
    action = fields.String()
    status = fields.String()
    decision = fields.Nested(ConsequenceDecisionSchema, allow_none=True)


class BanSchema(Schema):
    """`to_on` null is for ever."""

    id = fields.String(dump_only=True)
    organisation = fields.String(dump_only=True)
    round = fields.String(dump_only=True)
    project = fields.String(dump_only=True)
    decision = fields.String(dump_only=True)
    document = fields.String(dump_only=True)
    reason = fields.String(dump_only=True)
    from_on = fields.Date(dump_only=True)
    to_on = fields.Date(dump_only=True, allow_none=True)
    lifted_on = fields.Date(dump_only=True, allow_none=True)
    lifted_reason = fields.String(dump_only=True)
    version = fields.Integer(dump_only=True)


class LiftingSchema(Schema):
    on = fields.Date(required=True)
    reason = text(4000, required=True)


class ContinuationSchema(Schema):
    """Targets and what was reached by counter; `entries` tell what was verified since."""

    id = fields.String()
    round = fields.String()
    project = fields.String()
    provider = fields.String()
    targets = fields.Dict(keys=fields.String(), values=fields.String())
    reached = fields.Dict(keys=fields.String(), values=fields.String())
    open_nodes = fields.List(fields.String())
    entries = fields.List(fields.Dict(keys=fields.String(), values=fields.String()))
    opened_at = moment()
    done_on = fields.Date(allow_none=True)
    version = fields.Integer()


class VerifiedSchema(Schema):
    """The new sum of one counter since the contract began, as verified, and what it was read from."""

    node = text(80, required=True)
    value = exact(required=True)
    on = fields.Date(required=True)
    source = text(4000, required=True)
