"""How each type of node turns its evidence into points of 100; what is missing is said, never a failure."""

from collections import Counter as Tally
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from service.domain.evaluate.evidence import Evidence, Judgement, Quantity, SurveyEvidence
from service.domain.evaluate.schemes import (
    FULL,
    Check,
    Counter,
    Expert,
    Linear,
    Node,
    Steps,
    Survey,
    Target,
    ZeroAt,
    plain,
    sha256,
)
from service.domain.rounding import settled

_BELOW = "n = {n} (minimum {min_n}), response rate {rate} % (minimum {min_rate} %)"
# What may be missing, left out or worth a remark. English source texts; the writers translate them.
REMARKS: dict[str, str] = {
    "no_survey": "There is no survey result.",
    "no_figure": "The survey gives no figure: {reason}.",
    "census_needed": f"{_BELOW}: everyone must be asked and answer.",
    "not_scorable": f"{_BELOW}: not scorable.",
    "decision_needed": f"{_BELOW}: the lead must decide, with a reason.",
    "decided_not_scorable": "The lead decided that this is not scorable: {reason}",
    "decided_to_count": "Below the minimum; the lead decided to count it: {reason}",
    "census": "Below the minimum, but everyone answered.",
    "no_check": "There is no spot check.",
    "items_unchecked": "{count} drawn items are not checked yet; those checked first are no random sample.",
    "over_tolerable": "The error rate, {rate} %, is over the tolerable {tolerable} %.",
    "limit_over_tolerable": "The error rate could be over the tolerable {tolerable} %: its upper limit is {limit} %.",
    "too_few_raters": "{given} of at least {needed} scores are given.",
    "rater_silent": "{rater} was asked and has not answered.",
    "no_quantity": "There is no volume.",
    "no_target": "There is no target above zero.",
    "no_verified": "The volume has not been verified.",
    "not_verified_by_draw": "Claimed, unverified: the spot checks of the draw {draw} give no value ({reason}).",
    "verified_by_draw": "The verified value comes from the spot checks of the draw {draw}.",
    "no_workers": "The number of workers ({denominator}) is missing.",
    "claim_not_confirmed": "Claimed {claimed}, verified {verified}; the verified value counts.",
    "ambiguous": "There is more than one piece of evidence: {ids}. One must be chosen.",
    "distribution_inadmissible": "Collected as {value}, which does not count here.",
    "mode_inadmissible": "Collected by {value}, which does not count here.",
    "distribution_left_out": "Answers collected as {value} that do not count here: {count}.",
    "mode_left_out": "Answers collected by {value} that do not count here: {count}.",
    "assistance_left_out": "Answers helped by {value} that do not count here: {count}.",
    "rater_twice": "{rater} has given more than one score; one must be withdrawn.",
    "rater_not_asked": "{rater} was not asked to score this.",
    "node_unknown": "The scheme has no node {node}.",
    "kind_unfit": "A node of the type {type} takes no evidence of this kind.",
}


@dataclass(frozen=True)
class Remark:
    """Something about a node: a code of REMARKS with its parameters; `subject` is the id of the evidence concerned."""

    node: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    subject: str | None = None

    @property
    def message(self) -> str:
        return REMARKS[self.code].format(**self.params)


@dataclass(frozen=True)
class Input:
    """One piece of evidence that went into a node, so that each point leads back to it."""

    kind: str  # survey | check | judgement | quantity | decision
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


def _apply(points: Linear | Steps | Target | ZeroAt, name: str, figure: Decimal) -> tuple[Decimal, Arithmetic]:
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


def score_survey(node: Node, evidence: Evidence) -> Outcome:
    """Design §9: admissible answers only, at or over the minimum, or as the scheme says what to do below it."""
    spec = node.spec
    assert isinstance(spec, Survey)  # noqa: S101 - the registry pairs type and spec
    excluded = tuple(remark for one in evidence.surveys if (remark := _inadmissible(node.id, spec, one)))
    left = [one for one in evidence.surveys if _inadmissible(node.id, spec, one) is None]
    if len(left) != 1:
        return Outcome(missing=(_none_or_many(node.id, "no_survey", [one.id for one in left]),), excluded=excluded)
    one = left[0]
    excluded += tuple(
        Remark(node.id, f"{kind}_left_out", {"value": value, "count": count}, one.id)
        for kind, value, count in one.left_out
    )
    inputs: tuple[Input, ...] = (Input("survey", one.campaign, one.digest),)
    if one.figure_value is None:
        reason = {"reason": one.reason or "no reason given"}
        return Outcome(None, inputs, missing=(Remark(node.id, "no_figure", reason, one.id),), excluded=excluded)
    missing, notes = _minimum(node.id, spec, one, evidence)
    inputs += tuple(Input("decision", node.id, sha256(decision)) for decision in evidence.decisions)
    if missing:
        return Outcome(None, inputs, missing=missing, excluded=excluded)
    score, arithmetic = _apply(spec.points, spec.figure, settled(one.figure_value))
    return Outcome(score, inputs, arithmetic, excluded=excluded, notes=notes)


