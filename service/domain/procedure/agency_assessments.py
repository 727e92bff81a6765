"""Agency assessments: evidence of the agency itself (G31 to G39), judged once a period, used by all its projects."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from service.domain.errors import Fault, Refused
from service.domain.evaluate.schemes import Composite, Node, Scheme

AGENCY_RULES = ("G31", "G32", "G33", "G34", "G35", "G36", "G37", "G38", "G39")


@dataclass(frozen=True)
class AgencyAssessment:
    """What the group of one round found about the agency at one node; good for rounds of its other projects.

    It holds from `period_from` to `period_to`, both included, for a node that carries the same `rules`.
    """

    id: str
    provider: str
    project: str  # where it was assessed
    round: str
    node: str
    rules: tuple[str, ...]
    score: Decimal
    reason: str
    period_from: date
    period_to: date
    at: datetime
    by: str
    evidence: tuple[str, ...] = ()
    sources: Mapping[str, Any] = field(default_factory=dict)  # the judgements that it rests on: rater -> score


def check(scheme: Scheme, assessment: AgencyAssessment) -> None:
    """Of an agency-level leaf, over a period, with a reason. Raises Refused("invalid")."""
    faults = []
    node = {node.id: node for node in scheme.nodes}.get(assessment.node)
    if node is None or not is_agency_leaf(node):
        faults.append(Fault("node", "not_agency_level", {"node": assessment.node}))
    if assessment.period_to < assessment.period_from:
        faults.append(Fault("period_to", "period_reversed"))
    if not assessment.reason.strip():
        faults.append(Fault("reason", "empty"))
    if faults:
        raise Refused("invalid", faults)


def is_agency_leaf(node: Node) -> bool:
    """Whether the node is judged of the agency: a leaf under the measures' 3(4), about the agency's own order."""
    return not isinstance(node.spec, Composite) and any(rule in AGENCY_RULES for rule in node.rules)


def covers(assessment: AgencyAssessment, provider: str, node: Node, day: date) -> str:
    """Why an assessment cannot be referenced for this node on this day: a fault's reason, or "" if it can."""
    if assessment.provider != provider:
        return "of_another_provider"
    if not set(assessment.rules) & set(node.rules):
        return "of_another_rule"
    if not assessment.period_from <= day <= assessment.period_to:
        return "period_over"
    return ""
