"""What objections and appeals share on the wire: files, receipts, days of papers."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from schemas.base import Schema, identifier, moment, new_id, refuse_repeated, text
from service.domain.inspect.notices import CHANNELS
from service.domain.procedure.cases import MOST_FILES, MOST_TEXT


class CaseFileSchema(Schema):
    """A file of a case, checked by its content."""

    name = fields.String()
    kind = fields.String()
    size = fields.Integer()
    sha256 = fields.String()


class CaseReceiptSchema(Schema):
    """What proves the filing: number, moment, SHA-256 of text and files."""

    number = fields.String()
    at = moment()
    digest = fields.String()


class CaseBeginSchema(Schema):
    """A draft. What came on paper is entered with its channel and both days; what is filed here has none of these."""

    id = new_id()
    text = text(MOST_TEXT, required=True)
    channel = fields.String(load_default="", validate=validate.OneOf(["", *CHANNELS]))
    filed_on = fields.Date(load_default=None, allow_none=True)
    received_on = fields.Date(load_default=None, allow_none=True)

    @validates_schema
    def days_belong_to_papers(self, values: dict[str, Any], **more: Any) -> None:
        on_paper = bool(values.get("channel"))
        wrong = [name for name in ("filed_on", "received_on") if (values.get(name) is not None) != on_paper]
        if wrong:
            said = "Needed for what came on paper." if on_paper else "Only for what came on paper: name its channel."
            raise ValidationError({name: [said] for name in wrong})


class CaseTextSchema(Schema):
    text = text(MOST_TEXT, required=True)


class CaseWithdrawalSchema(Schema):
    reason = text(MOST_TEXT, required=True)


class CaseFilingSchema(Schema):
    """`attachments` are names of files that were sent; left out, all of them."""

    attachments = fields.List(
        identifier(), load_default=None, allow_none=True, validate=[validate.Length(max=MOST_FILES), refuse_repeated]
    )
