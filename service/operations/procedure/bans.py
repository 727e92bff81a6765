"""Bans of organisations, as far as a reader may know of them."""

from service.domain import access
from service.domain.access import Actor
from service.domain.organisations import Organisation
from service.domain.procedure.bans import Ban
from service.operations import projects
from service.operations.acts import load
from service.store import records


def one(actor: Actor, id: str, action: str = "consequences.read") -> Ban:
    """A ban that followed from one of the actor's projects."""
    there = load(Ban, id, "ban")
    projects.project(actor, there.project, action)
    return there


def of_organisation(actor: Actor, id: str) -> tuple[Organisation, list[Ban]]:
    """An organisation with its bans, the latest first: all of them for who opens projects and would be refused one, for
    everybody else those that followed from the own projects. Raises Refused("not_found")."""
    organisation = load(Organisation, id, "organisation")
    found = records.find(Ban, organisation=id)
    if not access.may(actor, "projects.write"):
        mine = {one.id for one in projects.projects(actor) if access.may(actor, "consequences.read", one.parties)}
        found = [ban for ban in found if ban.project in mine]
    return organisation, sorted(found, key=lambda ban: (ban.from_on, ban.id), reverse=True)
