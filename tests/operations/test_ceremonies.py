"""The ceremony of a draw: what a provider can know before the visit, who will not reveal, the order of the steps."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import database as database_tools
import pytest
from factories import AUDITOR, EVALUATOR, KEY, OTHER_EVALUATOR, PROVIDER, make_project

from service.domain.access import Actor
from service.domain.errors import Refused
from service.domain.inspect import draws as rules
from service.domain.inspect.assignments import Assignment
from service.domain.inspect.ceremonies import DrawPlan
from service.domain.inspect.draws import RecordedDraw, commitment
from service.domain.inspect.frames import FrozenFrame
from service.domain.inspect.visits import Visit
from service.domain.keys import Key
from service.operations.acts import journal_entries
from service.operations.inspect import ceremonies, draws, frames, top_ups
from service.store import records
from service.store.transactions import retrying

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
COMMIT_BY, REVEAL_BY = NOW + timedelta(days=3), NOW + timedelta(days=6)
LATE = REVEAL_BY + timedelta(minutes=1)
PURCHASER = Actor("purchaser-1", "purchaser", "purchaser-org", ("purchaser",))
SECRET = "a7" * 32
SERIALS = [f"R-{number:03}" for number in range(200)]
TEST_PLAN = {"tolerable": "0.10", "risk": "0.10", "stages": [{"n": 30, "errors": 0}, {"n": 20, "errors": 1}]}


@pytest.fixture(autouse=True)
def frame(database: None) -> FrozenFrame:
    make_project()
    return frames.freeze(EVALUATOR, NOW, "frame-1", "project-1", "Records", "archive", SERIALS, None)[0]


def planned(id: str = "draw-1", **changed: Any) -> RecordedDraw:
    asked = DrawPlan(
        id=id,
        frame="frame-1",
        allocation={"": 30},
        parties=("evaluator", "provider"),
        commit_by=COMMIT_BY,
        reveal_by=REVEAL_BY,
    )
    return draws.plan(EVALUATOR, NOW, (KEY,), replace(asked, **changed))[0]


def revealed(id: str = "draw-1", **changed: Any) -> RecordedDraw:
    planned(id, **changed)
    ceremonies.commit(PROVIDER, NOW, id, "provider", commitment(bytes.fromhex(SECRET)))
    return ceremonies.reveal(PROVIDER, NOW, id, "provider", SECRET)


def visited(draw: str, state: str = "finished") -> None:
    """A visit of all items of the draw."""
    visit = Visit(f"visit-{draw}", "project-1", "east", NOW.date(), ("a", "b"), (draw,), state=state)
    records.insert(visit)
    for item in draws.get(EVALUATOR, draw).items:
        assigned = Assignment(f"{draw}-{item.serial}", "project-1", draw, item.serial, visit.id, "a", state="done")
        records.insert(assigned)


def refused(wanted: str, call: Any, /, *arguments: Any, **more: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        call(*arguments, **more)
    assert caught.value.reason == wanted, caught.value
    return caught.value


def acts() -> list[str]:
    return [entry.act for entry in journal_entries(["project:project-1"]) if entry.act.startswith("draw.")]


# --- The provider before the visit


def texts_in(value: Any) -> set[str]:
    """Every text, number and run of bytes that stands anywhere in a value, bytes as hex too."""
    if isinstance(value, dict):
        return set().union(*map(texts_in, value.keys()), *map(texts_in, value.values()))
    if isinstance(value, list | tuple):
        return set().union(*map(texts_in, value))
    return {value.hex(), value[12:].hex(), value[:32].hex()} if isinstance(value, bytes) else {str(value)}


def guesses(known: set[str], frame_hash: str) -> list[str]:
    """Seeds that somebody could make of everything that can be read: each text as it is and in the other's place."""
    secrets = {}
    for text in known:
        for candidate in (text, hashlib.sha256(text.encode()).hexdigest()):
            try:
                secrets[candidate] = bytes.fromhex(candidate)
            except ValueError:
                continue
    mine = bytes.fromhex(SECRET)
    long_enough = [secret for secret in secrets.values() if len(secret) >= 16 and secret != mine]
    made = [rules.seed_of(frame_hash, 1, {"evaluator": other, "provider": mine}) for other in long_enough]
    return [*known, *made, rules.seed_of(frame_hash, 1, {"provider": mine})]


