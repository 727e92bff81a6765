"""Scores: all evidence of a round is gathered as plain dataclasses, then the pure rules score it."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from service.domain.access import Actor
from service.domain.collect import tallies
from service.domain.collect.opinions import PURPOSE, kinds_of, score_figure
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.satisfaction import Estimate, IndexMapping
from service.domain.collect.tallies import Tally
from service.domain.collect.tickets import Batch
from service.domain.evaluate import disclosures, intervals, standard_errors
from service.domain.evaluate import rounds as rules
from service.domain.evaluate import what_if as what_if_rules
from service.domain.evaluate.corrections import Edit
from service.domain.evaluate.evidence import CheckEvidence, Evidence, SurveyEvidence, from_plain
from service.domain.evaluate.intervals import TotalInterval
from service.domain.evaluate.plain_records import record
from service.domain.evaluate.results import ResultVersion
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import Band, Scheme, Survey
from service.domain.evaluate.scores import ScoreTree, score
from service.domain.evaluate.what_if import Sensitivity, WhatIf
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.findings import Findings
from service.domain.modes import OUT_OF_POINTS
from service.operations.collect import opinions, satisfaction, seals
from service.operations.collect.questionnaires import of_campaign
from service.operations.evaluate import (
    entries,
    judgements,
    quantities,
    readings,
    references,
    result_versions,
    rounds,
    schemes,
)
from service.operations.inspect import results
from service.store import records
from service.store.collect import seals as stored_seals

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Scored:
    """A round, its scheme, the evidence and the tree that follows from them; `result` is what was frozen, if it was.

    `blind` are the nodes whose judgements are left out of it, because not all who were asked have scored.
    """

    round: Round
    scheme: Scheme
    evidence: Evidence
    tree: ScoreTree
    result: ResultVersion | None = None
    blind: frozenset[str] = frozenset()


def of_round(actor: Actor, now: datetime, id: str) -> Scored:
    """The score as the evidence stands now; once it is frozen, what was frozen, never computed again.

    While some who were asked to score a node have not, its scores and points are nobody's to see. The first look at
    evidence is remembered: from then on the scheme stands (G53).
    """
    return as_seen(actor, now, rounds.get(actor, id, "scores.read"))


def as_seen(actor: Actor, now: datetime, round: Round) -> Scored:
    """The same for a reader whom the caller has admitted."""
    scheme = schemes.parsed(round.scheme)
    if (frozen := result_versions.latest(round.id)) is not None:
        evidence = from_plain(json.loads(frozen.evidence))
        tree = record(ScoreTree, json.loads(frozen.tree), "tree")
        return Scored(round, schemes.parsed(frozen.scheme), evidence, tree, frozen)
    blind = judgements.blind_nodes(round)
    evidence = disclosures.without_judgements(gather(round, scheme), blind)
    readings.note(actor, now, round, evidence)
    return Scored(round, scheme, evidence, disclosures.blinded(score(scheme, evidence), blind), blind=blind)


def uncertainty(actor: Actor, now: datetime, id: str) -> TotalInterval:
    """The interval of the total as far as it is known, for the group."""
    scored = of_round(actor, now, id)
    return intervals.of_total(scored.scheme, scored.evidence, scored.tree)


def sensitivity(actor: Actor, now: datetime, id: str) -> tuple[Band | None, list[Sensitivity]]:
    """(the grade as it stands, how far each leaf moves it)."""
    scored = of_round(actor, now, id)
    return scored.tree.grade, what_if_rules.sensitivity(scored.scheme, scored.tree)


def what_if(actor: Actor, now: datetime, id: str, edits: Sequence[Edit], weights: Mapping[str, Decimal]) -> WhatIf:
    """The score of changed evidence under changed weights; nothing is stored. Raises Refused("invalid")."""
    scored = of_round(actor, now, id)
    found = what_if_rules.what_if(scored.scheme, scored.evidence, edits, weights)
    before, after = (disclosures.blinded(tree, scored.blind) for tree in (found.before, found.after))
    return replace(found, before=before, after=after)


def gather(round: Round, scheme: Scheme) -> Evidence:
    specs = {node.id: node.spec for node in scheme.nodes}
    judged, panels = references.judged(round, scheme)
    answers = _answers(sorted(set(round.surveys.values())))
    draws = {draw.id: draw for draw in records.find(RecordedDraw, _id=tuple(sorted(set(round.checks.values()))))}
    found = results.findings_of(list(draws.values()))
    return Evidence(
        surveys=tuple(_survey(scheme, node, specs[node], answers[id]) for node, id in sorted(round.surveys.items())),
        checks=tuple(_check(node, draws[id], found[id]) for node, id in sorted(round.checks.items())),
        judgements=judged,
        panels=panels,
        quantities=quantities.of_round(round, scheme),
        decisions=tuple(rules.as_decision(decision) for decision in rounds.decisions(round)),
        ratios=entries.ratios(round),
        measures=entries.measures(round),
        events=entries.events(round),
        gates=entries.findings(round),
    )


@dataclass(frozen=True)
class _Answers:
    """What was answered in a campaign, once it is final its frozen tally, and the batches that were issued."""

    campaign: str
    tally: Tally
    issued: list[Batch]


def _answers(campaigns: Sequence[str]) -> dict[str, _Answers]:
    """Read once a campaign, however many nodes rest on it, from seals: no single answer is looked at."""
    frozen = stored_seals.frozen_of(campaigns)
    read = frozen | seals.read_many([id for id in campaigns if id not in frozen])
    issued: dict[str, list[Batch]] = {id: [] for id in campaigns}
    for batch in records.find(Batch, campaign=tuple(campaigns)) if campaigns else ():
        issued[batch.campaign].append(batch)
    return {id: _Answers(id, read[id], issued[id]) for id in campaigns}


def _survey(scheme: Scheme, node: str, spec: object, answers: _Answers) -> SurveyEvidence:
    """The node's figure from the answers that its scheme admits."""
    if not isinstance(spec, Survey):
        raise TypeError(f"{node} is no survey node")
    campaign, whole, issued = answers.campaign, answers.tally, answers.issued
    questionnaire = of_campaign(campaign)
    if unfit := _unfit(spec, questionnaire):
        return SurveyEvidence(node, campaign, None, 0, None, (), (), unfit, tallies.digest({}))
    if questionnaire.purpose_kind == PURPOSE:
        return _opinions(scheme, node, spec, campaign, questionnaire)
    admitted = tallies.select(whole, distribution=spec.distributions, mode=spec.modes)
    asked = satisfaction.reach([batch for batch in issued if batch.distribution in spec.distributions], issued)
    mapping, reason = _mapping(scheme, spec, questionnaire)
    if reason:
        return SurveyEvidence(node, campaign, None, 0, None, (), (), reason, tallies.digest(admitted))
    found = satisfaction.estimate(questionnaire, admitted, asked, spec.scale, mapping)
    value = found.figure(spec.figure, spec.share_of)
    return SurveyEvidence(
        node=node,
        campaign=campaign,
        figure_value=value,
        n=found.n,
        response_rate=None if found.rate is None else found.rate * HUNDRED,
        distributions=found.distributions,
        modes=tuple(sorted({cell.mode for cell in admitted if cell.assistance not in OUT_OF_POINTS})),
        reason=None if value is not None else _why_null(found, spec.figure),
        digest=tallies.digest(admitted),
        left_out=_left_out(whole, spec),
        census=found.interval_reason == "census",
        se=standard_errors.of_figure(
            found, questionnaire.scales[spec.scale].levels, spec.figure, spec.share_of, mapping
        ),
    )


