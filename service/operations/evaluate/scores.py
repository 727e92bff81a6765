"""Scores: all evidence of a round is gathered as plain dataclasses, then the pure rules score it."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from service.domain.access import Actor
from service.domain.collect import tallies
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.satisfaction import Estimate, IndexMapping
from service.domain.collect.tallies import Tally
from service.domain.collect.tickets import Batch
from service.domain.evaluate import rounds as rules
from service.domain.evaluate.evidence import CheckEvidence, Evidence, Panel, SurveyEvidence
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import Scheme, Survey
from service.domain.evaluate.scores import ScoreTree, score
from service.domain.inspect.draws import RecordedDraw
from service.domain.modes import OUT_OF_POINTS
from service.operations.acts import load
from service.operations.collect import satisfaction, seals
from service.operations.collect.questionnaires import of_campaign
from service.operations.evaluate import rounds, schemes
from service.operations.inspect import spot_checks
from service.store import records
from service.store.collect import seals as stored_seals

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Scored:
    """A round, its scheme, the evidence and the tree that follows from them."""

    round: Round
    scheme: Scheme
    evidence: Evidence
    tree: ScoreTree


def of_round(actor: Actor, id: str) -> Scored:
    """The score as the evidence stands now; pure rules decide everything after the reading."""
    round = rounds.get(actor, id, "scores.read")
    scheme = schemes.parsed(round.scheme)
    evidence = gather(round, scheme)
    return Scored(round, scheme, evidence, score(scheme, evidence))


def gather(round: Round, scheme: Scheme) -> Evidence:
    specs = {node.id: node.spec for node in scheme.nodes}
    return Evidence(
        surveys=tuple(_survey(scheme, node, specs[node], id) for node, id in sorted(round.surveys.items())),
        checks=tuple(_check(node, id) for node, id in sorted(round.checks.items())),
        judgements=tuple(rules.as_evidence(judgement) for judgement in rounds.judgements(round)),
        panels=tuple(Panel(node, tuple(raters)) for node, raters in sorted(round.panels.items())),
        quantities=tuple(rules.as_quantity(quantity) for quantity in rounds.quantities(round)),
        decisions=tuple(rules.as_decision(decision) for decision in rounds.decisions(round)),
    )


def _survey(scheme: Scheme, node: str, spec: object, campaign: str) -> SurveyEvidence:
    """The node's figure from the answers that its scheme admits; once a campaign is final, from its frozen tally."""
    if not isinstance(spec, Survey):
        raise TypeError(f"{node} is no survey node")
    questionnaire = of_campaign(campaign)
    frozen = stored_seals.frozen(campaign)
    whole = frozen if frozen is not None else seals.read(campaign)[0]
    admitted = tallies.select(whole, distribution=spec.distributions, mode=spec.modes)
    issued = records.find(Batch, campaign=campaign)
    asked = satisfaction.reach([batch for batch in issued if batch.distribution in spec.distributions], issued)
    name = spec.figure.removeprefix("index:")
    mapping = IndexMapping(name, scheme.mappings[name].points) if spec.figure.startswith("index:") else None
    if reason := _unfit(questionnaire, spec, mapping):
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
    )


def _unfit(questionnaire: Questionnaire, spec: Survey, mapping: IndexMapping | None) -> str | None:
    """Why a questionnaire gives no figure for the node, whatever was answered."""
    if not questionnaire.scored:
        return "a consultation is never scored"
    if spec.scale not in questionnaire.scales:
        return f"the campaign's questionnaire declares no scale {spec.scale!r}"
    levels = questionnaire.scales[spec.scale].levels
    if mapping is not None and set(levels) != set(mapping.points):
        return f"the mapping {mapping.name!r} gives points for other levels than {', '.join(levels)}"
    return None


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


def _check(node: str, draw_id: str) -> CheckEvidence:
    draw = load(RecordedDraw, draw_id, "draw")
    found = spot_checks.findings(draw)
    whole = [draw.seed, draw.frame_sha256, found.n, found.errors, dict(found.failures), list(found.missing)]
    rate = None if found.rate is None else Decimal(found.rate.numerator) / Decimal(found.rate.denominator) * HUNDRED
    return CheckEvidence(
        node=node,
        draw=draw_id,
        n=found.n,
        errors=found.errors,
        per_attribute=found.failures,
        upper_limit=found.limit,
        population=found.population,
        digest=hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest(),
        missing_items=found.missing,
        rate=rate if found.strata else None,
    )
