"""Named figures of a sample: shares, means, indices and net scores with their intervals, each from sums of answers.

Names: `satisfied`, `top2`, `top3`, `share:<code>+<code>` of the headline item; `index`; `mean:<item>` of an item of the
scale; `persons`, the mean of persons' own means; `alpha`, how far the items agree; `nps:<question>` of a question from
0 to 10.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import sqrt

from service.domain.collect.questionnaires import Questionnaire, Scale
from service.domain.collect.samples import FEW_CLUSTERS, Part, Sample, cell_weights
from service.domain.errors import Fault, Refused
from service.domain.estimates import intervals, scores, weighting
from service.domain.estimates.figures import COEFFICIENT, POINTS, SHARE, Figure
from service.domain.estimates.linearised import Cell, Linear, Unit, stratum_weights, weighted_mean
from service.domain.estimates.sums import Sums, Worth, added, of_counts
from service.domain.proportions import effective_size, exact, wilson
from service.domain.rounding import settled

Of = Callable[[Part], Sums]
FIXED = ("satisfied", "top2", "top3", "index", "persons", "alpha")
LEAST_ITEMS, LEAST_PERSONS = 3, 30  # of a reliability that is worth printing


@dataclass(frozen=True)
class Scoring:
    """A declared scale by its name, what its levels are worth (0..100), and the name of that mapping.

    `net`: the questions from 0 to 10 that stand beside it.
    """

    scale: str
    declared: Scale
    points: Mapping[str, Decimal]
    mapping: str
    net: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """One named figure: what its item's codes are worth, its unit and the name of what computes it."""

    name: str
    unit: str
    formula: str
    item: str = ""
    worth: Mapping[str, Worth] | None = None


def scoring(questionnaire: Questionnaire, scale: str, points: Mapping[str, Decimal], mapping: str) -> Scoring:
    """Of a declared scale. KeyError for another one."""
    net = tuple(question.id for question in questionnaire.questions if question.kind == "zero_to_ten")
    return Scoring(scale, questionnaire.scales[scale], points, mapping, net)


def names_of(scoring: Scoring) -> list[str]:
    """The names of figures that a scale has, without `share:` of which any codes may be named."""
    return [*FIXED, *(f"mean:{item}" for item in scoring.declared.items), *(f"nps:{id}" for id in scoring.net)]


def check_name(scoring: Scoring, name: str) -> None:
    """Raises Refused("invalid") for a name that the scale has no figure of, with those that it has."""
    base, _, of = name.partition(":")
    if base == "share" and of and set(of.split("+")) <= set(scoring.declared.levels):
        return
    if name not in (options := names_of(scoring)):
        listed = ", ".join([*options, "share:<code>+<code>"])
        raise Refused("invalid", [Fault("figure", "not_an_option", {"value": name, "options": listed})])


def figure(scoring: Scoring, sample: Sample, name: str) -> Figure:
    """One figure by its name (see the module)."""
    if name == "index":
        return _index(scoring, sample)
    if name == "persons":
        return _persons(scoring, sample)
    if name == "alpha":
        return _reliability(scoring, sample)
    wanted = _wanted(scoring, name)
    if wanted.worth is None:
        return Figure(name, None, wanted.unit, wanted.formula, sample.design, 0, reason="too_few_levels")
    worth = wanted.worth
    return _made(wanted, sample, lambda part: of_counts(_of_item(part, wanted.item, worth), worth), wanted.item)


def _of_item(part: Part, item: str, codes: Mapping[str, Worth]) -> dict[str, int]:
    return {code: part.counts.get(f"c|{item}|{code}", 0) for code in codes}


def _wanted(scoring: Scoring, name: str) -> Wanted:
    declared = scoring.declared
    base, _, of = name.partition(":")
    if base == "nps":
        return Wanted(name, POINTS, "100 × (share 9–10 − share 0–6)", of, scores.NET_PROMOTER)
    if base == "mean":
        return Wanted(name, POINTS, f"mean, {scoring.mapping}", of, scoring.points)
    codes = {
        "satisfied": declared.satisfied,
        "top2": declared.levels[-2:],
        "top3": declared.levels[-3:],
    }.get(base) or tuple(of.split("+"))
    formula = "share of " + "+".join(codes)
    if base in ("top2", "top3", "satisfied") and len(codes) == len(declared.levels):
        return Wanted(name, SHARE, formula, declared.headline)
    return Wanted(name, SHARE, formula, declared.headline, {code: int(code in codes) for code in declared.levels})


