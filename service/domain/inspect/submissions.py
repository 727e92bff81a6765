"""What an auditor's phone sends: a record of one item, whichever app filled it in, and what becomes of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from service.domain.inspect.spot_checks import FIRST, SpotCheck

STORED, REPEAT, CONFLICT = "stored", "repeat", "conflict"
SOURCES = ("api", "web", "openrosa")
# What may differ between two sendings of one record: the app's own words about itself and the moment of sending.
_OF_THE_SENDING = ("device", "app_version", "source", "sent_at")


@dataclass(frozen=True)
class Submission:
    """A record as it was sent. `id` is made by the client; the same id with the same content is the same record.

    draw, serial    the drawn item; both empty for what is looked at once a visit (`part` "observation")
    answers         in the JSON shape of each question; photos are not here but in `media`
    media           {name, sha256, size, question, content_type} of each file; `sha256` and `size` may be missing where
                    the client tells them only with the file itself (OpenRosa)
    signatures      {auditor|witness|second: {name, media, refused, reason}}; `media` names one of the files
    position        {latitude, longitude, accuracy_m, age_s, mock}, or {missing: why} where the phone gave none
    elapsed_s       seconds by a clock that nobody can set; `sent_at` what the phone's wall clock said at sending
    corrects        the returned record that this one takes the place of; found by the item where it is empty
    """

    id: str
    checklist: str
    answers: Mapping[str, Any]
    draw: str = ""
    serial: str = ""
    visit: str = ""
    assignment: str = ""
    part: str = FIRST
    note: str = ""
    started_at: datetime | None = None
    signed_at: datetime | None = None
    elapsed_s: float | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    changes: tuple[Mapping[str, Any], ...] = ()
    position: Mapping[str, Any] = field(default_factory=dict)
    signatures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    media: tuple[Mapping[str, Any], ...] = ()
    corrects: str = ""
    source: str = "web"
    device: str = ""
    app_version: str = ""
    sent_at: datetime | None = None

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what the record says: equal for two sendings of one record."""
        said = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in _OF_THE_SENDING}
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False, default=_plain).encode()).hexdigest()


@dataclass(frozen=True)
class Outcome:
    """What became of a submission. `waiting_for` are the SHA-256 (or, where unknown, names) of files not there yet.

    outcome   "stored", "repeat" (it was there already), "conflict" (kept, for a human to look at; `reason` says why)
    """

    outcome: str
    spot_check: SpotCheck
    waiting_for: tuple[str, ...] = ()
    reason: str = ""


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds")
    return str(value)
