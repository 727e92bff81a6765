"""Evidence as a report tells it: surveys, draws, interviews, judgements, volumes; figures of too few are marked."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from service.domain.collect import tallies
from service.domain.collect.campaigns import Campaign
from service.domain.collect.opinions import PURPOSE, kinds_of
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.release_units import MINIMUM
from service.domain.collect.satisfaction import Estimate
from service.domain.collect.tickets import Batch
from service.domain.days import day_of
from service.domain.evaluate.evidence import SurveyEvidence
from service.domain.evaluate.node_scores import Remark
from service.domain.evaluate.schemes import Expert, Survey, as_data, plain
from service.domain.inspect import dispositions
from service.domain.inspect import interviews as interview_rules
from service.domain.inspect.draws import PLANNED_TRIGGER, RecordedDraw
from service.domain.inspect.frames import FrozenFrame
from service.domain.inspect.interviews import InterviewPlan
from service.domain.procedure.report_parts import without_names
from service.operations.acts import load
from service.operations.collect import opinions, releases, satisfaction, seals
from service.operations.collect.questionnaires import of_campaign
from service.operations.inspect import draws as recorded_draws
from service.operations.inspect import interview_plans, results
from service.operations.procedure.report_sources import Source
from service.store import records
from service.store.collect import seals as stored_seals

HUNDRED = 100
MOST_PLANS = 200


def names(source: Source) -> frozenset[str]:
    """Names of the persons who scored: none of them stands in a report. Institutions sign, and are named."""
    persons = {
        node.id for node in source.scheme.nodes if isinstance(node.spec, Expert) and node.spec.raters == "scorers"
    }
    given = {one.rater for one in source.evidence.judgements if one.node in persons}
    asked = {rater for one in source.evidence.panels if one.node in persons for rater in one.raters}
    return frozenset(given | asked | {member.name for member in source.members})


def remark(found: Remark, hide: Collection[str]) -> dict[str, Any]:
    """A remark as data; who is not to be named is "" there."""
    params: dict[str, Any] = {}
    for name, value in found.params.items():
        named = isinstance(value, str) and value in hide
        if name == "count" and found.code.endswith("_left_out"):
            params[name] = _count(int(value))
        else:
            params[name] = "" if named else without_names(value, hide) if isinstance(value, str) else as_data(value)
    return {"node": found.node, "code": found.code, "params": params}


def surveys(source: Source) -> list[dict[str, Any]]:
    """Each survey indicator with its campaign: who was asked, how many answered, what they said."""
    found = []
    for evidence in source.evidence.surveys:
        spec = source.scheme.node(evidence.node).spec
        if isinstance(spec, Survey):
            found.append(_survey(source, evidence, spec))
    return found


def _survey(source: Source, evidence: SurveyEvidence, spec: Survey) -> dict[str, Any]:
    questionnaire, campaign = of_campaign(evidence.campaign), load(Campaign, evidence.campaign, "campaign")
    told: dict[str, Any] = {
        "node": evidence.node,
        "campaign": evidence.campaign,
        "opens_on": day_of(campaign.opens_at).isoformat(),
        "closes_on": day_of(campaign.closes_at).isoformat(),
        "questionnaire": f"{questionnaire.id}@{questionnaire.version}",
        "questionnaire_digest": questionnaire.digest,
        "title": dict(questionnaire.title),
        "population": spec.population,
        "scale": spec.scale,
        "figure": spec.figure,
        "figure_value": _text(evidence.figure_value),
        "n": evidence.n,
        "response_rate": _text(evidence.response_rate),
        "distributions": list(evidence.distributions),
        "modes": list(evidence.modes),
        "reason": evidence.reason,
        "digest": evidence.digest,
        "hidden": False,
    }
    if spec.scale not in questionnaire.scales:
        return {**_NOTHING, **told}
    if questionnaire.purpose_kind == PURPOSE:
        return {**_NOTHING, **told, **_institutions(evidence.campaign, spec)}
    return {**_NOTHING, **told, **_persons(evidence, spec, questionnaire)}


# What a survey may lack; every survey has all of these, so that its readers need not ask.
_NOTHING: Mapping[str, Any] = {
    "answered": None,
    "issued": None,
    "frame_size": None,
    "interval": None,
    "interval_reason": None,
    "bounds": None,
    "levels": None,
    "question": None,
    "cannot_say": None,
    "helped": "0",
    "institutions": None,
    "frozen": False,
    "changed": False,
}


def _institutions(campaign: str, spec: Survey) -> dict[str, Any]:
    """G29, G30: each signs one opinion; who is missing is named, nothing is guessed for it."""
    found = opinions.figures(campaign, kinds_of(spec.population), None)
    return {
        "institutions": {"listed": found.listed, "returned": found.returned, "missing": list(found.missing)},
        "frozen": True,
    }


def _persons(evidence: SurveyEvidence, spec: Survey, questionnaire: Questionnaire) -> dict[str, Any]:
    frozen = stored_seals.frozen(evidence.campaign)
    whole = frozen if frozen is not None else seals.read(evidence.campaign)[0]
    admitted = tallies.select(whole, distribution=spec.distributions, mode=spec.modes)
    issued = records.find(Batch, campaign=evidence.campaign)
    asked = satisfaction.reach([batch for batch in issued if batch.distribution in spec.distributions], issued)
    found = satisfaction.estimate(questionnaire, admitted, asked, spec.scale, None)
    told = {
        "answered": found.answered,
        "issued": found.issued,
        "frame_size": found.population,
        "helped": _count(found.helped.answered),
        "frozen": frozen is not None,
        # Answers may be withdrawn; what was scored stays as it was, and is then not told apart any more.
        "changed": tallies.digest(admitted) != evidence.digest,
    }
    ways = {"distribution": spec.distributions, "mode": spec.modes}
    if told["changed"] or not releases.may_show(evidence.campaign, spec.scale, ways, headline=True):
        return told
    return {**told, **_said(questionnaire, found)}


def _said(questionnaire: Questionnaire, found: Estimate) -> dict[str, Any]:
    """The headline question's levels, the best first, with the interval of the share satisfied."""
    question = questionnaire.by_id[questionnaire.items[found.headline].question]
    labels = {option.code: dict(option.label) for option in question.options}
    head = next(item for item in found.items if item.id == found.headline)
    return {
        "question": dict(question.label),
        "levels": [
            {"code": code, "label": labels.get(code, {"en": code}), "count": number}
            for code, number in found.counts.items()
        ],
        "cannot_say": _count(head.cannot_say),
        "interval": _pair(found.interval),
        "interval_reason": found.interval_reason,
        "bounds": _pair(found.bounds),
    }


