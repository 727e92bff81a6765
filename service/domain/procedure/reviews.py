"""Reviews (复核): a special group that had no part in the result looks at it again within 30 days (Guangzhou, 6(3))."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service.domain.deadlines import CALENDAR, Term
from service.domain.errors import Fault, Refused
from service.domain.inspect.follow_ups import check_text
from service.domain.procedure import cases
from service.domain.procedure.cases import DISMISSED, MOST_TEXT
from service.domain.procedure.groups import normal

REVIEW_DAYS, REVIEW_BASIS = 30, "广州市政府购买社会服务考核评估实施办法（试行）第六条第（三）项"
MOST_MEMBERS, MOST_NOTES, MOST_NAME = 30, 200, 200


@dataclass(frozen=True)
class Review:
    """The group of one appeal (its id is the appeal's) and what it wrote down. Only its members and the body see it.

    A member: name, user (the id of an account, or empty), organisation, category. A note: text, at, by.
    """

    id: str
    round: str
    project: str
    members: tuple[Mapping[str, str], ...]
    appointed_at: datetime
    appointed_by: str
    notes: tuple[Mapping[str, Any], ...] = ()
    version: int = 1

    def sits(self, user: str) -> bool:
        return any(member["user"] == user for member in self.members)


def term(days: int = REVIEW_DAYS) -> Term:
    """The time for a review, from its acceptance (G57); its last day rolls over holidays."""
    return Term(days, CALENDAR, basis=REVIEW_BASIS)


def check_members(
    members: Sequence[Mapping[str, str]], categories: Sequence[str], barred: Sequence[Fault], least: int
) -> None:
    """A group of at least `least` different persons, none of whom had a part in what they review (G57).

    `barred` tells who may not sit. Raises Refused: invalid, panel_not_disjoint.
    """
    faults = []
    if not least <= len(members) <= MOST_MEMBERS:
        faults.append(Fault("members", "out_of_range", {"lower": least, "upper": MOST_MEMBERS}))
    seen: set[str] = set()
    for place, member in enumerate(members):
        at, person = f"members.{place}", normal(member["name"])
        faults += check_text(f"{at}.name", member["name"], MOST_NAME)
        if member["category"] not in categories:
            options = {"value": member["category"], "options": ", ".join(categories)}
            faults.append(Fault(f"{at}.category", "not_an_option", options))
        if {person, member["user"]} & seen - {""}:
            faults.append(Fault(at, "duplicate", {"value": member["name"]}))
        seen |= {person, member["user"]}
    if barred:
        raise Refused("panel_not_disjoint", [*barred, *faults])
    cases.refuse(faults)


def noted(review: Review, text: str, at: datetime, by: str) -> Review:
    """What the group writes down for itself. Raises Refused("invalid")."""
    faults = check_text("text", text, MOST_TEXT)
    if len(review.notes) >= MOST_NOTES:
        faults.append(Fault("text", "too_many", {"limit": MOST_NOTES}))
    cases.refuse(faults)
    note = {"text": text.strip(), "at": at, "by": by}
    return replace(review, notes=(*review.notes, note), version=review.version + 1)


def check_decision(outcome: str, reasons: str, edits: Sequence[Any], scheme_change: bool = False) -> None:
    """Upheld means that something is put right, evidence or the scheme itself; dismissed that nothing is.

    Raises Refused("invalid").
    """
    faults = cases.check_outcome(outcome, reasons)
    if not faults and outcome == DISMISSED:
        faults += [Fault("edits", "edits_of_dismissed")] if edits else []
        faults += [Fault("scheme_change", "edits_of_dismissed")] if scheme_change else []
    elif not faults and bool(edits) == scheme_change:
        faults.append(Fault("edits", "edits_or_scheme" if edits else "edits_missing"))
    cases.refuse(faults)
