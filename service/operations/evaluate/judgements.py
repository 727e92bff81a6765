"""Judgements of the group: each scorer enters the own ones, hidden from all others until everybody's are in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.evaluate import judgements as rules
from service.domain.evaluate.evidence import Panel
from service.domain.evaluate.judgements import DRAFT, IN, RoundJudgement
from service.domain.evaluate.rounds import ENTERING, Round
from service.domain.evaluate.schemes import Scheme
from service.domain.evaluate.unmet import Unmet
from service.domain.inspect import conflicts as declarations
from service.domain.inspect.conflicts import Declaration
from service.domain.organisations import User
from service.domain.procedure import approvals, judging
from service.domain.procedure.approvals import APPROVED, EvaluatorApproval
from service.domain.procedure.groups import SECRETARY, GroupMember
from service.domain.procedure.judging import Awaited, Judging
from service.domain.procedure.papers import Paper
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import act, create_once, load, plain, replacing
from service.operations.evaluate import rounds, schemes
from service.store import records

GATE = "judgements_complete"
_FILLED_IN = ("at", "by", "changes", "version")


def enter(actor: Actor, now: datetime, judgement: RoundJudgement) -> tuple[RoundJudgement, bool]:
    """Enter a score: the own one by the own account, one on paper by the secretary, a signed opinion by the evaluator.

    A repeat finds what it made; a second score of the same rater is refused. Raises Refused: see `judging.check_asked`,
    scorer_of_provider, own_account, not_secretary, evaluator_unapproved, conflict_of_interest, invalid.
    """
    there = rounds.get(actor, judgement.round, "scoring.write")
    rounds.require_state(there, *ENTERING)
    scheme, owner = schemes.parsed(there.scheme), load(Project, there.project, "project")
    rules.require_judged(scheme, judgement.node)
    wanted = awaited(there, scheme)[judgement.node]
    made = _by(actor, owner, wanted, replace(judgement, rater=judgement.rater or _own(actor, owner, scheme, wanted)))
    made = replace(made, at=now, by=actor.id)
    if records.get(RoundJudgement, made.id) is None:
        _check_rater(actor, owner, there, wanted, made)
    _check(scheme, wanted, made)
    try:
        scope, check = projects.scope(owner.id), rounds.still(there.id, *ENTERING)
        return create_once("judgement.entered", actor, now, scope, made, _FILLED_IN, check=check)
    except Refused as refused:
        if refused.reason == "id_taken" and records.get(RoundJudgement, made.id) is None:
            raise Refused("judgement_twice", node=made.node) from None
        raise


def _own(actor: Actor, owner: Project, scheme: Scheme, wanted: Awaited) -> str:
    """The membership that the actor scores by. Raises Refused: scorer_of_provider, not_asked, member_left."""
    if actor.organisation == owner.provider and not scheme.parameter("provider_may_score"):
        raise Refused("scorer_of_provider")
    mine = [one for one in wanted.members if one.user == actor.id]
    if not mine:
        raise Refused("not_asked", node=wanted.node)
    return max(mine, key=lambda one: (one.active, one.appointed_at is not None and one.appointed_at, one.id)).id


def _by(actor: Actor, owner: Project, wanted: Awaited, judgement: RoundJudgement) -> RoundJudgement:
    """With the account that gives it. Raises Refused: own_account, not_secretary, scorer_of_provider, forbidden."""
    member = next((one for one in wanted.members if one.id == judgement.rater), None)
    if member is None:
        if actor.organisation == owner.provider:
            raise Refused("scorer_of_provider")
        access.require(actor, "rounds.write", owner.parties)
        return replace(judgement, user="")
    if member.user:
        if member.user != actor.id:
            raise Refused("own_account", name=member.name)
        return replace(judgement, user=actor.id)
    if not is_secretary(actor, judgement.round):
        raise Refused("not_secretary")
    return replace(judgement, user="")


def is_secretary(actor: Actor, round_id: str) -> bool:
    """Whether the actor is the secretary of the group, who enters what is scored on paper."""
    mine = records.find(GroupMember, round=round_id, user=actor.id)
    return any(one.active and SECRETARY in one.roles for one in mine)


def _check_rater(actor: Actor, owner: Project, round: Round, wanted: Awaited, made: RoundJudgement) -> None:
    """Whoever scores was asked, is still there and free to; a third party scores only once it is approved (G06)."""
    if not wanted.members and not wanted.names:  # nobody was named beforehand, as in rounds without a group
        if any(one.rater == made.rater for one in wanted.judgements):
            raise Refused("judgement_twice", node=made.node)
        member = None
    else:
        member = judging.check_asked(wanted, made.rater)
    _require_approved(owner, member)
    if member is not None:
        _require_free(owner, member)


def _require_approved(owner: Project, member: GroupMember | None) -> None:
    """The evaluator's own people score after its approval; names on a panel unless an approval is still under way."""
    if member is not None and member.organisation != owner.evaluator:
        return
    last = approvals.standing(records.find(EvaluatorApproval, project=owner.id), owner.evaluator)
    if (last is None and member is not None) or (last is not None and last.state != APPROVED):
        raise Refused("evaluator_unapproved")


