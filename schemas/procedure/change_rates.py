"""Assessments of recipients before and after, and the change rate that they make."""

from marshmallow import fields, validate

from schemas.base import Schema, exact, identifier, moment, new_id, text
from service.domain.procedure.change_rates import HIGHER, LOWER, MOST_PAIRS, rate


class ChangePairSchema(Schema):
    """One recipient by an opaque serial; null where the instrument was not used."""

    serial = identifier(required=True)
    before = exact(required=True, allow_none=True)
    after = exact(required=True, allow_none=True)


class ChangeRateSchema(Schema):
    """The instrument, which direction is better, the least change that counts, and the pairs."""

    id = new_id()
    node = text(80, required=True)
    instrument = text(400, required=True)
    better = fields.String(required=True, validate=validate.OneOf((HIGHER, LOWER)))
    least = exact(required=True)
    pairs = fields.List(fields.Nested(ChangePairSchema), required=True, validate=validate.Length(min=1, max=MOST_PAIRS))
    round = fields.String(dump_only=True)
    state = fields.String(dump_only=True)
    checked = fields.List(fields.String(), dump_only=True)
    struck = fields.Dict(dump_only=True)
    improved = fields.Function(lambda one: rate(one).improved)
    assessed = fields.Function(lambda one: rate(one).assessed)
    unpaired = fields.Function(lambda one: list(rate(one).unpaired))
    at = moment(dump_only=True)
    version = fields.Integer(dump_only=True)


class ChangeRatesSchema(Schema):
    change_rates = fields.List(fields.Nested(ChangeRateSchema))


class ChangeVerdictSchema(Schema):
    """Which pairs were looked up in the records, and which of them were not confirmed, with the reason."""

    checked = fields.List(identifier(), required=True, validate=validate.Length(min=1, max=MOST_PAIRS))
    struck = fields.Dict(keys=identifier(), values=text(400), load_default=dict)


class StruckSchema(Schema):
    serial = identifier(required=True)
    reason = text(400, required=True)


class ChangeVerdictFormSchema(Schema):
    """The same as ChangeVerdictSchema, row by row as the desk's page sends it."""

    checked = fields.List(identifier(), required=True, validate=validate.Length(min=1, max=MOST_PAIRS))
    struck = fields.List(fields.Nested(StruckSchema), load_default=list)
