"""Satisfaction from tallies: index, shares, and the uncertainty that the way of asking allows to claim (design §6)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from service.domain.collect.questionnaires import CANNOT_SAY, NOT_ASKED, SKIPPED, Questionnaire, Scale
from service.domain.collect.tallies import Cell, Counts, Tally, counts_of
from service.domain.errors import Fault, Refused
from service.domain.modes import CARRIES_INTERVAL, CARRIES_POINTS, OUT_OF_POINTS
from service.domain.proportions import Interval, aapor, bounds, effective_size, exact, wilson

REASONS: dict[str, str] = {
    "no_answers": "Nobody has given a valid answer.",
    "item_without_answers": "An item of the scale has no valid answer; leaving it out would change its meaning.",
    "too_few_levels": "The scale has no more levels than are asked for.",
    "census": "Everyone on the list, or everyone present, was asked and answered: there is no sampling error.",
    "attempted_census": "Everyone was asked, some stayed silent: see the bounds.",
    "self_selected": "Who answered chose to: such answers speak for themselves only.",
    "handed_out_by_provider": "The rated provider chose whom to ask.",
    "mixed_distributions": "Answers from tickets handed out in different ways are in one figure.",
    "all_answered": "Everyone who was asked answered.",
    "issued_unknown": "It is not known how many tickets were issued.",
    "no_frame": "No frozen frame says how many persons the draw was taken from.",
    "unequal_fractions": "Draws with different sampling fractions are in one figure.",
    "several_draws": "Several campaigns are in one figure: each draw has an interval of its own.",
    "part_of_batch": "How many of the issued tickets belong to this part of the answers is not known.",
    "more_answers_than_issued": "More answers than issued tickets: the batches must be reconciled first.",
}
"""Why a value is null: stable codes and their English text."""


@dataclass(frozen=True)
class Reach:
    """One batch (or draw) behind the answers: slips issued, and the size of the frozen frame they were drawn from."""

    distribution: str
    issued: int
    population: int | None = None


@dataclass(frozen=True)
class IndexMapping:
    """What each level is worth on 0..100, under a name that is printed beside the index."""

    name: str
    points: Mapping[str, Decimal]


def linear(levels: Sequence[str]) -> IndexMapping:
    """Equal steps from 0 for the worst to 100 for the best level."""
    steps = len(levels) - 1
    return IndexMapping("linear", {code: exact(Fraction(100 * place, steps)) for place, code in enumerate(levels)})


def graded(levels: Sequence[str], *best_first: int | str | Decimal) -> IndexMapping:
    """A mapping that carries its values as its name, such as 100-80-60-30-0, given from the best level down."""
    values = [Decimal(value) for value in best_first]
    if len(values) != len(levels) or not all(0 <= value <= 100 for value in values):
        raise ValueError("needs one value of 0..100 a level")
    return IndexMapping("-".join(map(str, best_first)), dict(zip(reversed(levels), values, strict=True)))


@dataclass(frozen=True)
class ItemFigure:
    """One item: `n` valid answers, `counts` by level from the best, `mean` of the mapped levels (0..100).

    `cannot_say_share` is of those who answered the item; `skipped_share`, item non-response, of all who were asked.
    """

    id: str
    n: int
    counts: dict[str, int]
    cannot_say: int
    skipped: int
    not_asked: int
    mean: Decimal | None
    cannot_say_share: Decimal | None
    skipped_share: Decimal | None


@dataclass(frozen=True)
class Helped:
    """Answers helped by staff of the rated service: shown apart, out of every other figure."""

    answered: int
    n: int
    satisfied: Decimal | None
    index: Decimal | None
    distributions: tuple[str, ...] = ()
    modes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Estimate:
    """All figures of one scale. Shares, interval, bounds and rate are fractions of 1, index and means 0..100.

    answered   persons, also those helped by staff       n     valid answers to the headline item
    issued     slips handed out                         population  N: the frozen frame, or all who were present
    reasons    for each null value the code of REASONS  formulas    for each value the name of what computed it
    """

    scale: str
    headline: str
    mapping: str
    answered: int
    n: int
    issued: int | None
    population: int | None
    index: Decimal | None
    satisfied: Decimal | None
    top2: Decimal | None
    top3: Decimal | None
    interval: Interval | None
    bounds: Interval | None
    rate: Decimal | None
    items: tuple[ItemFigure, ...]
    helped: Helped
    distributions: tuple[str, ...]
    modes: dict[str, int]
    carries_points: bool
    reasons: dict[str, str] = field(default_factory=dict)
    formulas: dict[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Valid answers to the headline item by level, the best first."""
        return next(item.counts for item in self.items if item.id == self.headline)

    @property
    def interval_reason(self) -> str | None:
        return self.reasons.get("interval")

    def share_of(self, codes: Collection[str]) -> Decimal | None:
        """The share of valid answers to the headline item with one of these codes."""
        return exact(Fraction(sum(self.counts.get(code, 0) for code in set(codes)), self.n)) if self.n else None

    def figure(self, name: str, codes: Collection[str] = ()) -> Decimal | None:
        """What a scheme calls `top3_rate`, `top2_rate`, `share` (of `codes`) or `index:<mapping>`, on 0..100.

        None where it is null. KeyError for another name, or for a mapping that this index was not computed with.
        """
        base, _, mapping = name.partition(":")
        if base == "index":
            if mapping and mapping != self.mapping:
                raise KeyError(name)
            return self.index
        shares = {"top2_rate": self.top2, "top3_rate": self.top3, "share": self.share_of(codes)}
        share = shares[base]
        return None if share is None else share * 100


