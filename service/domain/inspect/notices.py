"""Notices (考核检查情况通报): the written result of a check, served on the provider, saying where and how to object."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from service.domain.errors import Fault, Refused
from service.domain.inspect.draws import CHECK_KINDS
from service.domain.inspect.findings import Findings
from service.domain.inspect.follow_ups import check_text
from service.domain.inspect.spot_checks import SpotCheck

DRAFT, ISSUED, SERVED = "draft", "issued", "served"
STATES = (DRAFT, ISSUED, SERVED)
CHANNELS = ("handed_over", "post", "e_mail", "message")
PLAN = "plan"  # the trigger of what enters the estimate (C15)
MOST_TEXT, MOST_LINE, MOST_OBJECT_DAYS = 4000, 200, 250


@dataclass(frozen=True)
class Objection:
    """Where and how to object (C18, C19): the body, its address and phone, and within how many working days of
    receipt. The term is not in the source, so whoever writes the notice names it."""

    body: str
    address: str
    phone: str
    working_days: int


@dataclass(frozen=True)
class Notice:
    """One notice of the checks of some draws. `number` counts from 1 in the project.

    `findings` and `digest` are fixed when it is issued: what was served can be shown for ever, whatever is corrected
    later. `object_by` is the last day of the term that the day of service begins; `provisional` as in deadlines.
    `corrects` is the notice that this one puts right, which stays as it was served, `because` the objection (C20).
    """

    id: str
    project: str
    number: int
    kind: str
    draws: tuple[str, ...]
    summary: str
    objection: Mapping[str, Any]
    visits: tuple[str, ...] = ()
    state: str = DRAFT
    findings: tuple[Mapping[str, Any], ...] = ()
    digest: str = ""
    checked_from: date | None = None
    checked_to: date | None = None
    written_by: str = ""
    written_at: datetime | None = None
    issued_at: datetime | None = None
    issued_by: str = ""
    served_on: date | None = None
    channel: str = ""
    received_by: str = ""
    object_by: date | None = None
    provisional: bool = False
    corrects: str = ""
    because: str = ""
    version: int = 1


@dataclass(frozen=True)
class Checked:
    """One draw of a notice with what was found: the facts that the notice will fix."""

    draw: str
    frame: str
    kind: str
    trigger: str
    findings: Findings
    accepted: Sequence[SpotCheck] = field(default=())


def check(notice: Notice) -> Notice:
    """The notice with trimmed texts. Raises Refused("invalid") naming every field that does not fit."""
    faults: list[Fault] = []
    if notice.kind not in CHECK_KINDS:
        faults.append(Fault("kind", "not_an_option", {"value": notice.kind, "options": ", ".join(CHECK_KINDS)}))
    if not notice.draws:
        faults.append(Fault("draws", "empty"))
    faults += check_text("summary", notice.summary, MOST_TEXT)
    for name in ("body", "address", "phone"):
        faults += check_text(f"objection.{name}", str(notice.objection.get(name, "")), MOST_LINE)
    days = notice.objection.get("working_days")
    if not isinstance(days, int) or not 1 <= days <= MOST_OBJECT_DAYS:
        faults.append(Fault("objection.working_days", "out_of_range", {"lower": 1, "upper": MOST_OBJECT_DAYS}))
    if faults:
        raise Refused("invalid", faults)
    return notice


def require_state(notice: Notice, *states: str) -> None:
    """Raises Refused("state_conflict") unless the notice is in one of these states."""
    if notice.state not in states:
        raise Refused("state_conflict", noun="notice", state=notice.state)


def fixed(checked: Sequence[Checked]) -> tuple[tuple[Mapping[str, Any], ...], str]:
    """(the facts of each draw as plain data, their SHA-256): what an issued notice keeps.

    A draw whose items are not all decided upon is told with what is missing; nothing is left out. Refuses
    (`notice_empty`) when no check was accepted in any of the draws.
    """
    if not any(one.findings.n for one in checked):
        raise Refused("notice_empty")
    facts = tuple(_facts(one) for one in checked)
    canonical = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return facts, hashlib.sha256(canonical.encode()).hexdigest()


def _facts(one: Checked) -> dict[str, Any]:
    found = one.findings
    return {
        "draw": one.draw,
        "frame": one.frame,
        "kind": one.kind,
        "trigger": one.trigger,
        "in_estimate": one.trigger == PLAN,
        "population": found.population,
        "drawn": found.drawn,
        "checked": found.n,
        "errors": found.errors,
        "failures": dict(found.failures),
        "missing": len(found.missing),
        "limit": found.limit,
        "limit_reason": found.limit_reason,
        # The provider must be told which record failed in what, or nothing can be put right.
        "deviations": [
            {"spot_check": spot.id, "serial": spot.serial, "failed": list(spot.failed)}
            for spot in sorted(one.accepted, key=lambda spot: spot.serial)
            if spot.errs
        ],
    }


def check_service(served_on: date, channel: str, received_by: str, issued_on: date, today: date) -> None:
    """Raises Refused("invalid"): a day before the issue or after today, an unknown channel, nobody named."""
    faults = []
    if not issued_on <= served_on <= today:
        bounds = {"lower": issued_on.isoformat(), "upper": today.isoformat()}
        faults.append(Fault("served_on", "out_of_range", bounds))
    if channel not in CHANNELS:
        faults.append(Fault("channel", "not_an_option", {"value": channel, "options": ", ".join(CHANNELS)}))
    faults += check_text("received_by", received_by, MOST_LINE)
    if faults:
        raise Refused("invalid", faults)
