"""What one node of a round rests on: every record that was entered for it, and what corrections made of it."""

from typing import Any

from service.domain.access import Actor
from service.domain.evaluate.entries import RoundEvent, RoundGateFinding, RoundMeasure, RoundRatio
from service.operations.evaluate import entries, judgements, result_readers, rounds
from service.operations.evaluate.scores import Scored
from service.operations.procedure import groups

ENTERED = {"ratios": RoundRatio, "measures": RoundMeasure, "events": RoundEvent, "findings": RoundGateFinding}


def of_node(actor: Actor, scored: Scored, node: str) -> dict[str, Any]:
    """What the page of a node lists; nothing of judgements that are still blind."""
    round = scored.round
    found: dict[str, Any] = {
        name: [one for one in entries.of_round(actor, round.id, kind) if one.node == node]
        for name, kind in ENTERED.items()
    }
    found["events"].sort(key=lambda one: (one.on, one.id))
    found["findings"].sort(key=lambda one: (one.at, one.id))
    given = [one for one in judgements.visible(actor, round) if one.node == node]
    known = {one.id for one in given}
    return {
        **found,
        "evidence": scored.evidence.of(node),
        "judgements": given,
        # Of an assessment of the agency that this round refers to: no record of the round's own.
        "referred": [one for one in scored.evidence.of(node).judgements if one.id not in known],
        "quantities": [one for one in rounds.quantities(round) if one.node == node],
        "decisions": [one for one in rounds.decisions(round) if one.node == node],
        "corrections": [
            (version.number, edit)
            for version in result_readers.of_round(actor, round.id)
            for edit in version.edits
            if edit["node"] == node
        ],
        "members": {one.id: one.name for one in groups.of_round(actor, round.id)},
        "labels": {each.id: each.label for each in scored.tree.walk()},
    }
