"""The score of a round: a tree in which every point says its rule, its evidence, its arithmetic and what is missing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Context, Decimal, localcontext

from service.domain.evaluate.canonical import absent, later
from service.domain.evaluate.evidence import Evidence
from service.domain.evaluate.node_scores import SCORERS, TAKES, Arithmetic, Input, Outcome, Remark
from service.domain.evaluate.scheme_kinds import source_of
from service.domain.evaluate.schemes import (
    FULL,
    Band,
    Node,
    Scheme,
    Source,
    canonical,
    digest,
    grade,
    plain,
    sha256,
    shown,
)
from service.domain.modes import Text
from service.domain.rounding import settled

# A leaf's score has 9 places, each of at most 8 levels of weights adds at most 11: every product and sum is exact.
_EXACT = Context(prec=120)
ZERO = Decimal(0)


@dataclass(frozen=True)
class NodeScore:
    """One node: `score` of 100 for itself, `points` its contribution to the total, `max_points` the most it could be.

    `score` is None where a leaf cannot be scored: it contributes 0, and `missing` says why. `max_scorable` is the part
    of `max_points` for which there is evidence. The children's points add up exactly to the node's.
    """

    id: str
    parent: str | None
    type: str
    label: Text
    rules: tuple[str, ...]
    example: bool
    weight: Decimal
    score: Decimal | None
    points: Decimal
    max_points: Decimal
    max_scorable: Decimal
    inputs: tuple[Input, ...]
    arithmetic: Arithmetic | None
    missing: tuple[Remark, ...]
    excluded: tuple[Remark, ...]
    notes: tuple[Remark, ...]
    children: tuple["NodeScore", ...]

    def walk(self) -> Iterator["NodeScore"]:
        """This node and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class SourceScore:
    """Points of one source of judgement (C23): of its `weight`, `max_scorable` has evidence; `missing` if not all."""

    id: str
    label: Text
    weight: Decimal
    points: Decimal
    max_scorable: Decimal
    missing: bool


@dataclass(frozen=True)
class ScoreTree:
    """The whole result. `standards` sum exactly to `total`; `provisional` while anything is missing.

    `highest_possible` is the total if everything missing earned full points. `shown` is the total as printed and
    `shown_in_other_band` warns that the printed number would be graded otherwise (89.995 printed as 90.00, G54).
    """

    scheme_id: str
    scheme_version: str
    scheme_digest: str
    inputs_digest: str
    total: Decimal
    max_scorable: Decimal
    highest_possible: Decimal
    grade: Band | None
    boundary: str
    shown: str
    shown_in_other_band: bool
    provisional: bool
    arithmetic: Arithmetic
    standards: tuple[NodeScore, ...]
    missing: tuple[Remark, ...]
    excluded: tuple[Remark, ...]
    unit: str = later("percent")  # percent | points
    failed_gates: tuple[Remark, ...] = later(())
    sources: tuple[SourceScore, ...] = later(())

    def walk(self) -> Iterator[NodeScore]:
        for standard in self.standards:
            yield from standard.walk()

    def node(self, node_id: str) -> NodeScore:
        """The scored node of that id; KeyError if there is none."""
        return {node.id: node for node in self.walk()}[node_id]


def score(scheme: Scheme, evidence: Evidence) -> ScoreTree:
    """The score of `evidence` under `scheme`; pure and total: what is missing earns 0 points and is listed.

    Missing evidence is never silently re-weighted (design §9, rules C23). The grade is banded on the total itself
    (G54), taken on the grid of 1e-9 on which all evidence stands: not a rounding of the result, but what keeps means
    that do not end from turning a true 90 into 89.9999999997. A gate that fails leaves the lowest grade (C10).
    """
    with localcontext(_EXACT):
        standards = tuple(_node(scheme, node, evidence, FULL) for node in scheme.standards)
        return _tree(scheme, evidence, standards)


def _tree(scheme: Scheme, evidence: Evidence, standards: tuple[NodeScore, ...]) -> ScoreTree:
    nodes = [node for standard in standards for node in standard.walk()]
    total, scorable, arithmetic = TOTALS[scheme.kind](standards)
    missing = tuple(remark for node in nodes for remark in node.missing)
    failed = tuple(remark for node in nodes for remark in node.notes if remark.code == "gate_failed")
    banded = settled(total)
    printed = shown(scheme, banded)
    return ScoreTree(
        scheme_id=scheme.id,
        scheme_version=scheme.version,
        scheme_digest=digest(scheme),
        inputs_digest=inputs_digest(scheme, evidence),
        total=total,
        max_scorable=scorable,
        highest_possible=total if scheme.kind == "points" else total + FULL - scorable,
        grade=_grade(scheme, banded, bool(failed)),
        boundary=scheme.boundary,
        shown=printed,
        shown_in_other_band=_grade(scheme, Decimal(printed), False) != _grade(scheme, banded, False),
        provisional=bool(missing),
        arithmetic=arithmetic,
        standards=standards,
        missing=missing,
        excluded=(*(remark for node in nodes for remark in node.excluded), *_strays(scheme, evidence)),
        unit="points" if scheme.kind == "points" else "percent",
        failed_gates=failed,
        sources=tuple(_source(scheme, source, nodes) for source in scheme.sources),
    )


def _grade(scheme: Scheme, banded: Decimal, failed: bool) -> Band | None:
    """None where the scheme has no bands (a sum of points has none)."""
    if not scheme.bands:
        return None
    return min(scheme.bands, key=lambda band: band.lower) if failed else grade(scheme, banded)