def estimate(
    questionnaire: Questionnaire,
    tally: Tally,
    reach: Sequence[Reach] = (),
    *,
    scale: str = "satisfaction",
    mapping: IndexMapping | None = None,
    apart: Collection[str] = OUT_OF_POINTS,
    whole: bool = True,
) -> Estimate:
    """The figures of a declared scale from a tally and the batches behind it (design §6; G28).

    Interval: drawn persons only; rate and bounds also where the evaluator handed slips to all present. Answers whose
    assistance is in `apart` stand in `helped` only: silent for the bounds, answered for the rate. `whole` is false if
    the tally holds only a part of what these batches brought in (one mode, one language), of which no issue is known.
    KeyError if the scale is not declared; Refused("invalid") if the mapping does not fit its levels.
    """
    declared = questionnaire.scales[scale]
    mapping = _fitting(mapping, declared)
    own = counts_of(tally, lambda cell: cell.assistance not in apart)
    others = counts_of(tally, lambda cell: cell.assistance in apart)
    items = tuple(_item(name, declared.levels, own, mapping) for name in declared.items)
    head = next(item for item in items if item.id == declared.headline)
    distributions = _distributions(tally, reach)
    asked = _Asked.of(distributions, reach, whole)
    responded = own.get("n", 0) + others.get("n", 0)
    reasons: dict[str, str] = {}
    return Estimate(
        **_names(scale, declared, mapping),
        **_provenance(questionnaire, tally, distributions, asked),
        answered=responded,
        n=head.n,
        index=_index(items, mapping, reasons),
        **_shares(declared, head, reasons),
        **_uncertainty(asked, declared, head, responded, reasons),
        rate=_rate(asked, responded, head.skipped + others.get(f"c|{head.id}|{SKIPPED}", 0), reasons),
        items=items,
        helped=replace(_helped(declared, others, mapping), **ways(tally, lambda cell: cell.assistance in apart)),
        reasons=reasons,
    )


def _fitting(mapping: IndexMapping | None, declared: Scale) -> IndexMapping:
    if mapping is None:
        return linear(declared.levels)
    if set(mapping.points) != set(declared.levels):
        raise Refused("invalid", [Fault("mapping", "codes_differ", {"codes": ", ".join(declared.levels)})])
    return mapping


def _names(scale: str, declared: Scale, mapping: IndexMapping) -> dict[str, Any]:
    formulas = {
        "index": f"mean of item means, {mapping.name}",
        "satisfied": "share of " + "+".join(declared.satisfied),
        "interval": "Wilson, finite population, 95 %",
        "bounds": "all silent dissatisfied / satisfied",
        "rate": "AAPOR RR1",
    }
    return {"scale": scale, "headline": declared.headline, "mapping": mapping.name, "formulas": formulas}


