"""Consequences: what a final result lets or makes follow, and the lead's decisions on it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from service.domain.access import Actor
from service.domain.days import day_of
from service.domain.errors import Refused
from service.domain.evaluate.results import ResultVersion
from service.domain.evaluate.rounds import FINAL, PUBLISHED, Round
from service.domain.evaluate.scheme_parts import Consequence
from service.domain.evaluate.schemes import Counter, Scheme
from service.domain.procedure import consequences as rules
from service.domain.procedure.bans import Ban
from service.domain.procedure.consequences import ConsequenceDecision, Continuation, Facts, Standing
from service.domain.procedure.due import Due
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import act, create_once, journal_entries, load, plain
from service.operations.evaluate import results, rounds, schemes
from service.store import Tx, records

DONE = (FINAL, PUBLISHED)


@dataclass(frozen=True)
class Following:
    """One consequence of a scheme for one round: whether it follows, and what was decided."""

    consequence: Consequence
    action: str
    status: str
    decision: ConsequenceDecision | None


@dataclass(frozen=True)
class Decided:
    """What the lead says: of which consequence, with which grounds, sum and days."""

    id: str
    consequence: str
    outcome: str
    reason: str
    document: str = ""
    grounds: tuple[str, ...] = ()
    group: str = ""
    amount: Decimal | None = None
    starts_on: date | None = None
    ends_on: date | None = None


def of_round(actor: Actor, id: str, grounds: Sequence[str] = (), group: str = "") -> list[Following]:
    """Every consequence that the scheme knows, and whether it follows from this final result.

    `grounds` are what the lead has found, `group` the unit's group where a scheme has several. Raises
    Refused: result_not_final, invalid.
    """
    round = rounds.get(actor, id, "consequences.read")
    return _following(round, tuple(grounds), group)


def _following(round: Round, grounds: tuple[str, ...], group: str) -> list[Following]:
    if round.state not in DONE:
        raise Refused("result_not_final", state=round.state)
    rules.check_grounds(grounds)
    scheme = schemes.parsed(_latest(round).scheme)
    facts = replace(facts_of(round, group), grounds=grounds)
    decided = {one.consequence: one for one in records.find(ConsequenceDecision, round=round.id)}
    return [
        Following(one, rules.action_of(one), rules.status(one, facts), decided.get(one.id))
        for one in scheme.consequences
    ]


def _latest(round: Round) -> ResultVersion:
    found = results.latest(round.id)
    if found is None:
        raise Refused("result_not_final", state=round.state)
    return found


def facts_of(round: Round, group: str = "") -> Facts:
    """All final results of this provider under this scheme up to this round, and which chances are gone (O13)."""
    project, scheme = load(Project, round.project, "project"), schemes.parsed(_latest(round).scheme)
    mine = [one.id for one in records.find(Project, provider=project.provider)]
    found = []
    for other in records.find(Round, project=tuple(mine), state=DONE):
        result = results.latest(other.id)
        same = result is not None and result.scheme.partition("@")[0] == round.scheme.partition("@")[0]
        if result is not None and same and other.opened_at <= round.opened_at:
            found.append((other.opened_at, other.id == round.id, _standing(other, result, scheme, group)))
    found.sort(key=lambda one: one[:2])
    decisions = records.find(ConsequenceDecision, provider=project.provider)
    used = [
        one
        for one in decisions
        if (one.action, one.outcome) == (rules.RECTIFY, rules.APPLIED)
        and one.round != round.id
        and one.scheme.partition("@")[0] == round.scheme.partition("@")[0]
    ]
    chances = int(scheme.parameter("rectification_chances"))
    return Facts(tuple(one[2] for one in found), chances=chances, used=len(used))


def _standing(round: Round, result: ResultVersion, scheme: Scheme, group: str) -> Standing:
    period = None if scheme.calendar is None else rules.period_number(scheme.calendar, day_of(round.opened_at))
    return Standing(result.grade, result.total, _target(result.total, scheme, group), period)


def _target(total: Decimal, scheme: Scheme, group: str) -> str:
    """Whether the target of the group for one period was met (I09); "" where there is none, or it is not said whose."""
    if scheme.calendar is None:
        return ""
    targets = {one.id: one.targets.get(scheme.calendar.period) for one in scheme.groups}
    target = targets.get(group) if group else next(iter(targets.values())) if len(targets) == 1 else None
    return "" if target is None else "met" if total >= target else "missed"


def decide(actor: Actor, now: datetime, round_id: str, said: Decided) -> tuple[ConsequenceDecision, bool]:
    """A person of the lead decides on one consequence; what it makes (a ban, a task) comes with it.

    Raises Refused: not_lead, result_not_final, consequence_none, consequence_waits, consequence_must,
    nothing_unfinished, not_found, id_taken, invalid.
    """
    round = rounds.get(actor, round_id, "consequences.write")
    project = rounds.require_lead(actor, round)
    found = {one.consequence.id: one for one in _following(round, said.grounds, said.group)}
    if said.consequence not in found:
        raise Refused("not_found", noun="consequence")
    one = found[said.consequence]
    made = _dated(now, round, project, one, said, actor)
    if one.decision is not None:
        if one.decision.id != made.id:
            raise Refused("consequence_decided", id=said.consequence)
        return create_once("consequence.decided", actor, now, projects.scope(project.id), made, ("at", "by"))
    rules.check_decision(one.consequence, one.status, made)
    more = _records(actor, now, round, made)

    def write(tx: Tx) -> None:
        records.insert(made, tx)
        for record in more:
            records.insert(record, tx)

    try:
        act("consequence.decided", actor, now, projects.scope(project.id), made.id, plain(vars(made)), write)
    except records.Duplicate:
        raise Refused("id_taken", id=made.id) from None
    return made, True


def _dated(
    now: datetime, round: Round, project: Project, one: Following, said: Decided, actor: Actor
) -> ConsequenceDecision:
    """A term begins on the day the result became final, or on that of the decision, as the scheme says (G61)."""
    consequence = one.consequence
    starts, ends = said.starts_on, said.ends_on
    if said.outcome == rules.APPLIED and (consequence.months or one.action in rules.BARRING):
        if starts is None:
            scheme = schemes.parsed(round.scheme)
            default = consequence.start if consequence.start != "result_final" else scheme.parameter("ban_start")
            starts = day_of(now) if default == "decision" else final_on(round)
        if ends is None and consequence.months and not consequence.permanent:
            ends = rules.last_day(starts, consequence.months)
    return ConsequenceDecision(
        id=said.id,
        round=round.id,
        project=project.id,
        provider=project.provider,
        result=_latest(round).id,
        consequence=said.consequence,
        action=one.action,
        outcome=said.outcome,
        reason=said.reason.strip(),
        document=said.document.strip(),
        at=now,
        by=actor.id,
        grounds=said.grounds,
        amount=said.amount,
        starts_on=starts,
        ends_on=None if one.action == rules.DISQUALIFY else ends,
        scheme=round.scheme,
    )


def final_on(round: Round) -> date:
    """The day on which the result became final, from the journal."""
    for entry in reversed(list(journal_entries([projects.scope(round.project)]))):
        moved = entry.act == "round.moved" and entry.subject == round.id
        if moved and (entry.details or {}).get("to") == FINAL:
            return day_of(entry.at)
    return day_of(_latest(round).made_at)


def _records(actor: Actor, now: datetime, round: Round, made: ConsequenceDecision) -> list[Ban | Continuation]:
    """What a decision brings about: a ban on the organisation, or a task until the targets are reached."""
    if made.outcome != rules.APPLIED:
        return []
    if made.action in rules.BARRING and made.starts_on is not None:
        ban = Ban(
            made.id, made.provider, round.id, made.project, made.id, made.document, made.reason, made.starts_on, now,
            actor.id, made.ends_on,
        )  # fmt: skip
        return [ban]
    if made.action != rules.CONTINUE:
        return []
    result = _latest(round)
    counters = {
        node.id: node.spec.denominator
        for node in schemes.parsed(result.scheme).leaves()
        if isinstance(node.spec, Counter) and node.spec.denominator
    }
    targets, reached = rules.unfinished(json.loads(result.evidence), counters)
    if not targets:
        raise Refused("nothing_unfinished")
    return [Continuation(made.id, round.id, made.project, made.provider, now, actor.id, targets, reached)]


def continuations(actor: Actor, project_id: str) -> list[Continuation]:
    """The tasks of a project that go on until they are done, open and done."""
    return records.find(Continuation, project=projects.project(actor, project_id, "consequences.read").id)


def continuation(actor: Actor, id: str, action: str = "consequences.read") -> Continuation:
    """One of these tasks."""
    there = load(Continuation, id, "task")
    projects.project(actor, there.project, action)
    return there


def report(
    actor: Actor, now: datetime, id: str, node: str, value: Decimal, on: date, source: str, version: int
) -> Continuation:
    """Enter what a counter has come to since, as verified. Raises Refused: state_conflict, stale, invalid."""
    there = load(Continuation, id, "task")
    project = projects.project(actor, there.project, "continuations.write")
    changed = rules.verified(there, node, value, on, source, actor.id)
    details = {"node": node, "value": value, "on": on, "source": source, "done": changed.done_on is not None}
    scope = projects.scope(project.id)
    act(
        "continuation.verified", actor, now, scope, id, plain(details), lambda tx: records.replace(changed, version, tx)
    )
    return changed


def bans(actor: Actor, project_id: str) -> list[Ban]:
    """The bans that followed from a project's results."""
    return records.find(Ban, project=projects.project(actor, project_id, "consequences.read").id)


