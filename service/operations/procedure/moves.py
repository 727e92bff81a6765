"""Moving a round from state to state: who may, what its gates demand, and what follows from the step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from service.domain import access
from service.domain.access import Actor
from service.domain.days import day_of
from service.domain.errors import Refused
from service.domain.evaluate.rounds import APPEAL, NOTIFIED, OPENED, REPORTED, SCORING, Round
from service.domain.inspect.notices import check_service
from service.domain.keys import Key
from service.domain.procedure import round_deadlines, round_gates
from service.domain.procedure.round_deadlines import AGREED_DATE, EXPIRY, RESULT_SERVED
from service.domain.procedure.round_states import Transition, steps, transition
from service.domain.procedure.waivers import Waiver, check
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import create_once, load, plain
from service.operations.evaluate import results, rounds
from service.operations.procedure import deadlines, gates
from service.store import Tx, journal, records

_SERVICE = ("served_on", "channel", "received_by")
_BODY = ("body", "address", "phone")
TRIES = 5


def move(
    actor: Actor,
    now: datetime,
    id: str,
    to: str,
    version: int,
    facts: Mapping[str, Any],
    by: str = "",
    also: Callable[[Tx], object] | None = None,
    keys: Sequence[Key] = (),
) -> Round:
    """Take the step to `to`. `by` names the noun whose act takes it, `also` writes what belongs to the same act.

    `facts`: reason; served_on, channel and received_by of what the step serves on the provider; body, address and phone
    of a result's notice; `on`, the day of an appeal's acceptance. `keys` are those of the bound campaigns, which the
    step to `reported` closes for ever.

    Raises Refused: round_step, round_step_by, forbidden, gate_unmet, invalid, stale.
    """
    for _ in range(TRIES):
        try:
            return _moved(actor, now, id, to, version, facts, by, also, keys)
        except _Overtaken:
            continue
    raise Refused("busy")


class _Overtaken(Refused):
    """Something was entered into the project's journal since the gates were asked: they are asked again."""


def _moved(
    actor: Actor,
    now: datetime,
    id: str,
    to: str,
    version: int,
    facts: Mapping[str, Any],
    by: str,
    also: Callable[[Tx], object] | None,
    keys: Sequence[Key],
) -> Round:
    there = rounds.get(actor, id, "rounds.read" if by else "rounds.move")
    scope = projects.scope(there.project)
    head = journal.head(scope)
    step = transition(there, to)
    _require(actor, there, step, by)
    if there.version != version:  # before the gates: they speak of a round that the reader has not seen
        raise Refused("stale", version=there.version)
    prepared = _prepared(actor, now, there, step, facts)
    _require_gates(prepared, step, now, facts)
    moved = replace(_timed(prepared, step, facts, day_of(now)), state=to)
    details = {"from": there.state, "to": to, **{name: part for name, part in facts.items() if part}}
    if step.from_ == SCORING:
        return _frozen(actor, now, moved, version, details, keys)
    return rounds.put("round.moved", actor, now, moved, version, details, also, _unchanged(scope, head))


def _unchanged(scope: str, head: str) -> Callable[[Tx], None]:
    def check(tx: Tx) -> None:
        if journal.head(scope, tx) != head:
            raise _Overtaken("busy")

    return check


def _require_gates(round: Round, step: Transition, now: datetime, facts: Mapping[str, Any]) -> None:
    """Raises Refused("gate_unmet") with everything that is wanting."""
    wanting = gates.unmet(round, step, now) + round_gates.late(round, step, day_of(now), _reason(facts))
    if wanting:
        raise Refused("gate_unmet", [one.fault for one in wanting], state=step.to)


def _reason(facts: Mapping[str, Any]) -> str:
    return str(facts.get("reason") or "")


def _frozen(
    actor: Actor, now: datetime, moved: Round, version: int, details: Mapping[str, Any], keys: Sequence[Key]
) -> Round:
    """The step to `reported`: with it, in one transaction, scheme, evidence and score freeze as the first result."""
    stored, scope = replace(moved, version=version + 1), projects.scope(moved.project)

    def write(tx: Tx) -> None:
        records.replace(stored, version, tx)
        journal.append(tx, scope, "round.moved", actor.id, now, stored.id, plain(details))

    waived = {one.subject for one in gates.waivers(moved) if one.gate == "nothing_missing"}
    results.freeze(actor, now, moved, waived=waived, keys=keys, also=write)
    return stored


