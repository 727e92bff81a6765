"""Questionnaires: the definition is checked by the domain, which names every fault by its path."""

from marshmallow import fields

from schemas.base import Schema, moment


class QuestionnaireSchema(Schema):
    """`definition`: the one JSON shape of a questionnaire version."""

    definition = fields.Dict(required=True)


class QuestionnaireVersionSchema(Schema):
    id = fields.String()
    questionnaire = fields.String()
    number = fields.Integer()
    digest = fields.String()
    origin = fields.String()
    trial_answers = fields.Integer()
    published_at = moment(allow_none=True)
    definition = fields.Dict()


class QuestionnaireSummarySchema(QuestionnaireVersionSchema):
    class Meta(QuestionnaireVersionSchema.Meta):
        exclude = ("definition",)
