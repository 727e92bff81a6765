"""Judgements of expert nodes."""

from marshmallow import fields, validate

from schemas.base import Schema, exact, identifier, moment, new_id, text
from service.domain.evaluate.judgements import DRAFT, IN
from service.domain.procedure.groups import MOST_REASON


class JudgementChangeSchema(Schema):
    """What stood there before a change, and why it was changed."""

    score = fields.String()
    reason = fields.String()
    why = fields.String()
    at = moment()


def state() -> fields.String:
    return fields.String(
        validate=validate.OneOf((DRAFT, IN)),
        load_default=IN,
        metadata={"description": "a draft is its author's alone; what is in counts"},
    )


def papers() -> fields.List:
    return fields.List(identifier(), load_default=list, validate=validate.Length(max=20))


class JudgementSchema(Schema):
    """A score of one expert node, 0 to 100, with the reason.

    `rater` may be left out for the own score; the secretary names the member who scored on paper, with the signed
    sheet among the papers; the evaluator names the institution whose signed opinion this is.
    """

    id = new_id()
    node = text(80, required=True)
    rater = text(200, least=0, load_default="")
    score = exact(load_default=None, allow_none=True)
    reason = text(4000, least=0, load_default="")
    state = state()
    papers = papers()
    changes = fields.List(fields.Nested(JudgementChangeSchema), dump_only=True)
    at = moment(dump_only=True)
    version = fields.Integer(dump_only=True)


class JudgementEditSchema(Schema):
    """What stands there from now on; `change_reason` is needed once it was in."""

    score = exact(load_default=None, allow_none=True)
    reason = text(4000, least=0, load_default="")
    state = state()
    papers = papers()
    change_reason = text(MOST_REASON, least=0, load_default="")


class JudgementLapseSchema(Schema):
    """A score that was not given by the last day, and why the lead goes on without it."""

    id = new_id()
    node = text(80, required=True)
    rater = text(200, required=True)
    reason = text(MOST_REASON, required=True)


class JudgingDaySchema(Schema):
    due_on = fields.Date(required=True)


class JudgingReopeningSchema(Schema):
    open = fields.Boolean(required=True)
    reason = text(MOST_REASON, required=True)


class ReopenedNodeSchema(Schema):
    reason = fields.String()
    at = moment()


class JudgingSchema(Schema):
    due_on = fields.Date(allow_none=True)
    reopened = fields.Dict(keys=fields.String(), values=fields.Nested(ReopenedNodeSchema))
    version = fields.Integer()


class AskedScorerSchema(Schema):
    rater = fields.String()
    name = fields.String()
    category = fields.String()
    state = fields.String()


class ScoreSpreadSchema(Schema):
    n = fields.Integer()
    low = exact()
    high = exact()
    range = exact()
    mean = exact()
    mean_deviation = exact()


class NodeProgressSchema(Schema):
    node = fields.String()
    blind = fields.Boolean()
    quorum = fields.Integer()
    given = fields.Integer()
    asked = fields.List(fields.Nested(AskedScorerSchema))
    spread = fields.Nested(ScoreSpreadSchema, allow_none=True)
    reopened = fields.Boolean()


class ScorerAgreementSchema(Schema):
    """Krippendorff's alpha for interval data; `caution` says why it tells little, or why there is none."""

    alpha = exact(allow_none=True)
    nodes = fields.Integer()
    scorers = fields.Integer()
    caution = fields.List(fields.String())


class JudgingProgressSchema(Schema):
    due_on = fields.Date(allow_none=True)
    nodes = fields.List(fields.Nested(NodeProgressSchema))
    agreement = fields.Nested(ScorerAgreementSchema)
    version = fields.Integer()


class ScoreSheetSchema(Schema):
    name = fields.String()
    kind = fields.String()
    size = fields.Integer()
    sha256 = fields.String()
    at = moment()