def _require_free(owner: Project, member: GroupMember) -> None:
    """Raises Refused("conflict_of_interest") if the scorer has declared an interest or changed to the provider."""
    user = records.get(User, member.user) if member.user else None
    if user is None:
        return
    if any(one.conflict for one in declarations.in_force(records.find(Declaration, user=user.id), owner)):
        raise Refused("conflict_of_interest", [Fault("rater", "conflict_declared", {"value": member.name})])
    if user.organisation == owner.provider != member.organisation:
        raise Refused("conflict_of_interest", [Fault("rater", "conflict_provider", {"value": member.name})])


def _check(scheme: Scheme, wanted: Awaited, judgement: RoundJudgement) -> None:
    """What is sent fits: files that are there, a signed sheet for whoever has no account, reasons long enough."""
    sent = {one.name for one in records.find(Paper, subject=sheets_of(judgement.round))}
    faults = [Fault("papers", "no_such_file", {"value": name}) for name in judgement.papers if name not in sent]
    member = any(one.id == judgement.rater for one in wanted.members)
    if member and not judgement.user and not judgement.papers:
        faults.append(Fault("papers", "sheet_missing"))
    if judgement.state == DRAFT and not judgement.user:
        faults.append(Fault("state", "not_an_option", {"value": DRAFT, "options": IN}))
    if faults:
        raise Refused("invalid", faults)
    if judgement.state == DRAFT and judgement.score is None:
        return
    rules.as_evidence(judgement)
    if judgement.state == IN:
        rules.check(scheme, judgement)
        if member:
            judging.check_score(scheme, judgement)


def change(
    actor: Actor,
    now: datetime,
    id: str,
    version: int,
    score: Decimal | None,
    reason: str,
    state: str,
    papers: Sequence[str] = (),
    change_reason: str = "",
) -> RoundJudgement:
    """Go on with a draft, or change what is in: with a reason, and before the scores are known or on a reopened node.

    What stood there before is kept and journalled. Raises Refused: judgement_seen, stale, and as `enter`.
    """
    before = load(RoundJudgement, id, "judgement")
    there = rounds.get(actor, before.round, "scoring.write")
    rounds.require_state(there, *ENTERING)
    scheme, owner = schemes.parsed(there.scheme), load(Project, there.project, "project")
    wanted = awaited(there, scheme)[before.node]
    if before.user and before.user != actor.id:
        raise Refused("not_found", noun="judgement")
    _by(actor, owner, wanted, before)
    _check_still(owner, wanted, before)
    why = judging.check_change(load_judging(there), wanted, before, change_reason)
    if before.state == IN and state != IN:
        raise Refused("invalid", [Fault("state", "not_an_option", {"value": state, "options": IN})])
    after = replace(before, score=score, reason=reason, state=state, papers=tuple(papers), version=version + 1)
    if before.state == IN:
        was = {"score": str(before.score), "reason": before.reason, "why": why, "at": now, "by": actor.id}
        after = replace(after, changes=(*before.changes, was))
    else:
        after = replace(after, at=now, by=actor.id)
    _check(scheme, wanted, after)
    details = {"node": after.node, "rater": after.rater, "before": _told(before), "after": _told(after), "reason": why}
    name = "judgement.changed" if before.state == IN else "judgement.given" if state == IN else "judgement.drafted"
    write = replacing(after, version, rounds.still(there.id, *ENTERING))
    act(name, actor, now, projects.scope(owner.id), id, plain(details), write)
    return after