def _source(scheme: Scheme, source: Source, nodes: Sequence[NodeScore]) -> SourceScore:
    """C23: what one source gave of its share. What it did not give is not spread over the others."""
    own = [node for node in nodes if not node.children and source_of(scheme, node.id) == source.id]
    points = sum((node.points for node in own), ZERO)
    scorable = sum((node.max_scorable for node in own), ZERO)
    return SourceScore(source.id, source.label, source.weight, points, scorable, scorable < source.weight)


def _weighted(standards: Sequence[NodeScore]) -> tuple[Decimal, Decimal, Arithmetic]:
    total = sum((node.points for node in standards), ZERO)
    return total, sum((node.max_scorable for node in standards), ZERO), _sum(standards, total)


def _points(standards: Sequence[NodeScore]) -> tuple[Decimal, Decimal, Arithmetic]:
    """I03-I08: what all events earned, without an upper end."""
    total = sum((node.points for node in standards), ZERO)
    return total, ZERO, _added(standards, total)


def _acceptance(standards: Sequence[NodeScore]) -> tuple[Decimal, Decimal, Arithmetic]:
    """C04: how many of the conditions are met; the grade is the upper one only if none fails."""
    gates = [node for standard in standards for node in standard.walk() if node.type == "gate"]
    met = sum(1 for node in gates if any(note.code == "gate_passed" for note in node.notes))
    looked = sum(1 for node in gates if not node.missing)
    count = Decimal(len(gates))
    total = settled(FULL * met / count)
    terms = (("met", Decimal(met)), ("conditions", count))
    text = f"100 × {met} / {plain(count)} = {plain(total)}"
    return total, settled(FULL * looked / count), Arithmetic("100 × met / conditions", terms, text)


TOTALS: dict[str, Callable[[Sequence[NodeScore]], tuple[Decimal, Decimal, Arithmetic]]] = {
    "evaluation": _weighted,
    "points": _points,
    "acceptance": _acceptance,
}
"""Kind of scheme -> its total, the part of 100 for which there is evidence, and the arithmetic."""


def _node(scheme: Scheme, node: Node, evidence: Evidence, above: Decimal) -> NodeScore:
    """`above` is the most that the parent can contribute to the total."""
    summed = scheme.kind == "points"
    worth = (above * node.weight).scaleb(-2)
    children = tuple(_node(scheme, child, evidence, worth) for child in scheme.children(node.id))
    if children:
        outcome, points, scorable = _composite(children, summed)
    else:
        outcome = SCORERS[node.type](node, evidence.of(node.id))
        points = (outcome.score or ZERO) if summed else ((outcome.score or ZERO) * worth).scaleb(-2)
        scorable = ZERO if outcome.score is None else worth
    return NodeScore(
        id=node.id,
        parent=node.parent,
        type=node.type,
        label=node.label,
        rules=node.rules,
        example=node.example,
        weight=node.weight,
        score=outcome.score,
        points=points,
        max_points=worth,
        max_scorable=scorable,
        inputs=outcome.inputs,
        arithmetic=outcome.arithmetic,
        missing=outcome.missing,
        excluded=outcome.excluded,
        notes=outcome.notes,
        children=children,
    )


def _composite(children: Sequence[NodeScore], summed: bool) -> tuple[Outcome, Decimal, Decimal]:
    points = sum((child.points for child in children), ZERO)
    scorable = sum((child.max_scorable for child in children), ZERO)
    if summed:
        return Outcome(points, arithmetic=_added(children, points)), points, scorable
    own = sum((((child.score or ZERO) * child.weight).scaleb(-2) for child in children), ZERO)
    return Outcome(own if scorable else None, arithmetic=_sum(children, own)), points, scorable


def _sum(children: Sequence[NodeScore], result: Decimal) -> Arithmetic:
    scored = [child for child in children if child.weight]
    terms = tuple((child.id, child.score or ZERO) for child in scored)
    text = " + ".join(f"{plain(child.weight)} % × {plain(child.score or ZERO)}" for child in scored)
    return Arithmetic("Σ weight × score", terms, f"{text or '0'} = {plain(result)}")


def _added(children: Sequence[NodeScore], result: Decimal) -> Arithmetic:
    terms = tuple((child.id, child.points) for child in children)
    text = " + ".join(plain(child.points) for child in children).replace("+ -", "- ")
    return Arithmetic("Σ points", terms, f"{text} = {plain(result)}")


def inputs_digest(scheme: Scheme, evidence: Evidence) -> str:
    """SHA-256 over the scheme's digest and all evidence, whatever the order in which the evidence was read."""
    sorted_evidence = {
        kind.name: sorted(canonical(item).decode() for item in getattr(evidence, kind.name))
        for kind in fields(evidence)
        if not absent(kind, getattr(evidence, kind.name))
    }
    return sha256({"scheme": digest(scheme), "evidence": sorted_evidence})


def _strays(scheme: Scheme, evidence: Evidence) -> Iterator[Remark]:
    """Evidence for a node that is not there or does not take its kind: left out, and said so."""
    types = {node.id: node.type for node in scheme.nodes}
    for kind in fields(evidence):
        for item in getattr(evidence, kind.name):
            if item.node not in types:
                yield Remark(item.node, "node_unknown", {"node": item.node}, item.id)
            elif kind.name not in TAKES[types[item.node]]:
                yield Remark(item.node, "kind_unfit", {"type": types[item.node]}, item.id)
