"""Reading results: who may read which version when, what of it, and the export that anybody can recompute."""

import json
from collections.abc import Mapping
from typing import Any

from service.domain import access
from service.domain.access import PARTY_OF_ROLE, Actor
from service.domain.errors import Refused
from service.domain.evaluate import disclosures, exports
from service.domain.evaluate import results as rules
from service.domain.evaluate.results import Difference, ResultVersion
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import SchemeVersion
from service.domain.projects import Project
from service.operations.acts import load
from service.operations.evaluate import rounds
from service.operations.evaluate.result_versions import versions

READ = "results.read"


def of_round(actor: Actor, id: str) -> list[ResultVersion]:
    """All versions, the first one first; none before this reader may know of them (see rules.VISIBLE)."""
    return _visible(actor, id)[1]


def one(actor: Actor, id: str, number: int) -> tuple[ResultVersion, dict[str, Any]]:
    """(a version, its tree as this reader may see it). Raises Refused("not_found")."""
    parts, found = _visible(actor, id)
    version = _numbered(found, number)
    return version, tree_for(parts, version)


def difference(actor: Actor, id: str, number: int) -> list[Difference]:
    """What a version changed in the one before it; nothing of the first one. Raises Refused("not_found")."""
    parts, found = _visible(actor, id)
    new = _numbered(found, number)
    if number == 1:
        return []
    old = _numbered(found, number - 1)
    hidden = () if rules.EVALUATOR in parts else {*old.withheld, *new.withheld}
    return [row for row in rules.difference(old, new) if row.node not in hidden]


def tree_for(parts: set[str], version: ResultVersion) -> dict[str, Any]:
    """The frozen tree as these parts of the project may see it; no part at all is the public."""
    tree: dict[str, Any] = json.loads(version.tree)
    if rules.EVALUATOR in parts:
        return {**tree, "withheld": []}
    return disclosures.for_reader(tree, version.withheld, names=bool(parts & rules.NAMES))


def export(actor: Actor, id: str) -> str:
    """Everything a result follows from, as one file for `minyi score`. Raises Refused("not_found") without one."""
    round = rounds.get(actor, id, "scores.read")
    found = versions(id)
    if not found:
        raise Refused("not_found", noun="result")
    return exports.export(_told(round), load(SchemeVersion, found[0].scheme, "scheme"), found)


def _told(round: Round) -> Mapping[str, Any]:
    """Of the round itself: what it was, which sources were bound."""
    names = (
        "id",
        "project",
        "kind",
        "name",
        "scheme",
        "opened_at",
        "surveys",
        "checks",
        "panels",
        "counters",
        "adoption",
    )
    return {name: getattr(round, name) for name in names}


def _visible(actor: Actor, id: str) -> tuple[set[str], list[ResultVersion]]:
    round = rounds.get(actor, id, READ)
    parties = load(Project, round.project, "project").parties
    parts = {
        part
        for role, part in PARTY_OF_ROLE.items()
        if role in actor.roles and role in access.ACTIONS[READ] and parties.get(part) == actor.organisation
    }
    return parts, versions(id) if any(rules.visible(part, round.state) for part in parts) else []


def _numbered(found: list[ResultVersion], number: int) -> ResultVersion:
    for version in found:
        if version.number == number:
            return version
    raise Refused("not_found", noun="result")
