"""Agency assessments: evidence of the agency itself (G31 to G39), judged once a period, used by all its projects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from service.domain.errors import Fault, Refused
from service.domain.evaluate.evidence import Judgement
from service.domain.evaluate.schemes import Expert, Node, Scheme

AGENCY_RULES = ("G31", "G32", "G33", "G34", "G35", "G36", "G37", "G38", "G39")


@dataclass(frozen=True)
class AgencyAssessment:
    """What the group of one round found about the agency at one node; good for rounds of its other projects.

    It holds from `period_from` to `period_to`, both included, for a node that carries one of the same `rules`.
    `sources` are the judgements that it rests on: {rater, score, reason}.
    """

    id: str
    provider: str
    project: str  # where it was assessed
    authority: str  # under whom: whose other projects may use it
    round: str
    node: str
    rules: tuple[str, ...]
    score: Decimal
    period_from: date
    period_to: date
    at: datetime
    by: str
    note: str = ""
    sources: tuple[Mapping[str, Any], ...] = ()


def check(scheme: Scheme, node: str, period_from: date, period_to: date) -> None:
    """Of an agency-level leaf that people judge, over a period. Raises Refused("invalid")."""
    faults = []
    found = {node.id: node for node in scheme.nodes}.get(node)
    if found is None or not is_agency_leaf(found):
        faults.append(Fault("node", "not_agency_level", {"node": node}))
    if period_to < period_from:
        faults.append(Fault("period_to", "period_reversed"))
    if faults:
        raise Refused("invalid", faults)


def is_agency_leaf(node: Node) -> bool:
    """Whether the group judges the agency's own order there (measures 3(4)); counts and draws are each project's."""
    return isinstance(node.spec, Expert) and any(rule in AGENCY_RULES for rule in node.rules)


def agency_nodes(scheme: Scheme) -> list[Node]:
    """The leaves of a scheme that are about the agency itself."""
    return [node for node in scheme.leaves() if is_agency_leaf(node)]


def unfit(assessment: AgencyAssessment, provider: str, authority: str, node: Node, day: date) -> str:
    """Why it cannot stand for this node of a round on this day: the reason of a fault, or "" if it can."""
    if (assessment.provider, assessment.authority) != (provider, authority):
        return "of_another_provider"
    if not is_agency_leaf(node) or not set(assessment.rules) & set(node.rules):
        return "of_another_rule"
    if not assessment.period_from <= day <= assessment.period_to:
        return "period_over"
    return ""


def sources(judgements: Iterable[Judgement]) -> tuple[Mapping[str, Any], ...]:
    """Judgements as an assessment keeps them, in the order of the raters."""
    ordered = sorted(judgements, key=lambda one: one.rater)
    return tuple({"rater": one.rater, "score": format(one.score, "f"), "reason": one.reason} for one in ordered)


def judgements(assessment: AgencyAssessment, node: str) -> tuple[Judgement, ...]:
    """The judgements as they stand for a node of another round; their ids tell that they are referenced."""
    return tuple(
        Judgement(f"{assessment.id}#{place}", node, one["rater"], Decimal(one["score"]), one["reason"])
        for place, one in enumerate(assessment.sources, 1)
    )
