"""Drafts of questionnaires, test answers, templates and comparisons."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from schemas.base import Schema, moment
from service.domain.collect.drafts import DRAFT_LIMIT

LATEST = 80  # characters of an id


class DraftTextSchema(Schema):
    """Either `text` (YAML or JSON, kept as typed) or `definition`. It may be incomplete or faulty."""

    text = fields.String(validate=validate.Length(max=DRAFT_LIMIT))
    definition = fields.Dict()

    @validates_schema
    def one_of_them(self, values: dict[str, Any], **kwargs: Any) -> None:
        if ("text" in values) == ("definition" in values):
            raise ValidationError("Send either text or definition.", "text")


class NewDraftSchema(Schema):
    """One of `text`, `definition` and `template`; `id` may be left out with a template."""

    id = fields.String(load_default="", validate=validate.Length(max=LATEST))
    text = fields.String(validate=validate.Length(max=DRAFT_LIMIT))
    definition = fields.Dict()
    template = fields.String(validate=validate.Length(max=LATEST))

    @validates_schema
    def one_of_them(self, values: dict[str, Any], **kwargs: Any) -> None:
        if len({"text", "definition", "template"} & set(values)) != 1:
            raise ValidationError("Send one of text, definition and template.", "text")


class FaultSchema(Schema):
    """One thing wrong: its path, the line of the text where it can be told, and what to do."""

    path = fields.String()
    line = fields.Integer(allow_none=True)
    reason = fields.String()
    message = fields.String()


class DraftSummarySchema(Schema):
    id = fields.String()
    based_on = fields.String()
    created_at = moment()
    changed_at = moment()
    changed_by = fields.String()
    version = fields.Integer()


class DraftSchema(DraftSummarySchema):
    """`number` is what the version would get; `digest` its hash, empty while there are faults."""

    text = fields.String()
    number = fields.Integer()
    digest = fields.String()
    faults = fields.List(fields.Nested(FaultSchema))
    tried = fields.Boolean()


class TrialAnswerSchema(Schema):
    """`digest` may name the text that was shown: another one is refused."""

    submission_id = fields.String(load_default="", validate=validate.Length(max=64))
    lang = fields.String(load_default="", validate=validate.Length(max=16))
    digest = fields.String(load_default="", validate=validate.Length(max=64))
    answers = fields.Dict(keys=fields.String(), required=True)


class GivenTrialAnswerSchema(Schema):
    id = fields.String()
    digest = fields.String()
    answers = fields.Dict()
    language = fields.String()
    at = moment()
    by = fields.String()


class TrialSchema(Schema):
    """`present` belong to the draft's text as it stands, with its `counts`; `older` to former texts."""

    digest = fields.String()
    tried = fields.Boolean()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    present = fields.List(fields.Nested(GivenTrialAnswerSchema))
    older = fields.List(fields.Nested(GivenTrialAnswerSchema))


class TemplateSchema(Schema):
    id = fields.String()
    title = fields.Dict(attribute="questionnaire.title")
    languages = fields.List(fields.String(), attribute="questionnaire.languages")
    population = fields.String(attribute="questionnaire.population")
    purpose = fields.Dict(attribute="questionnaire.purpose")
    source = fields.Dict(attribute="questionnaire.source")
    questions = fields.Function(lambda template: len(template.questionnaire.questions))


class TemplateTextSchema(TemplateSchema):
    text = fields.String()


class ChangeSchema(Schema):
    """`what`: a stable code, `text` its English words."""

    what = fields.String()
    text = fields.String()
    question = fields.String()
    part = fields.String()
    language = fields.String()
    before = fields.Raw(allow_none=True)
    after = fields.Raw(allow_none=True)


class ComparisonSchema(Schema):
    a = fields.String()
    b = fields.String()
    changes = fields.List(fields.Nested(ChangeSchema))
