"""A change of the scheme after a round was opened: its reason, the authority's approval, its new service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.domain.errors import Fault, Refused
from service.domain.evaluate.rounds import APPEAL, OPENED, SELF_EVALUATION, Round

PROPOSED, APPROVED, REFUSED, SERVED = "proposed", "approved", "refused", "served"
STATES = (PROPOSED, APPROVED, REFUSED, SERVED)
# Nobody has looked at evidence yet in these; an upheld review opens the way once more.
BEFORE_EVIDENCE = (OPENED, SELF_EVALUATION)


@dataclass(frozen=True)
class RoundSchemeChange:
    """From one version to another in one round. `review` is the upheld appeal it follows from, if there is one.

    `adoption` is the document that adopts the new scheme's examples, `served` when and how it reached the provider.
    """

    id: str
    round: str
    project: str
    before: str
    before_digest: str
    after: str
    after_digest: str
    reason: str
    proposed_at: datetime
    proposed_by: str
    review: str = ""
    adoption: Mapping[str, str] | None = None
    state: str = PROPOSED
    decided_at: datetime | None = None
    decided_by: str = ""
    decision_reason: str = ""
    served: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1


def check_change(change: RoundSchemeChange, round: Round, read_at: datetime | None, upheld: bool) -> None:
    """Whether a round's scheme may change now (G53): before evidence was read, or after an upheld review.

    `read_at` is the first look at the evidence, `upheld` whether the review that is named was upheld.
    Raises Refused: invalid, scheme_fixed.
    """
    faults = []
    if not change.reason.strip():
        faults.append(Fault("reason", "empty"))
    if change.before == change.after:
        faults.append(Fault("scheme", "same_scheme", {"value": change.after}))
    if change.review and not upheld:
        faults.append(Fault("review", "review_not_upheld", {"value": change.review}))
    if faults:
        raise Refused("invalid", faults)
    if change.review:
        if round.state != APPEAL:
            raise Refused("state_conflict", noun="round", state=round.state)
    elif round.state not in BEFORE_EVIDENCE or read_at is not None:
        raise Refused("scheme_fixed")
