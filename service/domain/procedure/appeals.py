"""Appeals (申诉) to a result: by the provider, or the purchaser's own application (Guangzhou, 2(3), 6(3))."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from service.domain.errors import Refused
from service.domain.evaluate.unmet import Unmet
from service.domain.inspect.follow_ups import check_text
from service.domain.procedure import cases
from service.domain.procedure.cases import MOST_TEXT, ONLINE

PROVIDER, PURCHASER = "provider", "purchaser"
INITIATORS = (PROVIDER, PURCHASER)  # G56, G07
DRAFT, FILED, ACCEPTED, REFUSED, DECIDED = "draft", "filed", "accepted", "refused", "decided"
WITHDRAWN = "withdrawn"
STATES = (DRAFT, FILED, ACCEPTED, REFUSED, DECIDED, WITHDRAWN)
PENDING = (FILED, ACCEPTED)


@dataclass(frozen=True)
class Appeal:
    """One appeal to the `result` of a round. `last_day` is the one that the notice of the result named.

    `due_on` is the last day of the review, 30 days from acceptance (G57). `result_after` is the version that the review
    made, the same as `result` where it changed nothing. `document` is the paper of another body that decided: the
    authority does not review what it led itself. `scheme_change`: the review found the scheme itself wrong, and the
    appeal is pending until the changed one is served and the result follows from it. `withdrawn_on` is the day on which
    the party took it back, before anything was decided.
    """

    id: str
    round: str
    project: str
    initiator: str
    text: str
    by: str
    made_at: datetime
    state: str = DRAFT
    channel: str = ONLINE
    attachments: tuple[Mapping[str, Any], ...] = ()
    filed_on: date | None = None
    received_on: date | None = None
    receipt: Mapping[str, Any] | None = None
    result: str = ""
    last_day: date | None = None
    accepted_on: date | None = None
    due_on: date | None = None
    provisional: bool = False
    refused_reason: str = ""
    handled_by: str = ""
    outcome: str = ""
    reasons: str = ""
    edits: tuple[Mapping[str, Any], ...] = ()
    decided_on: date | None = None
    decided_by: str = ""
    result_after: str = ""
    document: str = ""
    scheme_change: bool = False
    withdrawn_on: date | None = None
    withdrawn_reason: str = ""
    version: int = 1

    @property
    def pending(self) -> bool:
        return self.state in PENDING or self.to_conclude

    @property
    def to_conclude(self) -> bool:
        """Whether the review decided on a change of the scheme and the result does not follow from it yet."""
        return self.state == DECIDED and self.scheme_change and not self.result_after


def require_state(appeal: Appeal, *states: str) -> None:
    """Raises Refused("state_conflict") unless the appeal is in one of these states."""
    if appeal.state not in states:
        raise Refused("state_conflict", noun="appeal", state=appeal.state)


def require_first(initiator: str, others: Sequence[Appeal]) -> None:
    """Raises Refused unless this party may still appeal: one that was refused may be mended in time, no second one.

    `others` are the appeals of the round. What a review decided is final (G58): appeal_decided; else appeal_exists.
    """
    if any(other.state == DECIDED for other in others):
        raise Refused("appeal_decided")
    if any(other.initiator == initiator and other.pending for other in others):
        raise Refused("appeal_exists")


def filed(
    appeal: Appeal,
    window: tuple[date, date],
    days: tuple[date, date],
    attachments: Sequence[Mapping[str, Any]],
    at: datetime,
    today: date,
) -> Appeal:
    """The appeal as filed and received on these `days`, within the `window` (served on, last day) of the notice (G56).

    Raises Refused: state_conflict, appeal_late, invalid.
    """
    require_state(appeal, DRAFT)
    (served_on, last_day), (filed_on, received_on) = window, days
    if filed_on > last_day:
        raise Refused("appeal_late", last=last_day.isoformat(), on=filed_on.isoformat())
    faults = [*check_text("text", appeal.text, MOST_TEXT)]
    if appeal.channel != ONLINE:
        faults += cases.check_days(filed_on, received_on, served_on, today)
    cases.refuse(faults)
    return replace(
        appeal,
        state=FILED,
        filed_on=filed_on,
        received_on=received_on,
        last_day=last_day,
        attachments=tuple(attachments),
        receipt=cases.receipt_of(appeal.id, appeal.text, attachments, at),
        version=appeal.version + 1,
    )


def undecided(gate: str, found: Sequence[Appeal]) -> list[Unmet]:
    """What keeps a result from being final: appeals that were filed and are not decided."""
    return [Unmet(gate, one.id, "appeal_undecided", {"id": one.id}) for one in found if one.pending]


def accepted(appeal: Appeal, on: date, due_on: date, provisional: bool, by: str) -> Appeal:
    """Taken up on a day that starts the time for the review (G57). Raises Refused("state_conflict")."""
    require_state(appeal, FILED)
    return replace(
        appeal,
        state=ACCEPTED,
        accepted_on=on,
        due_on=due_on,
        provisional=provisional,
        handled_by=by,
        version=appeal.version + 1,
    )


def refused(appeal: Appeal, reason: str, by: str) -> Appeal:
    """Not taken up, and why. Raises Refused: state_conflict, invalid."""
    require_state(appeal, FILED)
    cases.refuse(check_text("reason", reason, MOST_TEXT))
    return replace(appeal, state=REFUSED, refused_reason=reason.strip(), handled_by=by, version=appeal.version + 1)


def withdrawn(appeal: Appeal, reason: str, on: date) -> Appeal:
    """Taken back by who filed it, before the decision; the measures do not speak of it, so nothing else follows.

    The party may appeal again within the window of the notice. Raises Refused: state_conflict, invalid.
    """
    require_state(appeal, *PENDING)
    cases.refuse(check_text("reason", reason, MOST_TEXT))
    return replace(
        appeal, state=WITHDRAWN, withdrawn_on=on, withdrawn_reason=reason.strip(), version=appeal.version + 1
    )


def decided(
    appeal: Appeal,
    outcome: str,
    reasons: str,
    edits: Sequence[Mapping[str, Any]],
    result_after: str,
    on: date,
    by: str,
    scheme_change: bool = False,
) -> Appeal:
    """What the review decided: it is final (G58). Raises Refused("state_conflict")."""
    require_state(appeal, ACCEPTED)
    return replace(
        appeal,
        state=DECIDED,
        outcome=outcome,
        reasons=reasons.strip(),
        edits=tuple(edits),
        result_after=result_after,
        decided_on=on,
        decided_by=by,
        scheme_change=scheme_change,
        version=appeal.version + 1,
    )


def concluded(appeal: Appeal, result_after: str) -> Appeal:
    """The result follows from the changed scheme. Raises Refused("state_conflict")."""
    if not appeal.to_conclude:
        raise Refused("state_conflict", noun="appeal", state=appeal.state)
    return replace(appeal, result_after=result_after, version=appeal.version + 1)
