"""The evaluation group (考核评估小组): its members, their parts, and which parts one person may not have together."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from service.domain.errors import Fault, Refused
from service.domain.shapes import has_forbidden

# Guangzhou, 2(2): the group "may include" these; the list is open and none of them is a must (G05).
CATEGORIES = (
    "buyer",
    "supervising_department",
    "sector_department",
    "provider",
    "expert",
    "senior_social_worker",
    "recipient_representative",
)
LEAD, SCORER, SECRETARY, OBSERVER = "lead", "scorer", "secretary", "observer"
ROLES = (LEAD, SCORER, SECRETARY, OBSERVER)
# Chengdu, article 17: posts that are kept apart, in pairs (C07).
DUTIES = ("need_setting", "internal_check", "drafting", "document_review", "contract", "acceptance")
# What a person has done in the round, is employed by, has declared, or is to do.
SCORED, VISITED, LED, REVIEWER = "scored", "visited", "led", "reviewer"
PROVIDER, EMPLOYED, DECLARED = "provider", "provider_employee", "declared_interest"
MOST_MEMBERS, MOST_NAME, MOST_REASON, MOST_NODES = 60, 200, 1000, 200


@dataclass(frozen=True)
class GroupMember:
    """One person in a round's group, from the appointment to the end of it.

    `user` is the account that scores for this person; one without an account scores on paper. `nodes` are the
    indicators that a scorer judges, all of them if empty. `duties` are posts (DUTIES) that the person holds in the
    purchase. `waived` tells why a conflict that may be waived was: conflict id -> the lead's reason.
    """

    id: str
    round: str
    name: str
    category: str
    roles: tuple[str, ...]
    organisation: str = ""
    user: str = ""
    nodes: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    waived: Mapping[str, str] = field(default_factory=dict)
    appointed_at: datetime | None = None
    appointed_by: str = ""
    left_at: datetime | None = None
    left_reason: str = ""
    version: int = 1

    @property
    def active(self) -> bool:
        return self.left_at is None


@dataclass(frozen=True)
class Conflict:
    """Two parts that one person may not have together; `basis` is where that comes from, or that it is our safeguard.

    One that is waivable is allowed with the lead's reason.
    """

    a: str
    b: str
    basis: str
    waivable: bool = False

    @property
    def id(self) -> str:
        return f"{self.a}-{self.b}"


_GUANGZHOU = "广州市政府购买社会服务考核评估实施办法（试行）"
_CHENGDU = "成都市政府购买服务工作规程第十七条"
_SAFEGUARD = "safeguard of this service; the measures are silent"
CONFLICTS = (
    Conflict(PROVIDER, SCORER, f"{_SAFEGUARD} ({_GUANGZHOU}第二条第（二）项)"),
    Conflict(PROVIDER, LEAD, f"{_SAFEGUARD} ({_GUANGZHOU}第二条第（二）项)"),
    Conflict(PROVIDER, SECRETARY, f"{_SAFEGUARD}: the secretary enters the scores that are given on paper"),
    Conflict(EMPLOYED, SCORER, f"{_SAFEGUARD} ({_GUANGZHOU}第二条第（二）项)"),
    Conflict(EMPLOYED, LEAD, f"{_SAFEGUARD} ({_GUANGZHOU}第二条第（二）项)"),
    Conflict(EMPLOYED, SECRETARY, f"{_SAFEGUARD}: the secretary enters the scores that are given on paper"),
    Conflict(SECRETARY, SCORER, f"{_SAFEGUARD}: the secretary sees the scores that are given on paper", waivable=True),
    Conflict(DECLARED, SCORER, _SAFEGUARD),
    Conflict(DECLARED, LEAD, _SAFEGUARD),
    Conflict("need_setting", "internal_check", _CHENGDU),
    Conflict("drafting", "document_review", _CHENGDU),
    Conflict("contract", "acceptance", _CHENGDU),
    Conflict(SCORED, REVIEWER, f"{_SAFEGUARD} ({_GUANGZHOU}第六条第（三）项)"),
    Conflict(VISITED, REVIEWER, f"{_SAFEGUARD} ({_GUANGZHOU}第六条第（三）项)"),
    Conflict(LED, REVIEWER, f"{_SAFEGUARD} ({_GUANGZHOU}第六条第（三）项)"),
    Conflict(PROVIDER, REVIEWER, f"{_SAFEGUARD} ({_GUANGZHOU}第六条第（三）项)"),
    Conflict(EMPLOYED, REVIEWER, f"{_SAFEGUARD} ({_GUANGZHOU}第六条第（三）项)"),
    Conflict(DECLARED, REVIEWER, _SAFEGUARD),
)
# A scheme's parameter allows it (rules of the measures are silent on whether a provider's representative scores).
OF_PARAMETER = {"provider_may_score": ((PROVIDER, SCORER), (EMPLOYED, SCORER))}
WORDS = frozenset({*CATEGORIES, *ROLES, *DUTIES, SCORED, VISITED, LED, REVIEWER, EMPLOYED, DECLARED})


@dataclass(frozen=True)
class Person:
    """Somebody as names are compared: an account's id, or the name where there is none."""

    user: str
    name: str


@dataclass(frozen=True)
class Participants:
    """Who had a part in a round: user ids, and names as `normal` writes them, mixed in each set."""

    scorers: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    visitors: frozenset[str] = frozenset()

    def parts(self, *names: str) -> frozenset[str]:
        """Which of scored, visited and led hold for somebody known under any of these ids and names."""
        known = {name for name in names if name}
        sets = ((SCORED, self.scorers), (VISITED, self.visitors), (LED, self.leads))
        return frozenset(part for part, there in sets if known & there)


