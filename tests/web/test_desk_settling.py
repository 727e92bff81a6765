"""Money, years and tasks of a contract, approval of the evaluator, agencies and change rates at the desk."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from acting import refused, saved, words
from at_desk import Desk
from factories import ADMIN, NOW, make_project
from outcomes import attached, final_round
from self_evaluated import another_project, another_round, open_round

from service.domain.days import day_of
from service.domain.evaluate.rounds import Round
from service.domain.procedure.agency_assessments import AgencyAssessment
from service.domain.procedure.approvals import EvaluatorApproval
from service.domain.procedure.change_rates import ChangePairs
from service.domain.procedure.payments import Payment
from service.domain.procedure.recurring_tasks import RecurringTask
from service.operations.acts import load
from service.operations.evaluate.judgements import RoundJudgement
from service.operations.procedure import payments
from service.store import records

PROJECT = "/desk/projects/project-1"
PDF = b"%PDF-1.4\n" + b"x" * 40 + b"\nstartxref\n9\n%%EOF\n"
PLAN = {"kind": "stage", "contract": "100,000.00", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
PARTS = {
    "parts__0__id": "advance",
    "parts__0__label": "签订后",
    "parts__0__percent": "30",
    "parts__1__id": "accepted",
    "parts__1__label": "考核后",
    "parts__1__percent": "70",
    "parts__1__needs_result": "1",
}


def nothing_for_others(app, *paths: str) -> None:
    for role in ("provider", "purchaser", "authority", "evaluator"):
        for path in paths:
            assert Desk(app, role, "other-org").open(path).status_code in (403, 404), (role, path)


@pytest.mark.rule("C05", "C22", "S02")
def test_a_contract_is_planned_asked_for_and_paid(app, database):
    _, result = final_round()
    paper = attached(result)
    purchaser, page = Desk(app, "purchaser"), f"{PROJECT}/payments"
    assert "There is no plan yet" in purchaser.open(page).text
    refused(purchaser, f"{PROJECT}/payment-plan", 422, "Stages", **PLAN, **PARTS | {"parts__1__percent": "60"})
    within = {"pay_within__days": "5", "pay_within__unit": "working"}
    shown = saved(purchaser, f"{PROJECT}/payment-plan", **PLAN, **PARTS, **within)
    assert "30000.00" in shown
    assert "70000.00" in shown
    # The plan can be looked at and changed until something was asked for.
    late = Desk(app, "purchaser")
    assert 'value="70"' in late.open(f"{PROJECT}/payment-plan").text
    grades = {f"factors__grades__{grade}": "100" for grade in ("excellent", "good", "pass", "basic-pass")}
    refused(purchaser, f"{PROJECT}/payment-plan", 422, "Percent that “Fail”", **grades)
    assert "Excellent: 100 %" in saved(purchaser, f"{PROJECT}/payment-plan", **grades, factors__grades__fail="50")
    shown = late.send(f"{PROJECT}/payment-plan", document="合同2")
    assert (shown.status_code, "Somebody else saved this meanwhile" in shown.text) == (412, True)
    new = f"{page}/new"
    refused(purchaser, new, 409, "result", instalment="accepted", result="", paper="")
    asked = {"instalment": "accepted", "result": result.id, "paper": paper}
    assert "asked for" in saved(purchaser, new, **asked)
    refused(purchaser, f"{PROJECT}/payment-plan", 409, "stands", **PLAN, **PARTS)
    [payment] = records.find(Payment)
    ahead = (day_of(datetime.now(UTC)) + timedelta(days=2)).isoformat()
    refused(purchaser, f"/desk/payments/{payment.id}/paid", 422, "Paid on", paid_on=ahead)
    today = day_of(datetime.now(UTC)).isoformat()
    assert f"paid on {today}" in saved(purchaser, f"/desk/payments/{payment.id}/paid", paid_on=today)
    assert "70000.00" in Desk(app, "provider").open(page).text
    assert Desk(app, "provider").open(new).status_code == 403
    assert payments.due(["project-1"], day_of(datetime.now(UTC))) == []
    nothing_for_others(app, page, new, f"/desk/payments/{payment.id}/paid")

    years, sign = f"{PROJECT}/contract-years", f"{PROJECT}/contract-years/new"
    year = {"from_on": "2025-01-01", "to_on": "2025-12-31", "signed_on": "2025-01-01", "document": "合同一"}
    refused(purchaser, sign, 422, "Last day", **year | {"to_on": "2024-12-31"})
    assert "合同一" in saved(purchaser, sign, **year)
    further = {"from_on": "2026-01-01", "to_on": "2026-12-31", "signed_on": "2026-01-01", "document": "合同二"}
    refused(purchaser, sign, 409, "result", **further, result="")
    assert result.id in saved(purchaser, sign, **further, result=result.id)
    nothing_for_others(app, years)


@pytest.mark.rule("S05")
def test_tasks_recur_and_are_reported_by_whose_they_are(app, database):
    make_project()
    purchaser, page = Desk(app, "purchaser"), f"{PROJECT}/recurring-tasks"
    wanted = {
        "label": "季度服务报告",
        "months": "3",
        "from_on": "2026-01-01",
        "to_on": "2026-12-31",
        "whom": "provider",
    }
    refused(purchaser, f"{page}/new", 422, "Every how many months", **wanted | {"months": "0"})
    assert "季度服务报告" in saved(purchaser, f"{page}/new", **wanted)
    [task] = records.find(RecurringTask)
    provider, report = Desk(app, "provider"), f"/desk/recurring-tasks/{task.id}/report"
    day = provider.open(page).text.partition("?on=")[2][:10]
    said = {"due_on": day, "done_on": day_of(datetime.now(UTC)).isoformat(), "text": "已完成并归档。"}
    refused(provider, report, 422, "What was done and found", **said | {"text": ""})
    assert "已完成并归档。" in saved(provider, report, **said)
    purchaser.open(report)
    assert purchaser.send(report, **said).status_code == 403
    assert "季度服务报告" in provider.open("/desk/due").text
    assert f'href="{page}"' in provider.page.text
    refused(purchaser, f"{page}/from-scheme", 422, "Scheme", scheme="")
    nothing_for_others(app, page, report)


@pytest.mark.rule("G06")
def test_the_evaluator_is_proposed_with_papers_and_decided_on(app, database):
    make_project()
    purchaser, authority, evaluator = Desk(app, "purchaser"), Desk(app, "authority"), Desk(app, "evaluator")
    page = f"{PROJECT}/evaluator-approvals"
    saved(purchaser, f"{page}/new", organisation="evaluator-org")
    refused(purchaser, f"{page}/new", 409, "proposed", organisation="evaluator-org")
    [one] = records.find(EvaluatorApproval)
    here = f"/desk/evaluator-approvals/{one.id}"
    assert here in purchaser.open(page).text
    refused(evaluator, f"{here}/papers", 422, "File", file=(BytesIO(b"<html>"), "a.pdf"))
    assert "PDF" in saved(evaluator, f"{here}/papers", file=(BytesIO(PDF), "a.pdf"))
    [name] = [text[:32] for text in evaluator.page.text.split(f"{here}/papers/")[1:]]
    assert evaluator.open(f"{here}/papers/{name}").data == PDF
    refused(evaluator, f"{here}/filing", 422, "capability", qualification=[name])
    assert "proves its capability" in saved(evaluator, f"{here}/filing", qualification=[name], capability=[name])
    assert evaluator.open(f"{here}/decision").status_code == 403
    refused(authority, f"{here}/decision", 422, "Reason", state="refused", reason="")
    assert "approved" in saved(authority, f"{here}/decision", state="approved")
    assert Desk(app, "provider").open(page).status_code == 403
    nothing_for_others(app, page, here, f"{here}/papers/{name}")


@pytest.mark.rule("G31")
def test_what_was_found_of_an_agency_is_kept_and_referred_to(app, database):
    open_round("evidence")
    another_project("project-2")
    another_round("round-2", "project-2")
    evaluator = Desk(app, "evaluator")
    page, new = "/desk/rounds/round-1/agency-assessments", "/desk/rounds/round-1/agency-assessments/new"
    period = {"node": "g31", "period_from": "2026-01-01", "period_to": "2026-12-31"}
    refused(evaluator, new, 422, "Indicator", **period)  # nobody has judged it yet
    records.insert(RoundJudgement("j-1", "round-1", "g31", "评分人甲", Decimal(70), "查阅了资料。", NOW, ADMIN.id))
    assert "70.00" in saved(evaluator, new, **period)
    [one] = records.find(AgencyAssessment)
    refer = "/desk/rounds/round-2/agency-references"
    wrong = {"references__0__node": "g32", "references__0__assessment": one.id}
    refused(evaluator, refer, 422, "Refer to assessments", **wrong)
    right = wrong | {"references__0__node": "g31"}
    assert "stands for" in saved(evaluator, refer, **right)
    assert load(Round, "round-2", "round").references == {"g31": one.id}
    assert Desk(app, "provider").open(page).status_code == 403
    nothing_for_others(app, page, refer)


@pytest.mark.rule("G26")
def test_a_change_rate_is_sent_by_the_provider_and_looked_up_by_the_group(app, database):
    open_round()
    provider, evaluator = Desk(app, "provider"), Desk(app, "evaluator")
    page = "/desk/rounds/round-1/change-rates"
    pairs = {}
    for place, (serial, before, after) in enumerate((("P1", "20", "10"), ("P2", "18", "13"), ("P3", "16", ""))):
        row = {"serial": serial, "before": before, "after": after}
        pairs |= {f"pairs__{place}__{name}": text for name, text in row.items()}
    sent = {"node": "g26", "instrument": "PHQ-9", "better": "lower", "least": "5"}
    refused(provider, f"{page}/new", 422, "Least change", **sent | {"least": "0"}, **pairs)
    assert "2 of 2 improved" in saved(provider, f"{page}/new", **sent, **pairs)
    [one] = records.find(ChangePairs)
    verdict = f"/desk/change-rates/{one.id}/verdict"
    struck = {"struck__0__serial": "P2", "struck__0__reason": "档案中没有后测表"}
    refused(evaluator, verdict, 422, "Looked up", checked=[], **struck)
    assert "1 of 2 improved" in saved(evaluator, verdict, checked=["P1", "P2"], **struck)
    assert provider.open(verdict).status_code == 403
    assert Desk(app, "purchaser").open(page).status_code == 403
    assert "PHQ-9" in words(evaluator)
    nothing_for_others(app, page, verdict)
