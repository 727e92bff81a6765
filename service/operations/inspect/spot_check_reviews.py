"""Reviews: the evaluator accepts, returns or rejects records; each decision with its comment and in the journal."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from service import store
from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.inspect import reviews as rules
from service.domain.inspect.assignments import DONE, OPEN, Assignment
from service.domain.inspect.spot_checks import ACCEPTED, RECEIVED, REJECTED, RETURNED, SpotCheck
from service.operations import projects
from service.operations.acts import act, load
from service.operations.inspect import draws
from service.store import records

AT_ONCE = 100  # records of one transaction


def review(actor: Actor, now: datetime, id: str, state: str, comment: str, version: int) -> SpotCheck:
    """Accept, return or reject a record; `version` is the one that was read. A return or rejection says why.

    Taking a record that is in conflict lays the other record of its item aside. Raises Refused: invalid, stale,
    state_conflict when the record is in a state that cannot become this one.
    """
    spot = load(SpotCheck, id, "spot check")
    projects.project(actor, spot.project, "spot_checks.review")
    rules.check(spot, state, comment)
    if spot.version != version:
        raise Refused("stale", version=spot.version)
    slot = rules.slot_after(spot, state)
    rivals = [other for other in records.find(SpotCheck, slot=slot) if other.id != id]
    reviewed = _reviewed(spot, state, comment, actor, now)
    details = {"state": state, "comment": comment, "item": spot.serial, "laid_aside": [one.id for one in rivals]}

    def write(tx: store.Tx) -> SpotCheck:
        for rival in rivals:
            records.replace(rules.laid_aside(rival, id, actor.id, now), rival.version, tx)
        records.replace(reviewed, version, tx)
        _reopen(tx, reviewed)
        return reviewed

    try:
        return act("spot_check.reviewed", actor, now, projects.scope(spot.project), id, details, write)
    except records.Duplicate:  # somebody else's record of the item came into force at this moment
        raise Refused("stale", version=spot.version) from None


def review_all(actor: Actor, now: datetime, draw_id: str, state: str, comment: str) -> int:
    """Accept (or return, or reject) every record of a draw that waits for a review. -> how many there were."""
    draw = draws.get(actor, draw_id)
    projects.project(actor, draw.project, "spot_checks.review")
    if state != ACCEPTED and not comment.strip():
        raise Refused("invalid", [Fault("comment", "missing")])
    waiting = records.find(SpotCheck, draw=draw_id, state=RECEIVED)
    for first in range(0, len(waiting), AT_ONCE):
        _review_some(actor, now, waiting[first : first + AT_ONCE], state, comment, draw.project)
    return len(waiting)


def _review_some(actor: Actor, now: datetime, spots: list[SpotCheck], state: str, comment: str, project: str) -> None:
    def write(tx: store.Tx) -> None:
        for spot in spots:
            rules.check(spot, state, comment)
            reviewed = _reviewed(spot, state, comment, actor, now)
            records.replace(reviewed, spot.version, tx)
            _reopen(tx, reviewed)

    details: dict[str, Any] = {"state": state, "comment": comment, "records": [spot.id for spot in spots]}
    act("spot_checks.reviewed", actor, now, projects.scope(project), spots[0].draw, details, write)


def _reopen(tx: store.Tx, spot: SpotCheck) -> None:
    """What was returned or rejected is to be looked up again, and stands among the auditor's open items."""
    held = records.get(Assignment, spot.assignment, tx) if spot.assignment else None
    if held is not None and held.state == DONE and spot.state in (RETURNED, REJECTED):
        records.replace(replace(held, state=OPEN, done_at=None, version=held.version + 1), held.version, tx)


def _reviewed(spot: SpotCheck, state: str, comment: str, actor: Actor, now: datetime) -> SpotCheck:
    entry = {"state": state, "comment": comment, "by": actor.id, "at": now}
    return replace(
        spot, state=state, slot=rules.slot_after(spot, state), reviews=(*spot.reviews, entry), version=spot.version + 1
    )
