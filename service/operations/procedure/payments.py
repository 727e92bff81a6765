"""Payments: the plan of a contract, and instalments that are paid on the result's paper (C05, C22, S02)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from service.domain.access import Actor
from service.domain.days import day_of
from service.domain.deadlines import Term
from service.domain.errors import Fault, Refused
from service.domain.evaluate.results import ResultVersion
from service.domain.evaluate.rounds import Round
from service.domain.inspect.follow_ups import VERIFIED, FollowUp
from service.domain.procedure import payments as rules
from service.domain.procedure.consequences import APPLIED, CUT, ConsequenceDecision, Continuation
from service.domain.procedure.due import Due
from service.domain.procedure.money import share
from service.domain.procedure.payments import Instalment, Part, Payment, PaymentPlan
from service.domain.procedure.reports import BUILT, Report
from service.domain.projects import Project
from service.operations import calendars, projects
from service.operations.acts import act, create_once, load, plain
from service.operations.evaluate import results, schemes
from service.operations.procedure.consequences import DONE
from service.store import Tx, records

ZERO = Decimal(0)


@dataclass(frozen=True)
class Asked:
    """A plan as the contract has it."""

    kind: str
    contract: Decimal
    starts_on: date
    ends_on: date
    parts: tuple[Part, ...] = ()
    retained_percent: Decimal = ZERO
    factors: Mapping[str, Any] = field(default_factory=dict)
    pay_within: Mapping[str, Any] = field(default_factory=dict)
    document: str = ""


def plan(actor: Actor, now: datetime, project_id: str, asked: Asked, version: int) -> PaymentPlan:
    """Keep or change a contract's plan; once something was asked for, it stands. Raises Refused: plan_in_use, stale,
    invalid."""
    project = projects.project(actor, project_id, "payments.write")
    period = (asked.starts_on, asked.ends_on)
    parts = rules.instalments(asked.kind, asked.contract, period, asked.parts, asked.retained_percent)
    rules.check_factors(asked.factors, list(grades(project)))
    rules.check_term(asked.pay_within)
    made = PaymentPlan(
        id=project.id,
        kind=asked.kind,
        contract=asked.contract,
        instalments=tuple(_kept(one) for one in parts),
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        retained_percent=asked.retained_percent,
        parts=tuple(_kept(one) for one in asked.parts),
        factors=_texts(asked.factors),
        pay_within=dict(asked.pay_within),
        document=asked.document.strip(),
        version=version + 1,
    )

    def write(tx: Tx) -> None:
        if records.find(Payment, tx, project=project.id):
            raise Refused("plan_in_use")
        if version:
            records.replace(made, version, tx)
        else:
            records.insert(made, tx)

    try:
        act("payment_plan.kept", actor, now, projects.scope(project.id), project.id, plain(vars(made)), write)
    except records.Duplicate:
        raise Refused("stale", version=load(PaymentPlan, project.id, "payment plan").version) from None
    return made


def _kept(one: Instalment | Part) -> dict[str, Any]:
    return {
        name: value if isinstance(value, bool | str) else None if value is None else str(value)
        for name, value in vars(one).items()
    }


def _texts(factors: Mapping[str, Any]) -> dict[str, Any]:
    """Percentages as texts, so that no float comes near them."""
    found: dict[str, Any] = {}
    if factors.get("grades"):
        found["grades"] = {grade: str(percent) for grade, percent in factors["grades"].items()}
    if factors.get("steps"):
        found["steps"] = [{name: str(value) for name, value in step.items()} for step in factors["steps"]]
    return found


def grades(project: Project) -> dict[str, Mapping[str, str]]:
    """The grades of the project's newest scheme with their names by language, or none."""
    found = records.find(Round, project=project.id)
    if not found:
        return {}
    newest = max(found, key=lambda round: round.opened_at)
    return {band.id: band.label for band in schemes.parsed(newest.scheme).bands}


def plan_of(actor: Actor, project_id: str) -> PaymentPlan:
    return load(PaymentPlan, projects.project(actor, project_id, "payments.read").id, "payment plan")


def instalments_of(there: PaymentPlan) -> dict[str, Instalment]:
    read = (_read(one, "amount") for one in there.instalments)
    return {values["id"]: Instalment(**values) for values in read}


def asked_of(there: PaymentPlan) -> dict[str, Any]:
    """The plan as it was asked for, to be changed."""
    return {**vars(there), "parts": [Part(**_read(one, "percent")) for one in there.parts]}


def _read(kept: Mapping[str, Any], number: str) -> dict[str, Any]:
    due_on = date.fromisoformat(kept["due_on"]) if kept.get("due_on") else None
    return {**kept, number: Decimal(kept[number]), "due_on": due_on}


def of_project(actor: Actor, project_id: str) -> list[Payment]:
    return records.find(Payment, project=projects.project(actor, project_id, "payments.read").id)


def ask(
    actor: Actor, now: datetime, project_id: str, id: str, instalment: str, result: str = "", paper: str = ""
) -> tuple[Payment, bool]:
    """Ask for an instalment: what the result earns of it, less what was cut and is still open.

    Raises Refused: payment_without_result, result_not_final, faults_open, factor_missing, instalment_asked, not_found,
    invalid.
    """
    project = projects.project(actor, project_id, "payments.write")
    there = load(PaymentPlan, project.id, "payment plan")
    known = instalments_of(there)
    if instalment not in known:
        options = {"value": instalment, "options": ", ".join(known)}
        raise Refused("invalid", [Fault("instalment", "not_an_option", options)])
    before = records.find(Payment, project=project.id)
    for one in before:
        if one.instalment == instalment:
            if one.id != id:
                raise Refused("instalment_asked", id=instalment)
            return one, False
    made = _asked(now, actor, project, there, known[instalment], before, (id, result, paper))
    check = _unchanged(there, before)
    scope, filled_in = projects.scope(project.id), ("asked_at", "asked_by")
    try:
        return create_once("payment.asked", actor, now, scope, made, filled_in, check=check)
    except Refused as refused:
        if refused.reason == "id_taken" and records.get(Payment, id) is None:
            raise Refused("instalment_asked", id=instalment) from None
        raise


