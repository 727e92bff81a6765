"""Bans: an organisation that may not take over services bought by government, for a time (G61) or for ever (G63)."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Ban:
    """From `from_on` to `to_on`, both included; without `to_on` it is for ever. `document` is the decision's number."""

    id: str
    organisation: str
    round: str
    project: str
    decision: str
    document: str
    reason: str
    from_on: date
    decided_at: datetime
    decided_by: str
    to_on: date | None = None
    lifted_on: date | None = None
    lifted_reason: str = ""
    version: int = 1

    def holds(self, on: date) -> bool:
        """Whether the organisation is barred on this day."""
        ended = (self.to_on is not None and on > self.to_on) or (self.lifted_on is not None and on >= self.lifted_on)
        return on >= self.from_on and not ended
