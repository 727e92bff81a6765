"""Waivers: the lead lets a round go on without something that a gate demands, and says why (G41)."""

from dataclasses import dataclass
from datetime import datetime

from service.domain.errors import Fault, Refused
from service.domain.evaluate.unmet import Unmet
from service.domain.inspect.follow_ups import check_text

MOST_REASON = 2000


@dataclass(frozen=True)
class Waiver:
    """`gate` and `subject` are those of what was unmet."""

    id: str
    round: str
    gate: str
    subject: str
    reason: str
    at: datetime
    by: str


def check(waiver: Waiver, wanting: list[Unmet]) -> None:
    """Only what is wanting now and may be waived, and with a reason. Raises Refused("invalid")."""
    faults = check_text("reason", waiver.reason, MOST_REASON)
    found = [one for one in wanting if (one.gate, one.subject) == (waiver.gate, waiver.subject)]
    if not found:
        options = ", ".join(sorted({f"{one.gate}.{one.subject}" for one in wanting if one.waivable})) or "-"
        faults.append(Fault("subject", "not_an_option", {"value": waiver.subject or waiver.gate, "options": options}))
    elif not any(one.waivable for one in found):
        faults.append(Fault("gate", "not_waivable"))
    if faults:
        raise Refused("invalid", faults)
