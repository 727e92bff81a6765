"""Claim, verified value, judgements and points side by side, and assessments of the agency that other rounds use."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from accounts import As, fields_named, refusal
from demo_round import AUTHORITY, PURCHASER
from factories import EVALUATOR, NOW
from self_evaluated import another_project, another_round, file_it, in_state, open_round

from service.domain.evaluate.judgements import RoundJudgement
from service.domain.evaluate.rounds import RoundQuantity
from service.domain.procedure.groups import GroupMember
from service.domain.procedure.targets import ContractTarget
from service.operations import organisations
from service.operations.evaluate import judgements, rounds, scores
from service.operations.procedure import targets
from service.store import records


def owe(counter: str, amount: str, **more) -> None:
    target = ContractTarget(f"t-{counter}", "project-1", counter, Decimal(amount), "次", **more)
    targets.create(PURCHASER, NOW, target)


def judge(round: str, node: str, score: str, rater: str = "评分人甲") -> None:
    made = RoundJudgement(
        f"{round}-{node}-{rater}", round, node, rater, Decimal(score), "查阅资料。", NOW, EVALUATOR.id
    )
    judgements.enter(EVALUATOR, NOW, made)


def rows(answer) -> dict:
    return {row["node"]: row for row in answer.json["rows"]}


@pytest.mark.rule("G24", "G49", "G40")
def test_the_group_sees_claim_verified_value_judgement_and_points_side_by_side(client):
    another = open_round()
    owe("G14", "250")
    owe("G16", "40")  # for the whole agency; the scheme counts per worker
    round = another_round("round-2", "project-1", "self_evaluation")
    file_it(round)
    entered = RoundQuantity("q", round.id, "g14", "签到表", NOW, EVALUATOR.id, verified=Decimal(200))
    rounds.enter_quantity(EVALUATOR, NOW, entered)
    judge(round.id, "g25", "85")
    evaluator = As(client, "evaluator")
    found = rows(evaluator.get("/rounds/round-2/comparison"))
    volume = found["g14"]["volume"]
    assert (volume["target"], volume["claimed"], volume["verified"]) == ("250", "240", "200")
    assert (found["g14"]["target"]["version"], found["g14"]["score"]["score"]) == (1, "80.000000000")
    assert found["g16"]["target"] is None
    assert found["g16"]["target_unfit"]["id"] == "t-G16"
    assert found["g16"]["volume"]["workers"] == "5"
    assert [one["score"] for one in found["g25"]["judgements"]] == ["85"]
    assert found["professional"]["claim"]["statement"].startswith("professional")
    # The target was entered at the moment when the round of the fixture was opened too; nothing was filed there.
    assert rows(evaluator.get(f"/rounds/{another.id}/comparison"))["g14"]["volume"]["claimed"] is None
    for role in ("provider", "purchaser", "auditor", "scorer"):
        refusal(As(client, role, "evaluator-org" if role == "scorer" else "").get("/rounds/round-2/comparison"), 403)


@pytest.mark.rule("G49", "G27")
def test_members_of_the_group_see_it_but_neither_what_is_blind_nor_figures_of_surveys(client):
    """A scorer of the purchaser's: claims and points of counters, nothing that would give hidden scores away."""
    round = open_round("evidence")
    purchaser = As(client, "purchaser")
    user = organisations.actor_of(purchaser.token, datetime.now(UTC)).id
    before = NOW - timedelta(days=1)
    own = {"organisation": "purchaser-org", "user": user, "nodes": ("g25",), "appointed_at": before}
    member = GroupMember("m-1", round.id, "成员", "buyer", ("scorer",), **own)
    refusal(purchaser.get("/rounds/round-1/comparison"), 403, "forbidden")
    records.insert(member)
    given = RoundJudgement("j-1", round.id, "g25", "m-2", Decimal(85), "查阅资料。", NOW, "x", "evaluator-9")
    records.insert(replace(member, id="m-2", user="evaluator-9", organisation="evaluator-org"))
    records.insert(given)
    found = rows(purchaser.get("/rounds/round-1/comparison"))
    assert [found[node]["blind"] for node in ("g25", "quality", "g28-recipients", "g14")] == [True, True, True, False]
    assert (found["g25"]["judgements"], found["g25"]["score"], found["quality"]["score"]) == ([], None, None)
    assert found["g14"]["score"] is not None
    evaluator = rows(As(client, "evaluator").get("/rounds/round-1/comparison"))
    assert (evaluator["g25"]["blind"], evaluator["g25"]["judgements"]) == (True, [])
    assert evaluator["g28-recipients"]["blind"] is False


