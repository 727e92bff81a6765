"""Results: frozen with their evidence, never recomputed, corrected by new versions of which each says why."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from demo_round import DemoRound, make_round
from factories import EVALUATOR, NOW

from service.domain.errors import Refused
from service.domain.evaluate.corrections import Edit
from service.operations import acts, projects
from service.operations.collect import campaigns
from service.operations.evaluate import results


@pytest.fixture
def made(database: None) -> DemoRound:
    return make_round()


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


def test_a_correction_is_the_next_version_and_shows_what_changed(made: DemoRound) -> None:
    first = results.freeze(EVALUATOR, NOW, made.round)
    edit = Edit("checks", "g35", "errors", 0, "The signature was there.")
    second = results.correct(EVALUATOR, NOW, made.round, [edit], case="appeal-1")
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
