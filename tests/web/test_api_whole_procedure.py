"""The whole procedure over the API, by people of different organisations, from the opening to the publication."""

import pytest
from flask.testing import FlaskClient
from whole_procedure import Walk

from service.domain.journal import first_break
from service.operations.acts import journal_entries


@pytest.mark.rule(
    "G04", "G05", "G06", "G47", "G49", "G50", "G53", "G55", "G56", "G57", "G58", "C07", "O05", "C22", "C28"
)
def test_one_round_from_its_opening_to_its_publication_after_an_upheld_appeal(client: FlaskClient) -> None:
    """Purchaser, authority, evaluator, scorer, provider, reviewer and two heads: each does only what is theirs."""
    walk = Walk(client)
    walk.opened()
    walk.self_evaluated()
    walk.grouped()
    walk.gathered()
    walk.scored()
    walk.reported()
    assert walk.appealed()["result_after"] == "round-1#2"
    walk.final()
    shown = walk.published()
    assert shown["version"] == 2
    assert walk.round()["state"] == "published"
    accounts = walk.settled()
    assert [one["id"] for one in accounts["results"]] == ["round-1#1", "round-1#2"]
    assert [one["id"] for one in accounts["publications"]] == ["pub-1"]
    entries = list(journal_entries(["project:project-1"]))
    assert first_break(entries) is None
    assert len({entry.actor for entry in entries} & set(walk.people)) >= 6
    moves = [entry.details["to"] for entry in entries if entry.act == "round.moved"]
    assert moves[:5] == ["self_evaluation", "evidence", "scoring", "reported", "notified"]
    assert moves[5:7] == ["appeal", "final"]
