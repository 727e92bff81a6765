"""Interviews: one person at a time is handed out, tried, verified, asked and closed; a closed one may be replaced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service import store
from service.domain.access import Actor
from service.domain.collect.campaigns import paused
from service.domain.errors import Fault, Refused, invalid
from service.domain.inspect import interview_rules
from service.domain.inspect import interviews as rules
from service.domain.inspect.dispositions import DISPOSITIONS
from service.domain.inspect.interview_rules import CHINA
from service.domain.inspect.interviews import OPEN, Interviewee, InterviewerHold, InterviewPlan, RecordFailure
from service.domain.keys import Key
from service.domain.shapes import has_forbidden
from service.operations import projects
from service.operations.acts import act, load
from service.operations.collect import campaigns
from service.operations.inspect import contacts, frames, interview_closing, interview_plans
from service.store import records

MODE = "interview"
TRIES = 16
LONGEST = 200  # characters of an answer to a first question
SERVED = {"yes": "", "never": "never_served", "unknown": "service_unknown", "staff": "staff_number"}
"""What the first question may be answered by, and the disposition that follows from it."""


@dataclass(frozen=True)
class InHand:
    """The person whom somebody has in hand, with what is known of the record and, while it may be shown, the contact.

    `contact_gone` is the reason why there is none.
    """

    person: Interviewee
    plan: InterviewPlan
    contact: Mapping[str, str]
    contact_gone: str
    details: Mapping[str, str]


def hand_out(actor: Actor, now: datetime, plan_id: str, mode: str, serial: str = "") -> Interviewee:
    """The next person, or the one already in hand. One number at a time, nobody is called by two, nobody chooses.

    On site `serial` names who of the list is there. Raises Refused: interview_unfinished (somebody of another list is
    in hand), nobody_to_call, state_conflict, invalid.
    """
    plan = working(interview_plans.get(actor, plan_id), now)
    if mode not in interview_rules.MODES or (serial and mode != interview_rules.ON_SITE):
        options = ", ".join(interview_rules.MODES)
        raise Refused("invalid", [Fault("mode", "not_an_option", {"value": mode, "options": options})])
    for _ in range(TRIES):
        hold, person = _held(actor.id)
        if person is not None:
            return _the_same(person, plan, mode, serial)
        person = rules.choose(plan, interview_plans.persons(plan), actor.id, mode, now, serial)
        if person is None:
            raise Refused("nobody_to_call", why=_why_nobody(plan, actor, mode, now))
        taken = replace(person, holder=actor.id, held_until=now + rules.LEASE, version=person.version + 1)
        try:
            _take(actor, now, plan, hold, person.version, taken)
        except (records.Duplicate, Refused) as error:
            if isinstance(error, Refused) and error.reason != "stale":
                raise
            continue  # somebody else was faster: look again
        return taken
    raise Refused("busy")


def _the_same(person: Interviewee, plan: InterviewPlan, mode: str, serial: str) -> Interviewee:
    if person.plan != plan.id or person.mode != mode or serial not in ("", person.serial):
        raise Refused("interview_unfinished")
    return person


def _take(
    actor: Actor, now: datetime, plan: InterviewPlan, hold: InterviewerHold | None, version: int, taken: Interviewee
) -> None:
    made = InterviewerHold(actor.id, plan.id, taken.id, now, (hold.version if hold else 0) + 1)

    def write(tx: store.Tx) -> None:
        if hold is None:
            records.insert(made, tx)
        else:
            records.replace(made, hold.version, tx)
        records.replace(taken, version, tx)

    details = {"plan": plan.id, "serial": taken.serial, "mode": taken.mode}
    act("interview.handed_out", actor, now, projects.scope(plan.project), taken.id, details, write)


def _held(user: str) -> tuple[InterviewerHold | None, Interviewee | None]:
    """Hold and person; no person when the hold is left over from one that went to somebody else meanwhile."""
    hold = records.get(InterviewerHold, user)
    person = records.get(Interviewee, hold.interviewee) if hold else None
    mine = person is not None and person.holder == user and not person.closed
    return hold, person if mine else None


def _why_nobody(plan: InterviewPlan, actor: Actor, mode: str, now: datetime) -> str:
    left = [person for person in interview_plans.persons(plan) if not person.closed and person.mode == mode]
    if not left:
        return "all_done"
    if plan.settings.band(now) is None:
        return "outside_hours"
    return "all_tried" if any(not person.held_by_other(actor.id, now) for person in left) else "all_taken"


def working(plan: InterviewPlan, now: datetime) -> InterviewPlan:
    """The plan, while its people may be asked. Raises Refused: state_conflict, campaign_closed, campaign_paused."""
    if plan.state != OPEN:
        raise Refused("state_conflict", noun="interview plan", state=plan.state)
    campaign = campaigns.view(plan.campaign).campaign
    if campaigns.state(plan.campaign) != "open" or not campaign.in_window(now):
        raise Refused("campaign_closed")
    if campaign.paused(now):
        raise paused(campaign, now)
    return plan


def in_hand(actor: Actor, plan_id: str) -> Interviewee:
    """Whom the actor has in hand in this plan. Raises Refused("nobody_in_hand")."""
    plan = interview_plans.get(actor, plan_id)
    _, person = _held(actor.id)
    if person is None or person.plan != plan.id:
        raise Refused("nobody_in_hand")
    return person


def held(actor: Actor) -> Interviewee | None:
    """Whom the actor has in hand, in whatever plan."""
    return _held(actor.id)[1]


def show(actor: Actor, now: datetime, keys: Sequence[Key], plan_id: str) -> InHand:
    """The person in hand with the number. Each look at a number is journalled; after the purge there is none."""
    person = in_hand(actor, plan_id)
    plan = load(InterviewPlan, plan_id, "interview plan")
    row = frames.row(plan.frame, person.serial)
    gone, contact = "", {}
    try:
        contact = contacts.open(actor, now, keys, plan.frame, person.serial, f"interview {plan.id}")
    except Refused as refused:
        if refused.reason not in ("not_found", "contacts_purged"):
            raise
        gone = refused.reason
    return InHand(person, plan, contact, gone, row.details if row else {})


def record(
    actor: Actor,
    now: datetime,
    keys: Sequence[Key],
    plan_id: str,
    serial: str,
    outcome: str,
    appointment: datetime | None = None,
) -> Interviewee:
    """How a try ended. It leaves the person open, with a call-back or without, or closes and replaces the person.

    Raises Refused: nobody_in_hand, too_few_tries (for `not_reached`), invalid.
    """
    person = mine(actor, plan_id, serial)
    plan = load(InterviewPlan, plan_id, "interview plan")
    chosen = DISPOSITIONS.get(outcome)
    if chosen is None or chosen.by_answers:
        options = ", ".join(each.code for each in DISPOSITIONS.values() if not each.by_answers)
        raise Refused("invalid", [Fault("outcome", "not_an_option", {"value": outcome, "options": options})])
    _check_appointment(outcome, appointment, now, plan)
    tried = replace(person, attempts=(*person.attempts, {"at": now, "by": actor.id, "outcome": outcome}))
    if outcome == "not_reached":
        _check_tries(plan, tried)
    if chosen.closes:
        return interview_closing.close(actor, now, keys, plan, tried, outcome)
    return interview_closing.let_go(
        actor, now, plan, replace(tried, appointment=appointment), "interview.tried", {"outcome": outcome}
    )


def mine(actor: Actor, plan_id: str, serial: str) -> Interviewee:
    """The person in hand, if it is this one. Raises Refused("nobody_in_hand")."""
    person = in_hand(actor, plan_id)
    if person.serial != serial:  # a page of an earlier call, sent once more
        raise Refused("nobody_in_hand")
    return person


def _check_appointment(outcome: str, at: datetime | None, now: datetime, plan: InterviewPlan) -> None:
    if outcome != "call_back":
        if at is not None:
            raise invalid("appointment", "only a call-back has a time")
        return
    if at is None:
        raise Refused("invalid", [Fault("appointment", "missing")])
    last = min(now + rules.LONGEST_WAIT, campaigns.view(plan.campaign).campaign.closes_at)
    if not now < at < last:
        limits = {"lower": _minute(now), "upper": _minute(last)}
        raise Refused("invalid", [Fault("appointment", "out_of_range", limits)])


def _minute(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def _check_tries(plan: InterviewPlan, person: Interviewee) -> None:
    settings = plan.settings
    done = interview_rules.tried(settings, person.tries)
    if not done.enough:
        needed = {"attempts": settings.attempts, "days": settings.attempt_days, "bands": settings.attempt_bands}
        told: dict[str, Any] = {**needed, "done": f"{done.attempts}, {done.days}, {done.bands}"}
        raise Refused("too_few_tries", **told)


def give_back(actor: Actor, now: datetime, plan_id: str, serial: str, reason: str) -> Interviewee:
    """Not called: the interviewer knows the person, or cannot call now. Somebody else gets the person; it is no try."""
    person = mine(actor, plan_id, serial)
    plan = load(InterviewPlan, plan_id, "interview plan")
    if not reason.strip() or len(reason) > LONGEST or has_forbidden(reason):
        raise Refused("invalid", [Fault("reason", "missing" if not reason.strip() else "too_long", {"limit": LONGEST})])
    back = replace(person, given_back=(*person.given_back, actor.id))
    return interview_closing.let_go(actor, now, plan, back, "interview.given_back", {"reason": reason.strip()})


def verify(
    actor: Actor, now: datetime, keys: Sequence[Key], plan_id: str, serial: str, said: Mapping[str, str]
) -> Interviewee:
    """The first questions: served (yes, never, unknown, staff), service, period. A denial closes the person.

    What is said here belongs to the record and stays with the serial; what is answered after it does not.
    """
    person = mine(actor, plan_id, serial)
    plan = load(InterviewPlan, plan_id, "interview plan")
    answers = _said(said)
    told = replace(person, verification=answers)
    if denial := SERVED[answers["served"]]:
        tried = replace(told, attempts=(*told.attempts, {"at": now, "by": actor.id, "outcome": denial}))
        return interview_closing.close(actor, now, keys, plan, tried, denial)
    stored = replace(told, held_until=now + rules.LEASE, version=person.version + 1)
    details = {"plan": plan.id, "serial": serial}
    scope = projects.scope(plan.project)
    act(
        "interview.verified",
        actor,
        now,
        scope,
        person.id,
        details,
        lambda tx: records.replace(stored, person.version, tx),
    )
    return stored


def _said(said: Mapping[str, str]) -> dict[str, str]:
    answers = {name: str(said.get(name, "")).strip() for name in interview_rules.VERIFICATION}
    faults = [Fault(name, "unknown_field") for name in said if name not in answers]
    if answers["served"] not in SERVED:
        shown = {"value": answers["served"][:40] or "-", "options": ", ".join(SERVED)}
        faults.append(Fault("served", "not_an_option", shown))
    for name in ("service", "period"):
        if len(answers[name]) > LONGEST:
            faults.append(Fault(name, "too_long", {"limit": LONGEST}))
        elif has_forbidden(answers[name]):
            faults.append(Fault(name, "control_characters"))
    if faults:
        raise Refused("invalid", faults)
    return answers


def record_failures(draw_id: str) -> list[RecordFailure]:
    """Records of this draw that the drawn persons deny: errors of the draw (G35). The caller has checked access."""
    persons = records.find(Interviewee, draw=draw_id)
    plans = {id: load(InterviewPlan, id, "interview plan") for id in {person.plan for person in persons}}
    found: list[RecordFailure] = []
    for id, plan in sorted(plans.items()):
        found += rules.record_failures(plan, [person for person in persons if person.plan == id])
    return found


def records_confirmed(draw_id: str) -> dict[str, str]:
    """Serial -> plan of those who said that they were served: their records are true in this respect."""
    persons = records.find(Interviewee, draw=draw_id)
    return {person.serial: person.plan for person in persons if person.verification.get("served") == "yes"}
