"""Judgements: what one scorer, or one institution, gives one indicator that people judge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from service.domain.errors import Fault, Refused
from service.domain.evaluate import evidence
from service.domain.evaluate.rounds import check_node
from service.domain.evaluate.schemes import Expert, Scheme
from service.domain.journal import JournalEntry

DRAFT, IN, LAPSED = "draft", "in", "lapsed"
STATES = (DRAFT, IN, LAPSED)
NEVER = datetime.max.replace(tzinfo=UTC)  # what has not been given yet


@dataclass(frozen=True)
class RoundJudgement:
    """One rater's score, 0 to 100, of one expert node, with its reason.

    `rater` is the id of a member of the group, or the name of an institution whose signed opinion was entered. `user`
    is the account that gave it, empty for what was entered from paper; `papers` are the files that show the signature.
    `state`: a draft is its author's alone, what is in counts, a lapsed one was awaited in vain and has no score.
    `changes` are what stood there before: score, its reason, why it was changed, at, by.
    """

    id: str
    round: str
    node: str
    rater: str
    score: Decimal | None = None
    reason: str = ""
    at: datetime = NEVER
    by: str = ""
    user: str = ""
    state: str = IN
    papers: tuple[str, ...] = ()
    changes: tuple[Mapping[str, Any], ...] = ()
    version: int = 1


def tells_draft(entry: JournalEntry) -> bool:
    """Whether an entry of the journal tells a score as it was before it was handed in: that stays its author's."""
    if entry.act == "judgement.drafted":
        return True
    told: Mapping[str, Any] = entry.details or {}
    before = told.get("before")
    return told.get("state") == DRAFT or (isinstance(before, Mapping) and before.get("state") == DRAFT)


def check(scheme: Scheme, judgement: RoundJudgement) -> None:
    """An expert node, a reason, a score of 0 to 100. Raises Refused("invalid")."""
    require_judged(scheme, judgement.node)
    if not judgement.reason.strip():
        raise Refused("invalid", [Fault("reason", "empty")])
    as_evidence(judgement)


def require_judged(scheme: Scheme, node: str) -> None:
    """The scheme has this node, and people judge it. Raises Refused("invalid")."""
    check_node(scheme, node, Expert, "expert")


def as_evidence(judgement: RoundJudgement) -> evidence.Judgement:
    """The judgement as the score takes it; one without a score is none. Raises Refused("invalid")."""
    if judgement.score is None:
        raise Refused("invalid", [Fault("score", "missing")])
    return evidence.Judgement(judgement.id, judgement.node, judgement.rater, judgement.score, judgement.reason)
