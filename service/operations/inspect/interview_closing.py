"""How a person leaves an interviewer's hand: open again, or closed and, if not effective, replaced by a next ticket."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from service import store
from service.domain.access import Actor
from service.domain.errors import Refused
from service.domain.inspect import interviews as rules
from service.domain.inspect.dispositions import EFFECTIVE
from service.domain.inspect.interview_comparison import PairedAnswer
from service.domain.inspect.interviews import Interviewee, InterviewerHold, InterviewPlan
from service.domain.keys import Key
from service.operations import projects
from service.operations.acts import act
from service.operations.inspect import interview_plans
from service.store import records

TRIES = 16


def let_go(
    actor: Actor, now: datetime, plan: InterviewPlan, person: Interviewee, name: str, details: dict[str, Any]
) -> Interviewee:
    free = replace(person, holder="", held_until=None, version=person.version + 1)

    def write(tx: store.Tx) -> None:
        records.replace(free, person.version, tx)
        _drop_hold(tx, actor.id, person)

    told = {"plan": plan.id, "serial": person.serial, **details}
    act(name, actor, now, projects.scope(plan.project), person.id, told, write)
    return free


def _drop_hold(tx: store.Tx, user: str, person: Interviewee) -> None:
    hold = records.get(InterviewerHold, user, tx)
    if hold is not None and hold.interviewee == person.id:
        records.remove(InterviewerHold, user, hold.version, tx)


def close(
    actor: Actor,
    now: datetime,
    keys: Sequence[Key],
    plan: InterviewPlan,
    person: Interviewee,
    disposition: str,
    pair: PairedAnswer | None = None,
) -> Interviewee:
    """Close the person and, unless the interview was effective, bring the next ticket in; one act, one entry."""
    closed = replace(
        person,
        disposition=disposition,
        closed_at=now,
        closed_by=actor.id,
        appointment=None,
        holder="",
        held_until=None,
        version=person.version + 1,
    )
    for _ in range(TRIES):
        fresh = _replacement(plan, closed, now)

        def write(tx: store.Tx, fresh: Interviewee | None = fresh) -> None:
            records.replace(closed, person.version, tx)
            _drop_hold(tx, actor.id, person)
            if pair is not None:
                records.insert(pair, tx)
            if fresh is not None:
                records.insert(fresh, tx)
                interview_plans.add_right(tx, plan, interview_plans.key_of(plan, keys), fresh.serial)

        details = {"plan": plan.id, "serial": person.serial, "stratum": person.stratum, "mode": person.mode}
        details |= {"disposition": disposition, "replaced_by": fresh.serial if fresh else ""}
        try:
            act("interview.closed", actor, now, projects.scope(plan.project), person.id, details, write)
        except records.Duplicate:
            continue  # another closed person of the stratum took that ticket: the next one, then
        return closed
    raise Refused("busy")


def _replacement(plan: InterviewPlan, closed: Interviewee, now: datetime) -> Interviewee | None:
    if closed.disposition == EFFECTIVE:
        return None
    there = [each for each in interview_plans.persons(plan) if each.id != closed.id] + [closed]
    if rules.lacking(plan, there, closed.stratum, closed.mode) == 0:
        return None
    return rules.next_ticket(closed, there, interview_plans.order_of(plan), now)
