"""The evaluation group of a round: appointed by the lead, and asked by others who had which part in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.evaluate.judgements import RoundJudgement
from service.domain.evaluate.rounds import ENTERING, Round, is_node
from service.domain.evaluate.schemes import Expert, Scheme
from service.domain.evaluate.unmet import Unmet
from service.domain.inspect import conflicts as declarations
from service.domain.inspect.conflicts import Declaration
from service.domain.inspect.spot_checks import SpotCheck
from service.domain.inspect.visits import FINISHED, STARTED, Visit
from service.domain.organisations import User
from service.domain.procedure import groups as rules
from service.domain.procedure.groups import (
    DECLARED,
    EMPLOYED,
    LEAD,
    MOST_MEMBERS,
    PROVIDER,
    SCORER,
    Barred,
    Candidate,
    Conflict,
    GroupMember,
    Participants,
    Person,
)
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import act, create_once, load, plain
from service.operations.evaluate import rounds, schemes
from service.operations.procedure import approvals
from service.store import records

GATE = "group_constituted"
_FILLED_IN = ("organisation", "appointed_at", "appointed_by", "left_at", "left_reason", "version")


def appoint(actor: Actor, now: datetime, member: GroupMember) -> tuple[GroupMember, bool]:
    """Add somebody to the group, by the lead. Raises Refused: not_lead, invalid, group_conflict, state_conflict."""
    there = rounds.get(actor, member.round, "groups.write")
    owner = rounds.require_lead(actor, there)
    rounds.require_state(there, *ENTERING)
    rules.check(member)
    scheme = schemes.parsed(there.scheme)
    made = replace(member, appointed_at=now, appointed_by=actor.id, organisation=_organisation(owner, member))
    _check_nodes(scheme, made)
    if (known := records.get(GroupMember, made.id)) is None:
        _check_place(there, made)
    if known is None or known.active:
        rules.check_clashes(clashes(owner, scheme, made), made.waived)
    scope, check = projects.scope(owner.id), rounds.still(there.id, *ENTERING)
    return create_once("member.appointed", actor, now, scope, made, _FILLED_IN, check=check)


def leave(actor: Actor, now: datetime, id: str, reason: str, version: int) -> GroupMember:
    """End a membership, with a reason: from now on this person scores nothing. Raises Refused as `appoint`, stale."""
    there = load(GroupMember, id, "member")
    round = rounds.get(actor, there.round, "groups.write")
    owner = rounds.require_lead(actor, round)
    if not there.active:
        raise Refused("state_conflict", noun="member", state="gone")
    gone = replace(there, left_at=now, left_reason=rules.check_reason(reason), version=version + 1)
    details = {"name": gone.name, "roles": list(gone.roles), "reason": gone.left_reason}
    scope = projects.scope(owner.id)
    act("member.left", actor, now, scope, id, plain(details), lambda tx: records.replace(gone, version, tx))
    return gone


def of_round(actor: Actor, round_id: str) -> list[GroupMember]:
    """The group, those who left too; for the parties of the project and the group itself."""
    return members(rounds.get(actor, round_id, "groups.read"))


def members(round: Round) -> list[GroupMember]:
    """Everybody who was ever appointed, in the order of appointment: for rules, not for readers."""
    found = records.find(GroupMember, round=round.id)
    return sorted(found, key=lambda one: (one.appointed_at is not None, one.appointed_at, one.id))


@dataclass(frozen=True)
class Account:
    """An account that may be appointed, and whose it is."""

    id: str
    username: str
    organisation: str


def accounts(actor: Actor, round_id: str) -> list[Account]:
    """The active accounts of the project's organisations, for the lead who appoints. Raises Refused("not_lead")."""
    owner = rounds.require_lead(actor, rounds.get(actor, round_id, "groups.write"))
    found = [user for id in sorted(set(owner.parties.values())) for user in records.find(User, organisation=id)]
    able = [user for user in found if user.active and set(user.roles) & set(access.ACTIONS["scoring.write"])]
    return sorted((Account(one.id, one.username, one.organisation) for one in able), key=lambda one: one.username)


def waivable(actor: Actor, round_id: str) -> list[Conflict]:
    """The conflicts of this round's scheme that the lead may waive with a reason."""
    there = rounds.get(actor, round_id, "groups.write")
    return [one for one in conflicts_of(schemes.parsed(there.scheme)) if one.waivable]


def conflicts_of(scheme: Scheme) -> tuple[Conflict, ...]:
    """What is in force under this scheme: the service's own, the scheme's, without what its parameters allow."""
    allowed = [name for name in rules.OF_PARAMETER if getattr(scheme, "parameters", {}).get(name)]
    added = [
        Conflict(one.a, one.b, ", ".join(one.rules), one.waivable) for one in getattr(scheme, "conflicts", ()) or ()
    ]
    return rules.in_force(added, allowed)


def clashes(owner: Project, scheme: Scheme, member: GroupMember) -> tuple[Conflict, ...]:
    """The conflicts of this person's parts, in this round and with the duties told in others of the project."""
    ids = tuple(round.id for round in records.find(Round, project=owner.id))
    me = Person(member.user, member.name)
    others = [one for one in records.find(GroupMember, round=ids) if rules.same_person(Person(one.user, one.name), me)]
    parts = set(rules.parts_of(member, others))
    if member.organisation == owner.provider:
        parts.add(EMPLOYED)
    if has_declared_interest(owner, member.user):
        parts.add(DECLARED)
    return rules.clashes(parts, conflicts_of(scheme))


