"""Assessments of agencies, made once a period."""

from marshmallow import fields

from schemas.base import Schema, exact, identifier, moment, new_id, text
from schemas.evaluate.rounds import node


class AssessmentSourceSchema(Schema):
    """One judgement that an assessment rests on."""

    rater = fields.String()
    score = fields.String()
    reason = fields.String()


class AgencyAssessmentSchema(Schema):
    """What the group of a round has judged of the agency at one node, and for which days it holds."""

    id = new_id()
    node = text(80, required=True)
    period_from = fields.Date(required=True)
    period_to = fields.Date(required=True)
    note = text(4000, least=0, load_default="")
    provider = fields.String(dump_only=True)
    project = fields.String(dump_only=True)
    round = fields.String(dump_only=True)
    rules = fields.List(fields.String(), dump_only=True)
    score = exact(dump_only=True)
    sources = fields.List(fields.Nested(AssessmentSourceSchema), dump_only=True)
    at = moment(dump_only=True)


class AgencyAssessmentsSchema(Schema):
    assessments = fields.List(fields.Nested(AgencyAssessmentSchema))


class ReferenceSchema(Schema):
    node = node()
    assessment = identifier(required=True)


class ReferencesFormSchema(Schema):
    """The same as ReferencesSchema, row by row as the desk's page sends it."""

    references = fields.List(fields.Nested(ReferenceSchema), load_default=list)


class ReferencesSchema(Schema):
    """Node -> the assessment that stands for it."""

    references = fields.Dict(keys=node(), values=identifier(), required=True)
