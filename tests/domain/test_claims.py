"""Claims, contract targets and consistency of counters: what flows into a score, and what does not add up."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from demo_round import scheme_text

from service.domain.errors import Refused
from service.domain.evaluate.evidence import Evidence, Quantity
from service.domain.evaluate.node_scores import SCORERS
from service.domain.evaluate.scheme_loading import load_scheme
from service.domain.evaluate.schemes import Counter
from service.domain.procedure import claims, consistency, targets
from service.domain.procedure.self_evaluations import FACTS, FILED, SelfEvaluation
from service.domain.procedure.targets import ContractTarget

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
SCHEME = load_scheme(scheme_text("guangzhou-services"), {})
# G14, G15 count for the agency; the other nine per worker (measures 3(2)).
AGENCY, PER_WORKER = ("g14", "g15"), ("g16", "g17", "g18", "g19", "g20", "g21", "g22", "g23", "g24")


def filed(**entries) -> SelfEvaluation:
    said = {node: {"claimed": value} for node, value in entries.items()}
    return SelfEvaluation("round-1", "project-1", said, {"full_time_equivalent": "4"}, FILED)


def target(counter: str, amount: str, **more) -> ContractTarget:
    return ContractTarget(f"t-{counter}", "project-1", counter, Decimal(amount), "次", at=NOW, **more)


def per_worker(counter: str, amount: str, **more) -> ContractTarget:
    return target(counter, amount, level="per_worker", denominator="full_time_equivalent", **more)


@pytest.mark.rule("G13", "G14", "G15", "G16", "G17", "G18", "G19", "G20", "G21", "G22", "G23", "G24")
@pytest.mark.parametrize("node", [*AGENCY, *PER_WORKER])
def test_each_counter_takes_its_target_from_the_contract_its_claim_from_the_provider_and_points_from_neither(node):
    """Target, claim, verified value and ratio of each of the eleven; nothing claimed counts before it is verified."""
    found, whole = SCHEME.node(node), node in AGENCY
    owed = target(node.upper(), "50") if whole else per_worker(node.upper(), "50", workers=Decimal(5))
    put_together = claims.quantity(found, None, filed(**{node: "240"}), {node.upper(): owed})
    assert (put_together.target, put_together.claimed, put_together.verified) == (Decimal(50), Decimal(240), None)
    assert put_together.workers == (None if whole else Decimal(5))
    assert put_together.source == f"self-evaluation; target:t-{node.upper()}#1"
    unverified = SCORERS["counter"](found, Evidence(quantities=(put_together,)))
    assert (unverified.score, [remark.code for remark in unverified.missing]) == (None, ["no_verified"])
    verified = replace(put_together, verified=Decimal(40) if whole else Decimal(200))
    score = SCORERS["counter"](found, Evidence(quantities=(verified,)))
    assert score.score == Decimal(80)
    assert "claim_not_confirmed" in {remark.code for remark in score.notes}


@pytest.mark.rule("G13")
def test_the_denominator_is_the_contracts_then_the_providers_and_another_ones_is_never_taken():
    node = SCHEME.node("g16")
    said = filed(g16="100")
    assert claims.quantity(node, None, said, {}).workers == Decimal(4)
    owed = {"G16": per_worker("G16", "20")}
    assert claims.quantity(node, None, said, owed).workers == Decimal(4)
    owed = {"G16": per_worker("G16", "20", workers=Decimal(6))}
    assert claims.quantity(node, None, said, owed).workers == Decimal(6)
    entered = Quantity("q", "g16", Decimal(30), None, Decimal(90), Decimal(3), source="roster")
    kept = claims.quantity(node, entered, said, owed)
    assert (kept.target, kept.workers, kept.claimed, kept.source) == (Decimal(30), Decimal(3), Decimal(100), "roster")
    by_heads = {"G16": target("G16", "20", level="per_worker", denominator="headcount", workers=Decimal(6))}
    unfit = claims.quantity(node, None, said, by_heads)
    assert (unfit.target, unfit.workers) == (None, Decimal(4))
    assert claims.quantity(node, None, said, {"G16": target("G16", "20")}).target is None


@pytest.mark.rule("G49")
def test_a_draft_claims_nothing():
    draft = replace(filed(g14="12"), state="draft")
    assert claims.quantity(SCHEME.node("g14"), None, draft, {}) is None
    assert claims.quantity(SCHEME.node("g25"), None, filed(g25="1"), {}) is None


@pytest.mark.rule("S01", "G40")
def test_a_round_keeps_the_targets_that_held_when_it_was_opened():
    first = target("G14", "12", by=date(2026, 12, 31))
    second = targets.changed(first, replace(first, target=Decimal(8)), "补充协议", LATER, "purchaser-1")
    assert targets.frozen([second], NOW, "final", NOW.date())["G14"].target == Decimal(12)
    assert targets.frozen([second], NOW, "final", NOW.date())["G14"].version == 1
    assert targets.frozen([second], LATER, "final", NOW.date())["G14"].target == Decimal(8)
    assert targets.frozen([second], NOW - timedelta(seconds=1), "final", NOW.date()) == {}


@pytest.mark.rule("S01")
def test_a_mid_term_round_is_held_to_the_milestone_that_is_due_and_a_final_one_to_the_last():
    half = replace(target("G14", "6", by=date(2026, 6, 30)), id="half")
    whole = replace(target("G14", "12"), id="whole")
    owed = [whole, half]
    assert targets.frozen(owed, NOW, "final", date(2026, 6, 30))["G14"].id == "whole"
    assert targets.frozen(owed, NOW, "mid_term", date(2026, 6, 30))["G14"].id == "half"
    assert targets.frozen(owed, NOW, "mid_term", date(2026, 6, 29)) == {}


def test_a_change_of_a_target_needs_a_reason():
    first = target("G14", "12")
    with pytest.raises(Refused, match="reason"):
        targets.changed(first, replace(first, target=Decimal(8)), " ", LATER, "purchaser-1")


@pytest.mark.rule("G19")
@pytest.mark.parametrize(
    ("closed", "carried", "outcome"),
    [
        ("10", "0", "holds"),
        ("12", "2", "holds"),
        ("13", "2", "fails"),
        ("10", None, "holds"),
        ("11", None, "undecided"),
    ],
)
def test_no_more_cases_are_closed_than_were_opened_and_carried_over(closed, carried, outcome):
    values = {"G18": Decimal(10), "G19": Decimal(closed)} | (
        {} if carried is None else {"cases_carried_over": Decimal(carried)}
    )
    [found] = [one for one in consistency.checked(values) if one.check == "closed_cases"]
    assert found.outcome == outcome
    assert bool(found.message) == (outcome != "holds")
    assert found.missing == (("cases_carried_over",) if outcome == "undecided" else ())


@pytest.mark.rule("G14", "G15", "G16", "G17", "G20", "G21", "G22", "G23", "G24")
@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        ("group_sessions", {"G20": 8, "G21": 8}, {"G20": 8, "G21": 7}),
        ("group_attendances", {"G21": 8, "G22": 90}, {"G21": 8, "G22": 5}),
        ("event_attendances", {"G14": 3, "G15": 400}, {"G14": 3, "G15": 2}),
        ("community_attendances", {"G23": 5, "G24": 50}, {"G23": 5, "G24": 4}),
        ("contacts", {"G16": 50, "G18": 10}, {"G16": 9, "G18": 10}),
        ("casework", {"G17": 0, "G18": 0, "cases_carried_over": 0}, {"G17": 2, "G18": 0, "cases_carried_over": 0}),
        ("working_hours", {"G17": 166, "person_months": 1}, {"G17": 167, "person_months": 1}),
    ],
)
def test_counters_that_cannot_both_be_true_are_listed(check, good, bad):
    for values, outcome in ((good, "holds"), (bad, "fails")):
        found = consistency.checked({name: Decimal(value) for name, value in values.items()})
        assert {one.check: one.outcome for one in found}[check] == outcome


def test_every_check_has_its_words_and_asks_for_known_names():
    for check in consistency.CHECKS:
        assert check.id in consistency.MESSAGES
        assert {check.left, *check.right} <= {f"G{number}" for number in range(14, 25)} | set(FACTS)


@pytest.mark.rule("G24")
def test_the_list_of_counters_is_open_and_over_fulfilment_earns_what_the_cap_allows():
    node = next(node for node in SCHEME.leaves() if node.id == "g24")
    other = replace(node, id="home-visits", rules=(), spec=replace(node.spec, level="agency", denominator=None))
    assert isinstance(other.spec, Counter)
    owed = {"home-visits": target("home-visits", "100")}
    made = replace(claims.quantity(other, None, filed(), owed), verified=Decimal(150))
    assert SCORERS["counter"](other, Evidence(quantities=(made,))).score == Decimal(100)
    wider = replace(other, spec=replace(other.spec, cap=Decimal(120)))
    assert SCORERS["counter"](wider, Evidence(quantities=(made,))).score == Decimal(120)
