"""Campaigns and the facts that respondents must be told."""

from marshmallow import fields, validate

from schemas.base import Schema, StateSchema, identifier, moment, new_id, refuse_repeated, text, texts


class NoticeSchema(Schema):
    """What a respondent must be told before answering; all of it is needed to open, in every language offered."""

    authority = texts(load_default=dict)
    evaluator = texts(load_default=dict)
    purpose = texts(load_default=dict)
    retention = texts(load_default=dict)
    complaints = texts(load_default=dict)
    linked = texts(metadata={"description": "only where people are told that their answers stay linked to them"})
    phone = text(40, least=0, load_default="")


class QuotaSchema(Schema):
    """So many answers are wanted: from a site, or from the group `value` of a weighting variable at a site."""

    site = identifier(required=True)
    target = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=1_000_000))
    variable = text(80, least=0, load_default="")
    value = text(80, least=0, load_default="")


class CampaignSchema(Schema):
    id = new_id()
    short_code = fields.String(dump_only=True)
    project = identifier(required=True)
    name = text(required=True)
    questionnaire = identifier(required=True)
    questionnaire_version = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    population = text(40, required=True)
    sites = fields.List(identifier(), required=True, validate=[validate.Length(max=1000), refuse_repeated])
    opens_at = moment(required=True)
    closes_at = moment(required=True)
    languages = fields.List(text(16), required=True, validate=[validate.Length(min=1, max=20), refuse_repeated])
    notice = fields.Nested(NoticeSchema, load_default=dict)
    opened_at = moment(dump_only=True, allow_none=True)
    paused_at = moment(dump_only=True, allow_none=True)
    resumes_at = moment(dump_only=True, allow_none=True)
    pause_reason = fields.String(dump_only=True)
    quotas = fields.List(fields.Nested(QuotaSchema), dump_only=True)
    state = fields.String(dump_only=True)
    version = fields.Integer(dump_only=True)


class CampaignChangeSchema(CampaignSchema):
    class Meta(CampaignSchema.Meta):
        exclude = ("id",)


class CampaignQuerySchema(Schema):
    project = identifier(required=True)


class CampaignStateSchema(StateSchema):
    """`open` from a draft; `final` closes for ever and freezes the tally."""


class PauseSchema(Schema):
    """`paused` false ends a pause. `resumes_at` is told to who comes meanwhile; the pause then ends by itself."""

    paused = fields.Boolean(required=True)
    resumes_at = moment(load_default=None, allow_none=True)
    reason = text(1000, required=True)


class WindowSchema(Schema):
    """A later closing; an opened window is never shortened."""

    closes_at = moment(required=True)
    reason = text(1000, required=True)


class QuotasSchema(Schema):
    """All quotas of the campaign; they take the place of those before."""

    quotas = fields.List(fields.Nested(QuotaSchema), required=True, validate=validate.Length(max=2000))
