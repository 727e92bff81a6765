"""Consequences of a final result: what the scheme lets or makes follow, and what a person decided of it (G59-G63)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

ACTIONS = ("reward", "cut", "ban", "continue", "rectify", "disqualify", "praise", "criticise", "advise_replacement")
APPLIED, NOT_APPLIED = "applied", "not_applied"


@dataclass(frozen=True)
class ConsequenceDecision:
    """What a person decided about one consequence of one result; `consequence` is its id in the scheme."""

    id: str
    round: str
    project: str
    provider: str
    result: str
    consequence: str
    action: str
    outcome: str
    reason: str
    document: str
    at: datetime
    by: str
    amount: Decimal | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Continuation:
    """Service goes on until the tasks are done (G62). `targets` and `reached`: node of the counter -> amount."""

    id: str
    round: str
    project: str
    provider: str
    opened_at: datetime
    opened_by: str
    targets: Mapping[str, str] = field(default_factory=dict)
    reached: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[Mapping[str, str], ...] = ()
    done_on: date | None = None
    version: int = 1
