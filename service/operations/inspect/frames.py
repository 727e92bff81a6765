"""Frames: lists are frozen before anything is drawn from them."""

from collections.abc import Sequence
from datetime import datetime

from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.inspect import frames as rules
from service.domain.inspect.frames import FrozenFrame
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import create_once, load

FRAME_LIMIT = 100_000  # serials of one stored frame: far below what one document holds


def freeze(
    actor: Actor,
    now: datetime,
    id: str,
    project: str,
    name: str,
    source: str,
    serials: Sequence[str],
    strata: Sequence[str] | None,
) -> tuple[FrozenFrame, bool]:
    """Freeze a list: canonical serials, SHA-256, source and date. Raises Refused("frame_invalid") naming the rows."""
    owner = projects.project(actor, project, "frames.write")
    if len(serials) > FRAME_LIMIT:
        raise Refused("frame_invalid", [Fault("serials", "out_of_range", {"lower": 1, "upper": FRAME_LIMIT})])
    if strata is not None and len(strata) != len(serials):
        raise Refused("frame_invalid", [Fault("strata", "problem", {"text": "one stratum for each serial is needed"})])
    frame = rules.freeze(serials, strata)
    frozen = FrozenFrame(
        id=id,
        project=owner.id,
        name=name,
        source=source,
        sha256=rules.frame_sha256(frame),
        serials=frame.serials,
        strata=frame.strata or (),
        frozen_at=now,
        frozen_by=actor.id,
    )
    return create_once("frame.frozen", actor, now, projects.scope(owner.id), frozen, ("frozen_at", "frozen_by"))


def get(actor: Actor, id: str) -> FrozenFrame:
    found = load(FrozenFrame, id, "frame")
    owner_of(actor, found.project, "frames.read", "frame")
    return found


def owner_of(actor: Actor, id: str, action: str, noun: str) -> Project:
    """The project of a record, if the actor may do `action` there; `noun` is what else would be unknown."""
    owner = load(Project, id, "project")
    if not access.may(actor, "projects.read", owner.parties):
        raise Refused("not_found", noun=noun)
    access.require(actor, action, owner.parties)
    return owner
