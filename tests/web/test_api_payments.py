"""Payments, renewals and recurring tasks over the API: no result, no money; no result, no further year."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from accounts import As, fields_named, refusal
from demo_round import AUTHORITY, PURCHASER, scheme_text
from factories import ADMIN, EVALUATOR, NOW, make_project
from flask.testing import FlaskClient
from outcomes import attached, failed_round, final_round, finish

from service.domain.errors import Refused
from service.domain.evaluate.corrections import Edit
from service.domain.evaluate.rounds import NOTIFIED
from service.domain.evaluate.schemes import SchemeVersion
from service.domain.procedure.consequences import Continuation
from service.domain.procedure.recurring_tasks import RecurringTask
from service.domain.procedure.renewals import ContractYear
from service.operations import projects
from service.operations.acts import load
from service.operations.evaluate import results, schemes
from service.operations.procedure import consequences, payments, recurring_tasks, renewals
from service.operations.procedure.consequences import Decided
from service.operations.procedure.renewals import Signing
from service.store import records

PLAN: dict[str, Any] = {
    "kind": "stage",
    "contract": "100000.00",
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
    "parts": [
        {"id": "advance", "label": "签订后", "percent": "30", "needs_result": False},
        {"id": "accepted", "label": "考核后", "percent": "65"},
        {"id": "rest", "label": "预留价款", "percent": "5", "retained": True},
    ],
    "factors": {"grades": {"excellent": "100", "good": "100", "pass": "90", "basic-pass": "80", "fail": "50"}},
    "pay_within": {"days": 5, "unit": "working"},
    "document": "合同2026-1",
}
PATH = "/projects/project-1/payments"


def plan(client: FlaskClient, **more: Any) -> As:
    purchaser = As(client, "purchaser")
    answer = purchaser.put("/projects/project-1/payment-plan", PLAN | more, 0)
    assert answer.status_code == 200, answer.text
    return purchaser


@pytest.mark.rule("C05", "C22", "S02", "S09")
def test_without_a_final_result_and_its_report_nothing_is_paid_that_hangs_on_them(client: FlaskClient) -> None:
    made, result = final_round()
    purchaser = plan(client)
    paper = attached(result)
    advance = purchaser.post(PATH, {"id": "pay-1", "instalment": "advance"})
    assert advance.status_code == 201, advance.text
    assert (advance.get_json()["amount"], advance.get_json()["percent"]) == ("30000.00", "100")
    assert purchaser.post(PATH, {"id": "pay-1", "instalment": "advance"}).status_code == 200
    refusal(purchaser.post(PATH, {"id": "pay-2", "instalment": "advance"}), 409, "instalment_asked")
    refusal(purchaser.post(PATH, {"instalment": "accepted"}), 409, "payment_without_result")
    refusal(purchaser.post(PATH, {"instalment": "accepted", "result": "round-9#1"}), 409, "payment_without_result")
    refusal(purchaser.post(PATH, {"instalment": "accepted", "result": result.id}), 409, "payment_without_paper")
    refusal(purchaser.post(PATH, {"instalment": "none"}), 422, "invalid")
    asked = {"id": "pay-3", "instalment": "accepted", "result": result.id, "paper": paper}
    refusal(purchaser.post(PATH, asked | {"paper": "another"}), 409, "payment_without_paper")
    finish("round-1", NOTIFIED)
    refusal(purchaser.post(PATH, asked), 409, "result_not_final")
    finish("round-1")
    assert purchaser.post(PATH, asked).status_code == 201
    refusal(As(client, "provider").post(PATH, asked), 403)
    assert len(As(client, "provider").get(PATH).get_json()) == 2
    assert purchaser.put("/payments/pay-3/paid", {"paid_on": "2026-05-04"}, 1).status_code == 200
    refusal(purchaser.put("/payments/pay-3/paid", {"paid_on": "2026-05-04"}, 2), 409, "state_conflict")
    refusal(purchaser.put("/projects/project-1/payment-plan", PLAN, 1), 409, "plan_in_use")
    accounts = purchaser.get("/projects/project-1/accounts").get_json()
    assert [one["amount"] for one in accounts["payments"]] == ["30000.00", accounts["payments"][1]["amount"]]
    refusal(As(client, "evaluator").get("/projects/project-1/accounts"), 403)
    results.correct(EVALUATOR, NOW, made.round, [Edit("checks", "g35", "errors", 0, "The signature was there.")])
    late = asked | {"id": "pay-4", "instalment": "rest"}
    refusal(purchaser.post(PATH, late), 409, "result_not_final")  # the result has been corrected since


@pytest.mark.rule("G60", "C22", "S02")
def test_a_failed_result_earns_less_a_cut_comes_off_and_the_rest_waits_for_the_tasks(client: FlaskClient) -> None:
    """65,000 × 50 % − 12,000.50; what was kept back is settled once every task is done."""
    _, result = failed_round()
    purchaser, paper = plan(client), attached(result)
    cut = Decided("cut-1", "cut-funds", "applied", "三项任务未完成。", amount=Decimal("12000.50"))
    consequences.decide(PURCHASER, NOW, "round-1", cut)
    tasks = Decided("task-1", "finish-tasks", "applied", "未完成。", grounds=("tasks_unfinished",))
    consequences.decide(PURCHASER, NOW, "round-1", tasks)
    asked = {"id": "pay-1", "instalment": "accepted", "result": result.id, "paper": paper}
    found = purchaser.post(PATH, asked).get_json()
    assert (found["planned"], found["percent"], found["cut"], found["amount"]) == (
        "65000.00", "50", "12000.50", "20499.50",
    )  # fmt: skip
    rest = asked | {"id": "pay-2", "instalment": "rest"}
    assert "1" in refusal(purchaser.post(PATH, rest), 409, "faults_open")["message"]
    there = load(Continuation, "task-1", "task")
    for node in there.open_nodes:
        there = consequences.report(
            EVALUATOR, NOW, "task-1", node, Decimal(there.targets[node]), NOW.date(), "台账", there.version
        )
    found = purchaser.post(PATH, rest).get_json()
    assert (found["cut"], found["amount"]) == ("0", "2500.00")  # the cut was borne by the first


@pytest.mark.rule("S09")
def test_a_payment_is_due_within_working_days(client: FlaskClient) -> None:
    """Asked for on Monday 2 March 2026: five working days end on Monday the 9th."""
    final_round()
    plan(client)
    made, _ = payments.ask(PURCHASER, NOW, "project-1", "pay-1", "advance")
    assert made.pay_by == date(2026, 3, 9)
    [due] = payments.due(["project-1"], date(2026, 3, 10))
    assert (due.on, due.overdue, due.whom) == (date(2026, 3, 9), True, "purchaser")


@pytest.mark.rule("S02")
def test_a_plan_is_kept_under_its_version_and_says_what_is_wrong(client: FlaskClient) -> None:
    make_project()
    purchaser = plan(client)
    refusal(purchaser.put("/projects/project-1/payment-plan", PLAN, 0), 412, "stale")
    assert purchaser.put("/projects/project-1/payment-plan", PLAN | {"contract": "1.00"}, 1).status_code == 200
    parts = [PLAN["parts"][0]]
    wrong = refusal(purchaser.put("/projects/project-1/payment-plan", PLAN | {"parts": parts}, 2), 422, "invalid")
    assert fields_named(wrong) == {"parts"}
    refusal(As(client, "authority").put("/projects/project-1/payment-plan", PLAN, 2), 403)
    shown = As(client, "provider").get("/projects/project-1/payment-plan").get_json()
    assert sum(Decimal(one["amount"]) for one in shown["instalments"]) == Decimal(shown["contract"]) == Decimal("1.00")


def sign(number: int, start: str, end: str, result: str = "") -> ContractYear:
    days = (date.fromisoformat(start), date.fromisoformat(end))
    return renewals.sign(PURCHASER, NOW, "project-1", Signing(f"y{number}", *days, days[0], "合同", result))[0]


FIRST, SECOND = ("2026-03-01", "2027-02-28"), ("2027-03-01", "2028-02-29")


@pytest.mark.rule("C11")
def test_the_years_result_decides_about_the_next(client: FlaskClient) -> None:
    _, result = final_round()
    with pytest.raises(Refused) as refused:
        sign(1, *FIRST, result.id)  # it would be used up, or be another project's
    assert [fault.field for fault in refused.value.faults] == ["result"]
    assert sign(1, *FIRST).number == 1
    with pytest.raises(Refused) as refused:
        sign(2, *SECOND)
    assert refused.value.reason == "renewal_without_result"
    year = {"id": "y2", "from_on": SECOND[0], "to_on": SECOND[1], "signed_on": "2027-02-01", "document": "合同2"}
    purchaser = As(client, "purchaser")
    answer = purchaser.post("/projects/project-1/contract-years", year | {"result": result.id})
    assert (answer.status_code, answer.get_json()["number"]) == (201, 2)
    with pytest.raises(Refused) as refused:
        sign(3, "2028-03-01", "2029-02-28", result.id)  # one result does not renew twice
    assert refused.value.reason == "renewal_without_result"
    assert len(As(client, "provider").get("/projects/project-1/contract-years").get_json()) == 2


@pytest.mark.rule("C11", "G61")
def test_what_failed_is_not_renewed(database: None) -> None:
    _, result = failed_round()
    sign(1, *FIRST)
    with pytest.raises(Refused) as refused:
        sign(2, *SECOND, result.id)
    assert refused.value.reason == "renewal_not_earned"


@pytest.mark.rule("S05")
def test_recurring_tasks_are_due_until_they_are_reported(client: FlaskClient) -> None:
    make_project()
    purchaser, path = As(client, "purchaser"), "/projects/project-1/recurring-tasks"
    task = {
        "id": "audit", "label": "经费审核", "months": 6, "from_on": "2020-01-01", "to_on": "2021-01-01",
        "whom": "purchaser",
    }  # fmt: skip
    assert purchaser.post(path, task).status_code == 201
    assert fields_named(refusal(purchaser.post(path, task | {"id": "x", "to_on": "2019-01-01"}), 422)) == {"to_on"}
    due = recurring_tasks.due(["project-1"], date(2020, 8, 1))
    assert [(one.on, one.overdue) for one in due] == [(date(2020, 7, 1), True), (date(2021, 1, 1), False)]
    report = {"due_on": "2020-07-01", "done_on": "2020-07-03", "text": "账目相符。"}
    refusal(As(client, "authority").post("/recurring-tasks/audit/reports", report), 403, "forbidden")
    refusal(purchaser.post("/recurring-tasks/audit/reports", report | {"due_on": "2020-07-02"}), 422, "invalid")
    assert purchaser.post("/recurring-tasks/audit/reports", report).status_code == 201
    [shown] = purchaser.get(path).get_json()
    assert (shown["open_dates"], len(shown["reports"])) == (["2021-01-01"], 1)


@pytest.mark.rule("C28")
def test_the_accounts_of_a_project_are_one_file_for_auditors(client: FlaskClient) -> None:
    final_round()
    plan(client)
    task = RecurringTask("t", "project-1", "x", 3, NOW.date(), NOW.date() + timedelta(days=365), "purchaser")
    recurring_tasks.set_up(PURCHASER, NOW, task)
    body = As(client, "authority").get("/projects/project-1/accounts").get_json()
    assert (body["format"], body["plan"]["contract"]) == ("minyi-accounts/1", "100000.00")
    assert [one["id"] for one in body["results"]] == ["round-1#1"]
    assert [one["id"] for one in body["recurring_tasks"]] == ["t"]
    refusal(As(client, "authority", "other-org").get("/projects/project-1/accounts"), 404, "not_found")


@pytest.mark.rule("S05", "S04")
def test_a_schemes_own_tasks_are_set_up_over_the_projects_time(client: FlaskClient) -> None:
    """Shanghai's contract: progress each quarter, the funds audited each half-year."""
    project = make_project()
    schemes.publish(AUTHORITY, NOW, scheme_text("shanghai-contract"))
    purchaser, path = As(client, "purchaser"), "/projects/project-1/recurring-tasks/from-scheme"
    [version] = records.find(SchemeVersion, scheme="shanghai-contract")
    refusal(purchaser.post(path, {"scheme": version.id}), 422, "invalid")  # the project has no days yet
    dated = replace(project, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    projects.change_project(ADMIN, NOW, dated, 1)
    found = purchaser.post(path, {"scheme": version.id}).get_json()
    assert sorted(one["months"] for one in found) == [3, 6]
    assert purchaser.post(path, {"scheme": version.id}).get_json() == found
