"""Results over the API: who reads them when, what of them, what if, what is uncertain, and the file that recomputes."""

import json
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from accounts import As, fields_named, refusal
from demo_round import DemoRound, make_round
from factories import EVALUATOR, NOW
from group_of_round import make_group

from service.domain.evaluate.corrections import Edit
from service.domain.evaluate.results import ResultVersion, nodes_of
from service.domain.evaluate.rounds import Round, RoundDecision
from service.operations.acts import act
from service.operations.evaluate import results, rounds
from service.store import records

ROUND = "/rounds/round-1"
EDIT = {"kind": "checks", "node": "g35", "field": "errors", "value": 0, "reason": "The signature was there."}


def in_state(state: str) -> None:
    """The round put into a state by hand: how it gets there is shown where its steps are."""
    there = records.get(Round, "round-1")
    moved = replace(there, state=state, version=there.version + 1)
    act(
        "round.moved",
        EVALUATOR,
        NOW,
        "project:project-1",
        there.id,
        {},
        lambda tx: records.replace(moved, there.version, tx),
    )


@pytest.fixture
def made(client) -> DemoRound:
    return make_round()


@pytest.fixture
def frozen(made) -> ResultVersion:
    return results.freeze(EVALUATOR, NOW, made.round)


@pytest.mark.rule("G55")
def test_each_part_reads_the_result_from_its_state_on(client, frozen):
    people = {role: As(client, role) for role in ("evaluator", "purchaser", "authority", "provider", "auditor")}
    for state, seeing in (
        ("scoring", {"evaluator"}),
        ("reported", {"evaluator", "purchaser", "authority"}),
        ("notified", {"evaluator", "purchaser", "authority", "provider"}),
        ("final", {"evaluator", "purchaser", "authority", "provider"}),
    ):
        in_state(state)
        for role in ("evaluator", "purchaser", "authority", "provider"):
            assert len(people[role].get(f"{ROUND}/results").json) == (role in seeing), (state, role)
            assert people[role].get(f"{ROUND}/results/1").status_code == (200 if role in seeing else 404)
    refusal(people["auditor"].get(f"{ROUND}/results"), 403, "forbidden")
    refusal(As(client, "evaluator", "other-org").get(f"{ROUND}/results"), 404, "not_found")
    refusal(people["evaluator"].get(f"{ROUND}/results/2"), 404, "not_found")


@pytest.mark.rule("C20")
def test_a_correction_is_read_beside_what_it_corrects(client, made, frozen):
    results.correct(EVALUATOR, NOW, made.round, [Edit(**EDIT)], case="appeal-1")
    in_state("notified")
    provider = As(client, "provider")
    first, second = provider.get(f"{ROUND}/results").json
    assert (first["number"], second["number"], second["of"], second["case"]) == (1, 2, "round-1#1", "appeal-1")
    assert provider.get(f"{ROUND}/results/1").json["tree"]["total"] == first["total"] != second["total"]
    assert provider.get(f"{ROUND}/results/1/difference").json == []
    rows = {row["node"]: row for row in provider.get(f"{ROUND}/results/2/difference").json}
    assert (rows[""]["before"], rows[""]["after"]) == (first["total"], second["total"])
    assert rows["g35"]["why"] == [EDIT["reason"]]


def test_what_is_frozen_is_the_score_from_then_on(client, made, frozen):
    evaluator = As(client, "evaluator")
    before = evaluator.get(f"{ROUND}/score").json
    assert Decimal(before["total"]) == frozen.total
    results.correct(EVALUATOR, NOW, made.round, [Edit(**EDIT)])
    after = evaluator.get(f"{ROUND}/score").json
    assert Decimal(after["total"]) > frozen.total
    assert {node["id"] for node in after["standards"]} == {node["id"] for node in before["standards"]}


def test_the_provider_reads_no_scorer_and_no_tally(client, frozen):
    in_state("notified")

    def text_of(role: str) -> str:
        return As(client, role).get(f"{ROUND}/results/1").get_data(as_text=True)

    assert "评分人甲" in json.loads(text_of("purchaser")).__str__()
    for hidden in ("评分人甲", '"kind": "survey"', "j-g33"):
        assert hidden not in text_of("provider")


def test_what_if_changes_a_copy_only(client, made):
    evaluator = As(client, "evaluator")
    before = evaluator.get(f"{ROUND}/score").json
    found = evaluator.post(f"{ROUND}/what-if", {"changes": [EDIT]}).json
    assert found["before"]["total"] == before["total"]
    assert {row["node"] for row in found["rows"]} >= {"", "g35"}
    weights = {standard["id"]: standard["weight"] for standard in before["standards"]}
    turned = dict(zip(weights, reversed(weights.values()), strict=True))
    assert evaluator.post(f"{ROUND}/what-if", {"weights": turned}).json["after"]["total"] != before["total"]
    assert evaluator.get(f"{ROUND}/score").json == before
    assert results.latest("round-1") is None
    one_of_them = {next(iter(weights)): "99"}
    assert fields_named(refusal(evaluator.post(f"{ROUND}/what-if", {"weights": one_of_them}), 422)) == {"weights"}
    deep: object = "x"
    for _ in range(200):
        deep = [deep]
    refusal(evaluator.post(f"{ROUND}/what-if", {"changes": [{**EDIT, "value": deep}]}), 422)
    wrong = [{**EDIT, "kind": "rumours"}]
    assert fields_named(refusal(evaluator.post(f"{ROUND}/what-if", {"changes": wrong}), 422)) == {"edits.0.kind"}


