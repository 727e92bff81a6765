"""Reviews of spot checks: which state may follow which, what a decision must say, and which record holds an item."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from service.domain.errors import Fault, Refused
from service.domain.inspect.spot_checks import (
    ACCEPTED,
    CONFLICT,
    OBSERVATION,
    RECEIVED,
    REJECTED,
    RETURNED,
    SUPERSEDED,
    WAITING,
    SpotCheck,
    slot_of,
)
from service.domain.shapes import has_forbidden

MOST_COMMENT = 2000  # characters
DECISIONS = (ACCEPTED, RETURNED, REJECTED)
# A record whose files are not there cannot count; a decision can be taken back by another one, with its reason.
FOLLOWS: Mapping[str, tuple[str, ...]] = {
    WAITING: (RETURNED, REJECTED),
    RECEIVED: (ACCEPTED, RETURNED, REJECTED),
    ACCEPTED: (RETURNED, REJECTED),
    RETURNED: (ACCEPTED, REJECTED),
    REJECTED: (ACCEPTED,),
    CONFLICT: (ACCEPTED, REJECTED),
    SUPERSEDED: (ACCEPTED,),
}


def check(spot: SpotCheck, state: str, comment: str) -> None:
    """Raises Refused: invalid (fields `state`, `comment`), state_conflict for what cannot follow.

    A comment is needed except for accepting what was received: whoever reads the record later must learn why.
    """
    faults = []
    if state not in DECISIONS:
        faults.append(Fault("state", "not_an_option", {"value": state[:40], "options": ", ".join(DECISIONS)}))
    if not comment.strip() and (spot.state, state) != (RECEIVED, ACCEPTED):
        faults.append(Fault("comment", "missing"))
    if len(comment) > MOST_COMMENT:
        faults.append(Fault("comment", "too_long", {"limit": MOST_COMMENT}))
    if has_forbidden(comment):
        faults.append(Fault("comment", "control_characters"))
    if faults:
        raise Refused("invalid", faults)
    if state not in FOLLOWS[spot.state]:
        raise Refused("state_conflict", noun="spot check", state=spot.state)


def slot_after(spot: SpotCheck, state: str) -> str:
    """The slot that the record holds in `state`: its item's while it counts or may still count, else its own id."""
    if state in (REJECTED, SUPERSEDED, CONFLICT) or spot.part == OBSERVATION:
        return spot.id
    return slot_of(spot.draw, spot.serial, spot.part)


def laid_aside(spot: SpotCheck, by_record: str, by: str, at: datetime) -> SpotCheck:
    """The record whose place another one takes. Both are kept."""
    entry = {"state": SUPERSEDED, "comment": by_record, "by": by, "at": at}
    return replace(spot, state=SUPERSEDED, slot=spot.id, reviews=(*spot.reviews, entry), version=spot.version + 1)
