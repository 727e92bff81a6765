"""The judgements that a round is scored by: its own, and for nodes of the agency those that it refers to."""

from datetime import date

from service.domain.days import day_of
from service.domain.evaluate.evidence import Judgement, Panel
from service.domain.evaluate.judgements import IN, as_evidence
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import Scheme
from service.domain.procedure import agency_assessments as rules
from service.domain.procedure.agency_assessments import AgencyAssessment
from service.domain.projects import Project
from service.operations.acts import load
from service.operations.evaluate import judgements
from service.store import records


def judged(round: Round, scheme: Scheme) -> tuple[tuple[Judgement, ...], tuple[Panel, ...]]:
    """(judgements, who was asked). Where a node refers to an assessment of the agency, that one stands alone.

    A reference that does not hold any more stands for nothing: the node is left to the round's own judgements.
    """
    given = judgements.of_round(round)
    own = [as_evidence(one) for one in given if one.state == IN]
    referred = assessments(round, scheme)
    found = [one for one in own if one.node not in referred]
    asked = tuple(one for one in judgements.panels(round, scheme, given) if one.node not in referred)
    for node, assessment in referred.items():
        found += rules.judgements(assessment, node)
    return tuple(found), asked


def assessments(round: Round, scheme: Scheme) -> dict[str, AgencyAssessment]:
    """Node -> the assessment that stands for it."""
    if not round.references:
        return {}
    owner = load(Project, round.project, "project")
    known = {one.id: one for one in records.find(AgencyAssessment, provider=owner.provider)}
    nodes = {node.id: node for node in scheme.nodes}
    return {
        node: known[id]
        for node, id in round.references.items()
        if node in nodes
        and id in known
        and not rules.unfit(known[id], owner.provider, owner.authority, nodes[node], reference_day(round))
    }


def reference_day(round: Round) -> date:
    """The day that a period must cover: the agreed one of the self-evaluation (G47), else that of the opening."""
    return round.self_evaluation_on or day_of(round.opened_at)
