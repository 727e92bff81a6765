"""Gathers what a publication is made of: the frozen tree, what was released of the answers, who must not be named."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.collect.opinions import PURPOSE, kinds_of
from service.domain.collect.release_units import MINIMUM
from service.domain.days import day_of
from service.domain.errors import Refused
from service.domain.evaluate.results import ResultVersion
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import Counter, Expert, Scheme, Survey
from service.domain.organisations import Organisation, User
from service.domain.procedure import public_results as rules
from service.domain.procedure import public_trees
from service.domain.procedure.bans import Ban
from service.domain.procedure.groups import GroupMember
from service.domain.procedure.public_trees import INSTITUTIONS, TOTAL, Plain
from service.domain.procedure.publications import ACTIVE, PUBLISHED, WITHDRAWN, Publication
from service.domain.procedure.publications import history as shown_history
from service.domain.procedure.reviews import Review
from service.domain.projects import Project, Site
from service.operations.collect.questionnaires import of_campaign
from service.operations.evaluate import schemes
from service.store import records
from service.store.collect import releases as stored_releases

TOTAL_KEY = "(total)"  # the total among the withheld nodes: a stored mapping has no empty names
WHOLE = {TOTAL_KEY: TOTAL}


@dataclass(frozen=True)
class Made:
    """The content of a publication and why some of its points are withheld."""

    text: str
    digest: str
    withheld: Mapping[str, str]


def of_result(result: ResultVersion, head: Mapping[str, Any], before: Collection[str] = ()) -> Made:
    """What the public may read of this result.

    `before` are the nodes that earlier publications of the round withheld. What others than the evaluator do not see of
    the result, and what was withheld before, stays so: two readings that hide different parts would give both back.
    """
    scheme = schemes.parsed(result.scheme)
    tree, evidence = json.loads(result.tree), json.loads(result.evidence)
    scales = {node.id: node.spec.scale for node in scheme.leaves() if isinstance(node.spec, Survey)}
    bound = {one["node"]: one["campaign"] for one in evidence.get("surveys", ())}
    told = {campaign: _released(campaign, scales.get(node, "")) for node, campaign in bound.items()}
    why = public_trees.sensitive(evidence, _leaves(scheme), told, MINIMUM)
    hidden = public_trees.hidden(tree, why) | set(result.withheld) | {WHOLE.get(node, node) for node in before}
    surveys = [
        {
            "node": node,
            "label": dict(scheme.node(node).label),
            **{name: found[name] for name in ("persons", "satisfied", "number")},
        }
        for node, campaign in sorted(bound.items())
        if (found := told[campaign]) is not None
    ]
    more = {
        "scheme": {"id": result.scheme, "title": dict(scheme.title), "digest": result.scheme_digest},
        "version": result.number,
        "corrected": result.number > 1,
    }
    text = rules.content({**head, **more}, tree, hidden, surveys)
    withheld = {node or TOTAL_KEY: why.get(node, "covers") for node in sorted(hidden)}
    return Made(text, rules.digest(text), withheld)


def _leaves(scheme: Scheme) -> dict[str, str]:
    """What matters of a leaf for the public: signed opinions of institutions, volumes per worker."""
    found = {}
    for node in scheme.leaves():
        spec = node.spec
        institutions = (isinstance(spec, Expert) and spec.raters == INSTITUTIONS) or (
            isinstance(spec, Survey) and bool(kinds_of(spec.population))
        )
        if institutions:
            found[node.id] = INSTITUTIONS
        elif isinstance(spec, Counter) and spec.denominator:
            found[node.id] = spec.denominator
    return found


def _released(campaign: str, scale: str) -> dict[str, Any] | None:
    """The last release of a campaign that can be judged by the public; institutions' opinions have none."""
    questionnaire = of_campaign(campaign)
    if questionnaire.purpose_kind == PURPOSE or scale not in questionnaire.scales:
        return None
    found = [one for one in stored_releases.of_campaign(campaign) if json.loads(one.content)["asked"]["scale"] == scale]
    if not found:
        return None
    declared = questionnaire.scales[scale]
    return rules.released(found[-1].content, declared.headline, declared.levels)


def names_of(round: Round, result: ResultVersion) -> set[str]:
    """The names of those who scored or reviewed: none of them stands in what is published."""
    apart = {node for node, kind in _leaves(schemes.parsed(result.scheme)).items() if kind == INSTITUTIONS}
    evidence: Plain = json.loads(result.evidence)
    names = {one["rater"] for one in evidence.get("judgements", ()) if one["node"] not in apart}
    names |= {member.name for member in records.find(GroupMember, round=round.id)}
    return names | {member["name"] for review in records.find(Review, round=round.id) for member in review.members}


def own_names(project: Project) -> set[str]:
    """The names of the project, its organisations and its sites, which everybody may read."""
    parties = records.find(Organisation, id=tuple(project.parties.values()))
    return {project.name, *(one.name for one in parties), *(one.name for one in records.find(Site, project=project.id))}


def people_of(organisation: str) -> set[str]:
    """The ids of an organisation's active accounts."""
    return {user.id for user in records.find(User, organisation=organisation) if user.active}


def entry(there: Publication) -> dict[str, Any]:
    """A line of a list: figures only of what is open, the reason alone of what was withdrawn."""
    told = {"id": there.id, "state": there.state, "disclosure": there.disclosure, "published_at": there.published_at}
    named = {name: there.head[name] for name in ("project", "provider", "round")}
    if there.state == WITHDRAWN:
        return {**told, **named, "withdrawn_at": there.withdrawn_at, "reason": there.reason}
    figures = {name: there.head[name] for name in ("total", "grade")} if there.disclosure == ACTIVE else {}
    return {**told, **named, **figures}


def history(provider: str, now: datetime) -> dict[str, Any]:
    """What was published of one provider, withdrawn ones as tombstones, and its bans of which the public may know.

    A ban is shown while it is in force, and only if the result it follows from is published. Raises
    Refused("not_found") for a provider of which nothing was ever published.
    """
    found = shown_history(records.find(Publication, provider=provider))
    if not found:
        raise Refused("not_found", noun="published result")
    rounds = {one.round for one in found if one.state == PUBLISHED}
    today = day_of(now)
    bans = [ban for ban in records.find(Ban, organisation=provider) if ban.round in rounds and ban.holds(today)]
    return {
        "provider": found[0].head["provider"],
        "bans": sorted(bans, key=lambda ban: ban.from_on),
        "results": [entry(one) for one in found],
    }
