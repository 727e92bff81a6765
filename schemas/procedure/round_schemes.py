"""Changes of a round's scheme."""

from marshmallow import fields, validate

from schemas.base import Schema, identifier, moment, new_id, text
from schemas.evaluate.rounds import AdoptionSchema
from service.domain.inspect.notices import CHANNELS


class SchemeChangeSchema(Schema):
    """Another version for a round, with the reason; `review` is the upheld appeal that it follows from."""

    id = new_id()
    scheme = identifier(required=True, attribute="after", data_key="scheme")
    reason = text(2000, required=True)
    review = fields.String(validate=validate.Length(max=80), load_default="")
    adoption = fields.Nested(AdoptionSchema, load_default=None, allow_none=True)
    before = fields.String(dump_only=True)
    before_digest = fields.String(dump_only=True)
    after_digest = fields.String(dump_only=True)
    state = fields.String(dump_only=True)
    proposed_at = moment(dump_only=True)
    decided_at = moment(dump_only=True)
    decision_reason = fields.String(dump_only=True)
    served = fields.Dict(dump_only=True)
    version = fields.Integer(dump_only=True)


class SchemeDecisionSchema(Schema):
    """The authority's word on a change, with its reason."""

    approve = fields.Boolean(required=True)
    reason = text(2000, required=True)


class SchemeServiceSchema(Schema):
    """When, how and by whom the new scheme was received."""

    served_on = fields.Date(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    received_by = text(required=True)
