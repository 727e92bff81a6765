"""The score of a round: every node with its rule, inputs, arithmetic, points and what is missing."""

from typing import Any

from marshmallow import fields

from schemas.base import Schema, exact
from service.domain.evaluate.schemes import as_data


class RemarkSchema(Schema):
    node = fields.String()
    code = fields.String()
    message = fields.String()
    subject = fields.String(allow_none=True)


class InputSchema(Schema):
    kind = fields.String()
    id = fields.String()
    digest = fields.String()


class NodeScoreSchema(Schema):
    """`score` of 100 for the node itself, `points` what it contributes to the total, both decimal strings."""

    id = fields.String()
    parent = fields.String(allow_none=True)
    type = fields.String()
    label = fields.Dict()
    rules = fields.List(fields.String())
    example = fields.Boolean()
    weight = exact()
    score = exact(allow_none=True)
    points = exact()
    max_points = exact()
    max_scorable = exact()
    inputs = fields.List(fields.Nested(InputSchema))
    arithmetic = fields.Method("arithmetic_data", allow_none=True)
    missing = fields.List(fields.Nested(RemarkSchema))
    excluded = fields.List(fields.Nested(RemarkSchema))
    notes = fields.List(fields.Nested(RemarkSchema))
    children = fields.List(fields.Nested(lambda: NodeScoreSchema()))

    def arithmetic_data(self, node: Any) -> Any:
        return as_data(node.arithmetic)


class GradeSchema(Schema):
    id = fields.String()
    label = fields.Dict()


class SourceScoreSchema(Schema):
    """What one source of judgement gave of its share; what is missing is not spread over the others."""

    id = fields.String()
    label = fields.Dict()
    weight = exact()
    points = exact()
    max_scorable = exact()
    missing = fields.Boolean()


class ScoreSchema(Schema):
    scheme_id = fields.String()
    scheme_version = fields.String()
    scheme_digest = fields.String()
    inputs_digest = fields.String()
    total = exact()
    shown = fields.String()
    shown_in_other_band = fields.Boolean()
    max_scorable = exact()
    highest_possible = exact()
    provisional = fields.Boolean()
    grade = fields.Nested(GradeSchema, allow_none=True)
    boundary = fields.String()
    arithmetic = fields.Method("arithmetic_data")
    standards = fields.List(fields.Nested(NodeScoreSchema))
    missing = fields.List(fields.Nested(RemarkSchema))
    excluded = fields.List(fields.Nested(RemarkSchema))
    unit = fields.String(metadata={"description": "percent, or points where there is no upper end"})
    failed_gates = fields.List(fields.Nested(RemarkSchema))
    sources = fields.List(fields.Nested(SourceScoreSchema))

    def arithmetic_data(self, tree: Any) -> Any:
        return as_data(tree.arithmetic)
