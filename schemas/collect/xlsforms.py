"""XLSForm: what is asked of an import, and what comes of it."""

from marshmallow import fields, validate

from schemas.base import LANGUAGE_TAG, Schema
from schemas.collect.questionnaires import QuestionnaireVersionSchema


class XlsformQuerySchema(Schema):
    language = fields.String(
        validate=LANGUAGE_TAG, load_default=None, metadata={"description": "of texts whose column names no language"}
    )
    keep = fields.String(
        validate=validate.OneOf(["nothing", "draft", "version"]),
        load_default="nothing",
        metadata={"description": "as a draft, or published as a version at once"},
    )


class XlsformFindingSchema(Schema):
    """One thing that is lost or changed, and where it stands in the workbook."""

    sheet = fields.String()
    row = fields.Integer(allow_none=True)
    column = fields.String()
    reason = fields.String()
    message = fields.String()


class XlsformImportSchema(Schema):
    """`draft` is its id if it was kept as one; `version` is null unless it was published."""

    definition = fields.Dict()
    warnings = fields.List(fields.Nested(XlsformFindingSchema))
    draft = fields.String(allow_none=True)
    version = fields.Nested(QuestionnaireVersionSchema, allow_none=True)
