"""Lists of spot checks: a project's by site and state, and the other records of one item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from service.domain.access import Actor
from service.domain.inspect.spot_checks import OBSERVATION, REJECTED, SpotCheck
from service.domain.inspect.visits import Visit
from service.operations import projects
from service.store import records

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Listed:
    """A record and the site where it was made, "" where none is known."""

    spot: SpotCheck
    site: str


def of_project(actor: Actor, project: str, site: str = "", state: str = "", draw: str = "") -> list[Listed]:
    """The records that fit all filters given, the newest first."""
    projects.project(actor, project, "spot_checks.read")
    where: dict[str, Any] = {"project": project}
    where |= {name: value for name, value in (("state", state), ("draw", draw)) if value}
    sites = {visit.id: visit.site for visit in records.find(Visit, project=project)}
    found = [Listed(spot, sites.get(spot.visit, "")) for spot in records.find(SpotCheck, **where)]
    fitting = [one for one in found if not site or one.site == site]
    return sorted(fitting, key=lambda one: (one.spot.received_at or _LONG_AGO, one.spot.id), reverse=True)


def others(spot: SpotCheck) -> list[SpotCheck]:
    """The other records of the item, and those sent under the same number, by arrival."""
    found = {one.id: one for one in records.find(SpotCheck, origin=spot.origin)}
    if spot.part != OBSERVATION:
        found |= {one.id: one for one in records.find(SpotCheck, draw=spot.draw, serial=spot.serial)}
    found.pop(spot.id, None)
    return sorted(found.values(), key=lambda one: (one.received_at or _LONG_AGO, one.id))


def rivals(spot: SpotCheck, among: Sequence[SpotCheck]) -> list[SpotCheck]:
    """Those with which a record in conflict is to be compared: of the same look, and not out of the question."""
    return [one for one in among if one.part == spot.part and one.state != REJECTED]
