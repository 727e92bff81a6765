"""Results put in order over the API: only of rounds that measured the same, or under a label that says so."""

from dataclasses import replace

import pytest
from accounts import As, fields_named, refusal
from demo_round import AUTHORITY, DemoRound, fill, make_people, make_round, sign_in
from factories import EVALUATOR, NOW
from flask.testing import FlaskClient

from service.operations.evaluate import results, rounds, schemes

VARIANT = """
id: housing-variant
version: "1"
extends: guangzhou-housing-demo
replace:
  g28-recipients:
    reason: another reading of the answers
    figure: share
    share_of: [High]
"""


@pytest.fixture
def made(client: FlaskClient) -> DemoRound:
    made = make_round()
    results.freeze(EVALUATOR, NOW, made.round, keys=[made.campaign.key])
    return made


@pytest.fixture
def evaluator(client: FlaskClient, made: DemoRound) -> As:
    return As(client, "evaluator")


def further(made: DemoRound, id: str, scheme: str) -> None:
    """Another round with the same evidence, frozen."""
    opened = replace(made.round, id=id, scheme=scheme)
    round, _ = rounds.open_round(EVALUATOR, NOW, opened, adoption_needed=False)
    fill(round, NOW, id)
    results.freeze(EVALUATOR, NOW, round)


def test_two_equal_results_share_both_places(made, evaluator):
    further(made, "round-2", made.round.scheme)
    found = evaluator.post("/districts/rankings", {"rounds": ["round-1", "round-2"]}).json
    assert [(one["round"], one["first"], one["last"], one["ties"]) for one in found["ranked"]] == [
        ("round-1", 1, 2, ["round-2"]),
        ("round-2", 1, 2, ["round-1"]),
    ]
    assert found["ranked"][0]["total"] == results.latest("round-1").total.to_eng_string()
    assert (found["differences"], found["pairs"][0]["separated"]) == ([], False)


def test_another_scheme_is_refused_by_name_unless_the_list_has_a_label(app, made, evaluator):
    schemes.publish(AUTHORITY, NOW, VARIANT)
    further(made, "round-2", "housing-variant@1")
    wanted = {"rounds": ["round-1", "round-2"]}
    refused = refusal(evaluator.post("/districts/rankings", wanted), 409, "not_comparable")
    told = " ".join(refused["errors"]["json"]["label"])
    assert "housing-variant@1" in told
    assert "g28-recipients" in told
    labelled = evaluator.post("/districts/rankings", wanted | {"label": "两种口径并列，仅供参考"}).json
    assert {one["aspect"] for one in labelled["differences"]} == {"scheme", "figures"}
    assert labelled["label"] == "两种口径并列，仅供参考"
    make_people()
    desk = sign_in(app)
    page = desk.get("/desk/district?lang=zh-Hans&rounds=round-1&rounds=round-2")
    assert (page.status_code, "口径不同" in page.text) == (409, True)
    assert 'name="rounds"' not in desk.get("/desk/district").text
    for id in ("round-1", "round-2"):
        there = rounds.get(EVALUATOR, id)
        rounds.put("round.moved", EVALUATOR, NOW, replace(there, state="reported"), there.version, {})
    shown = desk.get("/desk/district?rounds=round-1&rounds=round-2&label=两种口径").text
    assert shown.count('name="rounds"') == 2
    assert "1–2" in shown
    assert "housing-variant@1" in shown


def test_what_has_no_result_or_is_somebody_elses_is_not_ranked(made, evaluator, client):
    opened = replace(made.round, id="round-2")
    rounds.open_round(EVALUATOR, NOW, opened, adoption_needed=False)
    wanted = {"rounds": ["round-1", "round-2"]}
    assert "rounds" in fields_named(refusal(evaluator.post("/districts/rankings", wanted), 422))
    assert "rounds" in fields_named(refusal(evaluator.post("/districts/rankings", {"rounds": ["round-1"]}), 422))
    refusal(As(client, "evaluator", "other-org").post("/districts/rankings", wanted), 404)
    refusal(As(client, "provider").post("/districts/rankings", wanted), 403, "forbidden")
