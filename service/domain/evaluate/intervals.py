"""The interval of a total: errors of sampled leaves propagated by weight; for the group and the method appendix."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from math import sqrt
from typing import Any

from service.domain.evaluate.evidence import CheckEvidence, Evidence, Quantity, SurveyEvidence
from service.domain.evaluate.node_scores import SCORERS
from service.domain.evaluate.schemes import FULL, Band, Node, Scheme, grade
from service.domain.evaluate.scores import ScoreTree
from service.domain.evaluate.standard_errors import Z
from service.domain.rounding import settled

Sampled = SurveyEvidence | CheckEvidence | Quantity
CONFIDENCE = Decimal(95)
# Why a leaf adds nothing to the interval.
NO_SAMPLE, NOT_SCORED, JUDGED = "no_probability_sample", "not_scored", "not_sampled"
REASONS: Mapping[str, str] = {
    NO_SAMPLE: "It rests on no probability sample, so no interval can be claimed for it.",
    NOT_SCORED: "It is not scored.",
    JUDGED: "It was judged, measured or counted, not sampled.",
}
FORMULA = "SE² = Σ (weight × SE)², leaves of one sample taken together"


@dataclass(frozen=True)
class LeafError:
    """One leaf: the standard error of its figure, of its score of 100 and of its points in the total.

    All None with a `reason` of REASONS where nothing is known of it. `source` is the campaign or draw.
    """

    node: str
    source: str
    of_figure: Decimal | None
    of_score: Decimal | None
    of_points: Decimal | None
    reason: str | None


@dataclass(frozen=True)
class TotalInterval:
    """SE and 95 % interval of the total, as far as it is known: only leaves that were sampled move it.

    `not_separated` are the grades besides the total's own that the interval reaches, from the best down. `unstated` are
    the leaves whose sampling error cannot be stated; with any of them the interval is too narrow rather than too wide.
    """

    total: Decimal
    se: Decimal
    lower: Decimal
    upper: Decimal
    confidence: Decimal
    formula: str
    grade: Band | None
    not_separated: tuple[Band, ...]
    unstated: tuple[str, ...]
    leaves: tuple[LeafError, ...]


def of_total(scheme: Scheme, evidence: Evidence, tree: ScoreTree) -> TotalInterval:
    """The interval of a tree that `score` made of this evidence. Statistics §14: SE² of the total = Σ weight² × SE².

    Leaves that rest on the same campaign or draw are taken as fully correlated and added before they are squared, which
    is an upper bound; different samples are independent.
    """
    leaves = tuple(_leaf(node, evidence.of(node.id), tree) for node in scheme.leaves())
    by_source: dict[str, float] = {}
    for leaf in leaves:
        if leaf.of_points:
            by_source[leaf.source] = by_source.get(leaf.source, 0.0) + float(leaf.of_points)
    se = sqrt(sum(part * part for part in by_source.values()))
    most = max(FULL, tree.total)
    lower, upper = (
        settled(max(Decimal(0), tree.total - Decimal(Z * se))),
        settled(min(most, tree.total + Decimal(Z * se))),
    )
    return TotalInterval(
        total=tree.total,
        se=settled(se),
        lower=lower,
        upper=upper,
        confidence=CONFIDENCE,
        formula=FORMULA,
        grade=tree.grade,
        not_separated=tuple(_reached(scheme, tree, lower, upper)),
        unstated=tuple(leaf.node for leaf in leaves if leaf.reason == NO_SAMPLE),
        leaves=leaves,
    )


def _reached(scheme: Scheme, tree: ScoreTree, lower: Decimal, upper: Decimal) -> Iterator[Band]:
    if tree.grade is None:
        return
    worst, best = grade(scheme, lower), grade(scheme, upper)
    for band in sorted(scheme.bands, key=lambda band: band.lower, reverse=True):
        if worst.lower <= band.lower <= best.lower and band.id != tree.grade.id:
            yield band


def _leaf(node: Node, evidence: Evidence, tree: ScoreTree) -> LeafError:
    scored = tree.node(node.id)
    sampled: list[Sampled] = [*evidence.surveys, *evidence.checks, *(one for one in evidence.quantities if one.draw)]
    if len(sampled) != 1:
        return LeafError(node.id, "", None, None, None, JUDGED if scored.score is not None else NOT_SCORED)
    [piece] = sampled
    source = piece.draw if isinstance(piece, CheckEvidence | Quantity) else piece.campaign
    if scored.score is None:
        return LeafError(node.id, source, piece.se, None, None, NOT_SCORED)
    if piece.se is None:
        return LeafError(node.id, source, None, None, None, NO_SAMPLE)
    of_score = _of_score(node, evidence, piece)
    of_points = settled(of_score * scored.max_points / FULL)
    return LeafError(node.id, source, piece.se, of_score, of_points, None)


def _of_score(node: Node, evidence: Evidence, piece: Sampled) -> Decimal:
    """Half of what the score moves over the figure's interval, over z: steps, targets and caps are met as they are."""
    away = settled(Decimal(Z) * (piece.se or Decimal(0)))
    moved = []
    for shift in (-away, away):
        outcome = SCORERS[node.type](node, _shifted(evidence, piece, shift))
        moved.append(outcome.score if outcome.score is not None else Decimal(0))
    return settled(abs(moved[1] - moved[0]) / (2 * Decimal(Z)))


def _shifted(evidence: Evidence, piece: Any, shift: Decimal) -> Evidence:
    def within(value: Decimal, upper: Decimal | None = FULL) -> Decimal:
        moved = max(Decimal(0), value + shift)
        return moved if upper is None else min(upper, moved)

    if isinstance(piece, SurveyEvidence):
        return replace(evidence, surveys=(replace(piece, figure_value=within(piece.figure_value or Decimal(0))),))
    if isinstance(piece, CheckEvidence):
        rate = piece.rate if piece.rate is not None else FULL * piece.errors / piece.n
        return replace(evidence, checks=(replace(piece, rate=within(rate)),))
    return replace(evidence, quantities=(replace(piece, verified=within(piece.verified or Decimal(0), None)),))