def _unfit(spec: Survey, questionnaire: Questionnaire) -> str:
    """Why the campaign's answers are none of what the node asks for; empty if they are."""
    if not questionnaire.scored:
        return "a consultation is never scored"
    if (questionnaire.purpose_kind == PURPOSE) != bool(kinds_of(spec.population)):
        whom = "institutions" if questionnaire.purpose_kind == PURPOSE else "persons"
        return f"the node's population is {spec.population!r}, and the campaign asks {whom}"
    return ""


def _mapping(scheme: Scheme, spec: Survey, questionnaire: Questionnaire) -> tuple[IndexMapping | None, str]:
    """What the scheme says that each level is worth, None for a figure without index; or why that cannot be."""
    if spec.scale not in questionnaire.scales:
        return None, f"the campaign's questionnaire declares no scale {spec.scale!r}"
    if not spec.figure.startswith("index:"):
        return None, ""
    name, levels = spec.figure.removeprefix("index:"), questionnaire.scales[spec.scale].levels
    if set(levels) != set(scheme.mappings[name].points):
        return None, f"the mapping {name!r} gives points for other levels than {', '.join(levels)}"
    return IndexMapping(name, scheme.mappings[name].points), ""


def _opinions(scheme: Scheme, node: str, spec: Survey, campaign: str, questionnaire: Questionnaire) -> SurveyEvidence:
    """The figure of the institutions that have signed (G29, G30): n of those listed, nothing for the missing.

    They are no sample and no answers came by a code, so there are neither distributions nor modes to admit.
    """
    mapping, reason = _mapping(scheme, spec, questionnaire)
    found = opinions.figures(campaign, kinds_of(spec.population), mapping)
    if reason:
        return SurveyEvidence(node, campaign, None, 0, None, (), (), reason, found.digest)
    value = score_figure(questionnaire, found, spec.scale, spec.figure, spec.share_of)
    headline = next(item for item in found.items if item.id == questionnaire.scales[spec.scale].headline)
    return SurveyEvidence(
        node=node,
        campaign=campaign,
        figure_value=value,
        n=headline.n or 0,
        response_rate=HUNDRED * found.returned / found.listed if found.listed else None,
        distributions=(),
        modes=(),
        reason=None if value is not None else "item_without_answers" if found.returned else "no_answers",
        digest=found.digest,
        census=0 < found.listed == found.returned,
    )


