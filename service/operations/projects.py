"""Projects and sites."""

from datetime import datetime

from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Refused
from service.domain.organisations import Organisation
from service.domain.projects import Project, Site, check_project
from service.operations.acts import act, create_once, load
from service.store import records


def create_project(actor: Actor, now: datetime, project: Project) -> tuple[Project, bool]:
    access.require(actor, "projects.write")
    check_project(project, {organisation.id: organisation.kind for organisation in records.find(Organisation)})
    return create_once("project.created", actor, now, scope(project.id), project)


def projects(actor: Actor) -> list[Project]:
    """Only those in which the actor's organisation has a part."""
    access.require(actor, "projects.list")
    return [project for project in records.find(Project) if access.may(actor, "projects.read", project.parties)]


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
    load(Project, changed.id, "project")
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
    access.require(actor, "projects.write")
    load(Project, site.project, "project")
    return create_once("site.created", actor, now, scope(site.project), site)


def sites(actor: Actor, project_id: str) -> list[Site]:
    project(actor, project_id)
    return records.find(Site, project=project_id)


def scope(project_id: str) -> str:
    """The journal's chain for all acts within a project."""
    return f"project:{project_id}"