def normal(name: str) -> str:
    """A person's name as it is compared: one form of each letter, no spaces."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def in_force(conflicts: Iterable[Conflict], allowed: Iterable[str] = ()) -> tuple[Conflict, ...]:
    """CONFLICTS and those that a scheme adds, without what its parameters (of OF_PARAMETER) allow; the strictest of
    several that name the same two parts.
    """
    left_out = {frozenset(pair) for name in allowed for pair in OF_PARAMETER[name]}
    found: dict[frozenset[str], Conflict] = {}
    for one in (*CONFLICTS, *conflicts):
        pair = frozenset((one.a, one.b))
        if pair not in left_out and (pair not in found or (found[pair].waivable and not one.waivable)):
            found[pair] = one
    return tuple(found.values())


def parts_of(member: GroupMember, others: Iterable[GroupMember] = ()) -> frozenset[str]:
    """Everything that this person is and does; `others` are the same person's entries in rounds of the project.

    Whoever leads or scores takes part in accepting the service: with the contract in the same hand, nobody checks
    (C07; Chengdu, articles 17 and 25).
    """
    mine = {member.category, *member.roles, *member.duties}
    for one in others:
        mine.update(one.duties)
    if mine & {LEAD, SCORER}:
        mine.add("acceptance")
    return frozenset(mine)


def clashes(parts: Iterable[str], conflicts: Iterable[Conflict]) -> tuple[Conflict, ...]:
    """The conflicts of a person who has all these parts, in the order of the rules."""
    held = set(parts)
    return tuple(one for one in conflicts if one.a in held and one.b in held)


def same_person(a: Person, b: Person) -> bool:
    """The same account, or the same name where one of them has none."""
    if a.user and b.user:
        return a.user == b.user
    return normal(a.name) == normal(b.name)


def check(member: GroupMember) -> None:
    """Name, category, parts and duties are of the lists. Raises Refused("invalid") naming every field."""
    faults = _text_faults("name", member.name, MOST_NAME)
    options = (
        ("category", (member.category,), CATEGORIES),
        ("roles", member.roles, ROLES),
        ("duties", member.duties, DUTIES),
    )
    for name, given, known in options:
        shown = ", ".join(known)
        faults += [Fault(name, "not_an_option", {"value": one, "options": shown}) for one in given if one not in known]
        faults += [Fault(name, "duplicate", {"value": one}) for one in dict.fromkeys(given) if given.count(one) > 1]
    if not member.roles:
        faults.append(Fault("roles", "missing"))
    if member.nodes and SCORER not in member.roles:
        faults.append(Fault("nodes", "nodes_of_no_scorer"))
    for reason in member.waived.values():
        faults += _text_faults("waived", reason, MOST_REASON)
    if faults:
        raise Refused("invalid", faults)


def check_reason(reason: str) -> str:
    """A reason that can be read later. Raises Refused("invalid")."""
    if faults := _text_faults("reason", reason, MOST_REASON):
        raise Refused("invalid", faults)
    return reason.strip()


def _text_faults(field: str, text: str, most: int) -> list[Fault]:
    if not text.strip():
        return [Fault(field, "missing")]
    if len(text) > most:
        return [Fault(field, "too_long", {"limit": most})]
    return [Fault(field, "control_characters")] if has_forbidden(text) else []


def check_clashes(found: Sequence[Conflict], waived: Mapping[str, str]) -> None:
    """No conflict, or a waivable one with its reason. Raises Refused("group_conflict"), ("invalid") for waiving air."""
    faults = [
        Fault("waived" if one.waivable else "roles", "conflict_waivable" if one.waivable else "conflict_parts", params)
        for one in found
        if not (one.waivable and one.id in waived)
        for params in [{"a": one.a, "b": one.b, "basis": one.basis, "id": one.id}]
    ]
    if faults:
        raise Refused("group_conflict", faults)
    if needless := sorted(set(waived) - {one.id for one in found}):
        raise Refused("invalid", [Fault("waived", "nothing_to_waive", {"value": needless[0]})])


@dataclass(frozen=True)
class Candidate:
    """Somebody who is to sit in a review."""

    name: str
    user: str = ""
    organisation: str = ""
    category: str = "expert"


@dataclass(frozen=True)
class Barred:
    """Why the candidate at this place may not sit: the conflict, and the part that brings it about."""

    place: int
    name: str
    part: str
    basis: str

    @property
    def fault(self) -> Fault:
        return Fault(f"members.{self.place}", f"barred_{self.part}", {"value": self.name})


def may_not_sit(
    candidates: Sequence[Candidate],
    participants: Participants,
    declared: Iterable[str] = (),
    employees: Iterable[str] = (),
    conflicts: Iterable[Conflict] = CONFLICTS,
) -> tuple[Barred, ...]:
    """Who of a panel may not review the round, and why (G57).

    `declared` are the user ids of those who have declared an interest, `employees` those of the provider's accounts.
    """
    rules, interested, provided = tuple(conflicts), set(declared), set(employees)
    found = []
    for place, one in enumerate(candidates):
        parts = {REVIEWER, one.category, *participants.parts(one.user, normal(one.name))}
        parts |= ({DECLARED} if one.user in interested else set()) | ({EMPLOYED} if one.user in provided else set())
        for clash in clashes(parts, rules):
            if REVIEWER in (clash.a, clash.b):
                part = clash.a if clash.b == REVIEWER else clash.b
                found.append(Barred(place, one.name, part, clash.basis))
    return tuple(found)
