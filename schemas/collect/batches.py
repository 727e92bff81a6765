"""Batches after printing: voiding, counts, reconciliation."""

from marshmallow import fields, validate

from schemas.base import Schema, text
from schemas.collect.tickets import BatchSchema

_SLIPS = validate.Range(min=0, max=20_000)


class VoidSchema(Schema):
    reason = text(1000, required=True)


class CountSchema(Schema):
    """Slips as people counted them; `returned` are handed out and given back unused."""

    handed_out = fields.Integer(required=True, strict=True, validate=_SLIPS)
    spoilt = fields.Integer(load_default=0, strict=True, validate=_SLIPS)
    returned = fields.Integer(load_default=0, strict=True, validate=_SLIPS)


class ReconciledSchema(Schema):
    """printed = handed out + spoilt + left; handed out = used + returned + missing. `why` tells why `used` is null."""

    batch = fields.Nested(BatchSchema)
    printed = fields.Integer(attribute="batch.count")
    handed_out = fields.Integer(attribute="batch.handed_out", allow_none=True)
    spoilt = fields.Integer(attribute="batch.spoilt", allow_none=True)
    returned = fields.Integer(attribute="batch.returned", allow_none=True)
    left = fields.Integer(allow_none=True)
    used = fields.Integer(allow_none=True)
    missing = fields.Integer(allow_none=True)
    why = fields.String(validate=validate.OneOf(["", "not_over", "too_few", "not_a_slip", "not_counted"]))