def has_declared_interest(owner: Project, user: str) -> bool:
    """Whether this account has declared an interest in the project or its provider, by its latest word."""
    return bool(user) and any(one.conflict for one in declarations.in_force(_declared(user), owner))


def _declared(user: str) -> list[Declaration]:
    return records.find(Declaration, user=user)


def _organisation(owner: Project, member: GroupMember) -> str:
    """The account's organisation; whoever is the provider's must be named as such."""
    employer = member.organisation
    if member.user:
        user = records.get(User, member.user)
        if user is None or not user.active:
            raise Refused("invalid", [Fault("user", "no_such_account", {"value": member.user})])
        employer = user.organisation
    if employer == owner.provider and member.category != PROVIDER:
        raise Refused("invalid", [Fault("category", "category_of_provider", {"value": member.name})])
    return employer


def _check_nodes(scheme: Scheme, member: GroupMember) -> None:
    unknown = [node for node in member.nodes if not is_node(scheme, node, Expert)]
    if unknown:
        raise Refused("invalid", [Fault("nodes", "not_judged", {"value": unknown[0]})])


def _check_place(round: Round, member: GroupMember) -> None:
    """One active entry per person, and a group of a bounded size."""
    active = [one for one in members(round) if one.active]
    if len(active) >= MOST_MEMBERS:
        raise Refused("invalid", [Fault("name", "too_many", {"limit": MOST_MEMBERS})])
    me = Person(member.user, member.name)
    if any(rules.same_person(Person(one.user, one.name), me) for one in active):
        field = "user" if member.user else "name"
        raise Refused("invalid", [Fault(field, "member_already", {"value": member.name})])


def constituted(round: Round) -> list[Unmet]:
    """For the gate `group_constituted`: somebody leads and scores, nobody has a conflict, accounts have declared.

    Without any member an approved third party carries the round out by itself (Guangzhou, 2(2)).
    """
    active = [one for one in members(round) if one.active]
    if not active:
        by_third_party = approvals.approved(round.project)
        return [] if by_third_party else [Unmet(GATE, "", "group_empty", waivable=True)]
    owner, scheme = load(Project, round.project, "project"), schemes.parsed(round.scheme)
    found = [
        Unmet(GATE, role, code)
        for role, code in ((LEAD, "group_without_lead"), (SCORER, "group_without_scorer"))
        if not any(role in one.roles for one in active)
    ]
    for one in active:
        for clash in clashes(owner, scheme, one):
            if clash.id not in one.waived:
                params = {"a": clash.a, "b": clash.b, "basis": clash.basis, "id": clash.id, "value": one.name}
                found.append(Unmet(GATE, one.id, "member_conflict", params))
        if SCORER in one.roles and one.user and not declarations.in_force(_declared(one.user), owner):
            found.append(Unmet(GATE, one.id, "member_undeclared", {"value": one.name}, waivable=True))
    return found


def participants(round_id: str) -> Participants:
    """Who scored, led or visited: those of the group, whoever entered a score, and all who went to the provider.

    User ids, and names as `rules.normal` writes them. Somebody who left the group had a part all the same.
    """
    round = load(Round, round_id, "round")
    group = members(round)
    by_id = {one.id: one for one in group}
    scorers = set(_known(one for one in group if SCORER in one.roles))
    for judgement in records.find(RoundJudgement, round=round.id):
        rater = by_id.get(judgement.rater)
        scorers |= set(_known([rater])) if rater else {rules.normal(judgement.rater)}
        scorers |= {judgement.user} - {""}
    leads = set(_known(one for one in group if LEAD in one.roles))
    return Participants(frozenset(scorers), frozenset(leads), frozenset(_visitors(round)))


def _known(group: Iterable[GroupMember]) -> Iterable[str]:
    """What a member is known by: the account, and the name."""
    return (word for one in group for word in (one.user, rules.normal(one.name)) if word)


def _visitors(round: Round) -> set[str]:
    """Everybody who made a visit of the project, was replaced on one that had started, or looked a record up."""
    found: set[str] = set()
    for visit in records.find(Visit, project=round.project):
        if visit.started_at is None or visit.state not in (STARTED, FINISHED):
            continue
        found.update(visit.persons)
        found.update(entry["from"] for entry in visit.history if entry.get("what") == "person")
    draws = tuple({*round.checks.values(), *round.counters.values()})
    if draws:
        found.update(spot.by for spot in records.find(SpotCheck, draw=draws))
    return found


def may_not_sit(round: Round, candidates: Sequence[Candidate]) -> tuple[Barred, ...]:
    """Who of a panel may not review this round, and why (G57)."""
    owner = load(Project, round.project, "project")
    users = {one.user for one in candidates if one.user}
    employed = {user.id for user in records.find(User, _id=tuple(users)) if user.organisation == owner.provider}
    interested = {user for user in users if has_declared_interest(owner, user)}
    listed = conflicts_of(schemes.parsed(round.scheme))
    return rules.may_not_sit(candidates, participants(round.id), interested, employed, listed)


def panel(actor: Actor, round_id: str, candidates: Sequence[Candidate]) -> tuple[Barred, ...]:
    """`may_not_sit` for whoever puts a panel together."""
    return may_not_sit(rounds.get(actor, round_id, "groups.write"), candidates)
