"""Results of several rounds beside one another, from their frozen versions (S07)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from service.domain import access
from service.domain.access import Actor
from service.domain.collect.campaigns import Campaign
from service.domain.errors import Fault, Refused
from service.domain.evaluate import intervals
from service.domain.evaluate.evidence import Evidence, from_plain
from service.domain.evaluate.results import ResultVersion, visible
from service.domain.evaluate.rounds import ENTERING, Round
from service.domain.evaluate.schemes import Scheme, Survey
from service.domain.evaluate.scores import score
from service.domain.procedure import rankings as rules
from service.domain.procedure.rankings import Compared, Pair, Ranked, Unlike
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import load
from service.operations.evaluate import result_versions, rounds, schemes
from service.store import records

MOST_ROUNDS, MOST_LABEL = 200, 500


@dataclass(frozen=True)
class Ranking:
    """The places and every pair; `differences` are those that `label` was given for, empty where all is alike."""

    ranked: tuple[Ranked, ...]
    pairs: tuple[Pair, ...]
    differences: tuple[Unlike, ...]
    label: str


def of(actor: Actor, ids: Sequence[str], label: str = "") -> Ranking:
    """Put the results of these rounds in order.

    Raises Refused("not_comparable") naming what differs, unless a `label` says what the list is of; "invalid" for
    fewer than two rounds or one that has no result yet that this reader may see.
    """
    if not 2 <= len(set(ids)) <= MOST_ROUNDS or len(set(ids)) != len(ids):
        raise Refused("invalid", [Fault("rounds", "rounds_to_rank", {"limit": MOST_ROUNDS})])
    if len(label) > MOST_LABEL:
        raise Refused("invalid", [Fault("label", "too_long", {"limit": MOST_LABEL})])
    compared = [_compared(actor, id) for id in ids]
    differences = rules.unlike(compared)
    if differences and not label.strip():
        raise Refused("not_comparable", [Fault("label", "unlike", one.told) for one in differences])
    pairs = rules.pairs(compared)
    return Ranking(tuple(rules.ranking(compared, pairs)), tuple(pairs), tuple(differences), label.strip())


def _compared(actor: Actor, id: str) -> Compared:
    round = rounds.get(actor, id, "rankings.read")
    owner = load(Project, round.project, "project")
    version = result_versions.latest(id)
    if version is None or not _may_see(actor, owner, round):
        raise Refused("invalid", [Fault("rounds", "no_result_yet", {"id": id})])
    scheme = schemes.parsed(version.scheme)
    evidence = from_plain(json.loads(version.evidence))
    interval = intervals.of_total(scheme, evidence, score(scheme, evidence))
    return Compared(
        round=id,
        project=owner.id,
        name=owner.name,
        provider=owner.provider,
        total=version.total,
        grade=version.grade,
        se=interval.se,
        unstated=interval.unstated,
        aspects=_aspects(scheme, version, evidence),
    )


def _may_see(actor: Actor, owner: Project, round: Round) -> bool:
    return any(
        visible(access.PARTY_OF_ROLE[role], round.state)
        for role in actor.roles
        if owner.parties.get(access.PARTY_OF_ROLE.get(role, "")) == actor.organisation
    )


def _aspects(scheme: Scheme, version: ResultVersion, evidence: Evidence) -> dict[str, dict[str, str]]:
    """What the total was measured with: scheme, and by survey node its questionnaire, figure, modes, distributions."""
    specs = {node.id: node.spec for node in scheme.leaves()}
    found: dict[str, dict[str, str]] = {name: {} for name in rules.ASPECTS}
    found[rules.SCHEME][""] = f"{version.scheme} {version.scheme_digest[:12]}"
    for one in evidence.surveys:
        spec, campaign = specs.get(one.node), records.get(Campaign, one.campaign)
        if isinstance(spec, Survey) and campaign is not None:
            found[rules.QUESTIONNAIRES][one.node] = f"{campaign.questionnaire}@{campaign.questionnaire_version}"
            found[rules.FIGURES][one.node] = spec.figure
            found[rules.MODES][one.node] = ", ".join(sorted(one.modes)) or "–"
            found[rules.DISTRIBUTIONS][one.node] = ", ".join(sorted(one.distributions)) or "–"
    return found


def comparable(actor: Actor) -> list[Round]:
    """The rounds whose result this reader may compare: by their state, so that no result is read for a list."""
    mine = {one.id: one for one in projects.projects(actor) if access.may(actor, "rankings.read", one.parties)}
    found = records.find(Round, project=tuple(mine)) if mine else []
    return [one for one in found if one.state not in ENTERING and _may_see(actor, mine[one.project], one)]
