"""Schemes: published as their exact text, with the texts of what they extend, so that each version stands alone."""

from datetime import datetime
from functools import lru_cache

from service.domain import access
from service.domain.access import Actor
from service.domain.evaluate.scheme_loading import load_scheme
from service.domain.evaluate.schemes import Scheme, SchemeVersion, digest
from service.operations.acts import create_once, load
from service.store import records


def publish(actor: Actor, now: datetime, text: str) -> tuple[SchemeVersion, bool]:
    """Publish a scheme from its YAML text; a base that it extends must be published before. It never changes.

    Raises Refused("scheme_invalid") naming line and node of each fault.
    """
    access.require(actor, "schemes.write")
    known = {version.scheme: version for version in sorted(records.find(SchemeVersion), key=_order)}
    scheme = load_scheme(text, {id: version.text for id, version in known.items()})
    bases: dict[str, str] = {}
    base = known.get(scheme.extends.split("@")[0]) if scheme.extends else None
    if base is not None:
        bases = {base.scheme: base.text, **base.bases}
    version = SchemeVersion(f"{scheme.id}@{scheme.version}", scheme.id, scheme.version, digest(scheme), text, bases)
    return create_once("scheme.published", actor, now, f"scheme:{scheme.id}", version)


def _order(version: SchemeVersion) -> tuple[int, str]:
    """Versions in their order, so that the newest one is what others extend: 10 after 9."""
    return len(version.number), version.number


@lru_cache(maxsize=32)
def parsed(id: str) -> Scheme:
    """A published scheme, read once a process: it cannot change."""
    version = load(SchemeVersion, id, "scheme")
    return load_scheme(version.text, version.bases)


def versions(actor: Actor) -> list[SchemeVersion]:
    access.require(actor, "schemes.read")
    return records.find(SchemeVersion)
