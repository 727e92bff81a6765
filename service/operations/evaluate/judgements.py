"""Judgements of the group: entered by each scorer, hidden from all others until everybody's are in."""

from datetime import datetime

from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.evaluate import judgements as rules
from service.domain.evaluate.judgements import RoundJudgement
from service.domain.evaluate.rounds import ENTERING, Round
from service.domain.evaluate.unmet import Unmet
from service.operations import projects
from service.operations.acts import create_once
from service.operations.evaluate import rounds, schemes
from service.store import records


def enter(actor: Actor, now: datetime, judgement: RoundJudgement) -> tuple[RoundJudgement, bool]:
    """Enter one rater's score. Not changed by repeating: a second one of the same rater is refused as such."""
    there = rounds.get(actor, judgement.round, "judgements.write")
    rounds.require_state(there, *ENTERING)
    rules.check(schemes.parsed(there.scheme), judgement)
    try:
        scope = projects.scope(there.project)
        return create_once("judgement.entered", actor, now, scope, judgement, ("at", "by", "changes", "version"))
    except Refused as refused:
        if refused.reason == "id_taken" and records.get(RoundJudgement, judgement.id) is None:
            text = f"node {judgement.node} has rater {judgement.rater!r} already"
            raise Refused("invalid", [Fault("node", "problem", {"text": text})]) from None
        raise


def of_round(round: Round) -> list[RoundJudgement]:
    """All of them, whoever may see them: for rules, not for readers."""
    return records.find(RoundJudgement, round=round.id)


def visible(actor: Actor, round: Round) -> list[RoundJudgement]:
    """What this actor may see now: the own ones, and those of nodes that are not blind any more."""
    blind = blind_nodes(round)
    return [one for one in of_round(round) if one.user == actor.id or one.node not in blind]


def blind_nodes(round: Round) -> frozenset[str]:
    """The nodes whose scores and points nobody may see yet: somebody who was asked has not scored."""
    return frozenset()


def unmet(round: Round) -> list[Unmet]:
    """For the gate `judgements_complete`: nodes that still wait for a scorer, or have fewer than the quorum."""
    return []
