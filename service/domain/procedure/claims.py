"""What a counter is scored by, put together: what the group entered, else the provider's claim and the contract."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from service.domain.evaluate.evidence import Quantity
from service.domain.evaluate.schemes import Counter, Node
from service.domain.procedure.self_evaluations import SelfEvaluation, entry, fact
from service.domain.procedure.targets import ContractTarget


def target_of(node: Node, targets: Mapping[str, ContractTarget]) -> ContractTarget | None:
    """The contract's target of a counter node: one that names the node, else one that names a rule of it."""
    for name in (node.id, *node.rules):
        if name in targets:
            return targets[name]
    return None


def fits(node: Node, target: ContractTarget) -> bool:
    """Whether contract and scheme count in the same way: the agency's whole, or per worker by the same denominator."""
    spec = node.spec
    if not isinstance(spec, Counter) or target.level != spec.level:
        return False
    return spec.level != "per_worker" or target.denominator == spec.denominator


def quantity(
    node: Node, entered: Quantity | None, evaluation: SelfEvaluation, targets: Mapping[str, ContractTarget]
) -> Quantity | None:
    """The volume of one counter node; None where nothing is known of it.

    What the group entered stays. Where it entered nothing: the contract's target (G40, S01) if it fits, the claim that
    was filed, and for the number of workers (G13) the contract's, else the provider's own. Nothing claimed is ever
    taken as verified.
    """
    spec, target = node.spec, target_of(node, targets)
    if not isinstance(spec, Counter):
        return entered
    if target is not None and not fits(node, target):
        target = None
    said = entry(evaluation, node.id) if evaluation.filed else None
    claimed = said.claimed if said else None
    if entered is None and target is None and claimed is None:
        return None
    there = entered or Quantity(
        f"{evaluation.id}/{node.id}", node.id, None, None, None, source=_source(claimed, target)
    )
    workers = there.workers
    if workers is None and spec.level == "per_worker":
        workers = (target.workers if target else None) or _own_workers(evaluation, spec)
    return replace(
        there,
        target=there.target if there.target is not None or target is None else target.target,
        claimed=claimed if there.claimed is None else there.claimed,
        workers=workers,
    )


def _own_workers(evaluation: SelfEvaluation, spec: Counter) -> Decimal | None:
    return fact(evaluation, spec.denominator) if evaluation.filed else None


def _source(claimed: Decimal | None, target: ContractTarget | None) -> str:
    """Where the values come from that nobody entered by hand."""
    named = (f"target:{target.id}#{target.version}",) if target else ()
    return "; ".join((*(("self-evaluation",) if claimed is not None else ()), *named))


def claims_by_rule(nodes: Iterable[Node], values: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    """Rule -> the value of its counter node, for the consistency checks; `values` are by node.

    A rule that several counters share is left out: which of them would be meant is not known.
    """
    found: dict[str, list[Decimal]] = {}
    for node in nodes:
        value = values.get(node.id)
        if isinstance(node.spec, Counter) and value is not None:
            for rule in node.rules:
                found.setdefault(rule, []).append(value)
    return {rule: several[0] for rule, several in found.items() if len(several) == 1}
