"""Consequences over the API: who decides, what comes of it, and where a ban is met again."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from accounts import As, fields_named, refusal
from demo_round import PURCHASER
from factories import ADMIN, NOW
from flask.testing import FlaskClient
from outcomes import failed_round, final_round, finish, under_variant

from service.domain.errors import Refused
from service.domain.evaluate.rounds import NOTIFIED, Round
from service.domain.procedure.consequences import ConsequenceDecision
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import load
from service.operations.procedure import consequences, due
from service.operations.procedure.consequences import Decided
from service.store import records, retrying

PATH = "/rounds/round-1/consequences"


def statuses(answer: Any) -> dict[str, str]:
    assert answer.status_code == 200, answer.text
    return {one["consequence"]["id"]: one["status"] for one in answer.get_json()}


@pytest.mark.rule("G59", "G60", "G61", "G62", "G63")
def test_a_failed_result_has_its_consequences_and_a_good_one_none(client: FlaskClient) -> None:
    final_round()
    purchaser = As(client, "purchaser")
    assert set(statuses(purchaser.get(PATH)).values()) == {"no"}
    refusal(
        purchaser.post(PATH, {"consequence": "reward", "outcome": "applied", "reason": "x"}), 409, "consequence_none"
    )
    finish("round-1", NOTIFIED)
    refusal(purchaser.get(PATH), 409, "result_not_final")


@pytest.mark.rule("G60", "G61", "G62", "G63")
def test_the_lead_decides_and_each_decision_brings_what_it_says(client: FlaskClient) -> None:
    failed_round()
    purchaser = As(client, "purchaser")
    found = statuses(purchaser.get(PATH))
    assert found == {
        "reward": "no", "cut-funds": "applies", "barred": "applies", "finish-tasks": "on_grounds",
        "disqualify": "on_grounds",
    }  # fmt: skip
    assert statuses(purchaser.get(f"{PATH}?grounds=tasks_unfinished"))["finish-tasks"] == "applies"
    refusal(purchaser.get(f"{PATH}?grounds=luck"), 422, "invalid")
    cut = {"id": "cut-1", "consequence": "cut-funds", "outcome": "applied", "reason": "三项任务未完成。"}
    refusal(As(client, "authority").post(PATH, cut), 403, "not_lead")
    refusal(As(client, "provider").post(PATH, cut), 403)
    assert fields_named(refusal(purchaser.post(PATH, cut), 422, "invalid")) == {"amount"}
    refusal(purchaser.post(PATH, cut | {"outcome": "not_applied"}), 409, "consequence_must")
    assert purchaser.post(PATH, cut | {"amount": "12000.50"}).status_code == 201
    assert purchaser.post(PATH, cut | {"amount": "12000.50"}).status_code == 200
    refusal(purchaser.post(PATH, cut | {"id": "cut-2", "amount": "1.00"}), 409, "consequence_decided")
    refusal(purchaser.post(PATH, cut | {"consequence": "none"}), 404, "not_found")
    grave = {"consequence": "disqualify", "outcome": "applied", "reason": "虚报人数。", "document": "穗民罚2号"}
    assert fields_named(refusal(purchaser.post(PATH, grave), 422)) == {"grounds"}
    assert purchaser.post(PATH, grave | {"grounds": ["grave"]}).status_code == 201
    [ban] = As(client, "provider").get("/projects/project-1/bans").get_json()
    assert (ban["organisation"], ban["to_on"], ban["document"]) == ("provider-org", None, "穗民罚2号")


@pytest.mark.rule("G62")
def test_tasks_are_due_until_their_targets_are_reached(client: FlaskClient) -> None:
    failed_round()
    purchaser, evaluator = As(client, "purchaser"), As(client, "evaluator")
    said = {"id": "task-1", "consequence": "finish-tasks", "outcome": "applied", "reason": "工作量未完成。"}
    assert purchaser.post(PATH, said | {"grounds": ["tasks_unfinished"]}).status_code == 201
    [task] = As(client, "provider").get("/projects/project-1/continuations").get_json()
    assert task["open_nodes"] == sorted(task["targets"])
    assert {one.subject for one in consequences.due(["project-1"], NOW.date())} == {"task-1"}
    assert "task-1" in {one.subject for one in due.of(PURCHASER, NOW)}
    for version, node in enumerate(task["open_nodes"], 1):
        entry = {"node": node, "value": task["targets"][node], "on": "2026-05-01", "source": "台账"}
        refusal(As(client, "provider").put("/continuations/task-1/verified", entry, version), 403)
        answer = evaluator.put("/continuations/task-1/verified", entry, version)
        assert answer.status_code == 200, answer.text
    assert answer.get_json()["done_on"] == "2026-05-01"
    assert consequences.due(["project-1"], NOW.date()) == []


def ban(**more: Any) -> ConsequenceDecision:
    said = Decided("ban-1", "barred", "applied", "考核评估不合格。", "穗民罚1号", **more)
    return consequences.decide(PURCHASER, NOW + timedelta(days=10), "round-1", said)[0]


def open_project(at: datetime, id: str = "project-2") -> Project:
    wanted = replace(load(Project, "project-1", "project"), id=id, version=1)
    return projects.create_project(ADMIN, at, wanted)[0]


@pytest.mark.rule("G61")
def test_a_barred_provider_gets_no_new_project_until_the_ban_ends(database: None) -> None:
    """From the day on which the result became final, two years; the refusal names decision and end."""
    failed_round()
    assert open_project(NOW, "project-0").id == "project-0"
    made = ban()
    assert (made.starts_on, made.ends_on) == (NOW.date(), date(2028, 3, 1))
    with pytest.raises(Refused, match=r"2028-03-01.*穗民罚1号") as refused:
        open_project(NOW + timedelta(days=11))
    assert refused.value.reason == "provider_banned"
    assert open_project(NOW + timedelta(days=11), "project-0").id == "project-0"  # a repeat of what was made before
    other = replace(load(Project, "project-0", "project"), provider="other-org")
    with pytest.raises(Refused) as refused:
        projects.change_project(ADMIN, NOW + timedelta(days=11), replace(other, provider="provider-org", name="x"), 9)
    assert refused.value.reason == "stale"  # the provider stays the same: a project in hand may be changed
    retrying(lambda tx: records.replace(replace(other, version=2), 1, tx))
    with pytest.raises(Refused) as refused:
        projects.change_project(ADMIN, NOW + timedelta(days=11), replace(other, provider="provider-org"), 2)
    assert refused.value.reason == "provider_banned"  # nor does it take over somebody else's
    assert open_project(datetime(2028, 3, 2, 12, tzinfo=NOW.tzinfo)).id == "project-2"


@pytest.mark.rule("G61")
def test_the_start_of_a_ban_is_a_parameter_or_said_by_the_decision(database: None) -> None:
    failed_round()
    made = ban(starts_on=date(2026, 4, 1))
    assert (made.starts_on, made.ends_on) == (date(2026, 4, 1), date(2028, 3, 31))
    assert open_project(NOW + timedelta(days=20)).id == "project-2"


@pytest.mark.rule("G61")
def test_a_ban_is_lifted_by_the_lead_with_a_reason(client: FlaskClient) -> None:
    failed_round()
    ban()
    purchaser, body = As(client, "purchaser"), {"on": "2026-06-01", "reason": "行政复议撤销。"}
    refusal(As(client, "authority").put("/bans/ban-1/lifting", body, 1), 403, "not_lead")
    refusal(purchaser.put("/bans/ban-1/lifting", body | {"on": "2026-01-01"}, 1), 422, "invalid")
    assert purchaser.put("/bans/ban-1/lifting", body, 1).get_json()["lifted_on"] == "2026-06-01"
    assert open_project(datetime(2026, 6, 1, 12, tzinfo=NOW.tzinfo)).id == "project-2"


@pytest.mark.rule("I12", "I13")
def test_results_of_one_provider_in_a_row_are_counted_over_its_projects(database: None) -> None:
    """Two failed rounds of one provider under one scheme are two standings; the later round does not count for the
    earlier one."""
    made, result = failed_round()
    first = load(Round, "round-1", "round")
    later = replace(first, id="round-3", opened_at=NOW + timedelta(days=90), version=1)
    records.insert(later)
    records.insert(replace(result, id="round-3#1", round="round-3", number=1))
    facts = consequences.facts_of(later)
    assert [one.grade for one in facts.standings] == [result.grade, result.grade]
    assert len(consequences.facts_of(first).standings) == 1


@pytest.mark.rule("O13")
def test_where_the_scheme_gives_a_chance_the_ban_follows_the_second_failure_only(client: FlaskClient) -> None:
    """Under Guangzhou's measures the same failure bars at once (G61): the policy is the scheme's, not the code's."""
    _, result = failed_round()
    failed = under_variant(result)
    purchaser = As(client, "purchaser")
    found = statuses(purchaser.get(PATH))
    assert (found["chance"], found["barred"]) == ("applies", "waits")
    barred = {"consequence": "barred", "outcome": "applied", "reason": "x", "document": "1"}
    refusal(purchaser.post(PATH, barred), 409, "consequence_waits")
    chance = {"consequence": "chance", "outcome": "applied", "reason": "限期整改。"}
    assert fields_named(refusal(purchaser.post(PATH, chance), 422)) == {"ends_on"}
    assert purchaser.post(PATH, chance | {"ends_on": "2026-06-30"}).status_code == 201
    first = load(Round, "round-1", "round")
    records.insert(replace(first, id="round-3", opened_at=NOW + timedelta(days=200), version=1))
    records.insert(replace(failed, id="round-3#1", round="round-3", number=1))
    found = statuses(purchaser.get("/rounds/round-3/consequences"))
    assert (found["chance"], found["barred"]) == ("no", "applies")