@pytest.mark.rule("G19", "G21")
def test_claims_that_do_not_add_up_are_listed_and_not_dropped(client):
    file_it(open_round())
    found = As(client, "evaluator").get("/rounds/round-1/comparison").json
    told = {one["check"]: (one["outcome"], one["message"]) for one in found["claimed"]}
    assert {name: outcome for name, (outcome, _) in told.items() if outcome != "holds"} == {
        "working_hours": "undecided"
    }
    assert "person_months" in told["working_hours"][1]
    assert found["verified"] == []


AGENCY = [f"g{number}" for number in (31, 32, 34, 36, 37, 38)] + ["g33-overall", "g39-stability"]


@pytest.mark.rule("G31", "G32", "G33", "G34", "G36", "G37", "G38", "G39")
def test_what_was_judged_of_the_agency_once_counts_in_its_other_projects(client):
    """Assessed by the group of one round for a period, referenced by a round of another project, scored the same."""
    open_round("evidence")
    another_project("project-2")
    evaluator = As(client, "evaluator")
    for node in AGENCY:
        judge("round-1", node, "70")
        judge("round-1", node, "90", "评分人乙")
        wanted = {"id": f"a-{node}", "node": node, "period_from": "2026-01-01", "period_to": "2026-12-31"}
        made = evaluator.post("/rounds/round-1/agency-assessments", wanted)
        assert (made.status_code, Decimal(made.json["score"]), len(made.json["sources"])) == (201, Decimal(80), 2)
        assert evaluator.post("/rounds/round-1/agency-assessments", wanted).status_code == 200
    other = another_round("round-2", "project-2")
    references = {node: f"a-{node}" for node in AGENCY}
    put = evaluator.put("/rounds/round-2/references", {"references": references}, version=other.version)
    assert put.status_code == 200, put.text
    judge("round-2", "g31", "10")
    tree = scores.of_round(EVALUATOR, NOW, "round-2").tree
    for node in AGENCY:
        assert tree.node(node).score == Decimal(80)
        assert {one.id for one in tree.node(node).inputs} == {f"a-{node}#1", f"a-{node}#2"}
    listed = evaluator.get("/providers/provider-org/agency-assessments").json["assessments"]
    assert {one["id"]: one["rules"] for one in listed} == {f"a-{node}": [node.split("-")[0].upper()] for node in AGENCY}


@pytest.fixture
def assessed(client) -> As:
    open_round("evidence")
    another_project("project-2")
    judge("round-1", "g31", "70")
    evaluator = As(client, "evaluator")
    wanted = {"id": "a-1", "node": "g31", "period_from": "2026-01-01", "period_to": "2026-02-28"}
    assert evaluator.post("/rounds/round-1/agency-assessments", wanted).status_code == 201
    return evaluator


@pytest.mark.rule("G31")
def test_a_reference_holds_within_its_period_for_its_indicator_and_its_provider_only(client, assessed):
    other = another_round("round-2", "project-2")
    for references, field in (
        ({"g31": "a-1"}, "references.g31"),  # 2 March is after the period
        ({"g32": "a-1"}, "references.g32"),
        ({"g31": "a-9"}, "references.g31"),
        ({"nowhere": "a-1"}, "references.nowhere"),
    ):
        answer = assessed.put("/rounds/round-2/references", {"references": references}, version=other.version)
        assert fields_named(refusal(answer, 422, "invalid")) == {field}
    in_time = another_round("round-3", "project-2", self_evaluation_on=date(2026, 2, 28), self_evaluation_set="agreed")
    body = {"references": {"g31": "a-1"}}
    refusal(assessed.put("/rounds/round-3/references", body, version=1), 412, "stale")
    assert assessed.put("/rounds/round-3/references", body, version=in_time.version).status_code == 200
    again = {"node": "g31", "period_from": "2026-01-01", "period_to": "2026-12-31"}
    refusal(assessed.post("/rounds/round-3/agency-assessments", again), 422, "invalid")
    moved = in_state(rounds.get(AUTHORITY, "round-3"), "reported")
    refusal(assessed.put("/rounds/round-3/references", body, version=moved.version), 409, "state_conflict")


def test_only_what_the_group_has_judged_of_the_agency_is_kept(assessed):
    for node, period_to, field in (
        ("g25", "2026-12-31", "node"),
        ("g35", "2026-12-31", "node"),
        ("g32", "2026-12-31", "node"),  # nobody has scored it
        ("g31", "2025-12-31", "period_to"),
    ):
        wanted = {"node": node, "period_from": "2026-01-01", "period_to": period_to}
        answer = assessed.post("/rounds/round-1/agency-assessments", wanted)
        assert fields_named(refusal(answer, 422, "invalid")) == {field}
