"""Payments, the years of a contract, and tasks that recur."""

from typing import Any

from flask.views import MethodView

from schemas.procedure.payments import (
    AccountsSchema,
    ContractYearSchema,
    FromSchemeSchema,
    PaidSchema,
    PaymentPlanRequestSchema,
    PaymentPlanSchema,
    PaymentSchema,
    RecurringTaskSchema,
    TaskReportSchema,
    TaskWithDatesSchema,
)
from service.domain.procedure.payments import Part
from service.domain.procedure.recurring_tasks import RecurringTask, TaskReport
from service.operations.procedure import accounts, payments, recurring_tasks, renewals
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits

blp = Blueprint("payments", __name__, description="What a contract pays, and what it asks for again and again")


@blp.route("/projects/<id>/payment-plan")
class PaymentPlan(MethodView):
    @requires("payments.read")
    @blp.response(200, PaymentPlanSchema)
    def get(self, id: str) -> Any:
        """How the contract is paid; ETag is the plan's version"""
        return tagged(payments.plan_of(actor(), id))

    @requires("payments.write")
    @blp.arguments(PaymentPlanRequestSchema)
    @blp.response(200, PaymentPlanSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Keep the plan of a contract; If-Match is the version that was read, 0 for the first"""
        parts = tuple(Part(**part) for part in values.pop("parts"))
        asked = payments.Asked(**values, parts=parts)
        return tagged(payments.plan(actor(), now(), id, asked, if_match()))


@blp.route("/projects/<id>/payments")
class Payments(MethodView):
    @requires("payments.read")
    @blp.response(200, PaymentSchema(many=True))
    def get(self, id: str) -> Any:
        """What was asked for and paid"""
        return payments.of_project(actor(), id)

    @requires("payments.write")
    @blp.arguments(PaymentSchema)
    @blp.response(201, PaymentSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Ask for an instalment; without the result and its report none that depends on them is paid"""
        return made(payments.ask(actor(), now(), id, **with_id(values)))


@blp.route("/payments/<id>/paid")
class Paid(MethodView):
    @requires("payments.write")
    @blp.arguments(PaidSchema)
    @blp.response(200, PaymentSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Say on which day it was paid; If-Match is the version that was read"""
        return tagged(payments.paid(actor(), now(), id, values["paid_on"], if_match()))


@blp.route("/projects/<id>/contract-years")
class ContractYears(MethodView):
    @requires("renewals.read")
    @blp.response(200, ContractYearSchema(many=True))
    def get(self, id: str) -> Any:
        """The signed years of a contract"""
        return renewals.of_project(actor(), id)

    @requires("renewals.write")
    @blp.arguments(ContractYearSchema)
    @blp.response(201, ContractYearSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Sign the first year, or a further one on the result of the year before"""
        return made(renewals.sign(actor(), now(), id, renewals.Signing(**with_id(values))))


@blp.route("/projects/<id>/recurring-tasks")
class RecurringTasks(MethodView):
    @requires("recurring_tasks.read")
    @blp.response(200, TaskWithDatesSchema(many=True))
    def get(self, id: str) -> Any:
        """Tasks that recur, the dates still open and the reports"""
        return recurring_tasks.of_project(actor(), id)

    @requires("recurring_tasks.write")
    @blp.arguments(RecurringTaskSchema)
    @blp.response(201, RecurringTaskSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Set up a task that recurs"""
        return made(recurring_tasks.set_up(actor(), now(), RecurringTask(**with_id(values), project=id)))


@blp.route("/projects/<id>/recurring-tasks/from-scheme")
class TasksFromScheme(MethodView):
    @requires("recurring_tasks.write")
    @blp.arguments(FromSchemeSchema)
    @blp.response(200, RecurringTaskSchema(many=True))
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Set up what a scheme asks for every so often, over the project's time"""
        return recurring_tasks.from_scheme(actor(), now(), id, values["scheme"])


@blp.route("/recurring-tasks/<id>/reports")
class TaskReports(MethodView):
    @requires("recurring_tasks.report")
    @blp.arguments(TaskReportSchema)
    @blp.response(201, TaskReportSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Report what was found on one of the task's dates"""
        said = TaskReport(id="", task=id, project="", at=now(), by=actor().id, **values)
        return made(recurring_tasks.report(actor(), now(), said))


@blp.route("/projects/<id>/accounts")
class Accounts(MethodView):
    @requires("accounts.read")
    @blp.response(200, AccountsSchema)
    def get(self, id: str) -> Any:
        """Contract, payments, results and what followed, in one, for auditors and finance"""
        return accounts.of_project(actor(), id)
