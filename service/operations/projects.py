"""Projects and sites."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from service.domain import access
from service.domain.access import Actor
from service.domain.collect.tickets import Batch
from service.domain.days import day_of
from service.domain.errors import Fault, Refused
from service.domain.organisations import Organisation
from service.domain.procedure.bans import Ban, refuse_barred
from service.domain.projects import Project, Site, check_project, check_sessions, sessions_of
from service.operations.acts import act, create_once, load, plain
from service.store import records

R = TypeVar("R")


def create_project(actor: Actor, now: datetime, project: Project) -> tuple[Project, bool]:
    access.require(actor, "projects.write")
    check_project(project, {organisation.id: organisation.kind for organisation in records.find(Organisation)})
    if records.get(Project, project.id) is None:  # a repeat finds what it made before, whatever was decided since
        require_unbarred(project.provider, now)
    return create_once("project.created", actor, now, scope(project.id), project)


def require_unbarred(provider: str, now: datetime) -> None:
    """Raises Refused: provider_disqualified, provider_banned."""
    there = records.get(Organisation, provider)
    refuse_barred(records.find(Ban, organisation=provider), day_of(now), there.name if there else "")


def projects(actor: Actor) -> list[Project]:
    """Only those in which the actor's organisation has a part."""
    access.require(actor, "projects.list")
    return [project for project in records.find(Project) if access.may(actor, "projects.read", project.parties)]


def listed(actor: Actor, today: date, text: str = "", organisation: str = "", period: str = "") -> list[Project]:
    """The actor's projects by name: those whose name or id holds `text`, with this party, in this part of their period.

    `period` is one of PERIODS; a project without dates is under way.
    """
    sought = text.strip().casefold()
    found = [
        one
        for one in projects(actor)
        if (sought in one.name.casefold() or sought in one.id.casefold())
        and (not organisation or organisation in one.parties.values())
        and (not period or one.period(today) == period)
    ]
    return sorted(found, key=lambda one: (one.name, one.id))


def project(actor: Actor, id: str, action: str = "projects.read") -> Project:
    """The project, if the actor may do `action` in it. Somebody else's project is as unknown as none."""
    found = load(Project, id, "project")
    if not access.may(actor, "projects.read", found.parties):
        raise Refused("not_found", noun="project")
    access.require(actor, action, found.parties)
    return found


def change_project(actor: Actor, now: datetime, changed: Project, version: int) -> Project:
    """Raises Refused("stale") unless `version` is the stored one."""
    access.require(actor, "projects.write")
    there = load(Project, changed.id, "project")
    if changed.provider != there.provider:
        require_unbarred(changed.provider, now)
    check_project(changed, {organisation.id: organisation.kind for organisation in records.find(Organisation)})
    stored = Project(**vars(changed) | {"version": version + 1})
    details = {key: str(value) for key, value in vars(stored).items()}
    act(
        "project.changed",
        actor,
        now,
        scope(changed.id),
        changed.id,
        details,
        lambda tx: records.replace(stored, version, tx),
    )
    return stored


def create_site(actor: Actor, now: datetime, site: Site) -> tuple[Site, bool]:
    """A place of one of the actor's projects. Raises Refused: not_found, forbidden, invalid, id_taken."""
    project(actor, site.project, "sites.write")
    check_sessions(site)
    return create_once("site.created", actor, now, scope(site.project), site)


def change_site(actor: Actor, now: datetime, changed: Site, version: int) -> Site:
    """Move or add sessions, correct a name; a moved session takes its codes along.

    Raises Refused("stale") unless `version` is the stored one; "invalid" for a session that codes were printed for.
    """
    project(actor, changed.project, "sites.write")
    there = load(Site, changed.id, "site")
    if there.project != changed.project:
        raise Refused("not_found", noun="site")
    check_sessions(changed)
    printed = {batch.session for batch in records.find(Batch, site=changed.id)}
    kept = {id for id, session in sessions_of(changed).items() if session.timed}
    if gone := sorted({id for id, session in sessions_of(there).items() if session.timed and id in printed} - kept):
        raise Refused("invalid", [Fault("sessions", "session_printed", {"value": ", ".join(gone)})])
    stored = replace(changed, version=version + 1)
    scope_, details = (
        scope(changed.project),
        plain(
            {
                "name": stored.name,
                "sessions": stored.sessions,
                "latitude": stored.latitude,
                "longitude": stored.longitude,
            }
        ),
    )
    act("site.changed", actor, now, scope_, changed.id, details, lambda tx: records.replace(stored, version, tx))
    return stored


def sites(actor: Actor, project_id: str) -> list[Site]:
    project(actor, project_id)
    return records.find(Site, project=project_id)


def held(actor: Actor, among: Sequence[Project], record: type[R], action: str) -> list[tuple[Project, R]]:
    """All of one kind in those of these projects in which the actor may do `action`, by id: one question for all."""
    mine = {one.id: one for one in among if access.may(actor, action, one.parties)}
    found = records.find(record, project=tuple(mine)) if mine else []
    return [(mine[one.project], one) for one in found]  # type: ignore[attr-defined]


def scope(project_id: str) -> str:
    """The journal's chain for all acts within a project."""
    return f"project:{project_id}"
