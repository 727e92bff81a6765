"""Deadlines of rounds: begun by events, put off with a journalled notice; what of them is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from service.domain.access import Actor
from service.domain.days import day_of
from service.domain.evaluate.rounds import SELF_EVALUATION, Round, RoundRow
from service.domain.evaluate.schemes import Deadline
from service.domain.inspect.notices import check_service
from service.domain.procedure import round_deadlines as rules
from service.domain.procedure.due import Due
from service.domain.procedure.round_deadlines import RoundDeadline
from service.domain.procedure.self_evaluations import SelfEvaluation
from service.operations import calendars
from service.operations.evaluate import rounds, schemes
from service.store import records

KIND = "deadline"


def start(round: Round, event: str, on: date) -> Round:
    """The round with what `event` on day `on` begins, counted by the calendars that are there."""
    return rules.start(round, schemes.parsed(round.scheme), event, on, calendars.deadline)


@dataclass(frozen=True)
class Running:
    """A deadline of a round with what its scheme calls it, and whether its last day has passed."""

    deadline: RoundDeadline
    scheme: Deadline
    whom: str
    overdue: bool


def of_round(actor: Actor, now: datetime, id: str) -> list[Running]:
    """The round's deadlines, the earliest first."""
    return _running(rounds.get(actor, id), day_of(now))


def _running(round: Round | RoundRow, today: date) -> list[Running]:
    named = {one.id: one for one in schemes.parsed(round.scheme).deadlines}
    found = [
        Running(one, named[id], rules.acting(round, one.event), one.done_on is None and today > one.on)
        for id, one in rules.of(round).items()
        if id in named
    ]
    return sorted(found, key=lambda one: (one.deadline.on, one.deadline.id))


def postpone(actor: Actor, now: datetime, id: str, deadline: str, values: Mapping[str, Any], version: int) -> Round:
    """Put a deadline off to `on`, with a reason; one that the provider was told of only with a notice of it served.

    `values`: on, reason, served_on, channel, received_by. Raises Refused: not_lead, invalid, stale.
    """
    there = rounds.get(actor, id, "rounds.lead")
    rounds.require_lead(actor, there)
    known = calendars.working_days(values["on"], values["on"]).knows(values["on"], values["on"])
    changed = rules.postpone(there, deadline, values["on"], values["reason"], not known)
    before = rules.of(there)[deadline]
    details: dict[str, Any] = {"deadline": deadline, "from": before.on, "to": values["on"], "reason": values["reason"]}
    if before.served is not None:
        served_on = values.get("served_on") or date.min
        service = (served_on, str(values.get("channel", "")), str(values.get("received_by", "")))
        check_service(*service, before.served, day_of(now))
        told = replace(rules.of(changed)[deadline], served=served_on)
        changed = rules.with_deadlines(changed, {deadline: told})
        details |= dict(zip(("served_on", "channel", "received_by"), service, strict=True))
    return rounds.put("round.deadline_postponed", actor, now, changed, version, details)


def due(projects: Sequence[str], today: date) -> list[Due]:
    """Every deadline of these projects' rounds that is not done."""
    found = [round for round in rounds.rows(projects) if round.deadlines]
    awaited = [round.id for round in found if round.state == SELF_EVALUATION]
    filed = {id for id in awaited if (there := records.get(SelfEvaluation, id)) is not None and there.filed}
    return [
        Due(
            project=round.project,
            round=round.id,
            kind=KIND,
            subject=one.deadline.id,
            label=dict(one.scheme.label),
            on=one.deadline.on,
            provisional=one.deadline.provisional,
            whom=one.whom,
            overdue=one.overdue,
        )
        for round in found
        for one in _running(round, today)
        if one.deadline.done_on is None and not (round.id in filed and one.deadline.event in rules.SELF_EVALUATION)
    ]
