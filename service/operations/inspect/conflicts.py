"""Conflicts of interest: people declare, and who has one is kept from looking at that provider."""

from collections.abc import Sequence
from datetime import datetime

from service.domain import access
from service.domain.access import PARTY_OF_ROLE, Actor
from service.domain.errors import Fault, Refused
from service.domain.inspect import conflicts as rules
from service.domain.inspect.conflicts import Declaration
from service.domain.organisations import Organisation, User
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import create_once, load
from service.store import records

FIELD_ROLES = frozenset({"evaluator", "auditor", "interviewer"})
FOR_COLLEAGUES = frozenset({"evaluator", "authority", "purchaser"})
LISTS = ("persons", "auditors")  # fields that name several persons; a fault tells which place


def declare(actor: Actor, now: datetime, declaration: Declaration) -> tuple[Declaration, bool]:
    """Keep what a person says: the actor's own word, or one for a colleague (field workers: no)."""
    parts = {PARTY_OF_ROLE[role] for role in actor.roles if role in PARTY_OF_ROLE}
    access.require(actor, "declarations.write", dict.fromkeys(parts, actor.organisation))
    user = records.get(User, declaration.user)
    if user is None or user.organisation != actor.organisation:
        raise Refused("invalid", [Fault("user", "no_such_person", {"value": declaration.user})])
    if user.id != actor.id and not set(actor.roles) & FOR_COLLEAGUES:
        raise Refused("forbidden")
    rules.check(declaration)
    if declaration.project:
        scope = projects.scope(projects.project(actor, declaration.project).id)
    else:
        scope = f"organisation:{load(Organisation, declaration.organisation, 'organisation').id}"
    made = Declaration(**vars(declaration) | {"at": now, "by": actor.id})
    return create_once("declaration.made", actor, now, scope, made, ("at", "by"))


def of_project(actor: Actor, project_id: str) -> dict[str, list[Declaration]]:
    """User id -> what is in force about this project, of all who work in the field for its evaluator."""
    project = projects.project(actor, project_id, "visits.read")
    everybody = "evaluator" in actor.roles
    people = [user.id for user in field_workers(project) if everybody or user.id == actor.id]
    return {user: rules.in_force(records.find(Declaration, user=user), project) for user in people}


def own(actor: Actor, project: Project) -> list[Declaration]:
    """What the actor has declared about this project, as far as it is in force."""
    return _in_force(project, actor.id)


def field_workers(project: Project) -> list[User]:
    """The active accounts that may be sent on a visit."""
    users = records.find(User, organisation=project.evaluator)
    return [user for user in users if user.active and set(user.roles) & FIELD_ROLES]


def require_free(project: Project, persons: Sequence[str], field: str = "persons") -> None:
    """Raises Refused("conflict_of_interest" or "invalid") naming each person who may not look at this provider."""
    users = {user.id: user for user in records.find(User, _id=tuple(persons))}
    unknown, barred = [], []
    for place, person in enumerate(persons):
        at = f"{field}.{place}" if field in LISTS else field
        user = users.get(person)
        if user and user.organisation == project.provider:
            barred.append(Fault(at, "conflict_provider", {"value": user.username}))
        elif user is None or not user.active or user.organisation != project.evaluator:
            unknown.append(Fault(at, "no_such_person", {"value": person}))
        elif not set(user.roles) & FIELD_ROLES:
            unknown.append(Fault(at, "no_such_person", {"value": person}))
        elif any(one.conflict for one in _in_force(project, person)):
            barred.append(Fault(at, "conflict_declared", {"value": user.username}))
    if barred:
        raise Refused("conflict_of_interest", [*barred, *unknown])
    if unknown:
        raise Refused("invalid", unknown)


def require_declared(project: Project, persons: Sequence[str], field: str = "persons") -> None:
    """Raises Refused("undeclared"): before the first visit everybody says yes or no."""
    faults = []
    for place, person in enumerate(persons):
        if not _in_force(project, person):
            at = f"{field}.{place}" if field in LISTS else field
            user = records.get(User, person)
            faults.append(Fault(at, "person_undeclared", {"value": user.username if user else person}))
    if faults:
        raise Refused("undeclared", faults)


def _in_force(project: Project, person: str) -> list[Declaration]:
    return rules.in_force(records.find(Declaration, user=person), project)