def test_with_everything_that_can_be_read_before_the_visit_the_list_cannot_be_computed(frame: FrozenFrame) -> None:
    revealed()
    shown = draws.get(PROVIDER, "draw-1", NOW)
    assert (shown.state, shown.seed, shown.drawn) == ("revealed", "", ())
    dump = [stored for _, stored in database_tools.every_document()]
    journal = [vars(entry) for entry in journal_entries()]
    known = texts_in([vars(shown), dump, journal, {"mine": SECRET}, *vars(frame).values()]) - {""}
    assert SECRET in known, "the provider's own secret is among what it knows"
    assert {commitment(bytes.fromhex(SECRET)), shown.commitments["evaluator"], frame.sha256} <= known
    tried = guesses(known, frame.sha256)

    opened = draws.open(AUDITOR, NOW + timedelta(days=9), (KEY,), "draw-1")
    assert len(opened.drawn) == 30
    assert opened.seed not in tried
    assert opened.secrets["evaluator"] not in known
    # What was missing is the server's secret alone: with it the same dump gives the seed.
    whole = {**shown.secrets, "evaluator": opened.secrets["evaluator"]}
    assert rules.seed_of(frame.sha256, 1, {part: bytes.fromhex(each) for part, each in whole.items()}) == opened.seed
    assert commitment(bytes.fromhex(opened.secrets["evaluator"])) == shown.commitments["evaluator"]


def test_another_servers_secret_opens_nothing() -> None:
    revealed()
    refused("unsealable", draws.open, AUDITOR, NOW, (Key(bytes(32)),), "draw-1")
    assert draws.open(AUDITOR, NOW, (Key(bytes(32)), KEY), "draw-1").state == "opened"  # a former secret still does


def test_while_visits_are_under_way_the_parties_see_neither_seed_nor_list() -> None:
    revealed()
    opened = draws.open(AUDITOR, NOW, (KEY,), "draw-1")
    assert draws.open(AUDITOR, NOW, (KEY,), "draw-1") == opened
    visited("draw-1", "started")
    for party in (PROVIDER, PURCHASER):
        shown = draws.get(party, "draw-1", NOW)
        assert (shown.state, shown.seed, shown.drawn, dict(shown.secrets)) == ("opened", "", (), {"provider": SECRET})
        assert (shown.frame_sha256, shown.number, shown.size) == (opened.frame_sha256, 1, 30)
        assert all(each.seed == "" for each in draws.of_project(party, "project-1"))
    for reader in (EVALUATOR, AUDITOR):
        assert draws.get(reader, "draw-1").seed == opened.seed
    entries = json.dumps([entry.details for entry in journal_entries()])
    assert opened.seed not in entries
    assert opened.secrets["evaluator"] not in entries
    [visit] = records.find(Visit)
    retrying(lambda tx: records.replace(replace(visit, state="finished", version=2), 1, tx))
    assert draws.get(PROVIDER, "draw-1").drawn == opened.drawn
    refused("not_found", draws.get, OTHER_EVALUATOR, "draw-1")


# --- A party that will not reveal


def test_without_a_public_value_the_draw_is_void_for_all_to_see() -> None:
    planned()
    ceremonies.commit(PROVIDER, NOW, "draw-1", "provider", commitment(bytes.fromhex(SECRET)))
    assert draws.get(PROVIDER, "draw-1", REVEAL_BY).state == "committed"
    for reader in (PROVIDER, PURCHASER, EVALUATOR):
        shown = draws.get(reader, "draw-1", LATE)
        assert (shown.state, shown.why_void) == ("void", "not_revealed")
    refused("draw_void", draws.open, AUDITOR, LATE, (KEY,), "draw-1")
    refused("draw_void", ceremonies.reveal, PROVIDER, LATE, "draw-1", "provider", SECRET)  # too late, and written down
    assert acts()[-1] == "draw.void"
    stored = records.get(RecordedDraw, "draw-1")
    assert stored is not None
    assert stored.state == "void"
    refused("unsealable", draws.sealed_secrets.read, (KEY,), "draw-1")  # what it would have drawn is gone
    refused("redraw_needed", planned, "draw-2")


