"""Payment plans and payments; the years of a contract; tasks that recur."""

from decimal import Decimal

from marshmallow import fields, validate

from schemas.base import Schema, exact, identifier, moment, new_id, text
from service.domain.deadlines import UNITS
from service.domain.procedure.payments import KINDS, MOST_INSTALMENTS
from service.domain.procedure.recurring_tasks import MOST_MONTHS, PARTS


class StageSchema(Schema):
    id = identifier(required=True)
    label = text(required=True)
    percent = exact(required=True)
    needs_result = fields.Boolean(load_default=True)
    retained = fields.Boolean(load_default=False)


class PartSchema(StageSchema):
    """What the contract says of one stage; all percentages make 100."""

    due_on = fields.Date(load_default=None, allow_none=True)


class KeptPartSchema(StageSchema):
    due_on = fields.String(allow_none=True, metadata={"format": "date"})  # kept as it is written


class FactorStepSchema(Schema):
    from_score = exact(required=True)
    percent = exact(required=True)


class FactorsSchema(Schema):
    """What share of an instalment a result earns, by grade or by score; neither: all of it."""

    grades = fields.Dict(keys=identifier(), values=exact(), load_default=None, allow_none=True)
    steps = fields.List(
        fields.Nested(FactorStepSchema), load_default=None, allow_none=True, validate=validate.Length(max=100)
    )


class PayWithinSchema(Schema):
    days = fields.Integer(required=True, validate=validate.Range(1, 365))
    unit = fields.String(required=True, validate=validate.OneOf(UNITS))


class InstalmentSchema(Schema):
    id = fields.String()
    label = fields.String()
    amount = exact()
    due_on = fields.String(allow_none=True, metadata={"format": "date"})  # kept as it is written
    needs_result = fields.Boolean()
    retained = fields.Boolean()


class PaymentPlanRequestSchema(Schema):
    """`parts` for a contract that is paid by stages, `retained_percent` for the others."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    contract = exact(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    parts = fields.List(fields.Nested(PartSchema), load_default=list, validate=validate.Length(max=MOST_INSTALMENTS))
    retained_percent = exact(load_default=lambda: Decimal(0))
    factors = fields.Nested(FactorsSchema, load_default=dict)
    pay_within = fields.Nested(PayWithinSchema, load_default=dict)
    document = text(200, least=0, load_default="")


class PaymentPlanSchema(Schema):
    """What was asked for, and the instalments that follow from it: they add up to the contract's sum."""

    id = fields.String()
    kind = fields.String()
    contract = exact()
    instalments = fields.List(fields.Nested(InstalmentSchema))
    factors = fields.Dict()
    pay_within = fields.Dict()
    document = fields.String()
    starts_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)
    retained_percent = exact()
    parts = fields.List(fields.Nested(KeptPartSchema))
    version = fields.Integer()


class PaymentSchema(Schema):
    """One instalment as asked for: planned × percent − cut = amount. `paper`: the report built of the result."""

    id = new_id()
    instalment = identifier(required=True)
    result = text(120, least=0, load_default="")
    paper = text(120, least=0, load_default="")
    project = fields.String(dump_only=True)
    planned = exact(dump_only=True)
    percent = exact(dump_only=True)
    cut = exact(dump_only=True)
    amount = exact(dump_only=True)
    cuts = fields.Dict(keys=fields.String(), values=fields.String(), dump_only=True)
    asked_at = moment(dump_only=True)
    asked_by = fields.String(dump_only=True)
    pay_by = fields.Date(dump_only=True, allow_none=True)
    paid_on = fields.Date(dump_only=True, allow_none=True)
    version = fields.Integer(dump_only=True)


class PaidSchema(Schema):
    paid_on = fields.Date(required=True)


class ContractYearSchema(Schema):
    """One signed year; from the second on with the result it rests on."""

    id = new_id()
    from_on = fields.Date(required=True)
    to_on = fields.Date(required=True)
    signed_on = fields.Date(required=True)
    document = text(200, required=True)
    result = text(120, least=0, load_default="")
    reason = text(4000, least=0, load_default="")
    number = fields.Integer(dump_only=True)
    project = fields.String(dump_only=True)
    at = moment(dump_only=True)
    by = fields.String(dump_only=True)


class RecurringTaskSchema(Schema):
    id = new_id()
    label = text(required=True)
    months = fields.Integer(required=True, validate=validate.Range(1, MOST_MONTHS))
    from_on = fields.Date(required=True)
    to_on = fields.Date(required=True)
    whom = fields.String(required=True, validate=validate.OneOf(PARTS))
    basis = text(400, least=0, load_default="")
    project = fields.String(dump_only=True)
    version = fields.Integer(dump_only=True)


class FromSchemeSchema(Schema):
    scheme = identifier(required=True)


class TaskReportSchema(Schema):
    due_on = fields.Date(required=True)
    done_on = fields.Date(required=True)
    text = text(4000, required=True)
    id = fields.String(dump_only=True)
    task = fields.String(dump_only=True)
    at = moment(dump_only=True)
    by = fields.String(dump_only=True)


class TaskWithDatesSchema(Schema):
    task = fields.Nested(RecurringTaskSchema)
    open_dates = fields.List(fields.Date())
    reports = fields.List(fields.Nested(TaskReportSchema))


class AccountsSchema(Schema):
    """All records of a project's money and duties as they are kept."""

    format = fields.String()
    project = fields.Dict()
    plan = fields.Dict(allow_none=True)
    payments = fields.List(fields.Dict())
    contract_years = fields.List(fields.Dict())
    results = fields.List(fields.Dict())
    decisions = fields.List(fields.Dict())
    bans = fields.List(fields.Dict())
    continuations = fields.List(fields.Dict())
    recurring_tasks = fields.List(fields.Dict())
    task_reports = fields.List(fields.Dict())
    publications = fields.List(fields.Dict())
    remedies = fields.Dict()
