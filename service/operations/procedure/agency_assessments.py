"""Agency assessments: entered by the group of one round, referenced by the rounds of the provider's other projects."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.evaluate.evidence import Evidence
from service.domain.evaluate.node_scores import SCORERS
from service.domain.evaluate.rounds import ENTERING, Round
from service.domain.evaluate.schemes import Scheme
from service.domain.procedure import agency_assessments as rules
from service.domain.procedure.agency_assessments import AgencyAssessment
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import create_once, load
from service.operations.evaluate import judgements, references, rounds, schemes
from service.store import records


def record(
    actor: Actor, now: datetime, id: str, round_id: str, node: str, period_from: date, period_to: date, note: str = ""
) -> tuple[AgencyAssessment, bool]:
    """Keep what the group of a round has judged of the agency itself, for a period. -> (it, whether it is new).

    Raises Refused("invalid"): no agency-level node, or judgements still missing; ("id_taken").
    """
    round = rounds.get(actor, round_id, "agency_assessments.write")
    owner = load(Project, round.project, "project")
    scheme = schemes.parsed(round.scheme)
    rules.check(scheme, node, period_from, period_to)
    evidence = _own(round, scheme, node)
    outcome = SCORERS[scheme.node(node).type](scheme.node(node), evidence)
    if outcome.score is None or outcome.missing:
        raise Refused("invalid", [Fault("node", "judgements_missing", {"node": node})])
    made = AgencyAssessment(
        id=id,
        provider=owner.provider,
        project=owner.id,
        authority=owner.authority,
        round=round.id,
        node=node,
        rules=tuple(rule for rule in scheme.node(node).rules if rule in rules.AGENCY_RULES),
        score=outcome.score,
        period_from=period_from,
        period_to=period_to,
        at=now,
        by=actor.id,
        note=note.strip(),
        sources=rules.sources(evidence.judgements),
    )
    return create_once("agency.assessed", actor, now, projects.scope(owner.id), made, ("at", "by"))


def _own(round: Round, scheme: Scheme, node: str) -> Evidence:
    """The round's own judgements of the node. What is blind, or itself only referred to, cannot be handed on."""
    if node in round.references:
        raise Refused("invalid", [Fault("node", "only_referenced", {"node": node})])
    if node in judgements.blind_nodes(round):
        raise Refused("invalid", [Fault("node", "judgements_missing", {"node": node})])
    found, panels = references.judged(round, scheme)
    return Evidence(judgements=found, panels=panels).of(node)


def refer(actor: Actor, now: datetime, round_id: str, wanted: Mapping[str, str], version: int) -> Round:
    """Let assessments stand for nodes of this round, all at once: node -> assessment. Raises Refused: invalid, stale.

    What the round's own group has judged stays out as long as a reference stands for it.
    """
    round = rounds.get(actor, round_id, "rounds.write")
    rounds.require_state(round, *ENTERING)
    scheme = schemes.parsed(round.scheme)
    owner = load(Project, round.project, "project")
    known = {one.id: one for one in _within(owner.provider, owner.authority)}
    nodes = {node.id: node for node in scheme.nodes}
    faults = []
    for node, id in wanted.items():
        if node not in nodes:
            faults.append(Fault(f"references.{node}", "no_such_node", {"value": node}))
        elif id not in known:
            faults.append(Fault(f"references.{node}", "no_such_assessment", {"value": id}))
        elif reason := rules.unfit(
            known[id], owner.provider, owner.authority, nodes[node], references.reference_day(round)
        ):
            faults.append(Fault(f"references.{node}", reason, {"value": id}))
    if faults:
        raise Refused("invalid", faults)
    changed = replace(round, references=dict(wanted))
    return rounds.put("round.referred", actor, now, changed, version, {"references": dict(wanted)})


def of_provider(actor: Actor, provider: str) -> list[AgencyAssessment]:
    """The assessments of a provider that rounds of the actor's projects may refer to, the newest period first."""
    authorities = {
        one.authority
        for one in projects.projects(actor)
        if one.provider == provider and access.may(actor, "agency_assessments.read", one.parties)
    }
    found = [one for authority in authorities for one in _within(provider, authority)]
    return sorted(found, key=lambda one: (one.period_to, one.id), reverse=True)


def _within(provider: str, authority: str) -> list[AgencyAssessment]:
    return [one for one in records.find(AgencyAssessment, provider=provider) if one.authority == authority]
