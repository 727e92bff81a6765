"""The desk's pages of a contract's payments: the plan with its instalments, what was asked for and paid."""

from dataclasses import replace
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from schemas.procedure.payments import PaidSchema, PaymentPlanRequestSchema, PaymentSchema
from service.domain import access
from service.domain.deadlines import UNITS
from service.domain.errors import Refused
from service.domain.evaluate.rounds import FINAL, PUBLISHED
from service.domain.procedure.payments import KINDS, Part, PaymentPlan
from service.domain.procedure.reports import BUILT
from service.domain.projects import Project
from service.operations import organisations, projects
from service.operations.evaluate import result_readers, rounds
from service.operations.procedure import payments, reports
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import Field, Form, Steps
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.procedure.act_pages import act_page, project_steps
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import local, moment, word

PLAN = Form(
    PaymentPlanRequestSchema,
    (
        Field("kind", N_("How it is paid"), "choice"),
        Field("contract", N_("Sum of the contract in yuan"), "decimal"),
        Field("starts_on", N_("First day"), "date"),
        Field("ends_on", N_("Last day"), "date"),
        Field("retained_percent", N_("Percent kept back until the end"), "decimal", N_("Not for payment by stages.")),
        Field(
            "parts",
            N_("Stages"),
            "rows",
            N_("For payment by stages: their percentages make 100."),
            rows=(
                Field("id", N_("Short name")),
                Field("label", N_("Stage")),
                Field("percent", N_("Percent"), "decimal"),
                Field("due_on", N_("Due on"), "date"),
                Field("needs_result", N_("Needs the result"), "check"),
                Field("retained", N_("Kept back"), "check"),
            ),
            spare=4,
        ),
        Field(
            "factors.steps",
            N_("Share that a score earns"),
            "rows",
            N_("Steps upwards from 0. Without steps and without shares by grade everything is paid."),
            rows=(
                Field("from_score", N_("From score"), "decimal"),
                Field("percent", N_("Percent"), "decimal"),
            ),
        ),
        Field("pay_within.days", N_("Days to pay after it was asked for"), "number"),
        Field("pay_within.unit", N_("Days are"), "choice"),
        Field("document", N_("Contract")),
    ),
)
ASK = Form(
    PaymentSchema,
    (
        Field("id", "", "new_id"),
        Field("instalment", N_("Instalment"), "choice"),
        Field("result", N_("Result that it rests on"), "choice"),
        Field("paper", N_("Report of that result"), "choice"),
    ),
)
PAID = Form(PaidSchema, (Field("paid_on", N_("Paid on"), "date"),))


@blueprint.get("/projects/<id>/payments", endpoint="payments")
@requires("payments.read")
@way("project", N_("Payments"), "payments.read", heading=N_("What follows"), order=76, endpoint="payments")
def list_payments(id: str) -> Response:
    """The plan, and each instalment with what became of it."""
    project = projects.project(actor(), id, "payments.read")
    plan = _plan(id)
    asked = {one.instalment: one for one in payments.of_project(actor(), id)}
    return page(
        "procedure/payments.html",
        project=project,
        plan=plan,
        instalments=list(payments.instalments_of(plan).values()) if plan else [],
        asked=asked,
        grades=payments.grades(project),
        writes=access.may(actor(), "payments.write", project.parties),
        people=organisations.colleagues(actor()),
    )


def _plan(id: str) -> PaymentPlan | None:
    try:
        return payments.plan_of(actor(), id)
    except Refused as refused:
        if refused.reason != "not_found":
            raise
        return None


def _path(project: Project) -> Steps:
    return [
        *project_steps(project),
        (_("Payments"), url_for("desk.payments", id=project.id)),
    ]