def _require(actor: Actor, round: Round, step: Transition, by: str) -> None:
    """Raises Refused("round_step_by") for a step of another noun, ("forbidden") for another part's step."""
    if step.by and step.by != by:
        raise Refused("round_step_by", state=step.to, by=step.by)
    if by:
        return
    owner = load(Project, round.project, "project")
    if not gates.takes(actor, owner, round, step):
        raise Refused("forbidden")
    access.require(actor, "rounds.move", owner.parties)


def _prepared(actor: Actor, now: datetime, round: Round, step: Transition, facts: Mapping[str, Any]) -> Round:
    """The round with what the step tells the provider: the scheme when it leaves `opened`, the result when notified."""
    service = {name: facts[name] for name in _SERVICE if facts.get(name)}
    if step.from_ == OPENED and service:
        _check_service(service, round.opened_at, now)
        served = {"on": service["served_on"].isoformat(), "channel": service["channel"]}
        served |= {"received_by": service["received_by"].strip(), "at": now.isoformat(), "by": actor.id}
        served |= {"scheme": round.scheme, "digest": round.scheme_digest}
        return replace(round, served=served)
    if step.from_ == APPEAL and step.to == NOTIFIED:  # its notice, and the window that it named, hold as before
        return round_deadlines.resume(round, RESULT_SERVED)
    if step.to == NOTIFIED:
        return _notified(actor, now, round, service, facts)
    if step.from_ == NOTIFIED and step.to == REPORTED:
        return replace(round, notice={})  # what the provider was told no longer holds; the journal keeps it
    return round


def _notified(actor: Actor, now: datetime, round: Round, service: Mapping[str, Any], facts: Mapping[str, Any]) -> Round:
    """The notice of the result: the body named at the opening unless another is, and the last day of the window."""
    named = round.review_body or {}
    body = {"body": named.get("name", ""), "address": named.get("address", ""), "phone": named.get("phone", "")}
    body |= {name: str(facts[name]).strip() for name in _BODY if facts.get(name)}
    notice: dict[str, Any] = {**body, "at": now.isoformat(), "by": actor.id}
    if service:
        there = results.latest(round.id)
        _check_service(service, there.made_at if there else round.opened_at, now)  # never before it was there
        notice |= {**service, "served_on": service["served_on"].isoformat()}
        begun = deadlines.start(round, RESULT_SERVED, service["served_on"])
        windows = [one for one in round_deadlines.of(begun).values() if one.event == RESULT_SERVED and one.hard]
        if windows:
            last = max(windows, key=lambda one: one.on)
            notice |= {"last_day": last.on.isoformat(), "provisional": last.provisional}
    return replace(round, notice=notice)


def _check_service(service: Mapping[str, Any], made_at: datetime, now: datetime) -> None:
    """Raises Refused("invalid") naming what is unsaid about how something was served that exists since `made_at`."""
    given = (service.get("served_on") or date.min, service.get("channel", ""), service.get("received_by", ""))
    check_service(*given, day_of(made_at), day_of(now))


def _timed(round: Round, step: Transition, facts: Mapping[str, Any], today: date) -> Round:
    """The round with the deadlines of the step ended and begun."""
    for event in step.ends:
        round = round_deadlines.finish(round, event, today, _reason(facts))
    for event in step.begins:
        on = _day_of_event(round, event, facts, today)
        round = deadlines.start(round, event, on) if on else round
    told = {OPENED: round.served.get("on"), REPORTED: round.notice.get("served_on")}.get(step.from_)
    return round_deadlines.tell(round, date.fromisoformat(told)) if told else round


def _day_of_event(round: Round, event: str, facts: Mapping[str, Any], today: date) -> date | None:
    """The day on which the event of a step falls; None if it does not happen in this round."""
    if event == AGREED_DATE:
        return round.self_evaluation_on if round.kind == "mid_term" else None
    if event == EXPIRY:
        return load(Project, round.project, "project").ends_on if round.kind == "final" else None
    if event == RESULT_SERVED:
        return date.fromisoformat(str(round.notice["served_on"]))
    return facts.get("on") or today


def waive(actor: Actor, now: datetime, waiver: Waiver) -> tuple[Waiver, bool]:
    """Let the round go on without one thing that a gate demands, with the reason. Raises Refused: not_lead, invalid."""
    there = rounds.get(actor, waiver.round, "rounds.lead")
    rounds.require_lead(actor, there)
    wanting = [one for step in steps(there) for one in gates.wanting(there, step, now)]
    known = {(one.gate, one.subject): one for one in gates.waivers(there)}
    if (waiver.gate, waiver.subject) not in known:
        check(waiver, wanting)
    return create_once("round.waived", actor, now, projects.scope(there.project), waiver, ("at", "by"))
