"""Reviews (复核): a special group that had no part in the result looks at it again within 30 days (Guangzhou, 6(3))."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service.domain.deadlines import CALENDAR, Term
from service.domain.errors import Fault, Refused
from service.domain.inspect.follow_ups import check_text
from service.domain.procedure import cases
from service.domain.procedure.cases import DISMISSED, MOST_TEXT

REVIEW_DAYS, REVIEW_BASIS = 30, "广州市政府购买社会服务考核评估实施办法（试行）第六条第（三）项"
LEAST_MEMBERS, MOST_MEMBERS, MOST_NOTES, MOST_NAME = 2, 30, 200, 200
PROVIDER_CATEGORY = "provider"


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


def normal(name: str) -> str:
    """A person's name as it is compared: one form of each letter, no spaces."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def check_members(
    members: Sequence[Mapping[str, str]], categories: Sequence[str], barred: Mapping[str, str], least: int
) -> None:
    """A group of at least `least` different persons, none of whom had a part in what they review (G57).

    `barred` maps a user id or a normalised name -> the reason of a fault. Raises Refused: invalid, panel_not_disjoint.
    """
    faults, conflicts = [], []
    if not least <= len(members) <= MOST_MEMBERS:
        faults.append(Fault("members", "out_of_range", {"lower": least, "upper": MOST_MEMBERS}))
    seen: set[str] = set()
    for place, member in enumerate(members):
        at, person = f"members.{place}", normal(member["name"])
        faults += check_text(f"{at}.name", member["name"], MOST_NAME)
        if member["category"] not in categories:
            options = {"value": member["category"], "options": ", ".join(categories)}
            faults.append(Fault(f"{at}.category", "not_an_option", options))
        if repeated := {person, member["user"]} & seen - {""}:
            faults.append(Fault(at, "duplicate", {"value": member["name"] if person in repeated else member["user"]}))
        seen |= {person, member["user"]}
        if reason := _barred(member, person, barred):
            conflicts.append(Fault(at, reason, {"value": member["name"]}))
    if conflicts:
        raise Refused("panel_not_disjoint", [*conflicts, *faults])
    cases.refuse(faults)


def _barred(member: Mapping[str, str], person: str, barred: Mapping[str, str]) -> str:
    if member["category"] == PROVIDER_CATEGORY:
        return "conflict_provider"
    return barred.get(member["user"], "") if member["user"] in barred else barred.get(person, "")


def noted(review: Review, text: str, at: datetime, by: str) -> Review:
    """What the group writes down for itself. Raises Refused("invalid")."""
    faults = check_text("text", text, MOST_TEXT)
    if len(review.notes) >= MOST_NOTES:
        faults.append(Fault("text", "too_many", {"limit": MOST_NOTES}))
    cases.refuse(faults)
    note = {"text": text.strip(), "at": at, "by": by}
    return replace(review, notes=(*review.notes, note), version=review.version + 1)


def check_decision(outcome: str, reasons: str, edits: Sequence[Any]) -> None:
    """Upheld means that something is put right, dismissed that nothing is. Raises Refused("invalid")."""
    faults = cases.check_outcome(outcome, reasons)
    if not faults and (outcome == DISMISSED) == bool(edits):
        faults.append(Fault("edits", "edits_of_dismissed" if edits else "edits_missing"))
    cases.refuse(faults)
