"""Satisfaction from tallies: index, shares, and the uncertainty that the way of asking allows to claim (design §6)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from service.domain.collect import scale_figures
from service.domain.collect.questionnaires import CANNOT_SAY, NOT_ASKED, SKIPPED, Questionnaire, Scale
from service.domain.collect.reaches import Asked, Reach, distributions_of, ways
from service.domain.collect.samples import Method, Sample, sample
from service.domain.collect.tallies import Counts, Tally, counts_of
from service.domain.errors import Fault, Refused, invalid
from service.domain.estimates.figures import Figure
from service.domain.modes import CARRIES_POINTS, OUT_OF_POINTS
from service.domain.proportions import Interval, aapor, bounds, exact

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


WEIGHTED = ("top2", "top3", "index")  # besides the share satisfied, what weights change


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


def index_formula(name: str, levels: Sequence[str]) -> IndexMapping:
    """The mapping of this name: "linear", or what the levels are worth from the best down, as 100-80-60-30-0.

    Raises Refused("invalid") for another name, and where there is not one value of 0..100 for each level.
    """
    if name == "linear":
        return linear(levels)
    try:
        return graded(levels, *(Decimal(value) for value in name.split("-")))
    except (ValueError, ArithmeticError):
        raise invalid(
            "formula",
            "write linear, or {count} values of 0 to 100 from the best level down, such as 100-50-0",
            count=len(levels),
        ) from None


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
    rates: dict[str, Decimal]
    items: tuple[ItemFigure, ...]
    helped: Helped
    distributions: tuple[str, ...]
    modes: dict[str, int]
    carries_points: bool
    reasons: dict[str, str] = field(default_factory=dict)
    formulas: dict[str, str] = field(default_factory=dict)
    scoring: scale_figures.Scoring | None = field(default=None, repr=False, compare=False)
    sample: Sample | None = field(default=None, repr=False, compare=False)

    def found(self, name: str) -> Figure:
        """The named figure (see scale_figures) with its design, formula, interval or the reason why there is none."""
        if self.scoring is None or self.sample is None:
            raise ValueError("these figures came without their answers")
        return scale_figures.figure(self.scoring, self.sample, name)

    @property
    def counts(self) -> dict[str, int]:
        """Valid answers to the headline item by level, the best first."""
        return next(item.counts for item in self.items if item.id == self.headline)

    @property
    def interval_reason(self) -> str | None:
        return self.reasons.get("interval")

    def share_of(self, codes: Collection[str]) -> Decimal | None:
        """The share of valid answers to the headline item with one of these codes."""
        if self.sample is not None and self.sample.weighted:
            return self.found("share:" + "+".join(sorted(set(codes)))).value
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
    method: Method | None = None,
) -> Estimate:
    """The figures of a declared scale from a tally and the batches behind it (design §6; G28).

    Interval: drawn persons only; rate and bounds also where the evaluator handed slips to all present. Answers whose
    assistance is in `apart` stand in `helped` only: silent for the bounds, answered for the rate. `whole` is false if
    the tally holds only a part of what these batches brought in (one mode, one language), of which no issue is known.
    Several draws whose answers can be told apart are strata, weighted by the sizes of their frames (Cochran 1977, 5.3).
    KeyError: an undeclared scale; Refused("invalid"): a mapping of other levels.
    """
    declared = questionnaire.scales[scale]
    mapping = _fitting(mapping, declared)
    ours = {cell: counts for cell, counts in tally.items() if cell.assistance not in apart}
    own, others = counts_of(ours), counts_of(tally, lambda cell: cell.assistance in apart)
    items = tuple(_item(name, declared.levels, own, mapping) for name in declared.items)
    head = next(item for item in items if item.id == declared.headline)
    distributions, reasons = distributions_of(tally, reach), dict[str, str]()
    asked = Asked.of(distributions, reach, whole)
    made = Estimate(
        **_names(scale, declared, mapping),
        **_provenance(questionnaire, tally, distributions, asked),
        n=head.n,
        index=_index(items, mapping, reasons),
        **_shares(declared, head, reasons),
        **_uncertainty(asked, declared, head, own, others, reasons),
        items=items,
        helped=_helped(declared, others, mapping, ways(tally, lambda cell: cell.assistance in apart)),
        reasons=reasons,
    )
    scoring = scale_figures.scoring(questionnaire, scale, mapping.points, mapping.name)
    return _as_designed(made, scoring, sample(ours, asked, method or Method(), made.answered))


def _as_designed(made: Estimate, scoring: scale_figures.Scoring, answers: Sample) -> Estimate:
    """The interval; and where answers have weights, the weighted values in place of the plain ones."""
    names = ("satisfied", *(WEIGHTED if answers.weighted else ()))
    found = {name: scale_figures.figure(scoring, answers, name) for name in names}
    reasons, formulas = dict(made.reasons), dict(made.formulas)
    values: dict[str, Any] = {}
    if answers.weighted:
        for name, figure in found.items():
            values[name] = figure.value
            formulas[name] = f"{figure.formula}, {figure.design}"
            if figure.value is None:
                reasons[name] = str(figure.reason)
    satisfied = found["satisfied"]
    if satisfied.method:
        formulas["interval"] = f"{satisfied.method}, 95 %"
    else:
        reasons["interval"] = str(satisfied.reason)
    made = replace(made, interval=satisfied.interval, reasons=reasons, formulas=formulas, **values)
    return replace(made, scoring=scoring, sample=answers)


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


def _helped(declared: Scale, counts: Counts, mapping: IndexMapping, how: Mapping[str, Any]) -> Helped:
    items = [_item(name, declared.levels, counts, mapping) for name in declared.items]
    head = next(item for item in items if item.id == declared.headline)
    good = sum(head.counts[code] for code in declared.satisfied)
    share = exact(Fraction(good, head.n)) if head.n else None
    return Helped(counts.get("n", 0), head.n, share, _index(items, mapping, {}), **how)


def _provenance(
    questionnaire: Questionnaire, tally: Tally, distributions: tuple[str, ...], asked: Asked
) -> dict[str, Any]:
    return {
        "issued": asked.issued,
        "population": asked.population,
        **ways(tally),
        "distributions": distributions,
        "carries_points": questionnaire.scored and bool(distributions) and set(distributions) <= CARRIES_POINTS,
    }


def _rates(asked: Asked, responded: int, skipped: int, reasons: dict[str, str]) -> dict[str, Decimal]:
    """RR1 to RR6: complete is who answered the headline item (also "cannot say"), partial who skipped it."""
    barred = asked.barred or (None if asked.whole else "part_of_batch")
    barred = barred or ("more_answers_than_issued" if responded > (asked.issued or 0) else None)
    if barred or asked.issued is None:
        reasons["rate"] = barred or "issued_unknown"
        return {}
    found = aapor(responded - skipped, skipped, NC=asked.issued - responded)
    return {name: rate for name, rate in found.items() if rate is not None}


def _no_bounds(whole: bool, everyone: bool) -> str:
    return "part_of_batch" if not whole else "census" if everyone else "all_answered"


def _uncertainty(
    asked: Asked, declared: Scale, head: ItemFigure, own: Counts, others: Counts, reasons: dict[str, str]
) -> dict[str, Any]:
    """answered, interval (set later), bounds and rate; the reason of a null goes to `reasons`."""
    answered = own.get("n", 0) + others.get("n", 0)
    skipped = head.skipped + others.get(f"c|{head.id}|{SKIPPED}", 0)
    limits = _bounds(asked, declared, head, answered, reasons)
    rates = _rates(asked, answered, skipped, reasons)
    return {"answered": answered, "interval": None, "bounds": limits, "rate": rates.get("RR1"), "rates": rates}


def _bounds(
    asked: Asked, declared: Scale, head: ItemFigure, responded: int, reasons: dict[str, str]
) -> Interval | None:
    """What the silent could make of the share satisfied; the reason of a null goes to `reasons`."""
    barred = "no_answers" if not head.n else asked.barred
    if barred is None and responded > (asked.issued or 0):
        barred = "more_answers_than_issued"
    if barred or asked.issued is None:
        reasons["bounds"] = barred or "issued_unknown"
        return None
    # Who cannot say, or was not asked, has no share in the figure; who skipped the item or was helped by staff has not
    # been heard.
    silent = asked.issued - head.n - head.cannot_say - head.not_asked
    if silent and asked.whole:
        return bounds(sum(head.counts[code] for code in declared.satisfied), head.n, silent)
    reasons["bounds"] = _no_bounds(asked.whole, asked.everyone)
    return None
