"""Interviews: plans, the person in hand, how tries end, progress, comparison."""

from typing import Any

from marshmallow import fields, validate

from schemas.base import Schema, identifier, moment, new_id, text
from schemas.collect.responses import SubmissionSchema
from service.domain.inspect.interview_rules import MODES


class QuotaOfPlanSchema(Schema):
    """So many effective interviews of a stratum ("" in a frame without strata) by this mode."""

    stratum = text(200, least=0, load_default="")
    mode = fields.String(required=True, validate=validate.OneOf(MODES))
    effective = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=10_000))


class InterviewPlanSchema(Schema):
    """The interviews of one station. Without `quotas` the scheme's numbers are spread over the strata of the frame."""

    id = new_id()
    campaign = identifier(required=True)
    draw = identifier(required=True)
    site = identifier(required=True)
    quotas = fields.List(fields.Nested(QuotaOfPlanSchema), load_default=list, validate=validate.Length(max=1000))
    scheme = text(120, least=0, load_default="", metadata={"description": "`id@version`; else that of the last round"})
    earlier = text(
        80, least=0, load_default="", metadata={"description": "the first phase, if people were told of the link"}
    )
    project = fields.String(dump_only=True)
    linked = fields.Boolean(dump_only=True)
    rules = fields.Dict(dump_only=True)
    state = fields.String(dump_only=True)
    opened_at = moment(dump_only=True)
    version = fields.Integer(dump_only=True)


class InterviewQuerySchema(Schema):
    project = identifier(required=True)


class NextPersonSchema(Schema):
    """`serial` only on site, where the person named stands before the interviewer."""

    mode = fields.String(required=True, validate=validate.OneOf(MODES))
    serial = text(200, least=0, load_default="")


class AttemptSchema(Schema):
    at = moment()
    by = fields.String()
    outcome = fields.String()


class IntervieweeSchema(Schema):
    """One drawn person by serial. No contact, no answer."""

    serial = fields.String()
    stratum = fields.String()
    place = fields.Integer()
    mode = fields.String()
    replaces = fields.String()
    attempts = fields.List(fields.Nested(AttemptSchema))
    appointment = moment(allow_none=True)
    verification = fields.Dict()
    disposition = fields.String()
    closed_at = moment(allow_none=True)


class InHandSchema(Schema):
    """The person in hand; `contact` is shown to nobody else and is empty after the purge (`contact_gone` says so)."""

    person = fields.Nested(IntervieweeSchema)
    contact = fields.Dict(keys=fields.String(), values=fields.String())
    contact_gone = fields.String()
    details = fields.Dict(keys=fields.String(), values=fields.String())


class OutcomeSchema(Schema):
    """How the try ended; `appointment` with `call_back` only."""

    serial = text(200, required=True)
    outcome = text(40, required=True)
    appointment = moment(load_default=None, allow_none=True)


class GiveBackSchema(Schema):
    serial = text(200, required=True)
    reason = text(200, required=True)


class VerificationSchema(Schema):
    """The first questions: `served` is yes, never, unknown or staff; then what the service was, and when."""

    serial = text(200, required=True)
    served = text(20, required=True)
    service = text(200, least=0, load_default="")
    period = text(200, least=0, load_default="")


class InterviewAnswersSchema(SubmissionSchema):
    """As any answer sheet. `earlier_receipt` only where people were told that answers stay linked."""

    class Meta(SubmissionSchema.Meta):
        exclude = ("mode",)

    serial = text(200, required=True)
    earlier_receipt = text(120, least=0, load_default="")


class InterviewAnsweredSchema(Schema):
    """The receipt is the person's: read it out. It is kept nowhere."""

    person = fields.Nested(IntervieweeSchema)
    receipt = fields.String()


class InterviewCellSchema(Schema):
    stratum = fields.String()
    mode = fields.String()
    wanted = fields.Integer()
    effective = fields.Integer()
    open = fields.Integer()
    persons = fields.Integer()
    used_up = fields.Boolean()
    endings = fields.Dict(keys=fields.String(), values=fields.Integer())


class ResponseRatesSchema(Schema):
    """AAPOR: persons by group (I, P, R, NC, O, UH, UO, NE) and RR1 to RR6; `interim` while somebody is open."""

    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    eligible_share = fields.Function(
        lambda found: None if found.eligible_share is None else float(found.eligible_share)
    )
    rates = fields.Function(lambda found: {name: _number(value) for name, value in found.rates.items()})
    interim = fields.Boolean()


class ReplacementSchema(Schema):
    out = fields.String()
    reason = fields.String()
    into = fields.String()
    stratum = fields.String()
    mode = fields.String()
    place = fields.Integer()
    at = moment()
    by = fields.String()


class RecordFailureSchema(Schema):
    draw = fields.String()
    serial = fields.String()
    stratum = fields.String()
    reason = fields.String()
    attribute = fields.String()
    at = moment()
    by = fields.String()


class ProgressOfPlanSchema(Schema):
    plan = fields.Nested(InterviewPlanSchema)
    effective = fields.Integer()
    used_up = fields.Boolean()
    cells = fields.List(fields.Nested(InterviewCellSchema))
    rates = fields.Nested(ResponseRatesSchema)
    by_mode = fields.Dict(keys=fields.String(), values=fields.Nested(ResponseRatesSchema))
    replacements = fields.List(fields.Nested(ReplacementSchema))
    failures = fields.List(fields.Nested(RecordFailureSchema))


class InterviewComparisonQuerySchema(Schema):
    campaign = identifier(required=True)


class InterviewComparisonSchema(Schema):
    """Satisfied and valid answers of both; null figures have their code in `reasons`."""

    campaign = fields.String()
    headline = fields.String()
    slips = fields.List(fields.Integer())
    interviews = fields.List(fields.Integer())
    handed_out = fields.List(fields.String())
    difference = fields.Function(lambda found: _difference(found.difference))
    corrected = fields.Function(lambda found: _corrected(found.corrected))
    agreement = fields.Function(lambda found: _agreement(found.agreement))
    reasons = fields.Dict(keys=fields.String(), values=fields.String())


class FilledUpSchema(Schema):
    came_in = fields.Integer()


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _difference(found: Any) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"value": float(found.value), "interval": [float(limit) for limit in found.interval], "formula": "Newcombe"}


def _corrected(found: Any) -> dict[str, Any] | None:
    if found is None:
        return None
    limits = [float(limit) for limit in found.interval]
    return {"value": float(found.value), "error": float(found.error), "interval": limits, "pairs": found.pairs.n}


def _agreement(found: Any) -> dict[str, Any] | None:
    if found is None:
        return None
    names = ("p", "shift", "agreement", "kappa")
    return {"pairs": vars(found.pairs), **{name: _number(getattr(found, name)) for name in names}}
