"""Submissions: the one entrance for records from phones, by our web app and by OpenRosa. Nothing sent is lost."""

from dataclasses import dataclass, replace
from datetime import datetime

from service import store
from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.inspect import checklists as checklist_rules
from service.domain.inspect import reviews, submission_checks
from service.domain.inspect.assignments import Assignment
from service.domain.inspect.checklists import Checklist
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.frames import FrozenFrame
from service.domain.inspect.spot_checks import (
    CONFLICT as IN_CONFLICT,
)
from service.domain.inspect.spot_checks import OBSERVATION, RECEIVED, RETURNED, WAITING, SpotCheck, slot_of
from service.domain.inspect.submissions import CONFLICT, REPEAT, STORED, Outcome, Submission
from service.domain.inspect.visits import CANCELLED, FINISHED, PLANNED, Visit
from service.operations import projects
from service.operations.acts import act, load
from service.operations.inspect import assignments, checklists, circumstances, spot_media
from service.store import records

TRIES = 8
# Why a record is kept for a human instead of being taken as it is.
REASONS = (
    "other_content",  # other content under an id that is known
    "item_taken",  # another record of the item is in force
    "not_assigned",  # the item is not, or no longer, the sender's
    "not_of_visit",
    "visit_not_started",
    "visit_closed",
    "visit_cancelled",
)
_OF_VISIT = {PLANNED: "visit_not_started", FINISHED: "visit_closed", CANCELLED: "visit_cancelled"}


@dataclass(frozen=True)
class _Place:
    """What a submission is about, and whether its sender may (`reason` empty) look at it now."""

    project: str
    visit: str = ""
    assignment: Assignment | None = None
    part: str = OBSERVATION
    reason: str = ""


def receive(actor: Actor, now: datetime, submission: Submission) -> Outcome:
    """Keep a record that a phone sends; the same record again is recognised.

    What nobody can be sure of is kept for a human, with state "conflict": a submission by somebody who is not (any
    longer) assigned, of a visit that is closed, other content under a known id, a second record of an item. Raises
    Refused: checklist_unknown, answers_invalid, invalid (with fields), not_found for what is not the actor's to see.
    """
    submission = submission_checks.tidied(submission)
    checklist = _checklist(submission.checklist)
    place = _place(actor, submission, checklist)
    answers = submission_checks.check(submission, checklist, now)
    _carry_over(actor, now, submission)
    for _ in range(TRIES):
        known = _known(submission)
        if known is not None and known.digest == submission.digest:
            return _told(known, REPEAT)
        try:
            return _stored(actor, now, _made(actor, now, submission, checklist, answers, place, known), place)
        except records.Duplicate:
            continue  # the same record, or another one of the item, came at this moment: look again
        except Refused as refused:
            if refused.reason != "stale":
                raise
    raise Refused("busy")


def _carry_over(actor: Actor, now: datetime, submission: Submission) -> None:
    """A corrected record names files that came with the returned one and are no longer on the phone."""
    before = records.get(SpotCheck, submission.corrects) if submission.corrects else None
    if before is not None and before.by == actor.id and before.draw == submission.draw:
        spot_media.carry_over(now, before.origin, submission.id, submission.media)


def _checklist(id: str) -> Checklist:
    try:
        return checklists.parsed(id)
    except Refused as refused:
        if refused.reason != "not_found":
            raise
        raise Refused("checklist_unknown", [Fault("checklist", "not_published")], id=id[:80]) from None


def _known(submission: Submission) -> SpotCheck | None:
    """The record under this id with this content, else the one under this id."""
    found = records.find(SpotCheck, origin=submission.id)
    same = [spot for spot in found if spot.digest == submission.digest]
    return next(iter(same or found), None)


def _place(actor: Actor, submission: Submission, checklist: Checklist) -> _Place:
    return _of_visit(actor, submission) if submission.part == OBSERVATION else _of_item(actor, submission, checklist)


def _of_item(actor: Actor, submission: Submission, checklist: Checklist) -> _Place:
    draw = load(RecordedDraw, submission.draw, "draw")
    projects.project(actor, draw.project, "spot_checks.write")
    if submission.serial not in {item.serial for item in draw.items}:
        raise Refused("invalid", [Fault("serial", "not_drawn", {"value": submission.serial[:80]})])
    frame = load(FrozenFrame, draw.frame, "frame")
    expected = checklist_rules.EVIDENCE if frame.direction == checklist_rules.EVIDENCE else frame.kind
    if checklist.record_kind != expected:
        kinds = {"found": checklist.record_kind, "expected": expected}
        raise Refused("invalid", [Fault("checklist", "other_kind", kinds)])
    held = assignments.holder(actor.id, draw.id, submission.serial)
    if held is None:
        return _Place(draw.project, submission.visit, None, submission.part, "not_assigned")
    visit = records.get(Visit, held.visit) if held.visit else None
    reason = _OF_VISIT.get(visit.state, "") if visit else "visit_not_started"
    return _Place(draw.project, held.visit, held, held.part, reason)