def _index(scoring: Scoring, sample: Sample) -> Figure:
    """The mean over items of the item's mean; errors of items added as if they went together, an upper bound."""
    declared, points = scoring.declared, scoring.points
    formula = f"mean of item means, {scoring.mapping}"
    parts = [figure(scoring, sample, f"mean:{item}") for item in declared.items]
    if any(one.value is None for one in parts):
        reasons = {one.reason for one in parts if one.value is None}
        reason = "item_without_answers" if any(one.value is not None for one in parts) else str(reasons.pop())
        return Figure("index", None, POINTS, formula, sample.design, 0, reason=reason, limits=sample.limits)
    head = next(one for one, item in zip(parts, declared.items, strict=True) if item == declared.headline)
    value = sum((Fraction(_exact_mean(sample, item, points)) for item in declared.items), Fraction(0)) / len(parts)
    made = replace(head, name="index", value=exact(value), formula=formula, effective_n=None, design_effect=None)
    bare = [one for one in parts if one.se is None]
    if bare:
        return replace(made, interval=None, method=None, se=None, freedom=None, reason=bare[0].reason)
    if len(parts) == 1:
        return replace(made, effective_n=head.effective_n, design_effect=head.design_effect)
    se = sum(float(one.se or 0) for one in parts) / len(parts)
    freedom = min(one.freedom or 0 for one in parts)
    linear = Linear(value, Fraction(se) ** 2, freedom, head.n, None, Fraction(head.n))
    limits = (*made.limits, "items_taken_as_correlated")
    interval = intervals.student(linear, 0, 100)
    return replace(made, se=settled(se), freedom=freedom, interval=interval, limits=limits)


def _exact_mean(sample: Sample, item: str, points: Mapping[str, Decimal]) -> Fraction:
    found = _linear(sample, lambda part: of_counts(_of_item(part, item, points), points), variance=False)
    if isinstance(found, str):
        raise AssertionError(found)
    return found[0].value


def _persons(scoring: Scoring, sample: Sample) -> Figure:
    """The mean over persons who answered all items of their own mean: a second formula, exact with equal steps."""
    declared, points = scoring.declared, scoring.points
    formula = f"mean of persons' means over complete answers, {scoring.mapping}"
    steps, k = len(declared.levels) - 1, len(declared.items)
    if any(points[code] != exact(Fraction(100 * place, steps)) for place, code in enumerate(declared.levels)):
        return Figure("persons", None, POINTS, formula, sample.design, 0, reason="not_linear", limits=sample.limits)
    wanted = Wanted("persons", POINTS, formula, declared.headline)
    return _made(wanted, sample, lambda part: _complete(part, scoring.scale, k, steps), declared.headline)


def _complete(part: Part, scale: str, k: int, steps: int) -> Sums:
    """Sums over complete cases of 100 (S / k - 1) / steps, S the sum of a person's levels from 1."""
    n = part.counts.get(f"s|{scale}|n", 0)
    total = sum(part.counts.get(f"s|{scale}|{i}", 0) for i in range(k))
    own = sum(part.counts.get(f"s|{scale}|{i}|{i}", 0) for i in range(k))
    pairs = sum(part.counts.get(f"s|{scale}|{i}|{j}", 0) for i in range(k) for j in range(i + 1, k))
    unit = Fraction(100, steps)
    squares = unit**2 * (Fraction(own + 2 * pairs, k * k) - Fraction(2 * total, k) + n)
    return Sums(n, unit * (Fraction(total, k) - n), squares)


def _reliability(scoring: Scoring, sample: Sample) -> Figure:
    """Cronbach's alpha of the answers that came in, unweighted. It tells of the items, not of a population."""
    k = len(scoring.declared.items)
    counts: Counter[str] = Counter()
    for part in sample.parts:
        counts.update(part.counts)
    n = counts.get(f"s|{scoring.scale}|n", 0)
    formula = "Cronbach's alpha over complete answers"
    bare = Figure("alpha", None, COEFFICIENT, formula, sample.design, n, sample.asked.population, limits=sample.limits)
    if k < LEAST_ITEMS or n < LEAST_PERSONS:
        return replace(bare, reason="too_few_items" if k < LEAST_ITEMS else "too_few_persons")
    value = alpha(counts, scoring.scale, k)
    return replace(bare, value=value, reason="all_alike" if value is None else "descriptive")