def _pair(interval: tuple[Decimal, Decimal] | None) -> list[str] | None:
    return None if interval is None else [plain(share * HUNDRED) for share in interval]


def _count(persons: int) -> str:
    """A number of persons; of a few only that they are few."""
    return str(persons) if not persons or persons >= MINIMUM else f"<{MINIMUM}"


def draws(source: Source, hidden: Collection[str]) -> list[dict[str, Any]]:
    """Every opened draw of the round, with what makes it again (G45), and those that a complaint caused (C15)."""
    round = source.round
    nodes: dict[str, list[str]] = {}
    for node, draw in (*round.checks.items(), *round.counters.items()):
        nodes.setdefault(draw, []).append(node)
    for plan in _plans(source):
        nodes.setdefault(plan.draw, [])
    found = [draw for draw in records.find(RecordedDraw, project=round.project) if draw.seed and draw.stage == 1]
    return [
        _draw(draw, sorted(nodes.get(draw.id, [])), hidden)
        for draw in found
        if draw.id in nodes or draw.trigger != PLANNED_TRIGGER
    ]


def _draw(draw: RecordedDraw, nodes: list[str], hidden: Collection[str]) -> dict[str, Any]:
    frame = load(FrozenFrame, draw.frame, "frame")
    stages = [stage for stage in recorded_draws.stages(draw) if stage.seed]
    over = recorded_draws.finished(draw) or draw.published
    findings = results.findings(draw)
    told: dict[str, Any] = {
        "id": draw.id,
        "nodes": nodes,
        "frame": frame.name,
        "frame_source": frame.source,
        "frame_kind": frame.kind,
        "frame_sha256": draw.frame_sha256,
        "frozen_on": day_of(frame.frozen_at).isoformat(),
        "population": len(frame.serials),
        "strata": len(frame.strata_sizes) if frame.strata else 0,
        "number": draw.number,
        "drawn": sum(len(stage.drawn) for stage in stages),
        "stages": len(stages),
        "trigger": draw.trigger,
        # Whoever knows seed and list knows what will be looked at next: not before the visits are over.
        "seed": draw.seed if over else "",
        "parties": sorted(draw.commitments),
        "public_source": draw.public_source,
        "public": draw.public,
        "hidden": any(node in hidden for node in nodes),
        "checked": findings.n,
        "unchecked": len(findings.missing),
        "left_out": sorted(Counter(one.reason for one in _excluded(stages)).items()),
    }
    if told["hidden"]:
        return told | {"errors": None, "rate": None, "limit": None, "limit_reason": None, "attributes": []}
    return told | {
        "errors": findings.errors,
        "rate": _percent(findings.rate),
        "limit": findings.limit,
        "limit_reason": findings.limit_reason,
        "attributes": [[one.name, one.judged, one.failed, one.lost] for one in findings.attributes],
    }