@pytest.mark.parametrize("role", ["purchaser", "authority", "provider"])
def test_score_what_if_interval_and_export_are_the_groups_alone(client, frozen, role):
    in_state("final")
    other = As(client, role)
    for path in ("score", "score/uncertainty", "score/sensitivity", "export"):
        refusal(other.get(f"{ROUND}/{path}"), 403, "forbidden")
    refusal(other.post(f"{ROUND}/what-if", {"changes": []}), 403, "forbidden")


def test_the_interval_and_what_decides_the_grade(client, made):
    evaluator = As(client, "evaluator")
    found = evaluator.get(f"{ROUND}/score/uncertainty").json
    leaves = {leaf["node"]: leaf for leaf in found["leaves"]}
    assert Decimal(found["lower"]) < Decimal(found["total"]) < Decimal(found["upper"])
    assert Decimal(leaves["g35"]["of_points"]) > 0
    assert leaves["g28-recipients"]["reason"] == "no_probability_sample"  # handed to all present, not drawn
    assert found["unstated"] == ["g28-recipients"]
    rows = evaluator.get(f"{ROUND}/score/sensitivity").json
    assert {row["node"] for row in rows} == set(leaves)
    assert [row["node"] for row in rows if row["decides"]] == [
        row["node"] for row in rows if row["grade_up"] != row["grade_down"]
    ]


def test_an_export_recomputes_on_another_machine_and_tampering_is_named(client, made, frozen, tmp_path):
    results.correct(EVALUATOR, NOW, made.round, [Edit(**EDIT)])
    answer = As(client, "evaluator").get(f"{ROUND}/export")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    (tmp_path / "round.json").write_bytes(answer.data)

    def minyi(data: dict | None = None) -> subprocess.CompletedProcess[str]:
        if data is not None:
            (tmp_path / "tampered.json").write_text(json.dumps(data), encoding="utf-8")
        command = [sys.executable, "-m", "service.cli", "score", "--round"]
        file = "tampered.json" if data is not None else "round.json"
        empty = {"PATH": "", "PYTHONPATH": str(Path(__file__).parents[2])}  # no MINYI_ setting, no database
        return subprocess.run(
            [*command, file], cwd=tmp_path, env=empty, capture_output=True, text=True, check=False, timeout=60
        )

    done = minyi()
    assert (done.returncode, done.stderr) == (0, "")
    assert f"total {results.latest('round-1').total}" in done.stdout
    assert {file.name for file in tmp_path.iterdir()} == {"round.json"}  # nothing was made beside it

    data = json.loads(answer.data)
    data["evidence"]["checks"][0]["errors"] = 3
    data["evidence"]["checks"][0]["rate"] = None
    wrong = minyi(data)
    assert wrong.returncode == 1
    assert "evidence of version 1 differs at g35.score" in wrong.stderr
    unusable = minyi({"format": "something else"})
    assert (unusable.returncode, unusable.stdout) == (2, "")


def test_there_is_nothing_to_export_before_it_is_frozen(client, made):
    refusal(As(client, "evaluator").get(f"{ROUND}/export"), 404, "not_found")


def test_points_of_too_few_answers_are_the_evaluators_alone(client):
    made = make_round(answers=8, waiting=0)
    node = "g28-recipients"
    rounds.decide(EVALUATOR, NOW, RoundDecision("d1", made.round.id, node, "count", "Nobody else came.", NOW, "x"))
    few = results.freeze(EVALUATOR, NOW, made.round)
    assert node in few.withheld
    results.correct(EVALUATOR, NOW, made.round, [Edit(**EDIT)])
    in_state("final")
    whole = {one["id"]: one for one in nodes_of(As(client, "evaluator").get(f"{ROUND}/results/1").json["tree"])}
    assert whole[node]["score"] is not None
    for role in ("purchaser", "authority", "provider"):
        reader = As(client, role)
        told = reader.get(f"{ROUND}/results/2").json
        assert told["total"] == told["tree"]["total"]
        seen = {one["id"]: one for one in nodes_of(told["tree"])}
        hidden = {id for id, one in seen.items() if one["withheld"]}
        assert hidden == set(told["tree"]["withheld"]) >= {node}
        assert len(hidden) > 1  # a single one would follow from the total
        assert {(seen[id]["score"], seen[id]["points"]) for id in hidden} == {(None, None)}
        assert not hidden & {row["node"] for row in reader.get(f"{ROUND}/results/2/difference").json}


def test_what_if_gives_nothing_of_a_node_whose_scorers_are_not_all_in(client):
    group = make_group(client)
    node = group.nodes[0]
    assert group.score("buyer", node, "61.25").status_code == 201
    for path in ("score", "score/uncertainty", "score/sensitivity"):
        assert "61.25" not in group.secretary.get(f"/rounds/round-2/{path}").get_data(as_text=True)
    asked = {"kind": "judgements", "node": node, "field": "reason", "value": "?", "reason": "?"}
    refused = refusal(group.secretary.post("/rounds/round-2/what-if", {"changes": [asked]}), 422, "invalid")
    assert "61.25" not in str(refused)
    seen = group.secretary.post("/rounds/round-2/what-if", {}).json["before"]
    assert "judgements_blind" in {remark["code"] for remark in seen["missing"] if remark["node"] == node}
