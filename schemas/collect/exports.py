"""What may be asked of an export."""

from marshmallow import fields, validate

from schemas.base import Schema

FORMATS = ("csv", "xlsx", "jsonl")
LANGUAGES = ("zh-Hans", "zh-Hant", "en")


class ExportQuerySchema(Schema):
    """`lang` is the language of labels and of the sheets' titles."""

    format = fields.String(load_default="csv", validate=validate.OneOf(FORMATS))
    lang = fields.String(load_default="", validate=validate.OneOf(("", *LANGUAGES)))


class AnswersExportQuerySchema(ExportQuerySchema):
    """`values=labels` writes what the codes mean; a workbook does so unless it is asked for codes. JSON has codes."""

    values = fields.String(load_default="", validate=validate.OneOf(("", "codes", "labels")))
