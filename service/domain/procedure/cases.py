"""What objections and appeals share: how they end, the files sent with them, the receipt of what was filed."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.domain.errors import Fault, Refused
from service.domain.inspect.follow_ups import check_text

UPHELD, PARTLY, DISMISSED = "upheld", "partly", "dismissed"
OUTCOMES = (UPHELD, PARTLY, DISMISSED)
ONLINE = "online"  # filed here, by the party itself: filed and received are one moment
MOST_TEXT, MOST_FILES = 20_000, 20


@dataclass(frozen=True)
class CaseFile:
    """A stored file of a case. `id` is `<case>/<name>`, the name the first half of the content's SHA-256."""

    id: str
    case: str
    name: str
    kind: str
    size: int
    sha256: str
    at: datetime
    by: str

    @property
    def told(self) -> Mapping[str, Any]:
        """What stays in the case of it once the case is filed."""
        return {"name": self.name, "kind": self.kind, "size": self.size, "sha256": self.sha256}


def check_days(filed_on: date, received_on: date, first: date, today: date) -> list[Fault]:
    """What is wrong with the days of a paper: it is filed from `first` on, received then or later, not after today."""
    faults = []
    if not first <= filed_on <= today:
        bounds = {"lower": first.isoformat(), "upper": today.isoformat()}
        faults.append(Fault("filed_on", "out_of_range", bounds))
    if not filed_on <= received_on <= today:
        bounds = {"lower": filed_on.isoformat(), "upper": today.isoformat()}
        faults.append(Fault("received_on", "out_of_range", bounds))
    return faults


def check_outcome(outcome: str, reasons: str) -> list[Fault]:
    """What is wrong with an answer: the outcome is one of three, and there are always reasons."""
    faults = []
    if outcome not in OUTCOMES:
        faults.append(Fault("outcome", "not_an_option", {"value": outcome[:40], "options": ", ".join(OUTCOMES)}))
    return faults + check_text("reasons", reasons, MOST_TEXT)


def receipt_of(case: str, text: str, attachments: Iterable[Mapping[str, Any]], at: datetime) -> Mapping[str, Any]:
    """What the filing party gets: a number, the moment, and the SHA-256 of what was filed, to prove it by."""
    files = sorted(str(each["sha256"]) for each in attachments)
    filed = json.dumps({"case": case, "text": text, "files": files}, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(filed.encode()).hexdigest()
    return {"number": digest[:12].upper(), "at": at, "digest": digest}


def refuse(faults: Iterable[Fault]) -> None:
    """Raises Refused("invalid") if there is any fault."""
    if found := list(faults):
        raise Refused("invalid", found)