def alpha(counts: Mapping[str, int], scale: str, k: int) -> Decimal | None:
    """Cronbach's alpha over complete cases, k/(k-1) (1 - sum of item variances / variance of the sum).

    None for fewer than two items or persons, or if all sums are equal. Computed from levels 1, 2, …, so it does not
    depend on a mapping (Bland & Altman, BMJ 1997;314:572).
    """
    n = counts.get(f"s|{scale}|n", 0)
    if n < 2:
        return None

    def covariance(i: int, j: int) -> Fraction:
        products = counts.get(f"s|{scale}|{i}|{j}", 0)
        return products - Fraction(counts.get(f"s|{scale}|{i}", 0) * counts.get(f"s|{scale}|{j}", 0), n)

    own = sum((covariance(i, i) for i in range(k)), Fraction(0))
    whole = own + 2 * sum((covariance(i, j) for i in range(k) for j in range(i + 1, k)), Fraction(0))
    return scores.cronbach(k, own, whole)


def _made(wanted: Wanted, sample: Sample, of: Of, item: str) -> Figure:
    """The figure with its interval, or the reason why there is none."""
    sums = [of(part) for part in sample.parts]
    n, asked = added(sums).n, sample.asked
    weights = sample.method.weights
    population = weights.population if weights and weights.fixed is None and not asked.barred else asked.population
    bare = Figure(wanted.name, None, wanted.unit, wanted.formula, sample.design, n, population, limits=sample.limits)
    if not n:
        return replace(bare, reason="no_answers")
    found = _linear(sample, of)
    if isinstance(found, str):
        value = _linear(sample, of, variance=False)
        reason = "too_few" if found == "stratum_with_one" and len(sample.strata) == 1 else found
        if isinstance(value, str):
            return replace(bare, reason=value)
        found, failed = value, reason
    else:
        failed = ""
    linear, warnings = found
    limits = (*sample.limits, *warnings)
    bare = replace(bare, value=exact(linear.value), limits=limits)
    if reason := _no_interval(sample, item) or failed:
        effect = _effect(linear) if sample.method.cluster and not failed else None
        return replace(bare, reason=reason, design_effect=effect)
    if sample.silent(item):
        bare = replace(bare, limits=(*limits, "silent"))
    return _with_interval(bare, sample, linear, wanted, added(sums))


def _no_interval(sample: Sample, item: str) -> str | None:
    if sample.barred:
        return sample.barred
    if sample.responded > (sample.asked.issued or 0):
        return "more_answers_than_issued"
    if not sample.asked.everyone:
        return None
    if not sample.asked.whole:
        return "part_of_batch"
    return "attempted_census" if sample.silent(item) else "census"


def _linear(sample: Sample, of: Of, variance: bool = True) -> tuple[Linear, tuple[str, ...]] | str:
    """(the weighted mean, warnings of its weights); with `variance` False also where there is none to be had."""
    units = [Unit(of(part), part.stratum, part.cluster, part.cell) for part in sample.parts]
    warnings: tuple[str, ...] = ()
    fitted: Mapping[Cell, Fraction] | None = None
    if sample.method.weights is not None:
        numbers = dict.fromkeys((unit.cell for unit in units), 0)
        for unit in units:
            numbers[unit.cell] += unit.sums.n
        by_cell = cell_weights(sample.method.weights, numbers)
        if isinstance(by_cell, str):
            return by_cell
        weights = {("", cell): weight for cell, weight in by_cell.items()}
        warnings = weighting.warnings(by_cell, numbers)
        fitted = None if sample.method.weights.fixed is not None else _fitted(sample, units, by_cell)
    else:
        own = stratum_weights(units, sample.strata)
        if isinstance(own, str):
            return own
        weights = own
    if not variance:
        return _bare(units, weights), warnings
    clustered = bool(sample.method.cluster)
    found = weighted_mean(units, sample.strata, weights, fitted, clustered)
    if isinstance(found, str):
        return found
    few = clustered and len({unit.cluster for unit in units if unit.sums.n}) < FEW_CLUSTERS
    return found, (*warnings, "few_clusters") if few else warnings


