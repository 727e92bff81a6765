"""Visits: planned by the evaluator, started on the day by those who make them, finished or cancelled."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from service import store
from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.inspect import visits as rules
from service.domain.inspect.assignments import OPEN, WITHDRAWN, Assignment
from service.domain.inspect.checklists import VISIT_KINDS, ChecklistVersion
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.visits import CANCELLED, FINISHED, PLANNED, STARTED, Visit
from service.domain.keys import Key
from service.domain.projects import Project, Site
from service.operations import projects
from service.operations.acts import act, create_once, load, plain
from service.operations.inspect import assignments, conflicts, draws, handing_out
from service.store import records
from service.store.inspect.assignments import insert_all

_ATTEMPTS = 8
SHOWN_AFTER = timedelta(days=7)  # a finished visit stays on the phones of those who made it
_SERVER_FIELDS = ("planned_at", "planned_by", "state", "forms", "history", "version") + (
    "started_at",
    "started_by",
    "finished_at",
    "finished_by",
)


def plan(actor: Actor, now: datetime, visit: Visit) -> tuple[Visit, bool]:
    """Plan a visit. A repeat under the same id with the same content is recognised."""
    project = projects.project(actor, visit.project, "visits.write")
    _check(project, visit)
    made = replace(visit, planned_at=now, planned_by=actor.id)
    return create_once("visit.planned", actor, now, projects.scope(project.id), made, _SERVER_FIELDS)


def change(actor: Actor, now: datetime, changed: Visit, version: int) -> Visit:
    """Plan it differently, before it starts. Raises Refused("stale") unless `version` is the stored one."""
    there, project = _of_evaluator(actor, changed.id)
    rules.require_state(there, PLANNED)
    stored = replace(
        there,
        site=changed.site,
        on=changed.on,
        persons=changed.persons,
        draws=changed.draws,
        checklists=changed.checklists,
        kind=changed.kind,
        trigger=changed.trigger,
        note=changed.note,
        version=version + 1,
    )
    _check(project, stored)
    _write(actor, now, "visit.changed", stored, version, {"before": plain(vars(there)), "after": plain(vars(stored))})
    return stored


def start(actor: Actor, now: datetime, keys: Key | Sequence[Key], id: str) -> Visit:
    """Open what is drawn and share it out: on the visit's day, by one of its persons. A repeat finds what it made.

    Visit, assignments and journal entry are written together; opening a draw can be repeated. So a start that was cut
    short anywhere left either a planned visit without items or a started one with all of them.
    """
    for _ in range(_ATTEMPTS):
        visit = get(actor, id)
        project = projects.project(actor, visit.project, "visits.run")
        if visit.state == STARTED and actor.id in visit.persons:
            return visit
        rules.may_start(visit, actor.id, now)
        conflicts.require_free(project, visit.persons)
        conflicts.require_declared(project, visit.persons)
        try:
            return _open(actor, now, keys, visit)
        except records.Duplicate:  # another visit of the same draw took some of the items
            continue
        except Refused as refused:  # another person has started this one, or it was changed
            if refused.reason != "stale":
                raise
    raise Refused("busy")


def _open(actor: Actor, now: datetime, keys: Key | Sequence[Key], visit: Visit) -> Visit:
    opened = [draws.open(actor, now, keys, id) for id in visit.draws]
    made, taken = handing_out.for_start(visit, opened, now)
    stored = replace(
        visit,
        state=STARTED,
        forms=handing_out.forms_of(opened, taken),
        started_at=now,
        started_by=actor.id,
        version=visit.version + 1,
    )
    details = {"forms": stored.forms, "items": len(made), "taken_over": [one.id for one in taken]}

    def write(tx: store.Tx) -> None:
        records.replace(stored, visit.version, tx)
        insert_all(made, tx)
        for one in taken:
            records.replace(one, one.version - 1, tx)

    act("visit.started", actor, now, projects.scope(visit.project), visit.id, plain(details), write)
    return stored


def replace_person(
    actor: Actor, now: datetime, id: str, leaving: str, coming: str, reason: str, version: int | None = None
) -> Visit:
    """Send somebody else, before or after the start; what `leaving` has still to look up goes along."""
    there, project = _of_evaluator(actor, id)
    rules.require_state(there, PLANNED, STARTED)
    reason = rules.check_reason(reason)
    if leaving not in there.persons:
        raise Refused("invalid", [Fault("leaving", "no_such_person", {"value": leaving})])
    conflicts.require_free(project, (coming,), "coming")
    if there.state == STARTED:
        conflicts.require_declared(project, (coming,), "coming")
    expected = there.version if version is None else version
    entry = {"what": "person", "from": leaving, "to": coming, "reason": reason, "at": now, "by": actor.id}
    persons = tuple(coming if person == leaving else person for person in there.persons)
    stored = replace(there, persons=persons, history=(*there.history, entry), version=expected + 1)
    rules.check(stored)

    def write(tx: store.Tx) -> None:
        records.replace(stored, expected, tx)
        for one in records.find(Assignment, tx, visit=id, auditor=leaving, state=OPEN):
            assignments.refuse_same_hands(one, coming)
            moved = assignments.handed_over(one, coming, reason, actor.id, now)
            records.replace(moved, one.version, tx)

    act("visit.person_replaced", actor, now, projects.scope(project.id), id, plain(entry), write)
    return stored


def cancel(actor: Actor, now: datetime, id: str, reason: str, version: int | None = None) -> Visit:
    """Call it off, with a reason. Items that were handed out and not looked up are free for another visit."""
    there, project = _of_evaluator(actor, id)
    rules.require_state(there, PLANNED, STARTED)
    reason = rules.check_reason(reason)
    expected = there.version if version is None else version
    entry = {"what": "cancelled", "reason": reason, "at": now, "by": actor.id}
    stored = replace(there, state=CANCELLED, history=(*there.history, entry), version=expected + 1)

    def write(tx: store.Tx) -> None:
        records.replace(stored, expected, tx)
        for one in records.find(Assignment, tx, visit=id, state=OPEN):
            freed = assignments.handed_over(one, one.auditor, reason, actor.id, now)
            records.replace(replace(freed, state=WITHDRAWN), one.version, tx)

    act("visit.cancelled", actor, now, projects.scope(project.id), id, {"reason": reason}, write)
    return stored


def finish(actor: Actor, now: datetime, id: str, reason: str = "", version: int | None = None) -> Visit:
    """End a visit: by those who make it, or by the evaluator. What is still open needs a reason.

    A repeat finds the finished visit. Raises Refused("visit_items_open") with the count.
    """
    there, project = _running(actor, id)
    if there.state == FINISHED:
        return there
    rules.require_state(there, STARTED)
    left = len(assignments.open_of((id,)))
    if left and not reason.strip():
        raise Refused("visit_items_open", count=left)
    history = there.history
    if reason.strip():
        reason = rules.check_reason(reason)
        entry = {"what": "finished", "open": left, "reason": reason, "at": now, "by": actor.id}
        history = (*history, entry)
    expected = there.version if version is None else version
    stored = replace(
        there, state=FINISHED, finished_at=now, finished_by=actor.id, history=history, version=expected + 1
    )
    _write(actor, now, "visit.finished", stored, expected, {"open": left, "reason": reason})
    return stored


def get(actor: Actor, id: str) -> Visit:
    """One visit: any of the project for the evaluator, one's own for the others."""
    found = load(Visit, id, "visit")
    project = load(Project, found.project, "project")
    if not access.may(actor, "visits.read", project.parties) or not _sees(actor, found, project):
        raise Refused("not_found", noun="visit")
    return found


