"""Appeals to results."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from schemas.base import Schema, text
from schemas.procedure.cases import CaseBeginSchema, CaseFileSchema, CaseReceiptSchema
from service.domain.procedure.appeals import INITIATORS
from service.domain.procedure.cases import MOST_TEXT

ACCEPTED, REFUSED = "accepted", "refused"


class AppealSchema(CaseBeginSchema):
    """`initiator` only for a paper that the authority enters; else it is the party that sends this.

    `due_on` is the last day of the review, 30 days from acceptance; `result_after` the version that it left.
    """

    initiator = fields.String(load_default="", validate=validate.OneOf(["", *INITIATORS]))
    round = fields.String(dump_only=True)
    project = fields.String(dump_only=True)
    state = fields.String(dump_only=True)
    attachments = fields.List(fields.Nested(CaseFileSchema), dump_only=True)
    receipt = fields.Nested(CaseReceiptSchema, dump_only=True, allow_none=True)
    result = fields.String(dump_only=True)
    last_day = fields.Date(dump_only=True, allow_none=True)
    accepted_on = fields.Date(dump_only=True, allow_none=True)
    due_on = fields.Date(dump_only=True, allow_none=True)
    provisional = fields.Boolean(dump_only=True)
    refused_reason = fields.String(dump_only=True)
    outcome = fields.String(dump_only=True)
    reasons = fields.String(dump_only=True)
    decided_on = fields.Date(dump_only=True, allow_none=True)
    result_after = fields.String(dump_only=True)
    document = fields.String(dump_only=True)
    scheme_change = fields.Boolean(dump_only=True)
    withdrawn_on = fields.Date(dump_only=True, allow_none=True)
    withdrawn_reason = fields.String(dump_only=True)
    version = fields.Integer(dump_only=True)

    @validates_schema
    def papers_name_their_party(self, values: dict[str, Any], **more: Any) -> None:
        if bool(values.get("initiator")) != bool(values.get("channel")):
            raise ValidationError({"initiator": ["Needed for what came on paper, and only for that."]})


class AppealsSchema(Schema):
    appeals = fields.List(fields.Nested(AppealSchema))


class AcceptanceSchema(Schema):
    """`accepted`, on the day `on` (today if it is left out), or `refused` with the reason.

    `document` is the paper of another body, which reviews what the authority led itself.
    """

    state = fields.String(required=True, validate=validate.OneOf([ACCEPTED, REFUSED]))
    on = fields.Date(load_default=None, allow_none=True)
    reason = text(MOST_TEXT, least=0, load_default="")
    document = text(200, least=0, load_default="")
