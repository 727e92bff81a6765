"""Answers with the design behind them: from a tally and its batches to any named figure with what it may claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from service.domain.collect.questionnaires import CANNOT_SAY, NOT_ASKED
from service.domain.collect.reaches import Asked, Reach, separate
from service.domain.collect.tallies import Cell as TallyCell
from service.domain.collect.tallies import Counts, Tally
from service.domain.estimates import weighting
from service.domain.estimates.intervals import WILSON
from service.domain.estimates.linearised import Cell, Stratum

CLUSTERS: Final = ("session", "site")
FEW_CLUSTERS = 10


@dataclass(frozen=True)
class Weights:
    """Known totals that answers are weighted to: of cells (post-stratification), or of several margins (raking).

    `dimensions` are fields of a tally's cell. `cells` have one code a dimension; else `margins` one mapping a
    dimension. `source` names the frozen frames. `fixed` are the weights that all answers together gave, for a part.
    """

    dimensions: tuple[str, ...]
    cells: Mapping[Cell, int] = field(default_factory=dict)
    margins: tuple[Mapping[str, int], ...] = ()
    source: str = ""
    fixed: Mapping[Cell, Fraction] | None = None

    @property
    def design(self) -> str:
        return "post_stratified" if self.cells else "raked"

    @property
    def population(self) -> int:
        return sum(self.cells.values()) if self.cells else sum(self.margins[0].values())

    def knows(self, cell: Cell) -> bool:
        """Whether the totals say anything of this cell."""
        if self.cells:
            return bool(self.cells.get(cell))
        return all(margin.get(code) for margin, code in zip(self.margins, cell, strict=True))


@dataclass(frozen=True)
class Method:
    """What is asked for beyond the defaults: exact intervals, answers of a session or site taken as alike, weights."""

    interval: str = WILSON
    cluster: str = ""
    weights: Weights | None = None


@dataclass(frozen=True)
class Part:
    """The counts of answers that share a draw, a cluster and a weighting cell."""

    stratum: str
    cluster: str
    cell: Cell
    counts: Counts


@dataclass(frozen=True)
class Sample:
    """A tally split as the design needs it. `barred` is why no figure of it has an interval, whatever its values."""

    parts: tuple[Part, ...]
    strata: Mapping[str, Stratum]
    design: str
    asked: Asked
    method: Method
    barred: str | None
    limits: tuple[str, ...]
    responded: int = 0

    @property
    def weighted(self) -> bool:
        """Whether some answers count more than others."""
        return self.design in ("stratified", "post_stratified", "raked")

    def silent(self, item: str) -> int:
        """Of the persons asked, those of whom nothing is known for this item: silent, skipped, or helped by staff."""
        known = sum(
            sum(number for key, number in part.counts.items() if key.startswith(f"c|{item}|") and _counts(key))
            for part in self.parts
        )
        return max(0, (self.asked.issued or 0) - known)


def _counts(key: str) -> bool:
    code = key.rpartition("|")[2]
    return not code.startswith("_") or code in (CANNOT_SAY, NOT_ASKED)


def sample(own: Tally, asked: Asked, method: Method, responded: int) -> Sample:
    """The answers that count (`own`, without those helped by staff), split by draw, cluster and weighting cell.

    `responded` are all who answered, also those helped.
    """
    weights = method.weights
    strata, of_place = _strata(own, asked, method)
    parts: dict[tuple[str, str, Cell], Counts] = {}
    unknown = 0
    for cell, counts in own.items():
        key: Cell = tuple(getattr(cell, name) for name in weights.dimensions) if weights else ()
        if weights and not weights.knows(key):
            unknown += counts.get("n", 0)
            continue
        place = of_place.get((cell.site, cell.session), "")
        merged = parts.setdefault((place, _cluster(cell, method.cluster), key), {})
        for name, number in counts.items():
            merged[name] = merged.get(name, 0) + number
    helped = responded > sum(counts.get("n", 0) for counts in own.values())
    limits = (*_limits(own, asked, helped, unknown), *(("part_of_weighted",) if weights and weights.fixed else ()))
    design = weights.design if weights else "stratified" if len(strata) > 1 else _plain_design(asked, method)
    barred = asked.barred or (None if len(strata) > 1 else asked.no_interval)
    return Sample(
        tuple(Part(*key, counts) for key, counts in sorted(parts.items())),
        strata,
        design,
        asked,
        method,
        barred,
        limits,
        responded,
    )


def _plain_design(asked: Asked, method: Method) -> str:
    if asked.everyone:
        return "all_asked"
    if asked.barred or asked.issued is None:
        return "not_drawn"
    return "clustered" if method.cluster else "simple"


def _strata(own: Tally, asked: Asked, method: Method) -> tuple[dict[str, Stratum], dict[tuple[str, str], str]]:
    """(the lists drawn from by name, which of them each place belongs to); one without a name where they are one."""
    drawn = method.weights is None and asked.barred is None and asked.whole and not asked.everyone
    if drawn and _known(own, asked.draws):
        names = {draw: draw.frame or str(at) for at, draw in enumerate(asked.draws)}
        of_place = {place: names[draw] for draw in asked.draws for place in draw.places}
        return {names[draw]: Stratum.of(draw.issued, draw.population) for draw in asked.draws}, of_place
    fraction = asked.fraction or Fraction(0)
    return {"": Stratum(asked.issued or 0, asked.population, fraction)}, {}


def _known(own: Tally, draws: Sequence[Reach]) -> bool:
    """Whether the size of each list is known, and which of them every answer belongs to."""
    if not separate(draws) or any(draw.fraction is None or draw.population is None for draw in draws):
        return False
    places = {place for draw in draws for place in draw.places}
    return all((cell.site, cell.session) in places for cell in own)


def _cluster(cell: TallyCell, by: str) -> str:
    return "" if not by else cell.site if by == "site" else f"{cell.site}/{cell.session}"


def _limits(own: Tally, asked: Asked, helped: bool, unknown: int) -> tuple[str, ...]:
    found = []
    if asked.draws and asked.population is None and asked.fraction not in (None, 1):
        found.append("part_of_draw")
    if helped:
        found.append("staff_helped")
    if len({cell.mode for cell, counts in own.items() if counts.get("n")}) > 1:
        found.append("several_modes")
    if unknown:
        found.append("unknown_cells")
    return tuple(found)


def cell_weights(weights: Weights, numbers: Mapping[Cell, int]) -> Mapping[Cell, Fraction] | str:
    """The weight of an answer by cell, from how many answered in each; a code of figures.REASONS where none can be."""
    if weights.fixed is not None:
        return weights.fixed
    if weights.cells:
        return weighting.poststratified(weights.cells, numbers)
    raked = weighting.raked(weights.margins, numbers)
    return raked if isinstance(raked, str) else {cell: Fraction(value) for cell, value in raked.items()}


def of_part(weights: Weights, own: Tally) -> Weights:
    """The same for a part of `own`: each answer keeps the weight that it has among all who answered.

    Where no weights can be had the part has the same reason, since it then computes them anew.
    """
    numbers: dict[Cell, int] = {}
    for cell, counts in own.items():
        key = tuple(getattr(cell, name) for name in weights.dimensions)
        if weights.knows(key):
            numbers[key] = numbers.get(key, 0) + counts.get("n", 0)
    found = cell_weights(weights, numbers)
    return weights if isinstance(found, str) else replace(weights, fixed=found)
