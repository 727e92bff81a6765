"""Publications (公示): a final result before the public, after three persons of the lead have answered for it (O05)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

DRAFTED, OFFICE_HEAD, APPROVED, PUBLISHED, WITHDRAWN = "drafted", "office_head", "approved", "published", "withdrawn"
STATES = (DRAFTED, OFFICE_HEAD, APPROVED, PUBLISHED, WITHDRAWN)
ACTIVE, ON_REQUEST, EXEMPT = "active", "on_request", "exempt"
CLASSES = (ACTIVE, ON_REQUEST, EXEMPT)  # O05: open by itself, on request, or not at all
SECRETS = ("state_secrets", "trade_secrets", "personal_privacy")  # C27: what each reviewer has looked for


@dataclass(frozen=True)
class Publication:
    """One result as the public reads it. `content` is the canonical JSON that was approved; it never changes.

    `approvals` hold step, by, at and what was looked for. A withdrawn one keeps its address, with the reason alone.
    """

    id: str
    round: str
    project: str
    provider: str
    result: str
    disclosure: str
    legal_basis: str
    content: str
    digest: str
    drafted_at: datetime
    drafted_by: str
    state: str = DRAFTED
    approvals: tuple[Mapping[str, Any], ...] = ()
    published_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawal_reason: str = ""
    version: int = 1


@dataclass(frozen=True)
class Signatories:
    """Who of an organisation may sign as head of an office and as head of the unit; the id is the organisation's."""

    id: str
    office_heads: tuple[str, ...] = field(default=())
    unit_heads: tuple[str, ...] = field(default=())
    version: int = 1
