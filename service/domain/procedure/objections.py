"""Objections (异议): of the provider to a served notice of a check, at any time of the year (Chengdu, art. 27)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from service.domain.deadlines import WORKING, Term
from service.domain.errors import Fault, Refused
from service.domain.inspect.follow_ups import check_text
from service.domain.inspect.notices import SERVED, Notice
from service.domain.procedure import cases
from service.domain.procedure.cases import DISMISSED, MOST_TEXT, ONLINE

DRAFT, FILED, ANSWERED, CORRECTED = "draft", "filed", "answered", "corrected"
WITHDRAWN = "withdrawn"
STATES = (DRAFT, FILED, ANSWERED, CORRECTED, WITHDRAWN)
RECEIPT, FILING = "receipt", "filing"
CLOCKS = (RECEIPT, FILING)
REPLY_DAYS, REPLY_BASIS = 5, "成都市政府购买服务工作规程第二十七条"


@dataclass(frozen=True)
class Reply:
    """Within how many working days an objection is answered (C20), and the event of which `clock` starts them.

    The source says "in 5 working days" and not from when: receipt unless the scheme says filing.
    """

    days: int = REPLY_DAYS
    clock: str = RECEIPT
    basis: str = REPLY_BASIS

    @property
    def term(self) -> Term:
        return Term(self.days, WORKING, basis=self.basis)


@dataclass(frozen=True)
class Objection:
    """One objection. `attachments` are fixed when it is filed, as is the `receipt`; then `reply_by` runs.

    `spot_checks` are the records that the answer finds wrong. An objection that was upheld waits for its `correction`:
    notice (the corrected one), results (new versions), locked (rounds whose result is final and stays).
    """

    id: str
    notice: str
    project: str
    text: str
    by: str
    made_at: datetime
    state: str = DRAFT
    channel: str = ONLINE
    attachments: tuple[Mapping[str, Any], ...] = ()
    filed_on: date | None = None
    received_on: date | None = None
    receipt: Mapping[str, Any] | None = None
    clock: str = RECEIPT
    reply_days: int = REPLY_DAYS
    basis: str = REPLY_BASIS
    reply_by: date | None = None
    provisional: bool = False
    outcome: str = ""
    reasons: str = ""
    spot_checks: tuple[str, ...] = ()
    answered_at: datetime | None = None
    answered_by: str = ""
    answered_on: date | None = None
    correction: Mapping[str, Any] | None = None
    withdrawn_on: date | None = None
    withdrawn_reason: str = ""
    version: int = 1

    @property
    def to_correct(self) -> bool:
        """Whether it was upheld, at least partly, and nothing is corrected yet."""
        return self.state == ANSWERED and self.outcome != DISMISSED

    def overdue(self, today: date) -> bool:
        """Whether the answer is late today, or was late."""
        if self.reply_by is None:
            return False
        return (self.answered_on or self.withdrawn_on or today) > self.reply_by


def require_state(objection: Objection, *states: str) -> None:
    """Raises Refused("state_conflict") unless the objection is in one of these states."""
    if objection.state not in states:
        raise Refused("state_conflict", noun="objection", state=objection.state)


def require_open(notice: Notice, on: date) -> None:
    """Raises Refused unless one may object to the notice on that day: notice_not_served, objection_late."""
    if notice.state != SERVED or notice.object_by is None:
        raise Refused("notice_not_served", number=notice.number)
    if on > notice.object_by:
        raise Refused("objection_late", last=notice.object_by.isoformat(), on=on.isoformat())


def filed(
    objection: Objection,
    notice: Notice,
    days: tuple[date, date],
    attachments: Sequence[Mapping[str, Any]],
    at: datetime,
    today: date,
) -> Objection:
    """The objection as filed and received on these `days`; in time is what was handed over or posted in time.

    Needs a text and at least one attachment (C19). Raises Refused: state_conflict, notice_not_served, objection_late,
    invalid.
    """
    require_state(objection, DRAFT)
    filed_on, received_on = days
    require_open(notice, filed_on)
    faults = [*check_text("text", objection.text, MOST_TEXT)]
    if objection.channel != ONLINE:
        faults += cases.check_days(filed_on, received_on, notice.served_on or filed_on, today)
    if not attachments:
        faults.append(Fault("attachments", "objection_unproved"))
    cases.refuse(faults)
    return replace(
        objection,
        state=FILED,
        filed_on=filed_on,
        received_on=received_on,
        attachments=tuple(attachments),
        receipt=cases.receipt_of(objection.id, objection.text, attachments, at),
        version=objection.version + 1,
    )


def clock_start(objection: Objection, reply: Reply) -> date:
    """The day whose event starts the time to answer (C20). Raises Refused("state_conflict") before it is filed."""
    require_state(objection, FILED)
    start = objection.filed_on if reply.clock == FILING else objection.received_on
    if start is None:
        raise Refused("state_conflict", noun="objection", state=objection.state)
    return start


def answered(
    objection: Objection, outcome: str, reasons: str, wrong: Sequence[str], at: datetime, on: date, by: str
) -> Objection:
    """The answer (C20): upheld, partly or dismissed, always with reasons; `wrong` are the records it finds wrong.

    Raises Refused: state_conflict, invalid.
    """
    require_state(objection, FILED)
    faults = cases.check_outcome(outcome, reasons)
    if outcome == DISMISSED and wrong:
        faults.append(Fault("spot_checks", "dismissed_finds_none"))
    cases.refuse(faults)
    return replace(
        objection,
        state=ANSWERED,
        outcome=outcome,
        reasons=reasons.strip(),
        spot_checks=tuple(wrong),
        answered_at=at,
        answered_on=on,
        answered_by=by,
        version=objection.version + 1,
    )


def withdrawn(objection: Objection, reason: str, on: date) -> Objection:
    """Taken back by who filed it, before it was answered: no answer is due any more, and the notice stands.

    Another one may be filed while the notice's days run. Raises Refused: state_conflict, invalid.
    """
    require_state(objection, FILED)
    cases.refuse(check_text("reason", reason, MOST_TEXT))
    return replace(
        objection, state=WITHDRAWN, withdrawn_on=on, withdrawn_reason=reason.strip(), version=objection.version + 1
    )


def corrected(objection: Objection, correction: Mapping[str, Any]) -> Objection:
    """What was corrected after it was upheld, once. Raises Refused("state_conflict")."""
    if not objection.to_correct:
        state = objection.state if objection.state != ANSWERED else objection.outcome
        raise Refused("state_conflict", noun="objection", state=state)
    return replace(objection, state=CORRECTED, correction=correction, version=objection.version + 1)