def test_who_does_not_commit_makes_the_draw_void_too() -> None:
    planned()
    shown = draws.get(PROVIDER, "draw-1", COMMIT_BY + timedelta(seconds=1))
    assert (shown.state, shown.why_void) == ("void", "not_committed")


def test_with_a_public_value_named_before_who_does_not_reveal_is_dropped(frame: FrozenFrame) -> None:
    planned(public_source="closing index of the exchange on 9 March")
    refused("commitments_missing", ceremonies.name_public, EVALUATOR, NOW, "draw-1", "3051.27")
    ceremonies.commit(PROVIDER, NOW, "draw-1", "provider", commitment(bytes.fromhex(SECRET)))
    refused("draw_not_ready", draws.open, AUDITOR, LATE, (KEY,), "draw-1")
    ceremonies.name_public(EVALUATOR, NOW, "draw-1", "3051.27")
    refused("public_fixed", ceremonies.name_public, EVALUATOR, NOW, "draw-1", "3051.28")
    refused("draw_not_ready", draws.open, AUDITOR, REVEAL_BY, (KEY,), "draw-1")  # it may still reveal
    opened = draws.open(AUDITOR, LATE, (KEY,), "draw-1")
    assert set(opened.secrets) == {"evaluator"}
    parts = {"evaluator": bytes.fromhex(opened.secrets["evaluator"])}
    assert opened.seed == rules.seed_of(frame.sha256, 1, parts, "3051.27")
    refused("draw_order", ceremonies.reveal, PROVIDER, LATE, "draw-1", "provider", SECRET)


def test_a_public_value_cannot_be_added_afterwards() -> None:
    planned()
    refused("public_unnamed", ceremonies.name_public, EVALUATOR, NOW, "draw-1", "3051.27")


# --- Order


def test_the_order_of_the_steps_is_enforced() -> None:
    planned()
    deposit = commitment(bytes.fromhex(SECRET))
    refused("commitments_missing", ceremonies.reveal, PROVIDER, NOW, "draw-1", "provider", SECRET)
    refused("draw_not_ready", draws.open, AUDITOR, NOW, (KEY,), "draw-1")
    refused("invalid", ceremonies.commit, PROVIDER, NOW, "draw-1", "provider", SECRET.upper())
    copied = draws.get(PROVIDER, "draw-1").commitments["evaluator"]
    refused("invalid", ceremonies.commit, PROVIDER, NOW, "draw-1", "provider", copied)
    assert ceremonies.commit(PROVIDER, NOW, "draw-1", "provider", deposit).state == "committed"
    assert ceremonies.commit(PROVIDER, NOW, "draw-1", "provider", deposit).version == 2  # a repeat changes nothing
    refused("commitment_fixed", ceremonies.commit, PROVIDER, NOW, "draw-1", "provider", "0" * 64)
    refused("secret_differs", ceremonies.reveal, PROVIDER, NOW, "draw-1", "provider", "b8" * 32)
    refused("invalid", ceremonies.reveal, PROVIDER, NOW, "draw-1", "provider", "not hex")
    refused("secret_sealed", ceremonies.reveal, EVALUATOR, NOW, "draw-1", "evaluator", SECRET)
    assert ceremonies.reveal(PROVIDER, NOW, "draw-1", "provider", SECRET).state == "revealed"
    assert ceremonies.reveal(PROVIDER, NOW, "draw-1", "provider", SECRET).version == 3
    draws.open(AUDITOR, NOW, (KEY,), "draw-1")
    refused("draw_order", ceremonies.void, EVALUATOR, NOW, "draw-1", "we do not like it")
    assert acts() == ["draw.planned", "draw.committed", "draw.revealed", "draw.opened"]


