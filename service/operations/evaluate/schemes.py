"""Schemes: published as their exact text, with the texts of what they extend, so that each version stands alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.evaluate.scheme_loading import load_scheme
from service.domain.evaluate.scheme_parameters import PARAMETERS
from service.domain.evaluate.scheme_remarks import SchemeRemark, remarks
from service.domain.evaluate.schemes import Scheme, SchemeVersion, digest
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import create_once, load
from service.store import records


def publish(actor: Actor, now: datetime, text: str, reason: str = "") -> tuple[SchemeVersion, bool]:
    """Publish a scheme from its YAML text; a base that it extends must be published before. It never changes.

    A later version of the same scheme needs the reason for the change (G53).
    Raises Refused("scheme_invalid") naming line and node of each fault, Refused("invalid").
    """
    access.require(actor, "schemes.write")
    version = _version(text, "", reason)
    earlier = [one for one in records.find(SchemeVersion, scheme=version.scheme) if one.id != version.id]
    if earlier and not reason.strip():
        raise Refused("invalid", [Fault("reason", "new_version_reason", {"scheme": version.scheme})])
    return create_once("scheme.published", actor, now, f"scheme:{version.scheme}", version)


def adjust(actor: Actor, now: datetime, project: str, text: str, reason: str) -> tuple[SchemeVersion, bool]:
    """Publish a project's own scheme: one that extends a published scheme, for this project's rounds alone (G65).

    Raises Refused("scheme_invalid"), Refused("invalid").
    """
    owner = projects.project(actor, project, "project_schemes.write")
    if not reason.strip():
        raise Refused("invalid", [Fault("reason", "empty")])
    version = _version(text, owner.id, reason)
    if not version.bases:
        raise Refused("invalid", [Fault("text", "extends_nothing")])
    taken = [one for one in records.find(SchemeVersion, scheme=version.scheme) if one.project != owner.id]
    if taken:
        raise Refused("invalid", [Fault("text", "scheme_name_taken", {"value": version.scheme})])
    return create_once("scheme.adjusted", actor, now, projects.scope(owner.id), version)


def _version(text: str, project: str, reason: str) -> SchemeVersion:
    """What may be extended: the newest version of each scheme for all, and of each of the project's own."""
    usable = [one for one in records.find(SchemeVersion) if one.project in ("", project)]
    known = {version.scheme: version for version in sorted(usable, key=_order)}
    scheme = load_scheme(text, {id: version.text for id, version in known.items()})
    bases: dict[str, str] = {}
    base = known.get(scheme.extends.split("@")[0]) if scheme.extends else None
    if base is not None:
        bases = {base.scheme: base.text, **base.bases}
    id = f"{scheme.id}@{scheme.version}"
    return SchemeVersion(id, scheme.id, scheme.version, digest(scheme), text, bases, project, reason.strip())


def _order(version: SchemeVersion) -> tuple[int, str]:
    """Versions in their order, so that the newest one is what others extend: 10 after 9."""
    return len(version.number), version.number


@lru_cache(maxsize=32)
def parsed(id: str) -> Scheme:
    """A published scheme, read once a process: it cannot change."""
    version = load(SchemeVersion, id, "scheme")
    return load_scheme(version.text, version.bases)


def for_project(id: str, project: str) -> SchemeVersion:
    """A version that a round of this project may use. Raises Refused("not_found") for another project's."""
    version = load(SchemeVersion, id, "scheme")
    if version.project not in ("", project):
        raise Refused("not_found", noun="scheme")
    return version


@dataclass(frozen=True)
class Shown:
    """A version with what was read from its text; `parameters` are all of them, set or by default."""

    version: SchemeVersion
    read: Scheme
    remarks: tuple[SchemeRemark, ...]
    parameters: Mapping[str, Any]


def shown(actor: Actor, id: str) -> Shown:
    """One version; a project's own only for its parties."""
    access.require(actor, "schemes.read")
    found = load(SchemeVersion, id, "scheme")
    if found.project:
        owner = load(Project, found.project, "project")
        if not access.may(actor, "projects.read", owner.parties):
            raise Refused("not_found", noun="scheme")
    scheme = parsed(id)
    return Shown(found, scheme, remarks(scheme), {name: scheme.parameter(name) for name in PARAMETERS})


def versions(actor: Actor) -> list[SchemeVersion]:
    """The versions that are for all projects."""
    access.require(actor, "schemes.read")
    return [one for one in records.find(SchemeVersion) if not one.project]


def of_project(actor: Actor, project: str) -> list[SchemeVersion]:
    """A project's own versions."""
    owner = projects.project(actor, project, "projects.read")
    return records.find(SchemeVersion, project=owner.id)
