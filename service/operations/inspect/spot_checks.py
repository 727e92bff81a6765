"""Spot checks: one finding for each drawn item, and what they say about the whole frame."""

from datetime import datetime

from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.inspect import spot_checks as rules
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.frames import FrozenFrame
from service.domain.inspect.spot_checks import Findings, SpotCheck
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import create_once, load
from service.operations.inspect import draws
from service.store import records


def log(actor: Actor, now: datetime, spot: SpotCheck) -> tuple[SpotCheck, bool]:
    """Keep what was found of a drawn item. A repeat is recognised; a second finding of the item is refused."""
    draw = draws.get(actor, spot.draw)
    projects.project(actor, draw.project, "spot_checks.write")
    if spot.serial not in {item.serial for item in draw.items}:
        raise Refused("invalid", [Fault("serial", "problem", {"text": f"{spot.serial!r} was not drawn"})])
    rules.check(spot)
    known = records.find(SpotCheck, draw=spot.draw, serial=spot.serial)
    if known and known[0].id != spot.id:
        raise Refused("invalid", [Fault("serial", "duplicate", {"value": spot.serial})])
    return create_once("spot_check.logged", actor, now, projects.scope(draw.project), spot, ("by",))


def of_draw(actor: Actor, draw_id: str) -> list[SpotCheck]:
    draws.get(actor, draw_id)
    return records.find(SpotCheck, draw=draw_id)


def get(actor: Actor, id: str) -> SpotCheck:
    spot = load(SpotCheck, id, "spot check")
    draw = draws.get(actor, spot.draw)
    access.require(actor, "spot_checks.read", load(Project, draw.project, "project").parties)
    return spot


def findings(draw: RecordedDraw) -> Findings:
    """The table of one draw: errors, exact limits, what is still missing."""
    frame = load(FrozenFrame, draw.frame, "frame").frame
    return rules.tabulate(records.find(SpotCheck, draw=draw.id), draw.items, frame.sizes())