def _item(name: str, levels: Sequence[str], counts: Counts, mapping: IndexMapping) -> ItemFigure:
    given = {code: counts.get(f"c|{name}|{code}", 0) for code in reversed(levels)}
    n = sum(given.values())
    unable, skipped, not_asked = (counts.get(f"c|{name}|{state}", 0) for state in (CANNOT_SAY, SKIPPED, NOT_ASKED))
    asked = counts.get("n", 0) - not_asked
    return ItemFigure(
        id=name,
        n=n,
        counts=given,
        cannot_say=unable,
        skipped=skipped,
        not_asked=not_asked,
        mean=exact(_mean(given, mapping)) if n else None,
        cannot_say_share=exact(Fraction(unable, n + unable)) if n + unable else None,
        skipped_share=exact(Fraction(skipped, asked)) if asked else None,
    )


def _shares(declared: Scale, head: ItemFigure, reasons: dict[str, str]) -> dict[str, Any]:
    """satisfied, top2, top3."""
    wanted = {"satisfied": declared.satisfied, "top2": declared.levels[-2:], "top3": declared.levels[-3:]}
    shares: dict[str, Decimal | None] = dict.fromkeys(wanted)
    for name, codes in wanted.items():
        if not head.n:
            reasons[name] = "no_answers"
        elif len(codes) == len(declared.levels):
            reasons[name] = "too_few_levels"
        else:
            shares[name] = exact(Fraction(sum(head.counts[code] for code in codes), head.n))
    return shares


def _mean(counts: Mapping[str, int], mapping: IndexMapping) -> Fraction:
    worth = sum((number * Fraction(mapping.points[code]) for code, number in counts.items()), Fraction(0))
    return worth / sum(counts.values())


def _index(items: Sequence[ItemFigure], mapping: IndexMapping, reasons: dict[str, str]) -> Decimal | None:
    """The mean over the scale's items of the item's mean, each over its own valid n (not a person-level index)."""
    answered = [item for item in items if item.n]
    if len(answered) < len(items):
        reasons["index"] = "item_without_answers" if answered else "no_answers"
        return None
    return exact(sum((_mean(item.counts, mapping) for item in items), Fraction(0)) / len(items))


def _helped(declared: Scale, counts: Counts, mapping: IndexMapping) -> Helped:
    items = [_item(name, declared.levels, counts, mapping) for name in declared.items]
    head = next(item for item in items if item.id == declared.headline)
    good = sum(head.counts[code] for code in declared.satisfied)
    share = exact(Fraction(good, head.n)) if head.n else None
    return Helped(counts.get("n", 0), head.n, share, _index(items, mapping, {}))


def _distributions(tally: Tally, reach: Sequence[Reach]) -> tuple[str, ...]:
    """Those of the answers; before the first answer, those of the batches."""
    given = {cell.distribution for cell, counts in tally.items() if counts.get("n")}
    return tuple(sorted(given or {batch.distribution for batch in reach}))


@dataclass(frozen=True)
class _Asked:
    """Whom the answers of one distribution come from, and why nothing may be claimed if so."""

    issued: int | None = None
    population: int | None = None
    barred: str | None = None  # no rate, bounds or interval
    no_interval: str | None = None  # bounds and rate, no interval
    whole: bool = True  # else the sampling fraction is known, but neither rate nor bounds

    @staticmethod
    def of(distributions: tuple[str, ...], reach: Sequence[Reach], whole: bool) -> "_Asked":
        if len(distributions) > 1:
            return _Asked(barred="mixed_distributions")
        name = distributions[0] if distributions else ""
        if name not in CARRIES_POINTS:
            reasons = {"": "no_answers", "all_present_provider": "handed_out_by_provider"}
            return _Asked(barred=reasons.get(name, "self_selected"))
        batches = [batch for batch in reach if batch.distribution == name and (batch.issued or batch.population)]
        if not batches:
            return _Asked(barred="issued_unknown")
        issued = sum(batch.issued for batch in batches)
        if name not in CARRIES_INTERVAL:
            return _Asked(issued, issued, barred=None if whole else "part_of_batch")
        sizes = [batch.population for batch in batches if batch.population is not None]
        if len(sizes) < len(batches) or any(batch.issued > (batch.population or 0) for batch in batches):
            return _Asked(issued, None, no_interval="no_frame", whole=whole)
        fractions = {Fraction(batch.issued, batch.population or 1) for batch in batches}
        return _Asked(issued, sum(sizes), None, "unequal_fractions" if len(fractions) > 1 else None, whole)


