"""What if: the same pure score of changed evidence or weights, and which leaf decides the grade. Nothing is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from service.domain.errors import Fault, Refused, problem
from service.domain.evaluate.corrections import Edit, corrected
from service.domain.evaluate.evidence import Evidence
from service.domain.evaluate.results import Difference, differing, whys
from service.domain.evaluate.schemes import FULL, Band, Node, Scheme, as_data, grade
from service.domain.evaluate.scores import NodeScore, ScoreTree, score
from service.domain.rounding import settled

STEP = Decimal(10)  # points of a leaf's own 100


@dataclass(frozen=True)
class WhatIf:
    """The tree as it stands, as it would be, and what differs."""

    before: ScoreTree
    after: ScoreTree
    rows: tuple[Difference, ...]


def what_if(scheme: Scheme, evidence: Evidence, edits: Sequence[Edit], weights: Mapping[str, Decimal]) -> WhatIf:
    """The score after these edits under these weights (percent of the parent, by node). Raises Refused("invalid")."""
    before = score(scheme, evidence)
    after = score(_reweighted(scheme, weights), corrected(evidence, edits))
    reasons = whys(as_data(edit) for edit in edits)
    return WhatIf(before, after, tuple(differing(as_data(before), as_data(after), reasons)))


def _reweighted(scheme: Scheme, weights: Mapping[str, Decimal]) -> Scheme:
    """Weights of siblings must still sum to 100: whose falls when another rises is for the asker to say (G53)."""
    known = {node.id for node in scheme.nodes}
    faults = [problem(f"weights.{node}", "there is no such node") for node in weights if node not in known]
    if faults:
        raise Refused("invalid", faults)
    nodes = tuple(replace(node, weight=weights.get(node.id, node.weight)) for node in scheme.nodes)
    for parent in {node.parent for node in nodes if node.id in weights}:
        siblings = [node for node in nodes if node.parent == parent]
        total = sum((node.weight for node in siblings), Decimal(0))
        if total != FULL or any(node.weight < 0 for node in nodes):
            told = {"nodes": ", ".join(node.id for node in siblings), "total": total}
            raise Refused("invalid", [Fault("weights", "weights_of_siblings", told)])
    return replace(scheme, nodes=nodes)


@dataclass(frozen=True)
class Sensitivity:
    """How much one leaf moves the total. `up` and `down`: the total if its score were STEP points higher or lower.

    `grade_up`, `grade_down`: the grades then. `to_higher`: how many points of its own 100 it lacks for the next better
    grade, `to_lower` by how many it may fall before the grade does, None where it alone cannot. `by_weight`: what the
    total gains for each point of percent that its weight gains at its siblings' cost.
    """

    node: str
    score: Decimal | None
    max_points: Decimal
    up: Decimal
    down: Decimal
    grade_up: Band | None
    grade_down: Band | None
    to_higher: Decimal | None
    to_lower: Decimal | None
    by_weight: Decimal

    def decides(self, now: Band | None) -> bool:
        """Whether STEP points of this leaf alone change the grade."""
        return self.grade_up != now or self.grade_down != now


def sensitivity(scheme: Scheme, tree: ScoreTree) -> list[Sensitivity]:
    """One row a leaf, those first that need the fewest of their own points to change the grade (ties: by weight).

    The total is linear in each leaf's score, so the rows are exact. For schemes whose total is one of 100 only.
    """
    if scheme.kind != "evaluation":
        return []
    rows = [_row(scheme, tree, tree.node(node.id), node) for node in scheme.leaves() if tree.node(node.id).max_points]
    nearest = {
        row.node: min((gap for gap in (row.to_higher, row.to_lower) if gap is not None), default=None) for row in rows
    }
    far = FULL + 1
    return sorted(rows, key=lambda row: (nearest[row.node] if nearest[row.node] is not None else far, -row.max_points))


def _row(scheme: Scheme, tree: ScoreTree, leaf: NodeScore, node: Node) -> Sensitivity:
    own = leaf.score if leaf.score is not None else Decimal(0)

    def moved(to: Decimal) -> Decimal:
        return settled(tree.total + (to - own) * leaf.max_points / FULL)

    up, down = moved(max(own, min(FULL, own + STEP))), moved(min(own, max(Decimal(0), own - STEP)))
    higher, lower = _edges(scheme, tree)
    worth = leaf.max_points / FULL
    rise = None if higher is None else settled((higher - settled(tree.total)) / worth)
    fall = None if lower is None else settled((settled(tree.total) - lower) / worth)
    return Sensitivity(
        node=leaf.id,
        score=leaf.score,
        max_points=leaf.max_points,
        up=up,
        down=down,
        grade_up=grade(scheme, up),
        grade_down=grade(scheme, down),
        to_higher=rise if rise is not None and own + rise <= FULL else None,
        to_lower=fall if fall is not None and own - fall >= 0 else None,
        by_weight=_by_weight(tree, leaf, own, node),
    )


def _edges(scheme: Scheme, tree: ScoreTree) -> tuple[Decimal | None, Decimal | None]:
    """The total at which the next better grade begins, and that below which the grade is lost."""
    if tree.grade is None:
        return None, None
    shift = Decimal("0.5") if scheme.boundary == "round_half_up_first" else Decimal(0)
    better = [band.lower - shift for band in scheme.bands if band.lower > tree.grade.lower]
    lower = tree.grade.lower - shift if tree.grade.lower > 0 else None
    return min(better, default=None), lower


def _by_weight(tree: ScoreTree, leaf: NodeScore, own: Decimal, node: Node) -> Decimal:
    """Siblings give up weight in proportion to theirs, so their mean stays what it is."""
    siblings = tree.standards if node.parent is None else tree.node(node.parent).children
    others = [each for each in siblings if each.id != leaf.id]
    rest = sum((each.weight for each in others), Decimal(0))
    if not rest:
        return Decimal(0)
    mean = sum((each.weight * (each.score or Decimal(0)) for each in others), Decimal(0)) / rest
    above = FULL if node.parent is None else tree.node(node.parent).max_points
    return settled((own - mean) / FULL * above / FULL)
