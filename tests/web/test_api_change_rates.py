"""The change rate of recipients: pairs from the provider, looked up by the group, evidence for the score."""

from decimal import Decimal

import pytest
from accounts import As, fields_named, refusal
from demo_round import AUTHORITY, scheme_text
from factories import EVALUATOR, NOW
from self_evaluated import another_round, in_state, open_round

from service.operations.acts import journal_entries
from service.operations.evaluate import rounds, schemes, scores

HERE = "/rounds/round-1/change-rates"
# Depression scores, lower is better; a fall of 5 counts. P4 fell by 4, P5 rose, P6 left before the second time.
PAIRS = [
    {"serial": f"P{place}", "before": before, "after": after}
    for place, (before, after) in enumerate(
        [("20", "10"), ("18", "13"), ("15", "9.5"), ("14", "10"), ("9", "12"), ("16", None)], 1
    )
]
SENT = {"id": "c-1", "node": "g26", "instrument": "PHQ-9", "better": "lower", "least": "5", "pairs": PAIRS}


@pytest.fixture
def provider(client) -> As:
    open_round()
    return As(client, "provider")


@pytest.mark.rule("G26")
def test_the_rate_is_of_those_assessed_twice_and_what_records_do_not_show_stays_in_the_denominator(client, provider):
    """3 of 5 claimed improved; one record does not show it, so the rate is 2 of 5; the sixth is in neither number."""
    sent = provider.post(HERE, SENT)
    assert (sent.status_code, sent.json["improved"], sent.json["assessed"], sent.json["unpaired"]) == (
        201,
        3,
        5,
        ["P6"],
    )
    assert provider.post(HERE, SENT).status_code == 200
    evaluator = As(client, "evaluator")
    found = scores.of_round(EVALUATOR, NOW, "round-1").tree.node("g26")
    assert found.score is None  # nothing that is only claimed counts
    verdict = {"checked": ["P1", "P2", "P5"], "struck": {"P2": "档案中没有后测表"}}
    done = evaluator.put("/change-rates/c-1/verdict", verdict, version=1)
    assert (done.status_code, done.json["improved"], done.json["assessed"]) == (200, 2, 5)
    assert scores.of_round(EVALUATOR, NOW, "round-1").tree.node("g26").score == Decimal(40)
    [quantity] = rounds.quantities(rounds.get(EVALUATOR, "round-1"))
    assert (quantity.target, quantity.claimed, quantity.verified) == (Decimal(5), Decimal(3), Decimal(2))
    refusal(evaluator.put("/change-rates/c-1/verdict", verdict, version=2), 409, "state_conflict")
    told = [entry.details for entry in journal_entries(["project:project-1"]) if entry.act.startswith("change_rate.")]
    assert "pairs" not in told[0]  # of persons: the journal is kept for ever
    assert (told[1]["improved"], told[1]["struck"]) == (2, 1)
    refusal(As(client, "purchaser").get(HERE), 403, "forbidden")


@pytest.mark.rule("G26")
def test_the_annexes_take_it_as_a_ratio(client, provider):
    schemes.publish(AUTHORITY, NOW, scheme_text("guangzhou-family"))
    node = next(n.id for n in schemes.parsed("guangzhou-family@1").leaves() if "G26" in n.rules and n.type == "ratio")
    another_round("round-2", "project-1", "evidence", scheme="guangzhou-family@1")
    assert provider.post("/rounds/round-2/change-rates", SENT | {"node": node}).status_code == 201
    verdict = {"checked": ["P1"]}
    assert As(client, "evaluator").put("/change-rates/c-1/verdict", verdict, version=1).status_code == 200
    evidence = scores.of_round(EVALUATOR, NOW, "round-2").evidence
    assert [(one.numerator, one.denominator, one.source) for one in evidence.ratios] == [
        (Decimal(3), Decimal(5), "change-rate:c-1")
    ]


def test_pairs_that_say_nothing_are_refused(client, provider):
    for change, field in (
        ({"node": "g25"}, "node"),
        ({"node": "g14"}, "node"),
        ({"least": "0"}, "least"),
        ({"pairs": PAIRS[5:]}, "pairs"),
        ({"pairs": [PAIRS[0], PAIRS[0]]}, "pairs.1.serial"),
        ({"better": "sideways"}, "better"),
    ):
        assert fields_named(refusal(provider.post(HERE, SENT | change), 422)) == {field}
    provider.post(HERE, SENT)
    evaluator = As(client, "evaluator")
    for verdict, field in (
        ({"checked": ["P9"]}, "checked"),
        ({"checked": ["P1"], "struck": {"P2": "x"}}, "struck"),
    ):
        refused = refusal(evaluator.put("/change-rates/c-1/verdict", verdict, version=1), 422, "invalid")
        assert fields_named(refused) == {field}
    refusal(evaluator.put("/change-rates/c-1/verdict", {"checked": ["P1"]}, version=7), 412, "stale")
    in_state(rounds.get(AUTHORITY, "round-1"), "reported")
    refusal(provider.post(HERE, SENT | {"id": "c-2"}), 409, "state_conflict")
