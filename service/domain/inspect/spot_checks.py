"""Spot checks: drawn records looked up in the field, attribute by attribute. What they say about all is in findings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from service.domain.errors import Fault, Refused
from service.domain.shapes import has_forbidden

# G35: records are to be complete, true and on time; G45: what was drawn and is not found counts too.
ATTRIBUTES = ("found", "complete", "true", "timely")
FOUND = "found"  # without it there is nothing to judge
FIRST, BACK_CHECK, OBSERVATION = "first", "back_check", "observation"
PARTS = (FIRST, BACK_CHECK, OBSERVATION)
WAITING, RECEIVED, ACCEPTED, RETURNED, REJECTED = "waiting", "received", "accepted", "returned", "rejected"
CONFLICT, SUPERSEDED = "conflict", "superseded"
STATES = (WAITING, RECEIVED, ACCEPTED, RETURNED, REJECTED, CONFLICT, SUPERSEDED)
MAX_NOTE = 2000  # characters


@dataclass(frozen=True)
class SpotCheck:
    """One drawn item looked up: each attribute holds (True) or fails (False); None or absent means not judged.

    `at` is the auditor's clock. What is looked at once a visit has no draw and serial, and is of part "observation".
    What came by a phone also has its checklist (`case-record@1`), flat `answers`, the finer attributes of the checklist
    in `details`, and the rest of what the phone sent (see submissions). `circumstances` are facts such as "late", never
    verdicts; `measures` has for each what was measured and the threshold. `slot` is what only one record in force may
    hold: the item and part, or the record's own id once it no longer counts. `digest` is of what was sent.
    """

    id: str
    draw: str
    serial: str
    attributes: Mapping[str, bool | None]
    at: datetime
    by: str
    note: str = ""
    project: str = ""
    visit: str = ""
    assignment: str = ""
    checklist: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, bool | None] = field(default_factory=dict)
    part: str = FIRST
    started_at: datetime | None = None
    signed_at: datetime | None = None
    sent_at: datetime | None = None
    elapsed_s: float | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    changes: tuple[Mapping[str, Any], ...] = ()
    position: Mapping[str, Any] = field(default_factory=dict)
    signatures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    media: tuple[Mapping[str, Any], ...] = ()
    source: str = "api"
    device: str = ""
    app_version: str = ""
    state: str = RECEIVED
    reason: str = ""
    reviews: tuple[Mapping[str, Any], ...] = ()
    circumstances: tuple[str, ...] = ()
    measures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    amount: Decimal | None = None
    received_at: datetime | None = None
    supersedes: str = ""
    origin: str = ""
    slot: str = ""
    digest: str = ""
    version: int = 1

    @property
    def failed(self) -> tuple[str, ...]:
        """The attributes that fail, in the order in which they were recorded."""
        return tuple(name for name, holds in self.attributes.items() if holds is False)

    @property
    def errs(self) -> bool:
        """An item errs if any attribute fails; not found is such a failure (G45: it stays in the denominator)."""
        return bool(self.failed)


def slot_of(draw: str, serial: str, part: str) -> str:
    """What only one record in force may hold: the drawn item, once for each part."""
    return f"{part}/{draw}/{serial}"


def check(spot: SpotCheck, attributes: Sequence[str] = ATTRIBUTES) -> SpotCheck:
    """The spot check itself if it holds together.

    Refuses (`invalid`, field `attributes.<name>`): a found item with an attribute not judged (silence must not pass
    for "no error"), a judgement of what was not found, unknown attributes, values other than true and false; and a
    time without offset, a note that is too long or has control characters.
    """
    if faults := [*_attribute_faults(spot.attributes, attributes), *_record_faults(spot)]:
        raise Refused("invalid", faults)
    return spot


def _attribute_faults(given: Mapping[str, bool | None], attributes: Sequence[str]) -> Iterable[Fault]:
    for name in given:
        if name not in attributes:
            yield Fault(f"attributes.{name}", "unknown_attribute", {"attributes": ", ".join(attributes)})
    lost = FOUND in attributes and given.get(FOUND) is False
    for name in attributes:
        value = given.get(name)
        if value is not None and not isinstance(value, bool):
            yield Fault(f"attributes.{name}", "wrong_type", {"expected": "true or false"})
        elif lost and name != FOUND and value is not None:
            yield Fault(f"attributes.{name}", "void_when_not_found")
        elif value is None and not (lost and name != FOUND):
            yield Fault(f"attributes.{name}", "missing")


def _record_faults(spot: SpotCheck) -> Iterable[Fault]:
    for name in ("id", "draw", "serial", "by"):
        if not getattr(spot, name):
            yield Fault(name, "missing")
    if spot.at.utcoffset() is None:
        yield Fault("at", "wrong_type", {"expected": "a time with its offset from UTC"})
    if len(spot.note) > MAX_NOTE:
        yield Fault("note", "too_long", {"limit": MAX_NOTE})
    if has_forbidden(spot.note):
        yield Fault("note", "control_characters")