def _provenance(
    questionnaire: Questionnaire, tally: Tally, distributions: tuple[str, ...], asked: _Asked
) -> dict[str, Any]:
    return {
        "issued": asked.issued,
        "population": asked.population,
        **ways(tally),
        "distributions": distributions,
        "carries_points": questionnaire.scored and bool(distributions) and set(distributions) <= CARRIES_POINTS,
    }


def ways(tally: Tally, where: Callable[[Cell], bool] = lambda cell: True) -> dict[str, Any]:
    """`distributions` and `modes` (with persons) of the cells that `where` accepts: they stand beside every figure."""
    cells = [(cell, counts.get("n", 0)) for cell, counts in sorted(tally.items()) if where(cell)]
    modes = {
        mode: sum(n for cell, n in cells if cell.mode == mode) for mode in sorted({cell.mode for cell, _ in cells})
    }
    return {"distributions": tuple(sorted({cell.distribution for cell, _ in cells})), "modes": modes}


def _rate(asked: _Asked, responded: int, skipped: int, reasons: dict[str, str]) -> Decimal | None:
    """RR1: complete is who answered the headline item (also "cannot say"), partial who skipped it."""
    barred = asked.barred or (None if asked.whole else "part_of_batch")
    barred = barred or ("more_answers_than_issued" if responded > (asked.issued or 0) else None)
    if barred or asked.issued is None:
        reasons["rate"] = barred or "issued_unknown"
        return None
    return aapor(responded - skipped, skipped, NC=asked.issued - responded)["RR1"]


def _no_bounds(whole: bool, everyone: bool) -> str:
    return "part_of_batch" if not whole else "census" if everyone else "all_answered"


def _uncertainty(
    asked: _Asked, declared: Scale, head: ItemFigure, responded: int, reasons: dict[str, str]
) -> dict[str, Any]:
    """interval and bounds of the share satisfied; the reason of a null goes to `reasons`."""
    barred = "no_answers" if not head.n else asked.barred
    if barred is None and responded > (asked.issued or 0):
        barred = "more_answers_than_issued"
    if barred or asked.issued is None:
        reasons |= dict.fromkeys(("interval", "bounds"), barred or "issued_unknown")
        return {"interval": None, "bounds": None}
    good = sum(head.counts[code] for code in declared.satisfied)
    # Who cannot say, or was not asked, has no share in the figure; who skipped the item or was helped by staff has not
    # been heard.
    silent = asked.issued - head.n - head.cannot_say - head.not_asked
    everyone = asked.issued == asked.population
    limits = bounds(good, head.n, silent) if silent and asked.whole else None
    if limits is None:
        reasons["bounds"] = _no_bounds(asked.whole, everyone)
    refused = ("attempted_census" if limits else reasons["bounds"]) if everyone else asked.no_interval
    if refused or asked.population is None:
        reasons["interval"] = refused or "no_frame"
        return {"interval": None, "bounds": limits}
    size = effective_size(head.n, asked.population, asked.issued)
    return {"interval": wilson(good, head.n, size), "bounds": limits}


def alpha(
    questionnaire: Questionnaire, tally: Tally, scale: str = "satisfaction", apart: Collection[str] = OUT_OF_POINTS
) -> Decimal | None:
    """Cronbach's alpha over complete cases, k/(k-1) (1 - sum of item variances / variance of the sum).

    None for fewer than two items or persons, or if all sums are equal. Computed from levels 1, 2, …, so it does not
    depend on a mapping. Answers whose assistance is in `apart` are left out, as they are of the scale's figures.
    """
    counts = counts_of(tally, lambda cell: cell.assistance not in apart)
    k = len(questionnaire.scales[scale].items)
    n = counts.get(f"s|{scale}|n", 0)
    if k < 2 or n < 2:
        return None

    def covariance(i: int, j: int) -> Fraction:
        products = counts.get(f"s|{scale}|{i}|{j}", 0)
        return products - Fraction(counts.get(f"s|{scale}|{i}", 0) * counts.get(f"s|{scale}|{j}", 0), n)

    own = sum((covariance(i, i) for i in range(k)), Fraction(0))
    whole = own + 2 * sum((covariance(i, j) for i in range(k) for j in range(i + 1, k)), Fraction(0))
    return exact(Fraction(k, k - 1) * (1 - own / whole)) if whole else None
