"""What a leaf of the tree comes to: its score, where it came from, and the arithmetic in one readable line."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from service.domain.evaluate.remarks import Remark
from service.domain.evaluate.schemes import Linear, Steps, Target, ZeroAt, plain
from service.domain.rounding import settled


@dataclass(frozen=True)
class Input:
    """One piece of evidence that went into a node, so that each point leads back to it."""

    kind: str  # survey | check | judgement | quantity | decision | ratio | measure | event | gate
    id: str
    digest: str


@dataclass(frozen=True)
class Arithmetic:
    """How the points came about: the formula, its numbers by name, and both in one readable line."""

    formula: str
    terms: tuple[tuple[str, Decimal], ...]
    text: str


@dataclass(frozen=True)
class Outcome:
    """A leaf's result: `score` of 100 on the grid of 1e-9, None if it cannot be scored (then `missing` says why)."""

    score: Decimal | None = None
    inputs: tuple[Input, ...] = ()
    arithmetic: Arithmetic | None = None
    missing: tuple[Remark, ...] = ()
    excluded: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()


def apply_points(points: Linear | Steps | Target | ZeroAt, name: str, figure: Decimal) -> tuple[Decimal, Arithmetic]:
    """Points of 100 for a figure, on the grid of 1e-9, and how they came about; `name` is what the figure is called."""
    score = settled(points.points(figure))
    terms: list[tuple[str, Decimal]] = [(name, figure)]
    if isinstance(points, Target):
        terms += [("target", points.target), ("deduction", points.deduction)]
        formula, shape = (
            f"max(0, 100 - deduction × max(0, target - {name}))",
            (f"max(0, 100 - {plain(points.deduction)} × max(0, {plain(points.target)} - {plain(figure)}))"),
        )
    elif isinstance(points, ZeroAt):
        terms += [("zero_at", points.rate)]
        formula, shape = (
            f"max(0, 100 - 100 × {name} / zero_at)",
            f"max(0, 100 - 100 × {plain(figure)} / {plain(points.rate)})",
        )
    elif isinstance(points, Steps):
        start = max(step.start for step in points.steps if step.start <= figure)
        terms += [("step_from", start)]
        formula, shape = f"points of the step that holds {name}", f"step from {plain(start)} for {plain(figure)}"
    else:
        formula, shape = name, f"{name} {plain(figure)}"
    return score, Arithmetic(formula, tuple(terms), f"{shape} = {plain(score)}")


def none_or_many(node: str, none: str, ids: Sequence[str]) -> Remark:
    """What is missing where not exactly one piece of evidence is there: none at all, or a choice among them."""
    return Remark(node, "ambiguous", {"ids": ", ".join(sorted(ids))}) if ids else Remark(node, none)
