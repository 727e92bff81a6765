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


def test_evidence_of_one_kind_is_read_together_however_many_nodes_rest_on_it(database: None) -> None:
    made = make_many(240, {"survey": 4, "check": 4})
    scheme = scores.schemes.parsed(made.scheme)
    with counting.counted() as asked:
        whole = scores.gather(made, scheme)
    kinds = ("seals", "inbox", "batches", "frames", "spot_checks")
    assert {name: asked["find", name] for name in kinds} == dict.fromkeys(kinds, 1)
    for one in whole.checks:  # the same as of each draw by itself
        alone = scores.gather(Round(**vars(made) | {"surveys": {}, "checks": {one.node: one.draw}}), scheme)
        assert alone.checks == (one,)


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
