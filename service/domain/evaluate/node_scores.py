"""How each type of node turns its evidence into points of 100; what is missing is said, never a failure."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from service.domain.evaluate.evidence import Evidence, SurveyEvidence
from service.domain.evaluate.node_scores_entered import score_counter, score_expert, score_measured, score_ratio
from service.domain.evaluate.node_scores_events import score_events, score_gate
from service.domain.evaluate.outcomes import Arithmetic, Input, Outcome, apply_points, none_or_many
from service.domain.evaluate.remarks import REMARKS, Remark
from service.domain.evaluate.schemes import FULL, Check, Node, Survey, plain, sha256
from service.domain.rounding import settled

__all__ = ["REMARKS", "SCORERS", "TAKES", "Arithmetic", "Input", "Outcome", "Remark"]


def score_survey(node: Node, evidence: Evidence) -> Outcome:
    """Design §9: admissible answers only, at or over the minimum, or as the scheme says what to do below it."""
    spec = node.spec
    assert isinstance(spec, Survey)  # noqa: S101 - the registry pairs type and spec
    excluded = tuple(remark for one in evidence.surveys if (remark := _inadmissible(node.id, spec, one)))
    left = [one for one in evidence.surveys if _inadmissible(node.id, spec, one) is None]
    if len(left) != 1:
        return Outcome(missing=(none_or_many(node.id, "no_survey", [one.id for one in left]),), excluded=excluded)
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
    score, arithmetic = apply_points(spec.points, spec.figure, settled(one.figure_value))
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


def score_check(node: Node, evidence: Evidence) -> Outcome:
    """G35, G45: the error rate among all drawn records; not found counts as an error, not yet checked as missing."""
    spec = node.spec
    assert isinstance(spec, Check)  # noqa: S101
    if len(evidence.checks) != 1:
        return Outcome(missing=(none_or_many(node.id, "no_check", [one.id for one in evidence.checks]),))
    one = evidence.checks[0]
    inputs = (Input("check", one.draw, one.digest),)
    if one.n == 0 or one.missing_items:
        pending = {"count": len(one.missing_items), "items": one.missing_items}
        code = "items_unchecked" if one.missing_items else "no_check"
        return Outcome(None, inputs, missing=(Remark(node.id, code, pending, one.draw),))
    rate = settled(one.rate if one.rate is not None else FULL * one.errors / one.n)
    score, arithmetic = apply_points(spec.error_points, "error_rate", rate)
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


# Scorers by type of node, beside scheme_loading.READERS; a composite is the sum over its children (scores.py).
SCORERS: dict[str, Callable[[Node, Evidence], Outcome]] = {
    "survey": score_survey,
    "check": score_check,
    "expert": score_expert,
    "counter": score_counter,
    "ratio": score_ratio,
    "steps": score_measured,
    "events": score_events,
    "gate": score_gate,
}
# The kinds of evidence that each type takes, by the fields of Evidence.
TAKES: dict[str, tuple[str, ...]] = {
    "composite": (),
    "survey": ("surveys", "decisions"),
    "check": ("checks",),
    "expert": ("judgements", "panels"),
    "counter": ("quantities",),
    "ratio": ("ratios",),
    "steps": ("measures",),
    "events": ("events",),
    "gate": ("gates",),
}