def of_project(actor: Actor, project_id: str) -> list[Visit]:
    """By day; to those who are not the evaluator their own."""
    project = projects.project(actor, project_id, "visits.read")
    found = [visit for visit in records.find(Visit, project=project_id) if _sees(actor, visit, project)]
    return sorted(found, key=lambda visit: (visit.on, visit.id))


def mine(actor: Actor, now: datetime) -> list[Visit]:
    """The actor's visits that are not over, and those finished in the last days; by day."""
    access.require(actor, "visits.read", {"evaluator": actor.organisation})
    own = {visit.id: visit for visit in records.find(Visit, persons=actor.id)}
    helped = {one.visit for one in assignments.of_auditor(actor) if one.visit} - own.keys()
    own |= {visit.id: visit for visit in records.find(Visit, _id=tuple(helped))} if helped else {}
    found = [visit for visit in own.values() if visit.running or _fresh(visit, now)]
    return sorted(found, key=lambda visit: (visit.on, visit.id))


def _fresh(visit: Visit, now: datetime) -> bool:
    return visit.state == FINISHED and visit.finished_at is not None and now - visit.finished_at < SHOWN_AFTER


def _sees(actor: Actor, visit: Visit, project: Project) -> bool:
    if access.may(actor, "visits.write", project.parties) or actor.id in visit.persons:
        return True
    return bool(records.find(Assignment, visit=visit.id, auditor=actor.id))


def _of_evaluator(actor: Actor, id: str) -> tuple[Visit, Project]:
    visit = get(actor, id)
    return visit, projects.project(actor, visit.project, "visits.write")


def _running(actor: Actor, id: str) -> tuple[Visit, Project]:
    """For those who make the visit, and for the evaluator."""
    visit = get(actor, id)
    project = projects.project(actor, visit.project, "visits.run")
    if actor.id not in visit.persons and not access.may(actor, "visits.write", project.parties):
        raise Refused("not_of_visit")
    return visit, project


def _write(actor: Actor, now: datetime, name: str, stored: Visit, expected: int, details: dict[str, object]) -> None:
    scope = projects.scope(stored.project)
    act(name, actor, now, scope, stored.id, details, lambda tx: records.replace(stored, expected, tx))


def _check(project: Project, visit: Visit) -> None:
    """The visit holds together, and what it names is of its project. Raises Refused."""
    rules.check(visit)
    faults = []
    site = records.get(Site, visit.site)
    if site is None or site.project != project.id:
        faults.append(Fault("site", "no_such_site", {"value": visit.site}))
    for place, id in enumerate(visit.draws):
        draw = records.get(RecordedDraw, id)
        if draw is None or draw.project != project.id:
            faults.append(Fault(f"draws.{place}", "no_such_draw", {"value": id}))
        elif draw.trigger != visit.trigger:  # C15: what a complaint led to is never mixed into a random sample
            faults.append(Fault(f"draws.{place}", "other_trigger", {"value": id}))
    for place, id in enumerate(visit.checklists):
        version = records.get(ChecklistVersion, id)
        if version is None or version.record_kind not in VISIT_KINDS:
            faults.append(Fault(f"checklists.{place}", "no_such_checklist", {"value": id}))
    if faults:
        raise Refused("invalid", faults)
    conflicts.require_free(project, visit.persons)
