"""Rounds: one evaluation of one project under one frozen scheme version, and what its group enters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from service.domain.errors import Fault, Refused, invalid, problem
from service.domain.evaluate import evidence
from service.domain.evaluate.schemes import Check, Counter, Expert, Scheme, Survey

KINDS = ("pre", "mid_term", "final", "re_evaluation")  # G46, C25
OPENED, SELF_EVALUATION, EVIDENCE, SCORING = "opened", "self_evaluation", "evidence", "scoring"
REPORTED, NOTIFIED, APPEAL, FINAL, PUBLISHED = "reported", "notified", "appeal", "final", "published"
STATES = (OPENED, SELF_EVALUATION, EVIDENCE, SCORING, REPORTED, NOTIFIED, APPEAL, FINAL, PUBLISHED)
# Evidence, judgements and decisions are entered in these and never later: the result rests on what was there.
ENTERING = (OPENED, SELF_EVALUATION, EVIDENCE, SCORING)
PURCHASER, AUTHORITY = "purchaser", "authority"
LEADS = (PURCHASER, AUTHORITY)  # G04


@dataclass(frozen=True)
class Round:
    """`surveys` binds survey nodes to campaigns, `checks` check nodes to draws, `panels` expert nodes to their raters,
    `counters` counter nodes to the draw whose spot checks verify what is claimed.

    `adoption` is the document by which the lead adopted the scheme's example weights: document, number, date.
    `lead` is the part of the project that leads (G04), `direct_reason` why the authority organises the round itself
    (G08), `of` the round that a re-evaluation looks at again (C25). `terms` sets days where the scheme names none,
    by id of the deadline (G56); `self_evaluation_on` is the mid-term day, `self_evaluation_set` who set it (G47),
    `expired_reason` why a scheme out of its validity is used (G67). `review_body` (name, address, phone) would review
    the result, `notice` tells the provider of it. `deadlines` holds a RoundDeadline as plain data by its id, `served`
    when and how the scheme was served, `references` which agency-level assessment stands for a node.
    """

    id: str
    project: str
    kind: str
    name: str
    scheme: str
    scheme_digest: str
    opened_at: datetime
    state: str = OPENED
    adoption: Mapping[str, str] | None = None
    surveys: Mapping[str, str] = field(default_factory=dict)
    checks: Mapping[str, str] = field(default_factory=dict)
    panels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counters: Mapping[str, str] = field(default_factory=dict)
    lead: str = PURCHASER
    direct_reason: str = ""
    of: str = ""
    terms: Mapping[str, int] = field(default_factory=dict)
    review_body: Mapping[str, str] | None = None
    self_evaluation_on: date | None = None
    self_evaluation_set: str = ""
    expired_reason: str = ""
    deadlines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    served: Mapping[str, Any] = field(default_factory=dict)
    notice: Mapping[str, Any] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    version: int = 1


@dataclass(frozen=True)
class RoundRow:
    """A round in a list: nothing of its evidence."""

    id: str
    project: str
    kind: str
    name: str
    state: str
    lead: str
    scheme: str
    opened_at: datetime
    deadlines: Mapping[str, Mapping[str, Any]]
    version: int

    @property
    def due(self) -> date | None:
        """The last day of the deadline that ends next, None while none runs."""
        running = [str(one["on"]) for one in self.deadlines.values() if not one.get("done_on")]
        return date.fromisoformat(min(running)) if running else None


@dataclass(frozen=True)
class RoundQuantity:
    """Target, claim and verified value of one counter; `source` says what they were read from."""

    id: str
    round: str
    node: str
    source: str
    at: datetime
    by: str
    target: Decimal | None = None
    claimed: Decimal | None = None
    verified: Decimal | None = None
    workers: Decimal | None = None


@dataclass(frozen=True)
class RoundDecision:
    """The lead's decision on a survey below the scheme's minimum."""

    id: str
    round: str
    node: str
    decision: str
    reason: str
    at: datetime
    by: str


def check_opening(kind: str, adoption: Mapping[str, str] | None, adoption_needed: bool) -> None:
    """The kind is one of KINDS; example weights count only once the lead has adopted them on record."""
    faults = []
    if kind not in KINDS:
        faults.append(Fault("kind", "not_an_option", {"value": kind, "options": ", ".join(KINDS)}))
    given = adoption or {}
    missing = [name for name in ("document", "number", "date") if not str(given.get(name, "")).strip()]
    if adoption_needed or adoption is not None:
        faults += [Fault(f"adoption.{name}", "missing") for name in missing]
    if "date" not in missing and not _is_date(str(given["date"])):
        faults.append(Fault("adoption.date", "wrong_type", {"expected": "a date such as 2026-03-31"}))
    if faults:
        raise Refused("invalid", faults)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def check_bindings(
    scheme: Scheme,
    surveys: Mapping[str, str],
    checks: Mapping[str, str],
    panels: Mapping[str, object],
    counters: Mapping[str, str],
) -> None:
    """Each bound node exists and is of the right type. Raises Refused("invalid") naming the node."""
    faults = [
        problem(f"{name}.{node}", "the scheme has no {noun} node {node!r}", noun=noun, node=node)
        for name, bound, noun, spec in (
            ("surveys", surveys, "survey", Survey),
            ("checks", checks, "check", Check),
            ("panels", panels, "expert", Expert),
            ("counters", counters, "counter", Counter),
        )
        for node in bound
        if not is_node(scheme, node, spec)
    ]
    if faults:
        raise Refused("invalid", faults)


def check_quantity(scheme: Scheme, quantity: RoundQuantity) -> None:
    """A counter node, a source, no negative value. Raises Refused("invalid")."""
    check_node(scheme, quantity.node, Counter, "counter")
    if not quantity.source.strip():
        raise Refused("invalid", [Fault("source", "empty")])
    as_quantity(quantity)


def check_decision(scheme: Scheme, decision: RoundDecision) -> None:
    """A survey node, one of the decisions, a reason. Raises Refused("invalid")."""
    check_node(scheme, decision.node, Survey, "survey")
    as_decision(decision)


def check_node(scheme: Scheme, node: str, spec: type, noun: str) -> None:
    """The scheme has this node, of this type. Raises Refused("invalid")."""
    if not is_node(scheme, node, spec):
        raise invalid("node", "the scheme has no {noun} node {node!r}", noun=noun, node=node)


def is_node(scheme: Scheme, node: str, spec: type) -> bool:
    """Whether the scheme has this node with a spec of this type."""
    return any(found.id == node and isinstance(found.spec, spec) for found in scheme.nodes)


def as_quantity(quantity: RoundQuantity) -> evidence.Quantity:
    """The quantity as the score takes it."""
    values = (quantity.target, quantity.claimed, quantity.verified, quantity.workers)
    return evidence.Quantity(quantity.id, quantity.node, *values, source=quantity.source)


def as_decision(decision: RoundDecision) -> evidence.LeadDecision:
    """The decision as the score takes it."""
    return evidence.LeadDecision(decision.node, decision.decision, decision.reason)
