"""Assignments: who looks up which drawn item, and how they change hands."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from service import store
from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.inspect import assignments as rules
from service.domain.inspect.assignments import BACK_CHECK, DONE, OPEN, WITHDRAWN, Assignment, Load
from service.domain.inspect.visits import CANCELLED, Visit, check_reason
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import act, load
from service.operations.inspect import conflicts
from service.store import records


def holder(person: str, draw: str, serial: str) -> Assignment | None:
    """The assignment by which this person may look up this item, or None. The caller has checked nothing yet."""
    found = records.find(Assignment, draw=draw, serial=serial, auditor=person)
    held = [one for one in found if one.state != WITHDRAWN]
    return held[0] if held else None


def of_visit(actor: Actor, visit_id: str) -> list[Assignment]:
    """All of a visit for the evaluator and those who make it; for a helper the items that were handed over."""
    visit = load(Visit, visit_id, "visit")
    project = load(Project, visit.project, "project")
    if not access.may(actor, "visits.read", project.parties):
        raise Refused("not_found", noun="visit")
    found = records.find(Assignment, visit=visit_id)
    if access.may(actor, "visits.write", project.parties) or actor.id in visit.persons:
        return found
    return [one for one in found if one.auditor == actor.id]


def of_auditor(actor: Actor) -> list[Assignment]:
    """What the actor has to look up or has looked up."""
    return [one for one in records.find(Assignment, auditor=actor.id) if one.state != WITHDRAWN]


def get(actor: Actor, id: str, action: str = "visits.read") -> Assignment:
    """One assignment; to those who are not the evaluator only their own."""
    found = load(Assignment, id, "assignment")
    project = load(Project, found.project, "project")
    if not access.may(actor, "visits.read", project.parties):
        raise Refused("not_found", noun="assignment")
    if not access.may(actor, "visits.write", project.parties) and actor.id != found.auditor:
        raise Refused("not_found", noun="assignment")
    access.require(actor, action, project.parties)
    return found


def reassign(actor: Actor, now: datetime, id: str, auditor: str, reason: str, version: int | None = None) -> Assignment:
    """Hand an open item to somebody else. `version` is what the editor read; None: as it is now.

    Refused: a person with a conflict or undeclared, an item that is done, and a back-check to who made the first check
    or belonged to that visit.
    """
    reason = check_reason(reason)
    there = get(actor, id, "assignments.write")
    project = projects.project(actor, there.project, "assignments.write")
    if there.state != OPEN:
        raise Refused("state_conflict", noun="assignment", state=there.state)
    if auditor == there.auditor:
        raise Refused("invalid", [Fault("auditor", "duplicate", {"value": auditor})])
    conflicts.require_free(project, (auditor,), "auditor")
    conflicts.require_declared(project, (auditor,), "auditor")
    refuse_same_hands(there, auditor)
    moved = handed_over(there, auditor, reason, actor.id, now)
    details = {"draw": there.draw, "serial": there.serial, "from": there.auditor, "to": auditor, "reason": reason}
    act(
        "assignment.reassigned",
        actor,
        now,
        projects.scope(project.id),
        id,
        details,
        lambda tx: records.replace(moved, there.version if version is None else version, tx),
    )
    return moved


def handed_over(one: Assignment, auditor: str, reason: str, by: str, now: datetime) -> Assignment:
    """The assignment in the hands of `auditor`, its history longer by one."""
    entry = {"from": one.auditor, "to": auditor, "reason": reason, "at": now, "by": by}
    return replace(one, auditor=auditor, history=(*one.history, entry), version=one.version + 1)


def refuse_same_hands(one: Assignment, auditor: str) -> None:
    """A second look is worth something only by somebody who had no part in the first."""
    if one.part == BACK_CHECK and auditor in first_hands(one.draw, one.serial):
        raise Refused("conflict_of_interest", [Fault("auditor", "same_pair", {"value": auditor})])


def first_hands(draw: str, serial: str) -> set[str]:
    """Who may not check this item a second time: whoever ever had it, and the persons of that visit."""
    barred: set[str] = set()
    for first in records.find(Assignment, draw=draw, serial=serial, part="first"):
        barred |= {first.auditor, *(entry["from"] for entry in first.history)}
        visit = records.get(Visit, first.visit) if first.visit else None
        if visit:
            barred |= persons_ever(visit)
    return barred


def persons_ever(visit: Visit) -> set[str]:
    """Its persons and those who were one before."""
    return {*visit.persons, *(str(entry["from"]) for entry in visit.history if entry.get("what") == "person")}


def mark_done(tx: store.Tx, now: datetime, id: str) -> None:
    """The item was looked up: called within the transaction that stores the record. A repeat changes nothing."""
    there = records.get(Assignment, id, tx)
    if there is not None and there.state == OPEN:
        done = replace(there, state=DONE, done_at=now, version=there.version + 1)
        records.replace(done, there.version, tx)


def open_of(visits: Sequence[str]) -> list[Assignment]:
    """What is still to be looked up on these visits."""
    return records.find(Assignment, visit=tuple(visits), state=OPEN)


def workload(actor: Actor, project_id: str) -> list[Load]:
    """One entry for each person who may be sent; to those who are not the evaluator their own."""
    project = projects.project(actor, project_id, "visits.read")
    people = [user.id for user in conflicts.field_workers(project)]
    if not access.may(actor, "visits.write", project.parties):
        people = [person for person in people if person == actor.id]
    held = records.find(Assignment, project=project_id)
    return [_load(person, project_id, held) for person in people]


def _load(person: str, project_id: str, held: Sequence[Assignment]) -> Load:
    visits = [visit for visit in records.find(Visit, persons=person) if visit.state != CANCELLED]
    here = [visit.on for visit in visits if visit.project == project_id]
    elsewhere = [visit.on for visit in visits if visit.project != project_id]
    return rules.workload(person, here, elsewhere, held)