def lift(actor: Actor, now: datetime, id: str, on: date, reason: str, version: int) -> Ban:
    """Take a ban back from a day on, with the reason. Raises Refused: not_lead, stale, invalid."""
    there = load(Ban, id, "ban")
    round = rounds.get(actor, there.round, "consequences.write")
    rounds.require_lead(actor, round)
    rules.check_lifting(there.from_on, on, reason)
    changed = replace(there, lifted_on=on, lifted_reason=reason.strip(), version=version + 1)
    scope, details = projects.scope(there.project), plain({"on": on, "reason": reason})
    act("ban.lifted", actor, now, scope, id, details, lambda tx: records.replace(changed, version, tx))
    return changed


def due(project_ids: Sequence[str], today: date) -> list[Due]:
    """Tasks that go on until they are done: due every day until then, the lead sees to it (G62)."""
    found = records.find(Continuation, project=tuple(project_ids)) if project_ids else []
    return [
        Due(one.project, one.round, "continuation", one.id, LABEL, day_of(one.opened_at), False, "provider", True)
        for one in found
        if one.done_on is None
    ]


LABEL = {
    "zh-Hans": "继续服务直至任务完成",
    "zh-Hant": "繼續服務直至任務完成",
    "en": "Service goes on until the tasks are done",
}
