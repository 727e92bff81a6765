"""Results of a round: versions, differences, what-if, sensitivity and the interval of the total."""

from typing import Any

from marshmallow import fields, validate

from schemas.base import Schema, exact, identifier, moment, text
from schemas.evaluate.scores import GradeSchema, ScoreSchema

MOST_EDITS = 500


class EditSchema(Schema):
    """One change of one piece of evidence; without `field` a whole new piece, or (value null) one taken out."""

    kind = text(40, required=True)
    node = text(80, required=True)
    id = text(200, least=0, load_default="")
    field = text(80, least=0, load_default="")
    value = fields.Raw(load_default=None, allow_none=True)
    reason = text(4000, required=True)


class ResultSchema(Schema):
    """A frozen version. `journal_head` is the last entry of the project's journal before it was frozen."""

    number = fields.Integer()
    round = fields.String()
    scheme = fields.String()
    scheme_digest = fields.String()
    inputs_digest = fields.String()
    total = exact()
    grade = fields.String()
    made_at = moment()
    reason = fields.String()
    case = fields.String()
    of = fields.String()
    journal_head = fields.String()


class ResultTreeSchema(ResultSchema):
    """With its tree as this reader may see it; `withheld` names the nodes that would tell the answers of too few."""

    tree = fields.Dict()


class DifferenceSchema(Schema):
    """A node whose score or points changed; node "" is the total."""

    node = fields.String()
    label = fields.Dict()
    before = fields.String(allow_none=True)
    after = fields.String(allow_none=True)
    points_before = fields.String()
    points_after = fields.String()
    why = fields.List(fields.String())


class WhatIfRequestSchema(Schema):
    """Changed evidence and weights (percent of the parent, by node). Nothing is stored."""

    changes = fields.List(fields.Nested(EditSchema), load_default=list, validate=validate.Length(max=MOST_EDITS))
    weights = fields.Dict(
        keys=identifier(), values=exact(), load_default=dict, validate=validate.Length(max=MOST_EDITS)
    )


class WhatIfSchema(Schema):
    before = fields.Nested(ScoreSchema)
    after = fields.Nested(ScoreSchema)
    rows = fields.List(fields.Nested(DifferenceSchema))


class SensitivitySchema(Schema):
    """How far one leaf moves the total by ten of its own points, and how many it lacks to another grade."""

    node = fields.String()
    score = exact(allow_none=True)
    max_points = exact()
    up = exact()
    down = exact()
    grade_up = fields.Nested(GradeSchema, allow_none=True)
    grade_down = fields.Nested(GradeSchema, allow_none=True)
    to_higher = exact(allow_none=True)
    to_lower = exact(allow_none=True)
    by_weight = exact()
    decides = fields.Boolean()


class LeafErrorSchema(Schema):
    node = fields.String()
    source = fields.String()
    of_figure = exact(allow_none=True)
    of_score = exact(allow_none=True)
    of_points = exact(allow_none=True)
    reason = fields.String(allow_none=True)


class UncertaintySchema(Schema):
    """The total's interval as far as it is known; `not_separated` are the other grades that it reaches."""

    total = exact()
    se = exact()
    lower = exact()
    upper = exact()
    confidence = exact()
    formula = fields.String()
    grade = fields.Nested(GradeSchema, allow_none=True)
    not_separated = fields.List(fields.Nested(GradeSchema))
    unstated = fields.List(fields.String())
    leaves = fields.List(fields.Nested(LeafErrorSchema))


def sensitivity_data(row: Any, grade: Any) -> dict[str, Any]:
    """A row with whether it decides the grade `grade`."""
    return {**vars(row), "decides": row.decides(grade)}
