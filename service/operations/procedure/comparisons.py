"""Side by side for the group: what the provider claims, what was verified, what people judge, and the points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Refused
from service.domain.evaluate.evidence import Quantity
from service.domain.evaluate.judgements import RoundJudgement
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import Node, Scheme, Survey
from service.domain.evaluate.scores import NodeScore
from service.domain.procedure import claims, consistency
from service.domain.procedure.consistency import Consistency
from service.domain.procedure.groups import GroupMember
from service.domain.procedure.self_evaluations import FACTS, Entry, SelfEvaluation, entry, fact
from service.domain.procedure.targets import ContractTarget
from service.domain.projects import Project
from service.operations.acts import load
from service.operations.evaluate import judgements, quantities, rounds, scores
from service.operations.inspect import results
from service.store import records


@dataclass(frozen=True)
class Row:
    """One node. `score` is None while it is blind, for everybody: points would give the hidden scores away.

    `target_unfit` is a target of the contract that counts in another way than the scheme and so is not used.
    `listed` is what the list of the bound draw claims, where that differs from what the provider filed.
    """

    node: Node
    claim: Entry
    quantity: Quantity | None
    target: ContractTarget | None
    target_unfit: ContractTarget | None
    listed: Decimal | None
    judgements: tuple[RoundJudgement, ...]
    blind: bool
    score: NodeScore | None


@dataclass(frozen=True)
class Comparison:
    """All nodes of a round, and what its checks of consistency say of claims and of verified values."""

    round: str
    evaluation: SelfEvaluation
    rows: tuple[Row, ...]
    claimed: tuple[Consistency, ...]
    verified: tuple[Consistency, ...]


def of_round(actor: Actor, now: datetime, id: str) -> Comparison:
    """Everything beside one another; others' judgements only once they are not blind any more.

    For the evaluator and the members of the group. To a member who may not read the figures of surveys their points,
    and the sums above them, are as hidden as what is blind: releases alone tell them (design, section 7).
    """
    round = rounds.get(actor, id, "comparisons.read")
    owner = load(Project, round.project, "project")
    inside = access.may(actor, "scores.read", owner.parties)
    if not inside and not _is_member(actor, owner, round):
        raise Refused("forbidden")
    scored = scores.as_seen(actor, now, round)
    scheme = scored.scheme
    evaluation = quantities.self_evaluation(round)
    told = evaluation if evaluation.filed else SelfEvaluation(round.id, round.project)
    volumes = {one.node: one for one in scored.evidence.quantities}
    hidden = judgements.blind_nodes(round)
    if not inside:
        hidden |= {node.id for node in scheme.nodes if isinstance(node.spec, Survey)}
    blind = _with_ancestors(scheme, hidden)
    seen = judgements.visible(actor, round)
    owed, points = quantities.frozen_targets(round), {node.id: node for node in scored.tree.walk()}
    rows = tuple(
        _row(node, told, volumes, owed, seen, blind, points, round.counters.get(node.id)) for node in scheme.nodes
    )
    facts = {name: value for name in FACTS if (value := fact(told, name)) is not None}
    return Comparison(
        round=round.id,
        evaluation=told,
        rows=rows,
        claimed=_consistency(scheme, {node.id: entry(told, node.id).claimed for node in scheme.nodes}, facts),
        verified=_consistency(scheme, {node: one.verified for node, one in volumes.items()}, facts),
    )


def _is_member(actor: Actor, owner: Project, round: Round) -> bool:
    """Whether the group has the actor as a member now; nobody of the provider looks at how it is judged."""
    if actor.organisation == owner.provider:
        return False
    return any(one.active for one in records.find(GroupMember, round=round.id, user=actor.id))


def _row(
    node: Node,
    told: SelfEvaluation,
    volumes: Mapping[str, Quantity],
    owed: Mapping[str, ContractTarget],
    seen: Sequence[RoundJudgement],
    blind: frozenset[str],
    points: Mapping[str, NodeScore],
    draw: str | None,
) -> Row:
    target, claim = claims.target_of(node, owed), entry(told, node.id)
    fits = target is not None and claims.fits(node, target)
    return Row(
        node=node,
        claim=claim,
        quantity=volumes.get(node.id),
        target=target if fits else None,
        target_unfit=None if fits else target,
        listed=_listed(draw, claim.claimed),
        judgements=tuple(one for one in seen if one.node == node.id),
        blind=node.id in blind,
        score=None if node.id in blind else points.get(node.id),
    )


def _listed(draw: str | None, claimed: Decimal | None) -> Decimal | None:
    """What the drawn list claims, if the provider filed something else."""
    corrected = results.correction(draw) if draw else None
    if corrected is None or claimed is None or corrected.claimed in (None, claimed):
        return None
    return corrected.claimed


def _with_ancestors(scheme: Scheme, blind: frozenset[str]) -> frozenset[str]:
    """A sum gives away the one part that is hidden, so all above it are hidden too."""
    parents = {node.id: node.parent for node in scheme.nodes}
    found = set()
    for id in blind:
        above: str | None = id
        while above is not None:
            found.add(above)
            above = parents[above]
    return frozenset(found)


def _consistency(
    scheme: Scheme, values: Mapping[str, Decimal | None], facts: Mapping[str, Decimal]
) -> tuple[Consistency, ...]:
    return consistency.checked({**facts, **claims.claims_by_rule(scheme.leaves(), values)})