def _excluded(stages: list[RecordedDraw]) -> Iterator[Any]:
    for stage in stages:
        yield from results.excluded(stage)


def _plans(source: Source) -> list[InterviewPlan]:
    """Plans whose answers are evidence of this round."""
    bound = set(source.round.surveys.values())
    return [plan for plan in records.find(InterviewPlan, project=source.round.project) if plan.campaign in bound]


def interviews(source: Source) -> list[dict[str, Any]]:
    """Plans of interviews by stratum and mode, with response rates (AAPOR) and replacements; nobody by name."""
    found = []
    for plan in _plans(source)[:MOST_PLANS]:
        persons = interview_plans.persons(plan)
        rates = dispositions.rates(person.ending for person in persons)
        found.append(
            {
                "plan": plan.id,
                "draw": plan.draw,
                "campaign": plan.campaign,
                "cells": [
                    [cell.stratum, cell.mode, cell.wanted, cell.effective, cell.persons]
                    for cell in interview_rules.cells(plan, persons)
                ],
                "groups": dict(rates.counts),
                "rates": {name: None if rate is None else plain(rate * HUNDRED) for name, rate in rates.rates.items()},
                "interim": rates.interim,
                "replaced": sum(bool(person.replaces) for person in persons),
                "record_failures": len(interview_rules.record_failures(plan, persons)),
            }
        )
    return found


def judgements(source: Source, hidden: Collection[str]) -> list[dict[str, Any]]:
    """Scores and reasons by indicator; persons are numbered, institutions named."""
    hide, found = names(source), []
    for one in sorted(source.evidence.judgements, key=lambda one: (one.node, one.rater, one.id)):
        if one.node not in hidden:
            institution = "" if one.rater in hide else one.rater
            reason = without_names(one.reason, hide)
            found.append({"node": one.node, "rater": institution, "score": plain(one.score), "reason": reason})
    return found


def volumes(source: Source, hidden: Collection[str]) -> list[dict[str, Any]]:
    """Target, claim and verified value by counter."""
    return [
        {
            "node": one.node,
            **{name: _text(getattr(one, name)) for name in ("target", "claimed", "verified", "workers")},
            "source": without_names(one.source, names(source)),
            "draw": one.draw,
        }
        for one in sorted(source.evidence.quantities, key=lambda one: one.node)
        if one.node not in hidden
    ]


def entered(source: Source, hidden: Collection[str]) -> list[dict[str, Any]]:
    """Ratios, measured values, events and conditions by indicator, each with where it was read."""
    hide, found = names(source), []
    for kind in ("ratios", "measures", "events", "gates"):
        for one in getattr(source.evidence, kind):
            if one.node not in hidden:
                told = {name: value for name, value in as_data(one).items() if name != "id"}
                texts = {
                    name: without_names(value, hide) for name, value in told.items() if name in ("source", "reason")
                }
                found.append({"kind": kind, **told, **texts})
    return sorted(found, key=lambda one: (one["node"], one["kind"]))


def _text(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _percent(share: Fraction | None) -> str | None:
    """A share in percent, to four places: a report prints two."""
    if share is None:
        return None
    return plain((Decimal(share.numerator) / Decimal(share.denominator) * HUNDRED).quantize(Decimal("0.0001")))