def test_a_short_secret_can_be_committed_to_but_never_revealed() -> None:
    planned()
    ceremonies.commit(PROVIDER, NOW, "draw-1", "provider", hashlib.sha256(bytes(15)).hexdigest())
    refused("invalid", ceremonies.reveal, PROVIDER, NOW, "draw-1", "provider", "00" * 15)


def test_each_party_acts_for_itself_only() -> None:
    planned(parties=("evaluator", "provider", "purchaser"))
    deposit = commitment(bytes.fromhex(SECRET))
    refused("forbidden", ceremonies.commit, EVALUATOR, NOW, "draw-1", "provider", deposit)
    refused("forbidden", ceremonies.commit, PROVIDER, NOW, "draw-1", "purchaser", deposit)
    refused("forbidden", ceremonies.commit, PROVIDER, NOW, "draw-1", "authority", deposit)
    stranger = replace(PROVIDER, organisation="another-org")
    refused("not_found", ceremonies.commit, stranger, NOW, "draw-1", "provider", deposit)
    refused("forbidden", ceremonies.void, PROVIDER, NOW, "draw-1", "because")
    assert ceremonies.commit(PROVIDER, NOW, "draw-1", "provider", deposit).state == "planned"
    refused("invalid", ceremonies.commit, PURCHASER, NOW, "draw-1", "purchaser", deposit)  # a copy


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"parties": ("evaluator", "nobody")}, "parties"),
        ({"parties": ("provider",)}, "sealer"),
        ({"sealer": "provider"}, "sealer"),
        ({"commit_by": None}, "commit_by"),
        ({"commit_by": NOW}, "commit_by"),
        ({"reveal_by": COMMIT_BY}, "reveal_by"),
        ({"kind": "surprise"}, "kind"),
        ({"trigger": "rumour"}, "trigger"),
        ({"public_source": "x\u202e"}, "public_source"),
        ({"allocation": {"north": 3}}, "strata.north"),
        ({"allocation": {"": 0}}, "allocation"),
    ],
)
def test_what_cannot_be_planned_is_refused_by_field(changed: dict[str, Any], field: str) -> None:
    assert field in {fault.field for fault in refused("invalid", planned, **changed).faults}
    assert records.find(RecordedDraw) == []


def test_an_evaluators_own_draw_stays_sealed_until_the_visit_too() -> None:
    assert planned(parties=("evaluator",), commit_by=None, reveal_by=None).state == "revealed"
    assert draws.get(EVALUATOR, "draw-1").seed == ""
    assert len(draws.open(AUDITOR, NOW, (KEY,), "draw-1").drawn) == 30


def test_a_repeated_plan_is_recognised() -> None:
    first = planned(plan=TEST_PLAN)
    assert planned(plan=TEST_PLAN) == first
    refused("id_taken", planned, allocation={"": 31}, plan={})


# --- Redraws


def test_a_redraw_needs_a_reason_and_two_organisations() -> None:
    revealed()
    ceremonies.void(EVALUATOR, NOW, "draw-1", "the station was flooded")
    refused("redraw_needed", planned, "draw-2")
    refused("redraw_needed", draws.draw, EVALUATOR, NOW, "draw-2", "frame-1", 30)  # nor by a secret of the server alone
    refused("invalid", planned, "draw-2", of="draw-1")
    refused("invalid", planned, "draw-2", of="draw-1", reason="flood", parties=("evaluator",))
    refused("not_found", planned, "draw-2", of="draw-9", reason="flood")
    again = planned("draw-2", of="draw-1", reason="the station was flooded")
    assert (again.number, again.of, again.state) == (2, "draw-1", "planned")
    deposit = commitment(bytes.fromhex(SECRET))
    refused("redraw_not_agreed", ceremonies.commit, PROVIDER, NOW, "draw-2", "provider", deposit)
    ceremonies.agree(PROVIDER, NOW, "draw-2", "provider")
    ceremonies.commit(PROVIDER, NOW, "draw-2", "provider", deposit)
    ceremonies.reveal(PROVIDER, NOW, "draw-2", "provider", SECRET)
    assert draws.open(AUDITOR, NOW, (KEY,), "draw-2").number == 2
    assert [each.number for each in draws.of_project(EVALUATOR, "project-1")] == [1, 2]


