"""Spot checks: records of drawn items, and which of them count. What they say about the whole list is in results."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service import store
from service.domain import access
from service.domain.access import Actor
from service.domain.collect.questionnaires import shaped
from service.domain.errors import Fault, Refused, invalid
from service.domain.inspect import spot_checks as rules
from service.domain.inspect.assignments import Assignment, assignment_id
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.spot_checks import ACCEPTED, FIRST, SpotCheck
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import create_once, load
from service.operations.inspect import assignments, checklists, draws
from service.operations.inspect.submissions import receive
from service.store import records
from service.store.inspect import evidence_files

# What a repeat of a request by API may differ in: what the server filled in and people decided since.
_FILLED_IN = ("by", "state", "reviews", "received_at", "version", "slot", "reason", "circumstances", "measures")


@dataclass(frozen=True)
class Exclusion:
    """A drawn item, or one of its records, that does not count. `state` "missing": nothing was recorded of it."""

    serial: str
    state: str
    spot_check: str = ""
    reason: str = ""


def log(actor: Actor, now: datetime, spot: SpotCheck) -> tuple[SpotCheck, bool]:
    """Keep what was found of a drawn item, by API. A repeat is recognised; a second finding of the item is refused.

    What the evaluator logs is accepted with it; an auditor's record waits for the evaluator, and an item that a visit
    handed to somebody else is refused.
    """
    draw = draws.get(actor, spot.draw)
    project = projects.project(actor, draw.project, "spot_checks.write")
    if spot.serial not in {item.serial for item in draw.items}:
        raise invalid("serial", "{serial!r} was not drawn", serial=spot.serial)
    rules.check(spot)
    held = records.get(Assignment, assignment_id(spot.draw, spot.serial, spot.part))
    if held and held.auditor != actor.id and not access.may(actor, "spot_checks.review", project.parties):
        raise Refused("invalid", [Fault("serial", "not_assigned", {"value": spot.serial})])
    slot = rules.slot_of(spot.draw, spot.serial, spot.part)
    known = records.find(SpotCheck, slot=slot)
    if known and known[0].id != spot.id:
        raise Refused("invalid", [Fault("serial", "duplicate", {"value": spot.serial})])
    spot = replace(spot, project=draw.project, origin=spot.id, slot=slot, received_at=now, source="api")
    if access.may(actor, "spot_checks.review", project.parties):
        review = {"state": ACCEPTED, "comment": "", "by": actor.id, "at": now}
        spot = replace(spot, state=ACCEPTED, reviews=(review,))
    made = create_once("spot_check.logged", actor, now, projects.scope(draw.project), spot, _FILLED_IN)
    if held:  # safe to repeat, as the request is
        store.retrying(lambda tx: assignments.mark_done(tx, now, held.id))
    return made


def of_draw(actor: Actor, draw_id: str) -> list[SpotCheck]:
    draws.get(actor, draw_id)
    return records.find(SpotCheck, draw=draw_id)


def get(actor: Actor, id: str) -> SpotCheck:
    spot = load(SpotCheck, id, "spot check")
    parties = load(Project, spot.project, "project").parties
    if not access.may(actor, "projects.read", parties):
        raise Refused("not_found", noun="spot check")
    access.require(actor, "spot_checks.read", parties)
    return spot


def own(actor: Actor, id: str) -> dict[str, Any]:
    """A record that the actor sent, its answers in the shape in which they were sent. Refused("not_found")."""
    spot = load(SpotCheck, id, "spot check")
    if spot.by != actor.id or not spot.checklist:
        raise Refused("not_found", noun="spot check")
    projects.project(actor, spot.project, "spot_checks.write")
    return vars(spot) | {"answers": shaped(checklists.parsed(spot.checklist).questionnaire, spot.answers)}


def status(actor: Actor, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Of the actor's own records under these ids: state, and whether the record and all its files are there."""
    found = [spot for spot in records.find(SpotCheck, origin=tuple(ids)) if spot.by == actor.id] if ids else []
    there = evidence_files.present_of([spot.origin for spot in found])
    told: dict[str, dict[str, Any]] = {}
    for spot in found:
        complete = all(entry.get("sha256") in there[spot.origin] for entry in spot.media)
        before = told.get(spot.origin, {"state": spot.state, "complete": True})
        # Where two were sent under one id, the second is beside the first: both must be there.
        state = spot.state if spot.id == spot.origin else before["state"]
        told[spot.origin] = {"state": state, "complete": complete and before["complete"]}
    return told


def counted(draw: RecordedDraw) -> list[SpotCheck]:
    """The records that enter findings: accepted, of the first look; one an item."""
    return records.find(SpotCheck, draw=draw.id, part=FIRST, state=ACCEPTED)


def counted_of(stages: Sequence[RecordedDraw]) -> dict[str, list[SpotCheck]]:
    """The same of several draws, in one read: draw -> its records."""
    found: dict[str, list[SpotCheck]] = {stage.id: [] for stage in stages}
    if stages:
        for spot in records.find(SpotCheck, draw=tuple(found), part=FIRST, state=ACCEPTED):
            found[spot.draw].append(spot)
    return found


def in_force(draw: RecordedDraw) -> dict[str, SpotCheck]:
    """Serial -> the record of the first look that holds the item, whether it counts already or not."""
    slots = [rules.slot_of(draw.id, item.serial, FIRST) for item in draw.items]
    return {spot.serial: spot for spot in records.find(SpotCheck, slot=tuple(slots))}


def excluded(draw: RecordedDraw) -> list[Exclusion]:
    """What does not count and why: records that are not accepted, and drawn items without any; in the draw's order."""
    by_serial: dict[str, list[SpotCheck]] = {item.serial: [] for item in draw.items}
    for spot in records.find(SpotCheck, draw=draw.id, part=FIRST):
        by_serial.setdefault(spot.serial, []).append(spot)
    found = []
    for serial, spots in by_serial.items():
        found += [_exclusion(spot) for spot in spots if spot.state != ACCEPTED]
        found += [] if spots else [Exclusion(serial, "missing")]
    return found


def _exclusion(spot: SpotCheck) -> Exclusion:
    comment = str(spot.reviews[-1].get("comment", "")) if spot.reviews else ""
    return Exclusion(spot.serial, spot.state, spot.id, comment or spot.reason)


__all__ = [
    "Exclusion",
    "counted",
    "counted_of",
    "excluded",
    "get",
    "in_force",
    "log",
    "of_draw",
    "own",
    "receive",
    "status",
]
