"""Contract targets of projects; a round is held to them as they stood when it was opened (S01)."""

from dataclasses import replace
from datetime import datetime

from service.domain.access import Actor
from service.domain.errors import Refused
from service.domain.procedure import targets as rules
from service.domain.procedure.targets import ContractTarget
from service.operations import projects
from service.operations.acts import act, create_once, load, plain
from service.store import records


def create(actor: Actor, now: datetime, target: ContractTarget) -> tuple[ContractTarget, bool]:
    """Enter what the contract asks of a counter. Raises Refused: invalid, id_taken."""
    owner = projects.project(actor, target.project, "targets.write")
    rules.check(target)
    made = replace(target, at=now, changed_by=actor.id, version=1, changes=())
    ignoring = ("at", "changed_by", "version", "changes")
    return create_once("target.entered", actor, now, projects.scope(owner.id), made, ignoring)


def change(actor: Actor, now: datetime, new: ContractTarget, reason: str, version: int) -> ContractTarget:
    """Other terms from now on; rounds that were opened before keep the old ones. Raises Refused: invalid, stale."""
    there = load(ContractTarget, new.id, "target")
    if there.project != new.project:
        raise Refused("not_found", noun="target")
    projects.project(actor, there.project, "targets.write")
    stored = rules.changed(there, new, reason, now, actor.id)
    rules.check(stored)
    stored = replace(stored, version=version + 1)
    details = plain({name: getattr(stored, name) for name in ("counter", *rules.TERMS, "reason", "version")})
    scope = projects.scope(there.project)
    act("target.changed", actor, now, scope, stored.id, details, lambda tx: records.replace(stored, version, tx))
    return stored


def of_project(actor: Actor, project: str) -> list[ContractTarget]:
    projects.project(actor, project, "targets.read")
    return sorted(records.find(ContractTarget, project=project), key=lambda one: (one.counter, one.id))