def _inadmissible(node: str, spec: Survey, one: SurveyEvidence) -> Remark | None:
    for code, given, admitted in (
        ("distribution_inadmissible", one.distributions, spec.distributions),
        ("mode_inadmissible", one.modes, spec.modes),
    ):
        if wrong := [value for value in given if value not in admitted]:
            return Remark(node, code, {"value": ", ".join(wrong)}, one.id)
    return None


def _minimum(
    node: str, spec: Survey, one: SurveyEvidence, evidence: Evidence
) -> tuple[tuple[Remark, ...], tuple[Remark, ...]]:
    """What is missing and what is worth a note, given the scheme's minimum and its rule for less."""
    rate = one.response_rate if one.response_rate is not None else Decimal(0)
    if one.n >= spec.min_n and rate >= spec.min_response:
        return (), ()
    shown = plain(rate) if one.response_rate is not None else "?"
    facts = {"n": one.n, "min_n": spec.min_n, "rate": shown, "min_rate": plain(spec.min_response)}
    if spec.if_below == "census":
        if one.census:
            return (), (Remark(node, "census", {}, one.id),)
        return (Remark(node, "census_needed", facts, one.id),), ()
    if spec.if_below == "not_scorable":
        return (Remark(node, "not_scorable", facts, one.id),), ()
    decided = {decision.decision: decision.reason for decision in evidence.decisions}
    if len(decided) != 1:
        return (Remark(node, "decision_needed", facts, one.id),), ()
    if "count" in decided:
        return (), (Remark(node, "decided_to_count", {"reason": decided["count"]}, one.id),)
    return (Remark(node, "decided_not_scorable", {"reason": decided["not_scorable"]}, one.id),), ()


def _none_or_many(node: str, none: str, ids: Sequence[str]) -> Remark:
    return Remark(node, "ambiguous", {"ids": ", ".join(sorted(ids))}) if ids else Remark(node, none)


def score_check(node: Node, evidence: Evidence) -> Outcome:
    """G35, G45: the error rate among all drawn records; not found counts as an error, not yet checked as missing."""
    spec = node.spec
    assert isinstance(spec, Check)  # noqa: S101
    if len(evidence.checks) != 1:
        return Outcome(missing=(_none_or_many(node.id, "no_check", [one.id for one in evidence.checks]),))
    one = evidence.checks[0]
    inputs = (Input("check", one.draw, one.digest),)
    if one.n == 0 or one.missing_items:
        pending = {"count": len(one.missing_items), "items": one.missing_items}
        code = "items_unchecked" if one.missing_items else "no_check"
        return Outcome(None, inputs, missing=(Remark(node.id, code, pending, one.draw),))
    rate = settled(one.rate if one.rate is not None else FULL * one.errors / one.n)
    score, arithmetic = _apply(spec.error_points, "error_rate", rate)
    terms = (("errors", Decimal(one.errors)), ("n", Decimal(one.n)), *arithmetic.terms)
    source = "weighted by strata" if one.rate is not None else f"{one.errors} of {one.n}"
    text = f"error rate {plain(rate)} % ({source}); {arithmetic.text}"
    return Outcome(
        score, inputs, Arithmetic(arithmetic.formula, terms, text), notes=_tolerable(node.id, spec, rate, one)
    )


def _tolerable(node: str, spec: Check, rate: Decimal, one: Any) -> tuple[Remark, ...]:
    tolerable = plain(spec.tolerable_rate)
    if rate > spec.tolerable_rate:
        return (Remark(node, "over_tolerable", {"rate": plain(rate), "tolerable": tolerable}, one.id),)
    if one.upper_limit is None:
        return ()
    limit = settled(FULL * one.upper_limit / one.population)
    if limit <= spec.tolerable_rate:
        return ()
    return (Remark(node, "limit_over_tolerable", {"limit": plain(limit), "tolerable": tolerable}, one.id),)


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
        return Outcome(missing=(_none_or_many(node.id, "no_quantity", [one.id for one in evidence.quantities]),))
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


# Scorers by type of node, beside scheme_loading.READERS; a composite is the sum over its children (scores.py).
SCORERS: dict[str, Callable[[Node, Evidence], Outcome]] = {
    "survey": score_survey,
    "check": score_check,
    "expert": score_expert,
    "counter": score_counter,
}
# The kinds of evidence that each type takes, by the fields of Evidence.
TAKES: dict[str, tuple[str, ...]] = {
    "composite": (),
    "survey": ("surveys", "decisions"),
    "check": ("checks",),
    "expert": ("judgements", "panels"),
    "counter": ("quantities",),
}