def _why_null(found: Estimate, figure: str) -> str:
    """The code of REASONS for a figure that the estimate does not give; a share of options lacks only answers."""
    base = figure.partition(":")[0]
    return found.reasons.get({"top2_rate": "top2", "top3_rate": "top3"}.get(base, base), "no_answers")


def _left_out(tally: Tally, spec: Survey) -> tuple[tuple[str, str, int], ...]:
    """Answers that the node does not admit, each under the first of its reasons (design §9: exclusions are listed)."""
    numbers: Counter[tuple[str, str]] = Counter()
    for cell, counts in tally.items():
        if cell.distribution not in spec.distributions:
            why = ("distribution", cell.distribution)
        elif cell.mode not in spec.modes:
            why = ("mode", cell.mode)
        elif cell.assistance in OUT_OF_POINTS:
            why = ("assistance", cell.assistance)
        else:
            continue
        numbers[why] += counts.get("n", 0)
    return tuple((*why, count) for why, count in sorted(numbers.items()))


def _check(node: str, draw: RecordedDraw, found: Findings) -> CheckEvidence:
    """The error rate of a draw. A stratum of which nothing was drawn leaves no rate at all, never a pooled one."""
    if found.rate is None and not found.missing:
        found = replace(found, n=0, errors=0)
    whole = [draw.seed, draw.frame_sha256, found.n, found.errors, dict(found.failures), list(found.missing)]
    rate = None if found.rate is None else Decimal(found.rate.numerator) / Decimal(found.rate.denominator) * HUNDRED
    return CheckEvidence(
        node=node,
        draw=draw.id,
        n=found.n,
        errors=found.errors,
        per_attribute=found.failures,
        upper_limit=found.limit,
        population=found.population,
        digest=hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest(),
        missing_items=found.missing,
        rate=rate if found.strata else None,
        se=standard_errors.of_error_rate(
            [(part.errors, part.n, part.population) for part in found.strata or (found,)], found.limit
        ),
    )