def _bare(units: Sequence[Unit], weights: Mapping[tuple[str, Cell], Fraction]) -> Linear:
    held = [(weights[unit.stratum, unit.cell], unit.sums) for unit in units if unit.sums.n]
    whole = sum((weight * sums.n for weight, sums in held), Fraction(0))
    value = sum((weight * sums.total for weight, sums in held), Fraction(0)) / whole
    return Linear(value, Fraction(0), 0, sum(sums.n for _, sums in held), None, Fraction(1))


def _fitted(sample: Sample, units: Sequence[Unit], weights: Mapping[Cell, Fraction]) -> dict[Cell, Fraction]:
    of_cell: dict[Cell, Sums] = {}
    for unit in units:
        if unit.sums.n:
            of_cell[unit.cell] = of_cell[unit.cell] + unit.sums if unit.cell in of_cell else unit.sums
    if sample.method.weights is not None and sample.method.weights.cells:
        return {cell: sums.mean for cell, sums in of_cell.items()}
    means = {cell: float(sums.mean) for cell, sums in of_cell.items()}
    masses = {cell: float(weights[cell]) * sums.n for cell, sums in of_cell.items()}
    return {cell: Fraction(value) for cell, value in weighting.fitted(means, masses).items()}


def _effect(linear: Linear) -> Decimal | None:
    return None if linear.design_effect is None else exact(linear.design_effect)


def _with_interval(bare: Figure, sample: Sample, linear: Linear, wanted: Wanted, sums: Sums) -> Figure:
    told = replace(bare, freedom=linear.freedom, design_effect=_effect(linear))
    if wanted.unit == SHARE:
        return _share(told, sample, linear, sums)
    net = wanted.name.startswith("nps:") and sample.design == "simple"
    lower = -100.0 if wanted.name.startswith("nps:") else 0.0
    if not linear.variance:
        return _without_spread(told, sample, linear, sums, lower)
    if net:  # the published formula divides by n
        linear = replace(linear, variance=linear.variance * (linear.n - 1) / linear.n)
    method = "Student's t" if sample.design == "simple" else f"Student's t, {sample.design}, linearised"
    interval = intervals.student(linear, lower, 100.0)
    return replace(told, se=settled(sqrt(linear.variance)), interval=interval, method=method)


def _without_spread(told: Figure, sample: Sample, linear: Linear, sums: Sums, lower: float) -> Figure:
    """A mean that nothing was seen to vary of is not certain: as many as Wilson allows may think otherwise."""
    if sums.around(sums.mean):  # the answers differ, their groups or cells do not
        return replace(told, reason="no_spread")
    size = _simple_size(linear.n, sample) if sample.design == "simple" else intervals.effective(linear)
    interval = intervals.alike(linear.value, size, lower, 100.0)
    arm = max(abs(float(end) - float(linear.value)) for end in interval)
    se = settled(arm / intervals.quantile(linear.freedom))
    return replace(told, se=se, interval=interval, method="Wilson of the share that would answer otherwise")


def _share(told: Figure, sample: Sample, linear: Linear, sums: Sums) -> Figure:
    simple, asked = sample.design == "simple", sample.asked
    size = _simple_size(linear.n, sample) if simple else intervals.effective(linear)
    told = replace(told, se=settled(sqrt(linear.variance)), effective_n=settled(size))
    good = int(sums.total)
    if sample.method.interval == intervals.EXACT:
        if simple and asked.population and linear.n == asked.issued:
            found = intervals.hypergeometric(good, linear.n, asked.population)
            return replace(told, interval=found, method="exact, hypergeometric")
        found = intervals.clopper_pearson(linear.value, float(linear.n) if simple else size)
        return replace(told, interval=found, method="exact, Clopper-Pearson")
    if simple:
        return replace(told, interval=wilson(good, linear.n, size), method="Wilson, finite population")
    found = intervals.wilson_share(linear.value, size)
    return replace(told, interval=found, method="Wilson on effective n")


def _simple_size(n: int, sample: Sample) -> float:
    """As service.domain.proportions.effective_size; of a part of a draw by the whole draw's numbers."""
    asked = sample.asked
    if asked.population is not None and asked.issued is not None:
        return effective_size(n, asked.population, asked.issued)
    [draw] = asked.draws if len(asked.draws) == 1 else [None]
    if draw is None:
        return n / float(1 - (asked.fraction or 0))
    return effective_size(n, draw.listed, draw.drawn)
