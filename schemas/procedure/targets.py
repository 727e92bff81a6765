"""Contract targets."""

from marshmallow import fields, validate

from schemas.base import Schema, exact, moment, new_id, text
from service.domain.evaluate.schemes import DENOMINATORS, LEVELS


class ContractTermsSchema(Schema):
    """Quantity, unit, standard and day that the contract names for one counter."""

    counter = text(40, required=True)
    target = exact(required=True)
    unit = text(40, required=True)
    standard = text(2000, least=0, load_default="")
    by = fields.Date(load_default=None, allow_none=True)
    level = fields.String(load_default="agency", validate=validate.OneOf(LEVELS))
    denominator = fields.String(load_default="", validate=validate.OneOf(("", *DENOMINATORS)))
    workers = exact(load_default=None, allow_none=True)


class ContractTargetChangeSchema(ContractTermsSchema):
    reason = text(2000, required=True)


class ContractTargetSchema(ContractTermsSchema):
    id = new_id()
    project = fields.String(dump_only=True)
    reason = fields.String(dump_only=True)
    at = moment(dump_only=True)
    changes = fields.List(fields.Dict(), dump_only=True)
    version = fields.Integer(dump_only=True)


class ContractTargetsSchema(Schema):
    targets = fields.List(fields.Nested(ContractTargetSchema))
