"""Scores: all evidence of a round is gathered as plain dataclasses, then the pure rules score it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from service.domain.access import Actor
from service.domain.collect.tickets import Batch
from service.domain.evaluate import disclosures, intervals, standard_errors
from service.domain.evaluate import rounds as rules
from service.domain.evaluate import what_if as what_if_rules
from service.domain.evaluate.corrections import Edit
from service.domain.evaluate.evidence import CheckEvidence, Evidence, from_plain
from service.domain.evaluate.intervals import TotalInterval
from service.domain.evaluate.plain_records import record
from service.domain.evaluate.results import ResultVersion
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import Band, Scheme
from service.domain.evaluate.scores import ScoreTree, score
from service.domain.evaluate.what_if import Sensitivity, WhatIf
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.findings import Findings
from service.operations.collect import seals
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
from service.operations.evaluate.survey_evidence import Answers, survey_evidence
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
        surveys=tuple(
            survey_evidence(scheme, node, specs[node], answers[id]) for node, id in sorted(round.surveys.items())
        ),
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


def _answers(campaigns: Sequence[str]) -> dict[str, Answers]:
    """Read once a campaign, however many nodes rest on it, from seals: no single answer is looked at."""
    frozen = stored_seals.frozen_of(campaigns)
    read = frozen | seals.read_many([id for id in campaigns if id not in frozen])
    issued: dict[str, list[Batch]] = {id: [] for id in campaigns}
    for batch in records.find(Batch, campaign=tuple(campaigns)) if campaigns else ():
        issued[batch.campaign].append(batch)
    return {id: Answers(id, read[id], issued[id], of_campaign(id)) for id in campaigns}


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
