"""Assessments of agencies, made once a period."""

from marshmallow import fields, validate

from schemas.base import Schema, exact, identifier, moment, new_id, text


class AgencyAssessmentSchema(Schema):
    """What the group of a round found of the agency at one node, and how long it holds."""

    id = new_id()
    node = text(80, required=True)
    score = exact(required=True)
    reason = text(4000, required=True)
    period_from = fields.Date(required=True)
    period_to = fields.Date(required=True)
    evidence = fields.List(identifier(), validate=validate.Length(max=50), load_default=list)
    provider = fields.String(dump_only=True)
    project = fields.String(dump_only=True)
    round = fields.String(dump_only=True)
    rules = fields.List(fields.String(), dump_only=True)
    at = moment(dump_only=True)


class AgencyAssessmentsSchema(Schema):
    assessments = fields.List(fields.Nested(AgencyAssessmentSchema))
