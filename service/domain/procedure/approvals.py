"""A third-party evaluator is approved by the authority on its papers before it scores (Guangzhou, 2(2); G06)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from service.domain.errors import Fault, Refused
from service.domain.procedure.groups import check_reason

PROPOSED, FILED, APPROVED, REFUSED = "proposed", "filed", "approved", "refused"
STATES = (PROPOSED, FILED, APPROVED, REFUSED)
# What the evaluator shows: that it may do this, and that it can.
PAPER_KINDS = ("qualification", "capability")


@dataclass(frozen=True)
class EvaluatorApproval:
    """One organisation's way to being the evaluator of a project.

    `qualification` and `capability` name the files of its papers. `decided_by` is the authority's account; `reason`
    why it refused, or what it approved on.
    """

    id: str
    project: str
    organisation: str
    proposed_at: datetime
    proposed_by: str
    state: str = PROPOSED
    qualification: tuple[str, ...] = ()
    capability: tuple[str, ...] = ()
    filed_at: datetime | None = None
    filed_by: str = ""
    decided_at: datetime | None = None
    decided_by: str = ""
    reason: str = ""
    version: int = 1

    @property
    def papers(self) -> tuple[str, ...]:
        return (*self.qualification, *self.capability)


def standing(approvals: Iterable[EvaluatorApproval], organisation: str) -> EvaluatorApproval | None:
    """The latest approval of this organisation in a project, whatever its state."""
    mine = [one for one in approvals if one.organisation == organisation]
    return max(mine, key=lambda one: (one.proposed_at, one.id), default=None)


def filed(approval: EvaluatorApproval, papers: dict[str, tuple[str, ...]], at: datetime, by: str) -> EvaluatorApproval:
    """With its papers, one of each kind at least. Raises Refused: state_conflict, invalid."""
    require_state(approval, PROPOSED, FILED)
    if faults := [Fault(kind, "missing") for kind in PAPER_KINDS if not papers[kind]]:
        raise Refused("invalid", faults)
    return replace(approval, **papers, state=FILED, filed_at=at, filed_by=by, version=approval.version + 1)  # type: ignore[arg-type]


def decided(approval: EvaluatorApproval, state: str, reason: str, at: datetime, by: str) -> EvaluatorApproval:
    """Approved or refused on papers that were filed; a refusal says why. Raises Refused: state_conflict, invalid."""
    require_state(approval, FILED)
    if state not in (APPROVED, REFUSED):
        options = {"value": state, "options": f"{APPROVED}, {REFUSED}"}
        raise Refused("invalid", [Fault("state", "not_an_option", options)])
    said = check_reason(reason) if state == REFUSED or reason.strip() else ""
    values = {"state": state, "reason": said, "decided_at": at, "decided_by": by, "version": approval.version + 1}
    return replace(approval, **values)  # type: ignore[arg-type]


def require_state(approval: EvaluatorApproval, *states: str) -> None:
    """Raises Refused("state_conflict") unless the approval is in one of these states."""
    if approval.state not in states:
        raise Refused("state_conflict", noun="approval", state=approval.state)
