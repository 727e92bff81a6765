"""A survey's evidence: the figure that a scheme asks for, from a campaign's tally and the batches behind it."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from service.domain.collect import tallies
from service.domain.collect.opinions import PURPOSE, kinds_of, score_figure
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.satisfaction import Estimate, IndexMapping
from service.domain.collect.tallies import Tally
from service.domain.collect.tickets import Batch
from service.domain.evaluate import standard_errors
from service.domain.evaluate.evidence import SurveyEvidence
from service.domain.evaluate.schemes import Scheme, Survey
from service.domain.modes import OUT_OF_POINTS
from service.operations.collect import opinions, satisfaction

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Answers:
    """What was answered in a campaign, once it is final its frozen tally, and the batches that were issued."""

    campaign: str
    tally: Tally
    issued: list[Batch]
    questionnaire: Questionnaire


def survey_evidence(scheme: Scheme, node: str, spec: object, answers: Answers) -> SurveyEvidence:
    """The node's figure from the answers that its scheme admits: from these arguments alone, but for opinions."""
    if not isinstance(spec, Survey):
        raise TypeError(f"{node} is no survey node")
    campaign, whole, issued = answers.campaign, answers.tally, answers.issued
    questionnaire = answers.questionnaire
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
