"""Attacks on the procedure of evaluations that were found to work and must not again."""

from datetime import UTC, datetime

import casework
from accounts import As, fields_named, refusal

from service.domain.days import day_of

ROUND = "/rounds/round-1"
TODAY = day_of(datetime.now(UTC))


def test_no_correction_is_a_number_that_cannot_be_written_out_or_nested_without_end(client):
    casework.make_case_round()
    evaluator = As(client, "evaluator")
    deep: object = "x"
    for _ in range(400):
        deep = {"a": [deep]}
    for value, field in (
        *((one, "edits: judgements.0.score") for one in ("NaN", "sNaN", "Infinity", "1e999999", "1e-999999")),
        (deep, "edits.0.value"),
    ):
        asked = {"kind": "judgements", "node": "plans", "field": "score", "value": value, "reason": "What if?"}
        refused = refusal(evaluator.post(f"{ROUND}/what-if", {"changes": [asked]}), 422, "invalid")
        assert fields_named(refused) == {field}


def test_days_at_the_end_of_the_calendar_break_no_list_of_what_is_due(client):
    casework.make_case_round()
    purchaser, evaluator = As(client, "purchaser"), As(client, "evaluator")
    task = {
        "id": "t",
        "label": "审计",
        "months": 36,
        "from_on": "9998-01-01",
        "to_on": "9999-12-31",
        "whom": "provider",
    }
    made = purchaser.post("/projects/project-1/recurring-tasks", task)
    assert made.status_code == 201, made.text
    assert purchaser.put(f"{ROUND}/judging", {"due_on": "9999-12-31"}, 0).status_code == 200
    assert [one["on"] for one in evaluator.get("/due").json] == ["9999-12-31"]
    address = evaluator.post("/calendar-feeds", {}).json["url"]
    assert client.get(address[address.index("/calendar/") :]).status_code == 200
    plan = {"kind": "month", "contract": "1", "starts_on": "9999-11-01", "ends_on": "9999-12-31"}
    kept = purchaser.put("/projects/project-1/payment-plan", plan, 0)
    assert [one["due_on"] for one in kept.json["instalments"]] == ["9999-12-01", "9999-12-31"]
    assert purchaser.get("/projects/project-1/payment-plan").json == kept.json
