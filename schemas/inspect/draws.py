"""Draws, the parties' steps, and plans."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from schemas.base import Schema, exact, identifier, moment, new_id, text
from schemas.inspect.frames import FRAME_LIMIT
from service.domain.inspect.ceremonies import PARTS, missing
from service.domain.inspect.draws import CHECK_KINDS, PURPOSES, RecordedDraw

COUNT = validate.Range(min=1, max=FRAME_LIMIT)
STRATA = validate.Length(min=1, max=1000)


def _allocation(**options: Any) -> fields.Dict:
    """Stratum -> how many; "" in a list without strata."""
    number = fields.Integer(strict=True, validate=validate.Range(min=0, max=FRAME_LIMIT))
    return fields.Dict(keys=text(200, least=0), values=number, validate=STRATA, **options)


class ProportionalSchema(Schema):
    """`n` in all, spread over the strata by largest remainder, at least `minimum` of each."""

    n = fields.Integer(required=True, strict=True, validate=COUNT)
    minimum = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0, max=FRAME_LIMIT))


class HowManySchema(Schema):
    """How many: `take` of each stratum, an `allocation` by stratum, or `proportional`."""

    take = fields.Integer(strict=True, validate=COUNT)
    allocation = _allocation()
    proportional = fields.Nested(ProportionalSchema, load_only=True)

    @validates_schema
    def one_of_them(self, data: dict[str, Any], **more: Any) -> None:
        if sum(name in data for name in ("take", "allocation", "proportional")) != 1:
            raise ValidationError("Give one of take, allocation and proportional.", "take")


class StageSchema(Schema):
    """`errors` are those allowed in this stage and all before it."""

    n = fields.Integer(required=True, strict=True, validate=COUNT)
    errors = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=10))


class TestPlanSchema(Schema):
    """A test fixed before the draw: `risk` is that of all stages together."""

    tolerable = exact(required=True)
    risk = exact(required=True)
    stages = fields.List(fields.Nested(StageSchema), required=True, validate=validate.Length(min=1, max=4))
    total_risk = fields.String(dump_only=True)


class DrawSchema(HowManySchema):
    """Without `parties` the draw is made at once, by a secret of the server. With them it is planned, and goes through
    commitments and secrets until the visit opens it. `public_source` names where a public value will come from;
    `public` is that value, sent at once only in a draw without parties. A redraw names the draw it is `of`, and why.

    Who may not see what was drawn yet gets an empty `seed` and an empty list.
    """

    id = new_id()
    frame = identifier(required=True)
    public = text(200, least=0, load_default="")
    parties = fields.List(fields.String(validate=validate.OneOf(PARTS)), load_default=list)
    sealer = fields.String(validate=validate.OneOf(("evaluator", "authority")), load_default="evaluator")
    commit_by = moment(load_default=None, allow_none=True)
    reveal_by = moment(load_default=None, allow_none=True)
    public_source = text(400, least=0, load_default="")
    kind = fields.String(validate=validate.OneOf(CHECK_KINDS), load_default="random")
    trigger = fields.String(validate=validate.OneOf(("plan", "complaint", "media")), load_default="plan")
    plan = fields.Nested(TestPlanSchema, load_default=None, allow_none=True)
    of = text(80, least=0, load_default="")
    reason = text(2000, least=0, load_default="")
    project = fields.String(dump_only=True)
    frame_sha256 = fields.String(dump_only=True)
    number = fields.Integer(dump_only=True)
    stage = fields.Integer(dump_only=True)
    purpose = fields.String(dump_only=True)
    skip = _allocation(dump_only=True)
    agreements = fields.Dict(dump_only=True)
    commitments = fields.Dict(dump_only=True)
    secrets = fields.Dict(dump_only=True)
    waiting_for = fields.Function(lambda draw: _waiting(draw))
    state = fields.String(dump_only=True)
    why_void = fields.String(dump_only=True)
    seed = fields.String(dump_only=True)
    drawn = fields.Function(lambda draw: [item.serial for item in draw.items])
    closed = fields.Boolean(dump_only=True)
    published = fields.Boolean(dump_only=True)
    opened_at = moment(dump_only=True)
    at = moment(dump_only=True)
    version = fields.Integer(dump_only=True)


def _waiting(draw: RecordedDraw) -> list[str]:
    return list(missing(draw)) if draw.state in ("planned", "committed") else []


class CommitmentSchema(Schema):
    """Lower-case hex SHA-256 of at least 16 random bytes, which stay with the party until it reveals them."""

    commitment = text(64, required=True)


class SecretSchema(Schema):
    """The bytes that were committed to, in lower-case hex."""

    secret = text(2000, required=True)


class PublicValueSchema(Schema):
    value = text(200, required=True)


class DrawStateSchema(Schema):
    """`void` needs a reason; `closed` and `published` need the visits to be over."""

    state = fields.String(required=True, validate=validate.OneOf(("void", "closed", "published")))
    reason = text(2000, least=0, load_default="")


class TopUpSchema(HowManySchema):
    """The next tickets of a draw: a planned `stage`, a `replacement` in an interview sample, or `descriptive` only."""

    id = new_id()
    purpose = fields.String(required=True, validate=validate.OneOf(PURPOSES))
    reason = text(2000, required=True)


class PlannerSchema(Schema):
    """`goal` decides which of the fields count. Nothing is kept."""

    goal = fields.String(required=True, validate=validate.OneOf(("error_rate", "survey", "boundary", "stages")))
    population = fields.Integer(strict=True, load_default=None, allow_none=True, validate=COUNT)
    tolerable = exact(load_default=None)
    risk = exact(load_default=None)
    most_errors = fields.Integer(load_default=4, strict=True, validate=validate.Range(min=0, max=10))
    stages = fields.List(fields.Nested(StageSchema), load_default=list, validate=validate.Length(max=4))
    edge = exact(load_default=None)
    expected = exact(load_default=None)
    distance = exact(load_default=None)
    points = exact(load_default=None)
    confidence = exact(load_default=None)
    power = exact(load_default=None)
    design_effect = exact(load_default=None)
    response = exact(load_default=None)


class PlannedSchema(Schema):
    """What the planner found: several `plans` of a test, the risk of given stages, or one sample size."""

    plans = fields.List(fields.Dict())
    total_risk = fields.String()
    n = fields.Integer()
    base = fields.Integer()
    issue = fields.Integer()
    census = fields.Boolean()
    edge = fields.String()
