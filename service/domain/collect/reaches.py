"""Who was asked: batches and draws behind the answers, and what may be claimed of them (design §6)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from service.domain.collect.tallies import Cell, Tally
from service.domain.modes import CARRIES_INTERVAL, CARRIES_POINTS

Place = tuple[str, str]  # site, session


@dataclass(frozen=True)
class Reach:
    """One batch (or draw) behind the answers: slips issued, and the size of the frozen frame they were drawn from.

    `places` are where its slips went, so that its answers can be told from those of other draws. Of a part of a draw
    N is not known, only the whole draw's fraction: `drawn` of `listed`.
    """

    distribution: str
    issued: int
    population: int | None = None
    frame: str = ""
    places: frozenset[Place] = frozenset()
    drawn: int = 0
    listed: int = 0

    @property
    def fraction(self) -> Fraction | None:
        """Issued over N, of a part that of the whole draw; None where it is not known or more than everybody."""
        if self.population is not None:
            known = self.issued <= self.population and self.population
            return Fraction(self.issued, self.population) if known else None
        return Fraction(self.drawn, self.listed) if 0 < self.drawn <= self.listed else None


@dataclass(frozen=True)
class Asked:
    """Whom the answers of one distribution come from, and why nothing may be claimed if so.

    `fraction` is the sampling fraction; `draws` the batches that have one.
    """

    issued: int | None = None
    population: int | None = None
    barred: str | None = None  # no rate, bounds or interval
    no_interval: str | None = None  # bounds and rate, no interval
    whole: bool = True  # else the sampling fraction is known, but neither rate nor bounds
    fraction: Fraction | None = None
    draws: tuple[Reach, ...] = ()

    @property
    def everyone(self) -> bool:
        return self.fraction == 1

    @staticmethod
    def of(distributions: tuple[str, ...], reach: Sequence[Reach], whole: bool) -> "Asked":
        """From the distributions of the answers and the batches of the same distribution."""
        if len(distributions) > 1:
            return Asked(barred="mixed_distributions")
        name = distributions[0] if distributions else ""
        if name not in CARRIES_POINTS:
            reasons = {"": "no_answers", "all_present_provider": "handed_out_by_provider"}
            return Asked(barred=reasons.get(name, "self_selected"))
        batches = tuple(
            one for one in reach if one.distribution == name and (one.issued or one.population or one.listed)
        )
        if not batches:
            return Asked(barred="issued_unknown")
        issued = sum(batch.issued for batch in batches)
        if name not in CARRIES_INTERVAL:
            return Asked(issued, issued, None if whole else "part_of_batch", fraction=Fraction(1), draws=batches)
        return _drawn(batches, issued, whole)


def _drawn(batches: tuple[Reach, ...], issued: int, whole: bool) -> Asked:
    fractions = {batch.fraction for batch in batches}
    sizes = [batch.population for batch in batches if batch.population is not None]
    population = sum(sizes) if len(sizes) == len(batches) and None not in fractions else None
    if None in fractions:
        return Asked(issued, None, no_interval="no_frame", whole=whole, draws=batches)
    if len(fractions) > 1:
        return Asked(issued, population, None, "unequal_fractions", whole, None, batches)
    return Asked(issued, population, None, None, whole, fractions.pop(), batches)


def separate(draws: Sequence[Reach]) -> bool:
    """Whether each answer can be told to belong to one of several draws: by the place where its slip was handed out."""
    places = [place for draw in draws for place in draw.places]
    return len(draws) > 1 and all(draw.places for draw in draws) and len(places) == len(set(places))


def distributions_of(tally: Tally, reach: Sequence[Reach]) -> tuple[str, ...]:
    """Those of the answers; before the first answer, those of the batches."""
    given = {cell.distribution for cell, counts in tally.items() if counts.get("n")}
    return tuple(sorted(given or {batch.distribution for batch in reach}))


def ways(tally: Tally, where: Callable[[Cell], bool] = lambda cell: True) -> dict[str, Any]:
    """`distributions` and `modes` (with persons) of the cells that `where` accepts: they stand beside every figure."""
    cells = [(cell, counts.get("n", 0)) for cell, counts in sorted(tally.items()) if where(cell)]
    modes = {
        mode: sum(n for cell, n in cells if cell.mode == mode) for mode in sorted({cell.mode for cell, _ in cells})
    }
    return {"distributions": tuple(sorted({cell.distribution for cell, _ in cells})), "modes": modes}
