"""Attacks on the procedure of evaluations that were found to work and must not again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import casework
import pytest
from accounts import As, fields_named, refusal
from casework import AUTHORITY, EVALUATOR, NOW, PURCHASER
from outcomes import final_round, lead_people, sign

from service.domain.days import day_of
from service.domain.errors import Refused
from service.domain.evaluate.entries import RoundRatio
from service.domain.evaluate.rounds import Round
from service.domain.procedure.appeals import Appeal
from service.domain.procedure.reviews import Review
from service.operations.acts import act, create_once, load
from service.operations.evaluate import results, rounds
from service.operations.procedure import moves, reviews
from service.store import records, retrying

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


def test_no_result_is_said_to_have_been_served_before_it_was_there(client):
    """A notice of an earlier day would let the time for appeals pass before the provider knows (G55, G56)."""
    casework.make_case_round()
    casework.notify("round-1", NOW, TODAY)
    frozen_on = day_of(NOW)
    there = load(Round, "round-1", "round")
    opened = NOW - timedelta(days=60)
    there = casework.put_round(replace(there, state="reported", notice={}, opened_at=opened))
    for on, status in ((frozen_on - timedelta(days=1), 422), (frozen_on, 409)):
        facts = {"state": "notified", "served_on": on.isoformat(), "channel": "post", "received_by": "前台"}
        answer = As(client, "purchaser").put(f"{ROUND}/state", facts, there.version)
        assert answer.status_code == status, answer.text  # the second lacks nothing but its report
    assert "report_built" in answer.text


def test_a_decision_of_a_review_and_the_result_that_it_makes_are_one_act(client):
    """Two who decide at once, or a crash between the two, left a result that belonged to no decision, or to another."""
    casework.make_case_round()
    casework.notify("round-1", NOW, TODAY)
    casework.set_state("round-1", "appeal")
    appeal = Appeal("appeal-1", "round-1", "project-1", "provider", "Text.", "provider-1", NOW, state="accepted")
    records.insert(replace(appeal, version=2, result="round-1#1"))
    records.insert(Review("appeal-1", "round-1", "project-1", ({"name": "甲", "user": ""},), NOW, "authority-1"))
    edit = casework.edit_of_judgement("round-1")

    decide = (AUTHORITY, NOW, "appeal-1", 2, "upheld", "附件证明制度齐全。")
    with pytest.raises(Refused) as refused:
        reviews.decide(*decide, Racing([edit], lambda: touch("appeal-1")))
    assert refused.value.reason == "stale"
    assert [one.number for one in results.versions("round-1")] == [1]
    decided = reviews.decide(AUTHORITY, NOW, "appeal-1", 3, "upheld", "附件证明制度齐全。", [edit])
    assert (decided.state, decided.result_after, load(Round, "round-1", "round").state) == (
        "decided",
        "round-1#2",
        "final",
    )


class Racing(list):
    """A list during the first reading of which somebody else does something."""

    def __init__(self, parts, meanwhile) -> None:
        super().__init__(parts)
        self.meanwhile = meanwhile

    def __iter__(self):
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        return super().__iter__()


def touch(id: str) -> None:
    """The appeal as somebody else has changed it."""
    there = load(Appeal, id, "appeal")
    changed = replace(there, handled_by="another", version=there.version + 1)
    retrying(lambda tx: records.replace(changed, there.version, tx))


def test_nothing_is_entered_into_a_round_that_moved_on_while_it_was_checked(client):
    """Evidence after the result was frozen belongs to no result (G53)."""
    casework.make_case_round()
    still = rounds.still("round-1", "opened", "scoring")
    casework.set_state("round-1", "reported")
    late = RoundRatio("ratio-1", "round-1", "plans", Decimal(1), Decimal(2), "台账", NOW, EVALUATOR.id)
    with pytest.raises(Refused) as refused:
        create_once("ratio.entered", EVALUATOR, NOW, "project:project-1", late, check=still)
    assert (refused.value.reason, records.find(RoundRatio)) == ("state_conflict", [])


class RacingFacts(dict):
    """Facts of a step; when they are written down, an appeal is filed."""

    def items(self):
        if not records.find(Appeal):
            filed = Appeal("appeal-1", "round-1", "project-1", "provider", "Text.", "provider-1", NOW, state="filed")
            act("appeal.filed", EVALUATOR, NOW, "project:project-1", filed.id, {}, lambda tx: records.insert(filed, tx))
        return super().items()


def test_a_step_asks_its_gates_again_when_something_was_entered_meanwhile(client):
    """An appeal that is filed in the moment in which the result becomes final keeps it from becoming so (G58)."""
    casework.make_case_round()
    there = casework.notify("round-1", NOW, day_of(NOW))
    late = NOW + timedelta(days=30)
    with pytest.raises(Refused) as refused:
        moves.move(PURCHASER, late, "round-1", "final", there.version, RacingFacts(reason="Time is up."))
    assert (refused.value.reason, load(Round, "round-1", "round").state) == ("gate_unmet", "notified")


def test_a_withdrawal_tells_the_public_nobodys_name_or_number(client):
    made, _ = final_round()
    people = lead_people(client)
    drafter = people["drafter"]
    asked = {"id": "pub-1", "disclosure": "active", "legal_basis": "办法六（三）"}
    assert drafter.post(f"/rounds/{made.round.id}/publications", asked).status_code == 201
    sign(people["office"], "pub-1", "office_head", 1)
    sign(people["unit"], "pub-1", "approved", 2)
    assert drafter.put("/publications/pub-1/state", {"state": "published"}, 3).status_code == 200
    gone = {"state": "withdrawn", "reason": "评分人张三（13800138000）要求撤回"}
    refused = refusal(drafter.put("/publications/pub-1/state", gone, 4), 422)
    assert refused["reason"] == "publication_secrets"
    assert fields_named(refused) == {"reason"}


def test_no_case_takes_over_the_files_of_another_one_by_its_id(client):
    """The provider knows the id of the purchaser's appeal, and may not read what is in it (G07)."""
    now = datetime.now(UTC)
    casework.make_case_round()
    casework.notify("round-1", now, TODAY)
    casework.serve_notice(served_on=TODAY, at=now)
    purchaser, provider = As(client, "purchaser"), As(client, "provider")
    asked = {"id": "case-1", "text": casework.TEXT}
    assert purchaser.post(f"{ROUND}/appeals", asked).status_code == 201
    casework.send_picture(purchaser, "/appeals/case-1")
    filed = purchaser.put("/appeals/case-1/filing", {}, 1).json
    refusal(provider.post("/notices/notice-1/objections", asked), 409, "id_taken")
    refusal(provider.get(f"/objections/case-1/attachments/{filed['attachments'][0]['name']}"), 404, "not_found")
    mine = {"id": "case-2", "text": casework.TEXT}
    assert provider.post("/notices/notice-1/objections", mine).status_code == 201
    refusal(provider.post(f"{ROUND}/appeals", mine), 409, "id_taken")
