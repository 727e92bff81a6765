"""The volumes of a round: what was entered, claimed, owed under the contract, and what spot checks leave of it."""

from collections.abc import Mapping
from dataclasses import replace

from service.domain.evaluate import rounds as rules
from service.domain.evaluate import standard_errors
from service.domain.evaluate.evidence import Quantity
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import Scheme
from service.domain.procedure import claims, targets
from service.domain.procedure.self_evaluations import SelfEvaluation
from service.domain.procedure.targets import ContractTarget
from service.operations.evaluate import references, rounds
from service.operations.inspect import results
from service.store import records


def of_round(round: Round, scheme: Scheme) -> tuple[Quantity, ...]:
    """One volume for each counter of which anything is known; a node bound to a draw is verified by it alone."""
    entered = {one.node: rules.as_quantity(one) for one in rounds.quantities(round)}
    evaluation = self_evaluation(round)
    owed = frozen_targets(round)
    found = dict(entered)
    for node in scheme.leaves():
        put_together = claims.quantity(node, entered.get(node.id), evaluation, owed)
        if put_together is not None:
            found[node.id] = put_together
    for id, draw in round.counters.items():
        if (verified := _verified(found.get(id), id, draw)) is not None:
            found[id] = verified
    return tuple(found[id] for id in sorted(found))


def _verified(there: Quantity | None, node: str, draw: str) -> Quantity | None:
    corrected = results.correction(draw)
    if corrected is None:
        return None
    known = there or Quantity(draw, node, None, None, None)
    return replace(
        known,
        claimed=corrected.claimed if known.claimed is None else known.claimed,
        verified=corrected.corrected,
        source=f"draw:{draw}",
        draw=draw,
        unverified="" if corrected.corrected is not None else str(corrected.reason),
        se=standard_errors.of_correction(corrected),
    )


def self_evaluation(round: Round) -> SelfEvaluation:
    """What the provider filed or drafts; an empty draft where there is nothing."""
    return records.get(SelfEvaluation, round.id) or SelfEvaluation(round.id, round.project)


def frozen_targets(round: Round) -> Mapping[str, ContractTarget]:
    """Counter -> the contract's target that the round is held to, as it stood when the round was opened (S01)."""
    owed = records.find(ContractTarget, project=round.project)
    if not owed:
        return {}
    return targets.frozen(owed, round.opened_at, round.kind, references.reference_day(round))
