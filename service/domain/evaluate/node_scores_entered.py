"""Points from what people enter: raters' scores, volumes, ratios and measured values."""

from collections import Counter as Tally
from collections.abc import Sequence
from decimal import Decimal

from service.domain.evaluate.evidence import Evidence, Judgement, Quantity
from service.domain.evaluate.outcomes import Arithmetic, Input, Outcome, apply_points, none_or_many
from service.domain.evaluate.remarks import Remark
from service.domain.evaluate.schemes import FULL, Counter, Expert, Measured, Node, Ratio, plain, sha256
from service.domain.rounding import settled

CONSENSUS = "consensus"  # one score that all agree on; who differs talks it over once the lead has reopened the node


def score_expert(node: Node, evidence: Evidence) -> Outcome:
    """The raters' scores by the scheme's aggregate. Silent raters are listed, never guessed."""
    spec = node.spec
    assert isinstance(spec, Expert)  # noqa: S101
    asked = tuple(rater for panel in evidence.panels for rater in panel.raters)
    given, excluded = _accepted(node.id, evidence.judgements, asked)
    silent = sorted(set(asked) - {one.rater for one in given})
    missing = tuple(Remark(node.id, "rater_silent", {"rater": rater}, rater) for rater in silent)
    inputs = tuple(Input("judgement", one.id, sha256(one)) for one in given)
    if len(given) < spec.min_raters:
        needed = {"given": len(given), "needed": spec.min_raters}
        return Outcome(None, inputs, missing=(Remark(node.id, "too_few_raters", needed), *missing), excluded=excluded)
    scores = sorted(one.score for one in given)
    if spec.aggregate == CONSENSUS and scores[0] != scores[-1]:
        apart = Remark(node.id, "no_consensus", {"low": plain(scores[0]), "high": plain(scores[-1])})
        return Outcome(None, inputs, missing=(apart, *missing), excluded=excluded)
    score = settled(_aggregate(spec.aggregate, scores))
    terms = tuple((one.rater, one.score) for one in given)
    text = f"{spec.aggregate}({', '.join(plain(one) for _, one in terms)}) = {plain(score)}"
    return Outcome(score, inputs, Arithmetic(f"{spec.aggregate}(scores)", terms, text), missing, excluded)


def _accepted(
    node: str, judgements: Sequence[Judgement], asked: Sequence[str]
) -> tuple[list[Judgement], tuple[Remark, ...]]:
    times = Tally(one.rater for one in judgements)
    given, excluded = [], []
    for one in sorted(judgements, key=lambda one: (one.rater, one.id)):
        if times[one.rater] > 1:
            excluded.append(Remark(node, "rater_twice", {"rater": one.rater}, one.id))
        elif asked and one.rater not in asked:
            excluded.append(Remark(node, "rater_not_asked", {"rater": one.rater}, one.id))
        else:
            given.append(one)
    return given, tuple(excluded)


def _aggregate(name: str, ordered: Sequence[Decimal]) -> Decimal:
    """Of scores in ascending order, at least one, for the trimmed mean at least three (the loader's floor)."""
    if name == "median":
        middle = len(ordered) // 2
        return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    kept = ordered[1:-1] if name == "trimmed_mean" else ordered
    return sum(kept, Decimal(0)) / len(kept)


def score_counter(node: Node, evidence: Evidence) -> Outcome:
    """G13-G24: verified over target, per worker where the scheme says so; more than the cap earns nothing."""
    spec = node.spec
    assert isinstance(spec, Counter)  # noqa: S101
    if len(evidence.quantities) != 1:
        return Outcome(missing=(none_or_many(node.id, "no_quantity", [one.id for one in evidence.quantities]),))
    one = evidence.quantities[0]
    inputs = (Input("quantity", one.id, sha256(one)),)
    lacking = _lacking(node.id, spec, one)
    if lacking or not one.target or one.verified is None:
        return Outcome(None, inputs, missing=lacking)
    per_worker = spec.level == "per_worker" and one.workers
    value = one.verified / one.workers if per_worker and one.workers else one.verified
    score = settled(min(FULL * value / one.target, spec.cap))
    terms: list[tuple[str, Decimal]] = [("verified", one.verified), ("target", one.target), ("cap", spec.cap)]
    shape, formula = plain(one.verified), "min(100 × verified / target, cap)"
    if per_worker and one.workers:
        terms.append(("workers", one.workers))
        shape, formula = f"({shape} / {plain(one.workers)})", "min(100 × (verified / workers) / target, cap)"
    text = f"min(100 × {shape} / {plain(one.target)}, {plain(spec.cap)}) = {plain(score)}"
    return Outcome(score, inputs, Arithmetic(formula, tuple(terms), text), notes=_claim(node.id, one))


