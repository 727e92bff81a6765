"""Reports of a round: asked for, how far their making has come, and the purchaser's opinion in them."""

from typing import Any

from marshmallow import fields, validate

from schemas.base import Schema, moment, new_id, text
from service.domain.procedure.reports import LANGUAGES


class ReportSchema(Schema):
    """`done` of `steps` tells how far it is; `draft` that it tells of a score that is not frozen yet."""

    id = new_id()
    number = text(100, least=0, load_default="", metadata={"description": "number of the document (发文字号)"})
    languages = fields.List(
        fields.String(validate=validate.OneOf(LANGUAGES)),
        load_default=list(LANGUAGES),
        validate=validate.Length(min=1, max=len(LANGUAGES)),
    )
    round = fields.String(dump_only=True)
    result = fields.String(dump_only=True)
    draft = fields.Function(lambda report: not report.result, metadata={"type": "boolean"})
    state = fields.String(dump_only=True)
    step = fields.String(dump_only=True)
    done = fields.Integer(dump_only=True)
    steps = fields.Integer(dump_only=True)
    attempt = fields.Integer(dump_only=True)
    failure = fields.String(dump_only=True)
    asked_at = moment(dump_only=True)
    built_at = moment(dump_only=True, allow_none=True)
    digest = fields.String(dump_only=True)
    files = fields.Method("file_list", dump_only=True)

    def file_list(self, report: Any) -> list[dict[str, Any]]:
        """Form, language, SHA-256 and size; where the bytes lie is ours."""
        named = [(*name.split(":"), file) for name, file in sorted(report.files.items())]
        return [
            {"form": form, "language": language, "sha256": file["sha256"], "size": file["size"]}
            for form, language, file in named
        ]


class ReportsSchema(Schema):
    reports = fields.List(fields.Nested(ReportSchema))


class PurchaserOpinionSchema(Schema):
    text = text(4000, required=True)
    at = moment(dump_only=True)
    by = fields.String(dump_only=True)
    version = fields.Integer(dump_only=True)


class LanguageSchema(Schema):
    lang = fields.String(load_default=None, validate=validate.OneOf(LANGUAGES))
