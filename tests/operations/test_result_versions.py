"""Results: frozen with their evidence, never recomputed, corrected by new versions of which each says why."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from demo_round import DemoRound, make_round
from factories import EVALUATOR, KEY, NOW

from service import store
from service.domain.errors import Refused
from service.domain.evaluate.corrections import Edit
from service.operations import acts, projects
from service.operations.collect import campaigns, responses, seals
from service.operations.collect.responses import Submission
from service.operations.evaluate import results
from service.store.collect import seals as stored_seals

EDIT = Edit("checks", "g35", "errors", 0, "The signature was there.")
ANSWERS = {"satisfaction": "High", "influence": "Medium", "contact": "Low"}


@pytest.fixture
def made(database: None) -> DemoRound:
    return make_round()


@pytest.mark.rule("G53", "C20")
def test_freezing_closes_the_campaigns_and_keeps_score_evidence_and_the_journals_head(made: DemoRound) -> None:
    scope = projects.scope(made.round.project)
    frozen = results.freeze(EVALUATOR, NOW, made.round)
    assert campaigns.state(made.campaign.id) == "final"
    tree, evidence = json.loads(frozen.tree), json.loads(frozen.evidence)
    assert (tree["total"], tree["inputs_digest"]) == (str(frozen.total), frozen.inputs_digest)
    assert evidence["surveys"][0]["n"] == 32  # the two answers that were waiting too
    entry = list(acts.journal_entries([scope]))[-1]
    assert (entry.act, entry.previous, entry.details["total"]) == (
        "result.frozen", frozen.journal_head, str(frozen.total),
    )  # fmt: skip
    assert results.latest(made.round.id) == frozen
    with pytest.raises(Refused, match="frozen"):
        results.freeze(EVALUATOR, NOW, made.round)


@pytest.mark.rule("C20")
def test_a_correction_is_the_next_version_and_shows_what_changed(made: DemoRound) -> None:
    first = results.freeze(EVALUATOR, NOW, made.round)
    second = results.correct(EVALUATOR, NOW, made.round, [EDIT], case="appeal-1")
    assert results.versions(made.round.id) == [first, second]
    assert (second.number, second.of, second.case, second.reason) == (2, first.id, "appeal-1", "correction")
    rows = {row.node: row for row in results.difference(first, second)}
    assert (rows["g35"].before, rows["g35"].after, rows["g35"].why) == ("50", "100", ("The signature was there.",))
    assert Decimal(rows[""].after or 0) == second.total > first.total
    assert set(rows) == {"", "g35", *(above for above in rows if above not in ("", "g35"))}


def test_nothing_missing_is_frozen_unless_it_is_waived(made: DemoRound) -> None:
    thinner = replace(made.round, checks={})
    with pytest.raises(Refused, match="missing") as refused:
        results.freeze(EVALUATOR, NOW, thinner)
    assert [fault.field for fault in refused.value.faults] == ["g35"]
    assert results.latest(made.round.id) is None
    assert json.loads(results.freeze(EVALUATOR, NOW, thinner, waived={"g35"}).tree)["provisional"]


def test_what_was_entered_meanwhile_is_read_again_or_refused(made: DemoRound) -> None:
    """The journal's head belongs to exactly the evidence that is frozen with it."""
    version, write = results.prepared(EVALUATOR, NOW, made.round)
    acts.act("judgement.changed", EVALUATOR, NOW, projects.scope(made.round.project), "j-1", {}, lambda tx: None)
    with pytest.raises(Refused) as refused:
        store.retrying(write)
    assert refused.value.reason == "busy"
    assert results.latest(made.round.id) is None
    again = results.freeze(EVALUATOR, NOW, made.round)
    assert again.journal_head != version.journal_head


def test_what_belongs_to_the_same_act_is_stored_with_the_result_or_not_at_all(made: DemoRound) -> None:
    def fail(tx: store.Tx) -> None:
        raise Refused("stale", version=7)

    with pytest.raises(Refused, match="7"):
        results.freeze(EVALUATOR, NOW, made.round, also=fail)
    assert results.latest(made.round.id) is None
    results.freeze(EVALUATOR, NOW, made.round)
    with pytest.raises(Refused, match="7"):
        results.correct(EVALUATOR, NOW, made.round, [EDIT], also=fail)
    assert len(results.versions(made.round.id)) == 1


def test_a_correction_is_shown_before_it_is_made_and_stores_nothing_then(made: DemoRound) -> None:
    results.freeze(EVALUATOR, NOW, made.round)
    shown = results.preview(made.round, [EDIT])
    first, second = results.latest(made.round.id), results.correct(EVALUATOR, NOW, made.round, [EDIT])
    assert first is not None
    assert shown == results.difference(first, second)


def test_an_answer_withdrawn_after_freezing_leaves_the_result_as_it_was(made: DemoRound) -> None:
    frozen = results.freeze(EVALUATOR, NOW, made.round)
    submission = "submission-0000"
    found = responses.submit(made.campaign.codes[0], Submission(submission, ANSWERS, duration_s=42.0), NOW, [KEY])
    assert found.repeated
    responses.withdraw(found.receipt)
    assert seals.read(made.campaign.id)[0] != stored_seals.frozen(made.campaign.id)
    assert results.latest(made.round.id) == frozen
    assert json.loads(frozen.evidence)["surveys"][0]["n"] == 32
