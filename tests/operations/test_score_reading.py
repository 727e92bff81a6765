"""What a score costs follows from its indicators, never from how many have answered; no wall clock needed to see it."""

import counting
import pytest
from factories import EVALUATOR, NOW, make_campaign
from many_indicators import TWENTY, make_many, seal_answers

from service.domain.errors import Refused
from service.domain.evaluate.rounds import Round
from service.operations.collect import campaigns
from service.operations.collect import seals as sealing
from service.operations.evaluate import results, scores
from service.store.collect import seals as stored_seals


def test_a_hundred_times_the_answers_ask_nothing_more_of_the_database(database: None) -> None:
    made = make_many(240, TWENTY)
    scores.of_round(EVALUATOR, NOW, made.id)  # questionnaires and schemes are read once a process
    with counting.counted() as few:
        before = scores.of_round(EVALUATOR, NOW, made.id)
    for campaign in made.surveys.values():
        seal_answers(campaign, 24_000, name="more-")
    with counting.counted() as many:
        after = scores.of_round(EVALUATOR, NOW, made.id)
    assert few == many
    assert {command for command, _ in few} == {"find"}
    assert not {"responses", "receipts", "answers"} & {name for _, name in few}
    assert (before.evidence.surveys[0].n, after.evidence.surveys[0].n) == (240, 24_240)
    assert before.evidence.surveys[0].figure_value == after.evidence.surveys[0].figure_value
    roots = [stored_seals.roots(campaign) for campaign in made.surveys.values()]
    assert max(map(len, roots)) <= 2  # seals are put together, so a read adds up few

    frozen = results.freeze(EVALUATOR, NOW, made, waived={one.node for one in after.tree.missing})
    with counting.counted() as read:
        assert scores.of_round(EVALUATOR, NOW, made.id).tree.total == frozen.total
    assert sum(read.values()) == 3 < sum(few.values())  # round, project and the frozen result; no evidence
    assert ("find", "results") in read


def test_a_campaign_that_nodes_share_is_read_once(database: None) -> None:
    made = make_many(240, TWENTY)
    first, second = made.surveys.values()
    nodes = list(made.surveys)
    with counting.counted() as apart:
        scores.gather(made, scores.schemes.parsed(made.scheme))
    shared = Round(**vars(made) | {"surveys": {nodes[0]: first, nodes[1]: first}})
    with counting.counted() as together:
        scores.gather(shared, scores.schemes.parsed(made.scheme))
    assert first != second
    assert together["find", "seals"] == 1 < apart["find", "seals"]
    assert together["find", "batches"] == 1


def test_reading_several_campaigns_gives_what_reading_each_gives(database: None) -> None:
    made = make_many(240, {"survey": 4})
    ids = list(made.surveys.values())
    draft = "never-opened"
    together = sealing.read_many([*ids, draft])
    assert together == {**{id: sealing.read(id)[0] for id in ids}, draft: {}}
    with pytest.raises(Refused):
        sealing.read(draft)
    assert sealing.read_many([]) == {}


def test_a_campaign_that_was_never_opened_has_no_answers_and_is_no_error(database: None) -> None:
    made = make_many(240, {"survey": 4})
    draft = make_campaign("campaign-draft")
    node = next(iter(made.surveys))
    bound = Round(**vars(made) | {"surveys": {**made.surveys, node: draft.id}})
    found = {one.node: one for one in scores.gather(bound, scores.schemes.parsed(made.scheme)).surveys}
    assert (found[node].n, found[node].figure_value, found[node].reason) == (0, None, "no_answers")
    assert campaigns.state(draft.id) == "draft"
    with pytest.raises(Refused, match="missing"):
        results.freeze(EVALUATOR, NOW, bound)
    assert campaigns.state(draft.id) == "draft"
