"""Weights that bring answers to the known totals of a frozen list: cells, margins, and what weights cost."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from statistics import median

Cell = tuple[str, ...]
TRIM = 5  # times the median
THIN = 10  # fewer answers in a cell than this are said to be thin
_STEPS, _NEAR = 500, 1e-10


def poststratified(sizes: Mapping[Cell, int], numbers: Mapping[Cell, int]) -> dict[Cell, Fraction] | str:
    """N / n of each cell of the list. A cell that nobody answered in is refused, never left out in silence.

    Holt & Smith 1979. "cell_without_answers" or "no_answers".
    """
    if not any(numbers.get(cell, 0) for cell in sizes):
        return "no_answers"
    if any(size and not numbers.get(cell, 0) for cell, size in sizes.items()):
        return "cell_without_answers"
    return {cell: Fraction(size, numbers[cell]) for cell, size in sizes.items() if size}


def raked(margins: Sequence[Mapping[str, int]], numbers: Mapping[Cell, int]) -> dict[Cell, float] | str:
    """Weights of cells (one code a margin) that meet each margin's totals: iterative proportional fitting.

    Deming & Stephan 1940. Totals of the margins must be equal. "cell_without_answers" where a code of a margin has no
    answers, "raking_did_not_settle" where no weights meet all of them.
    """
    weights = {cell: 1.0 for cell, number in numbers.items() if number}
    if not weights:
        return "no_answers"
    for at, margin in enumerate(margins):
        seen = {cell[at] for cell in weights}
        if any(size and code not in seen for code, size in margin.items()):
            return "cell_without_answers"
    for _ in range(_STEPS):
        worst = 0.0
        for at, margin in enumerate(margins):
            held: dict[str, float] = {}
            for cell, weight in weights.items():
                held[cell[at]] = held.get(cell[at], 0.0) + weight * numbers[cell]
            factors = {code: margin.get(code, 0) / total for code, total in held.items() if total}
            worst = max([worst, *(abs(factor - 1) for factor in factors.values())])
            weights = {cell: weight * factors.get(cell[at], 0.0) for cell, weight in weights.items()}
        if worst < _NEAR:
            return weights
    return "raking_did_not_settle"


def fitted(means: Mapping[Cell, float], masses: Mapping[Cell, float]) -> dict[Cell, float]:
    """What the margins explain of cells' means: additive effects by weighted least squares (Deville & Särndal 1992).

    `masses` are weight × answers of each cell; the residuals from this are what raking leaves of the variance.
    """
    import numpy as np

    cells = list(means)
    columns = [
        [1.0 if cell[at] == code else 0.0 for cell in cells]
        for at in range(len(cells[0]))
        for code in sorted({cell[at] for cell in cells})
    ]
    root = np.sqrt([masses[cell] for cell in cells])
    design = np.array(columns).T
    effects, *_ = np.linalg.lstsq(design * root[:, None], np.array([means[cell] for cell in cells]) * root, rcond=None)
    return dict(zip(cells, map(float, design @ effects), strict=True))


def kish(weights: Mapping[Cell, Fraction | float], numbers: Mapping[Cell, int]) -> float:
    """n_eff = (Σ w)² / Σ w² over persons (Kish 1965); n over it is what unequal weights cost."""
    total = sum(float(weight) * numbers.get(cell, 0) for cell, weight in weights.items())
    squares = sum(float(weight) ** 2 * numbers.get(cell, 0) for cell, weight in weights.items())
    return total * total / squares


def warnings(weights: Mapping[Cell, Fraction | float], numbers: Mapping[Cell, int]) -> tuple[str, ...]:
    """Codes of figures.LIMITS: thin cells, weights over TRIM times the median of persons' weights."""
    used = {cell: number for cell, number in numbers.items() if number and cell in weights}
    persons = [float(weights[cell]) for cell, number in used.items() for _ in range(min(number, 1000))]
    found = []
    if any(number < THIN for number in used.values()):
        found.append("thin_cells")
    if persons and max(persons) > TRIM * median(persons):
        found.append("uneven_weights")
    return tuple(found)
