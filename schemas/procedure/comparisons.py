"""Claim, verified value, judgements and points of each node, side by side."""

from typing import Any

from marshmallow import fields

from schemas.base import Schema, exact, moment
from schemas.evaluate.judgements import JudgementSchema
from schemas.procedure.self_evaluations import SelfEvaluationEntrySchema
from schemas.procedure.targets import ContractTargetSchema


class VolumeSchema(Schema):
    """Target, claim and verified value of a counter, and where they come from."""

    target = exact()
    claimed = exact()
    verified = exact()
    workers = exact()
    source = fields.String()
    draw = fields.String()
    unverified = fields.String()


class RowScoreSchema(Schema):
    """The node's score of 100, its points of the total, and what it lacks."""

    score = exact()
    points = exact()
    max_points = exact()
    missing = fields.Function(lambda node: [remark.message for remark in node.missing])


class RoundComparisonRowSchema(Schema):
    node = fields.String(attribute="node.id")
    parent = fields.String(attribute="node.parent")
    type = fields.String(attribute="node.type")
    label = fields.Dict(attribute="node.label")
    rules = fields.List(fields.String(), attribute="node.rules")
    claim = fields.Nested(SelfEvaluationEntrySchema)
    volume = fields.Nested(VolumeSchema, attribute="quantity")
    target = fields.Nested(ContractTargetSchema)
    target_unfit = fields.Nested(ContractTargetSchema)
    listed = exact()
    judgements = fields.List(fields.Nested(JudgementSchema))
    blind = fields.Boolean()
    score = fields.Nested(RowScoreSchema)


class ConsistencySchema(Schema):
    """A check of the counters among themselves; `message` tells what does not hold, or what is not known."""

    check = fields.String()
    outcome = fields.String()
    left = exact()
    right = exact()
    missing = fields.List(fields.String())
    message = fields.Method("_message")

    def _message(self, one: Any) -> str:
        return str(one.message)


class RoundComparisonSchema(Schema):
    round = fields.String()
    filed_at = moment(attribute="evaluation.filed_at")
    late = fields.Boolean(attribute="evaluation.late")
    rows = fields.List(fields.Nested(RoundComparisonRowSchema))
    claimed = fields.List(fields.Nested(ConsistencySchema))
    verified = fields.List(fields.Nested(ConsistencySchema))