def _unchanged(there: PaymentPlan, before: Sequence[Payment]) -> Callable[[Tx], None]:
    """What was asked for at the same time may have borne the same cut already (G60): then somebody has to ask again."""

    def check(tx: Tx) -> None:
        same = records.get(PaymentPlan, there.id, tx) == there
        if not same or records.find(Payment, tx, project=there.id) != list(before):
            raise Refused("busy")

    return check


def _asked(
    now: datetime,
    actor: Actor,
    project: Project,
    there: PaymentPlan,
    one: Instalment,
    before: Sequence[Payment],
    said: tuple[str, str, str],
) -> Payment:
    id, result_id, paper = said
    result = _result(project, one, result_id, paper)
    if one.retained:
        _require_cleared(project)
    percent = rules.HUNDRED if result is None else _percent(there, result)
    earned = share(one.amount, percent)
    taken = rules.cut_off(earned, _cuts_left(project, before)) if result is not None else {}
    cut = sum(taken.values(), ZERO)
    pay_by = None
    if there.pay_within:
        term = Term(int(there.pay_within["days"]), str(there.pay_within["unit"]))
        pay_by = calendars.deadline(day_of(now), term).on
    return Payment(
        id=id,
        project=project.id,
        instalment=one.id,
        planned=one.amount,
        percent=percent,
        cut=cut,
        amount=earned - cut,
        asked_at=now,
        asked_by=actor.id,
        result=result_id,
        paper=paper,
        cuts={decision: str(amount) for decision, amount in taken.items()},
        pay_by=pay_by,
    )


def _result(project: Project, one: Instalment, result_id: str, paper: str) -> ResultVersion | None:
    """The final result that was attached; its paper is the report that was built of it (C22)."""
    if not result_id and not one.needs_result and not one.retained:
        return None
    result = records.get(ResultVersion, result_id) if result_id else None
    if result is None:
        raise Refused("payment_without_result", id=one.id)
    round = load(Round, result.round, "round")
    if round.project != project.id:
        raise Refused("not_found", noun="result")
    latest = results.latest(round.id)
    if round.state not in DONE or latest is None or latest.id != result.id:
        raise Refused("result_not_final", state=round.state)
    report = records.get(Report, paper) if paper else None
    if report is None or (report.round, report.result, report.state) != (round.id, result.id, BUILT):
        raise Refused("payment_without_paper", id=one.id)
    return result


def _percent(there: PaymentPlan, result: ResultVersion) -> Decimal:
    try:
        return rules.factor(there.factors, result.grade, result.total)
    except KeyError:
        raise Refused("factor_missing", grade=result.grade) from None


def _require_cleared(project: Project) -> None:
    """What was kept back is settled once every fault is cleared and every task done (S02)."""
    follow_ups = [one.id for one in records.find(FollowUp, project=project.id) if one.state != VERIFIED]
    tasks = [one.id for one in records.find(Continuation, project=project.id) if one.done_on is None]
    if follow_ups or tasks:
        raise Refused("faults_open", count=len(follow_ups) + len(tasks))


def _cuts_left(project: Project, before: Sequence[Payment]) -> dict[str, Decimal]:
    """Decision -> what of its cut no payment has borne yet (G60)."""
    left = {}
    for one in records.find(ConsequenceDecision, project=project.id):
        if (one.action, one.outcome) == (CUT, APPLIED) and one.amount is not None:
            borne = sum((Decimal(payment.cuts.get(one.id, "0")) for payment in before), ZERO)
            left[one.id] = one.amount - borne
    return left


def one(actor: Actor, id: str, action: str = "payments.read") -> Payment:
    """One payment."""
    there = load(Payment, id, "payment")
    projects.project(actor, there.project, action)
    return there


def paid(actor: Actor, now: datetime, id: str, on: date, version: int) -> Payment:
    """Say on which day it was paid. Raises Refused: state_conflict, stale, invalid."""
    there = load(Payment, id, "payment")
    projects.project(actor, there.project, "payments.write")
    if there.paid_on is not None:
        raise Refused("state_conflict", noun="payment", state="paid")
    if on > day_of(now):
        raise Refused("invalid", [Fault("paid_on", "day_to_come", {"today": day_of(now).isoformat()})])
    changed = replace(there, paid_on=on, version=version + 1)
    scope, details = projects.scope(there.project), {"on": on.isoformat(), "amount": str(there.amount)}
    act("payment.paid", actor, now, scope, id, details, lambda tx: records.replace(changed, version, tx))
    return changed


def due(project_ids: Sequence[str], today: date) -> list[Due]:
    """What was asked for and is not paid yet."""
    found = records.find(Payment, project=tuple(project_ids)) if project_ids else []
    return [
        Due(one.project, "", "payment", one.id, LABEL, one.pay_by, False, "purchaser", one.pay_by < today)
        for one in found
        if one.pay_by is not None and one.paid_on is None
    ]


LABEL = {"zh-Hans": "支付合同款项", "zh-Hant": "支付合同款項", "en": "Pay an instalment of the contract"}