@blueprint.route("/projects/<id>/payment-plan", methods=["GET", "POST"])
@requires("payments.write")
def payment_plan(id: str) -> Response:
    """Keep the contract's plan; once something was asked for, it stands."""
    project = projects.project(actor(), id, "payments.write")
    plan = _plan(id)

    def keep(values: dict[str, Any], version: int) -> Any:
        parts = tuple(Part(**part) for part in values.pop("parts"))
        return payments.plan(actor(), now(), id, payments.Asked(**values, parts=parts), version)

    def current() -> tuple[dict[str, Any], int]:
        there = payments.plan_of(actor(), id)
        return payments.asked_of(there), there.version

    return act_page(
        _plan_form(project, plan),
        (_("Payment plan"), _("Keep the plan")),
        _path(project),
        keep,
        lambda _made: url_for("desk.payments", id=id),
        values=payments.asked_of(plan) if plan else {"starts_on": project.starts_on, "ends_on": project.ends_on},
        version=plan.version if plan else None,
        current=current,
        lead=_("Once an instalment was asked for, the plan stands."),
    )


def _plan_form(project: Project, plan: PaymentPlan | None) -> Form:
    """The form with a field for each grade of the scheme, and for those that the plan has kept of an older one."""
    labels = {grade: local(label) for grade, label in payments.grades(project).items()}
    kept = (plan.factors.get("grades") or {}) if plan else {}
    by_grade = tuple(
        Field(f"factors.grades.{grade}", _("Percent that “%(grade)s” earns", grade=label), "decimal", required=False)
        for grade, label in {**{grade: grade for grade in kept}, **labels}.items()
    )
    place = next(at for at, one in enumerate(PLAN.fields) if one.name == "factors.steps")
    form = replace(PLAN, fields=(*PLAN.fields[:place], *by_grade, *PLAN.fields[place:]))
    return form.having(
        {
            "kind": [(one, word("payment_kind", one)) for one in KINDS],
            "pay_within.unit": [(one, word("day_unit", one)) for one in UNITS],
        }
    )


@blueprint.route("/projects/<id>/payments/new", methods=["GET", "POST"])
@requires("payments.write")
def ask_for_payment(id: str) -> Response:
    """Ask for an instalment, with the result and the report that it rests on."""
    project = projects.project(actor(), id, "payments.write")
    plan = payments.plan_of(actor(), id)
    known = payments.instalments_of(plan)
    form = ASK.having(
        {
            "instalment": [(one.id, f"{one.label} – {one.amount}") for one in known.values()],
            **papers(project),
        }
    )
    return act_page(
        form,
        (_("Ask for an instalment"), _("Ask for it")),
        _path(project),
        lambda values, _version: payments.ask(actor(), now(), id, **values),
        lambda _made: url_for("desk.payments", id=id),
        values={"instalment": request.args.get("instalment", "")},
        lead=_("What depends on the result is paid on the final result and its own report only."),
    )


def papers(project: Project) -> dict[str, list[tuple[str, str]]]:
    """The results that stand and are final, and the reports that were built of them."""
    results, papers = [], []
    for row in rounds.listed(actor(), project=project.id):
        found = result_readers.of_round(actor(), row.id) if row.state in (FINAL, PUBLISHED) else []
        if not found:
            continue
        results.append((found[-1].id, f"{row.name}: {found[-1].total}"))
        built = [
            one for one in reports.of_round(actor(), now(), row.id) if (one.result, one.state) == (found[-1].id, BUILT)
        ]
        papers += [(one.id, f"{row.name}, {moment(one.asked_at).striptags()}") for one in built]
    return {"result": results, "paper": papers}


@blueprint.route("/payments/<id>/paid", methods=["GET", "POST"])
@requires("payments.write")
def payment_paid(id: str) -> Response:
    """Say on which day it was paid."""
    there = payments.one(actor(), id, "payments.write")
    return act_page(
        PAID,
        (_("Record the payment"), _("Record it")),
        _path(projects.project(actor(), there.project)),
        lambda values, version: payments.paid(actor(), now(), id, values["paid_on"], version),
        lambda made: url_for("desk.payments", id=made.project),
        version=there.version,
    )
