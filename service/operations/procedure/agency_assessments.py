"""Agency assessments: entered by the group of one round, referenced by the rounds of the provider's other projects."""

from dataclasses import replace
from datetime import datetime

from service.domain import access
from service.domain.access import Actor
from service.domain.procedure import agency_assessments as rules
from service.domain.procedure.agency_assessments import AgencyAssessment
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import create_once, load
from service.operations.evaluate import rounds, schemes
from service.store import records


def record(actor: Actor, now: datetime, assessment: AgencyAssessment) -> tuple[AgencyAssessment, bool]:
    """Keep what the group of a round found of the agency itself. Raises Refused: invalid, id_taken."""
    round = rounds.get(actor, assessment.round, "agency_assessments.write")
    owner = load(Project, round.project, "project")
    scheme = schemes.parsed(round.scheme)
    rules.check(scheme, assessment)
    carried = tuple(rule for rule in scheme.node(assessment.node).rules if rule in rules.AGENCY_RULES)
    made = replace(assessment, provider=owner.provider, project=owner.id, rules=carried, at=now, by=actor.id)
    ignoring = ("provider", "project", "rules", "at", "by", "sources")
    return create_once("agency.assessed", actor, now, projects.scope(owner.id), made, ignoring)


def of_provider(actor: Actor, provider: str) -> list[AgencyAssessment]:
    """The assessments of a provider that were made in projects of the actor's organisation."""
    mine = {one.id for one in projects.projects(actor) if access.may(actor, "agency_assessments.read", one.parties)}
    return [one for one in records.find(AgencyAssessment, provider=provider) if one.project in mine]