def _told(judgement: RoundJudgement) -> dict[str, Any]:
    score = None if judgement.score is None else str(judgement.score)
    return {"score": score, "reason": judgement.reason, "state": judgement.state}


def _check_still(owner: Project, wanted: Awaited, judgement: RoundJudgement) -> None:
    """Who has left or may not look at this provider any more changes nothing."""
    member = next((one for one in wanted.members if one.id == judgement.rater), None)
    if member is None:
        return
    if not member.active:
        raise Refused("member_left", name=member.name)
    _require_approved(owner, member)
    _require_free(owner, member)


def of_round(round: Round) -> list[RoundJudgement]:
    """All of them, whoever may see them: for rules, not for readers."""
    return records.find(RoundJudgement, round=round.id)


def awaited(round: Round, scheme: Scheme, given: Sequence[RoundJudgement] | None = None) -> dict[str, Awaited]:
    """Node -> who is asked to judge it, and what they gave (`given`, if the caller has read it already)."""
    members = records.find(GroupMember, round=round.id)
    return judging.awaited(scheme, round.panels, members, of_round(round) if given is None else given)


def load_judging(round: Round) -> Judging:
    """What the lead has set for the scoring; of version 0 while nothing was."""
    return records.get(Judging, round.id) or Judging(round.id, version=0)


def visible(actor: Actor, round: Round) -> list[RoundJudgement]:
    """What this actor may see now: the own ones, and what is in of nodes that are not blind any more.

    The latter only for those who evaluate or lead; a provider never sees who scored what.
    """
    found = of_round(round)
    mine = [one for one in found if actor.id in (one.user, one.by)]
    if not is_insider(actor, round):
        return mine
    blind = blind_nodes(round)
    return [one for one in found if one in mine or (one.state != DRAFT and one.node not in blind)]


def is_insider(actor: Actor, round: Round) -> bool:
    """Whether the actor evaluates or leads: by the part of the organisation, or as a member of the group."""
    owner = load(Project, round.project, "project")
    if any(access.may(actor, action, owner.parties) for action in ("judging.write", "rounds.write")):
        return True
    mine = records.find(GroupMember, round=round.id, user=actor.id)
    return actor.organisation != owner.provider and any(one.active for one in mine)


def blind_nodes(round: Round) -> frozenset[str]:
    """The nodes whose scores and points nobody may see yet: somebody who was asked has not scored."""
    return frozenset(node for node, one in awaited(round, schemes.parsed(round.scheme)).items() if one.blind)


def panels(round: Round, scheme: Scheme, given: Sequence[RoundJudgement] | None = None) -> tuple[Panel, ...]:
    """Who was asked, as the score takes it; those whom the lead has lapsed are not waited for."""
    found = sorted(awaited(round, scheme, given).items())
    return tuple(Panel(node, one.raters) for node, one in found if one.raters)


def unmet(round: Round) -> list[Unmet]:
    """For the gate `judgements_complete`: nodes that still wait for a scorer, or have fewer than the quorum."""
    found = []
    for node, one in sorted(awaited(round, schemes.parsed(round.scheme)).items()):
        if node in round.references:  # an assessment of the agency stands for it
            continue
        if one.waiting:
            params = {"node": node, "count": len(one.waiting)}
            found.append(Unmet(GATE, node, "judgements_waiting", params))
        elif one.given < one.quorum:
            params = {"node": node, "given": one.given, "needed": one.quorum}
            found.append(Unmet(GATE, node, "quorum_missed", params))
    return found


def sheets_of(round_id: str) -> str:
    """Under which name the signed sheets of a round are kept."""
    return f"score-sheets:{round_id}"