def _lacking(node: str, spec: Counter, one: Quantity) -> tuple[Remark, ...]:
    found = []
    if not one.target:
        found.append(Remark(node, "no_target", {}, one.id))
    if one.verified is None and one.draw:
        found.append(Remark(node, "not_verified_by_draw", {"draw": one.draw, "reason": one.unverified}, one.draw))
    elif one.verified is None:
        found.append(Remark(node, "no_verified", {}, one.id))
    if spec.level == "per_worker" and not one.workers:
        found.append(Remark(node, "no_workers", {"denominator": spec.denominator}, one.id))
    return tuple(found)


def _claim(node: str, one: Quantity) -> tuple[Remark, ...]:
    origin = (Remark(node, "verified_by_draw", {"draw": one.draw}, one.draw),) if one.draw else ()
    if one.claimed is None or one.verified is None or one.claimed == one.verified:
        return origin
    facts = {"claimed": plain(one.claimed), "verified": plain(one.verified)}
    return (Remark(node, "claim_not_confirmed", facts, one.id), *origin)


def score_ratio(node: Node, evidence: Evidence) -> Outcome:
    """G26, G38, G39, O01: 100 × numerator / denominator, as the scheme turns it into points; never without a whole."""
    spec = node.spec
    assert isinstance(spec, Ratio)  # noqa: S101
    if len(evidence.ratios) != 1:
        return Outcome(missing=(none_or_many(node.id, "no_ratio", [one.id for one in evidence.ratios]),))
    one = evidence.ratios[0]
    inputs = (Input("ratio", one.id, sha256(one)),)
    named = {"numerator": plain(one.numerator), "denominator": plain(one.denominator)}
    if one.denominator == 0 or (spec.part and one.numerator > one.denominator):
        code = "part_exceeds_whole" if one.denominator else "no_denominator"
        names = named if one.denominator else {"denominator": spec.denominator["zh-Hans"]}
        return Outcome(None, inputs, missing=(Remark(node.id, code, names, one.id),))
    figure = min(settled(FULL * one.numerator / one.denominator), spec.cap)
    score, arithmetic = apply_points(spec.points, "ratio", figure)
    terms = (("numerator", one.numerator), ("denominator", one.denominator), ("cap", spec.cap), *arithmetic.terms)
    text = f"min(100 × {named['numerator']} / {named['denominator']}, {plain(spec.cap)}) = {plain(figure)}"
    formula = f"ratio = min(100 × numerator / denominator, cap); {arithmetic.formula}"
    return Outcome(score, inputs, Arithmetic(formula, terms, f"{text}; {arithmetic.text}"))


def score_measured(node: Node, evidence: Evidence) -> Outcome:
    """C09: the points of the interval that holds the measured value; under the lowest interval, none."""
    spec = node.spec
    assert isinstance(spec, Measured)  # noqa: S101
    units = set(spec.unit.values())
    odd = tuple(
        Remark(node.id, "unit_differs", {"given": one.unit, "unit": " / ".join(sorted(units))}, one.id)
        for one in evidence.measures
        if one.unit not in units
    )
    fit = [one for one in evidence.measures if one.unit in units]
    if len(fit) != 1:
        return Outcome(missing=(none_or_many(node.id, "no_measure", [one.id for one in fit]),), excluded=odd)
    one = fit[0]
    held = [step for step in spec.steps if step.start <= one.value]
    score = held[-1].points if held else Decimal(0)
    place = f"step from {plain(held[-1].start)}" if held else f"below {plain(spec.steps[0].start)}"
    terms = (("measured", one.value), *((("step_from", held[-1].start),) if held else ()))
    arithmetic = Arithmetic(
        "points of the step that holds measured", terms, f"{place} for {plain(one.value)} = {plain(score)}"
    )
    return Outcome(score, (Input("measure", one.id, sha256(one)),), arithmetic, excluded=odd)