# --- Top-ups and the escalation trap


def opened(**changed: Any) -> RecordedDraw:
    revealed(**changed)
    return draws.open(AUDITOR, NOW, (KEY,), "draw-1")


def test_taking_more_after_looking_is_no_test_unless_it_was_planned() -> None:
    first = opened()
    call = (EVALUATOR, NOW, "more", "draw-1", {"": 20})
    refused("top_up_unplanned", top_ups.top_up, *call, "stage", "one error was found")
    refused("top_up_unplanned", top_ups.top_up, *call, "replacement", "not found")  # records are not replaced
    refused("invalid", top_ups.top_up, *call, "because", "why not")
    refused("invalid", top_ups.top_up, *call, "descriptive", " ")
    more, new = top_ups.top_up(*call, "descriptive", "to describe the kinds of errors")
    assert new
    assert (more.number, more.stage, more.purpose, more.seed) == (1, 2, "descriptive", first.seed)
    whole = rules.draw(frames.get(EVALUATOR, "frame-1").frame, first.seed, 50)
    assert [item.serial for item in [*first.items, *more.items]] == [item.serial for item in whole]
    assert top_ups.top_up(*call, "descriptive", "to describe the kinds of errors") == (more, False)
    refused("id_taken", top_ups.top_up, *call, "descriptive", "for another reason")


def test_planned_stages_are_drawn_as_planned_and_no_others() -> None:
    opened(plan=TEST_PLAN)
    assert draws.get(EVALUATOR, "draw-1").plan["total_risk"] <= "0.1000"
    refused("top_up_unplanned", top_ups.top_up, EVALUATOR, NOW, "more", "draw-1", {"": 21}, "stage", "one error")
    second, _ = top_ups.top_up(EVALUATOR, NOW, "more", "draw-1", {"": 20}, "stage", "one error")
    assert (second.stage, len(second.drawn)) == (2, 20)
    refused("top_up_unplanned", top_ups.top_up, EVALUATOR, NOW, "third", "draw-1", {"": 20}, "stage", "two errors")


def test_stages_that_spend_the_risk_anew_are_refused_before_the_draw() -> None:
    spent = {**TEST_PLAN, "stages": [{"n": 30, "errors": 0}, {"n": 20, "errors": 3}]}
    refusal = refused("plan_risk", planned, plan=spent)
    assert float(refusal.params["total"]) > 0.10
    assert records.find(RecordedDraw) == []


def test_a_known_seed_tells_the_next_tickets_so_stages_come_before_it_is_shown() -> None:
    opened(plan=TEST_PLAN)
    visited("draw-1")
    assert draws.get(PROVIDER, "draw-1").seed == "", "the second stage could be computed from it"
    top_ups.top_up(EVALUATOR, NOW, "more", "draw-1", {"": 20}, "stage", "one error")
    assert draws.get(PROVIDER, "draw-1").seed == ""
    refused("draw_order", ceremonies.publish, EVALUATOR, NOW, "draw-1")
    visited("more")
    assert draws.get(PROVIDER, "draw-1").seed != ""
    assert draws.get(PROVIDER, "more").drawn
    assert ceremonies.publish(EVALUATOR, NOW, "draw-1").published
    late = (EVALUATOR, NOW, "late", "draw-1", {"": 5}, "descriptive", "more")
    refused("top_up_late", top_ups.top_up, *late)


def test_a_staged_draw_is_closed_when_the_first_stage_was_enough() -> None:
    opened(plan=TEST_PLAN)
    visited("draw-1")
    assert not draws.finished(draws.get(EVALUATOR, "draw-1"))
    ceremonies.close(EVALUATOR, NOW, "draw-1")
    assert draws.get(PROVIDER, "draw-1").seed != ""
    refused("top_up_late", top_ups.top_up, EVALUATOR, NOW, "more", "draw-1", {"": 20}, "stage", "one error")


@pytest.mark.rule("C15")
def test_what_a_complaint_made_somebody_look_at_never_enters_estimates() -> None:
    assert not planned(trigger="complaint").estimates
    assert planned("draw-1", trigger="complaint").kind == "random"