def _of_visit(actor: Actor, submission: Submission) -> _Place:
    if submission.draw or submission.serial:
        raise Refused("invalid", [Fault("draw" if submission.draw else "serial", "unknown_field")])
    visit = load(Visit, submission.visit, "visit")
    projects.project(actor, visit.project, "spot_checks.write")
    reason = "" if actor.id in visit.persons else "not_of_visit"
    return _Place(visit.project, visit.id, None, OBSERVATION, reason or _OF_VISIT.get(visit.state, ""))


def _made(
    actor: Actor,
    now: datetime,
    submission: Submission,
    checklist: Checklist,
    answers: dict[str, str],
    place: _Place,
    known: SpotCheck | None,
) -> SpotCheck:
    """The record as it is to be kept: what was sent, what follows from it, and its state."""
    spot = SpotCheck(
        id=submission.id,
        draw=submission.draw,
        serial=submission.serial,
        attributes=checklist_rules.attributes_of(checklist, answers),
        at=submission.signed_at or now,
        by=actor.id,
        answers=answers,
        details=checklist_rules.details_of(checklist, answers) if checklist.drawn else {},
        amount=checklist_rules.amount_of(checklist, answers),
        project=place.project,
        visit=place.visit,
        assignment=place.assignment.id if place.assignment else "",
        part=place.part,
        received_at=now,
        origin=submission.id,
        digest=submission.digest,
        **{name: getattr(submission, name) for name in _CARRIED},
    )
    names, measures = circumstances.of(spot)
    return _with_state(replace(spot, circumstances=names, measures=measures), place, known)


_CARRIED = (
    "checklist",
    "note",
    "started_at",
    "signed_at",
    "sent_at",
    "elapsed_s",
    "timings",
    "changes",
    "position",
    "signatures",
    "media",
    "source",
    "device",
    "app_version",
)


def _with_state(spot: SpotCheck, place: _Place, known: SpotCheck | None) -> SpotCheck:
    """Waiting for its files, received, or in conflict; and whose place it takes."""
    if known is not None:
        return replace(spot, id=_beside(spot), slot=_beside(spot), state=IN_CONFLICT, reason="other_content")
    if place.reason:
        return replace(spot, slot=spot.id, state=IN_CONFLICT, reason=place.reason)
    state = WAITING if spot_media.waiting_for(spot) else RECEIVED
    if spot.part == OBSERVATION:
        return replace(spot, slot=spot.id, state=state)
    slot = slot_of(spot.draw, spot.serial, spot.part)
    holding = records.find(SpotCheck, slot=slot)
    if not holding:
        return replace(spot, slot=slot, state=state)
    if holding[0].state == RETURNED:
        return replace(spot, slot=slot, state=state, supersedes=holding[0].id)
    return replace(spot, slot=spot.id, state=IN_CONFLICT, reason="item_taken")


def _beside(spot: SpotCheck) -> str:
    return f"{spot.id[:60]}.{spot.digest[:16]}"


def _stored(actor: Actor, now: datetime, spot: SpotCheck, place: _Place) -> Outcome:
    returned = load(SpotCheck, spot.supersedes, "spot check") if spot.supersedes else None

    def write(tx: store.Tx) -> None:
        if returned is not None:
            records.replace(reviews.laid_aside(returned, spot.id, actor.id, now), returned.version, tx)
        records.insert(spot, tx)
        if place.assignment is not None and spot.state != IN_CONFLICT:
            assignments.mark_done(tx, now, place.assignment.id)

    # The journal says that it came and what it was, not what it says: that can be purged, the journal cannot.
    details = {"item": f"{spot.draw}/{spot.serial}", "state": spot.state, "reason": spot.reason, "sha256": spot.digest}
    act("spot_check.received", actor, now, projects.scope(spot.project), spot.id, details, write)
    return _told(spot, CONFLICT if spot.state == IN_CONFLICT else STORED)


def _told(spot: SpotCheck, outcome: str) -> Outcome:
    if outcome == REPEAT and spot.state == IN_CONFLICT:
        outcome = CONFLICT
    return Outcome(outcome, spot, spot_media.waiting_for(spot), spot.reason)
