"""The questionnaire of an interview: answers go into the envelopes under the person's one-time right, and no more."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service.domain.access import Actor
from service.domain.collect import imports
from service.domain.collect.campaigns import Campaign
from service.domain.collect.questionnaires import Questionnaire, asked, check_answers
from service.domain.collect.questions import Answers
from service.domain.collect.responses import today_of
from service.domain.errors import Fault, Refused
from service.domain.inspect import interview_rules
from service.domain.inspect import interviews as rules
from service.domain.inspect.interview_comparison import PairedAnswer
from service.domain.inspect.interview_rules import CHINA
from service.domain.inspect.interviews import Interviewee, InterviewPlan
from service.domain.keys import Key
from service.operations.acts import load
from service.operations.collect import campaigns, responses
from service.operations.collect.responses import Submission
from service.operations.inspect import interview_closing, interview_plans, interviews

MODE = "interview"


@dataclass(frozen=True)
class Answered:
    """The closed person, and the receipt for the person, which is kept nowhere; "" when the answers had come before."""

    person: Interviewee
    receipt: str


def answer(
    actor: Actor,
    now: datetime,
    keys: Sequence[Key],
    plan_id: str,
    serial: str,
    given: Submission,
    earlier_receipt: str = "",
) -> Answered:
    """Take the answers in under the person's one-time right, and close the person by how much was answered.

    Of the answers themselves nothing stays with the person, and they carry the day, not the hour. `earlier_receipt`
    opens the person's answer to the earlier campaign, where people were told that answers stay linked. Raises Refused:
    nobody_in_hand, state_conflict (not verified), answers_invalid, receipt_unknown.
    """
    person = interviews.mine(actor, plan_id, serial)
    plan = interviews.working(load(InterviewPlan, plan_id, "interview plan"), now)
    if not person.verification:
        raise Refused("state_conflict", noun="interview", state="not verified")
    view = campaigns.view(plan.campaign)
    answers = check_answers(view.questionnaire, given.answers, lenient=given.lenient, today=today_of(now))
    pair = _pair(plan, view.questionnaire, answers, earlier_receipt)
    key = interview_plans.key_of(plan, keys)
    submission, receipt = replace(given, mode=MODE), ""
    try:
        code = rules.right(key, plan.id, serial)
        taken = responses.submit(code, submission, _day(view.campaign, now), tuple(keys), (MODE,))
        receipt = taken.receipt
    except Refused as refused:
        # Only this interview uses this right: its answers came in, and the person was not closed yet.
        if refused.reason not in ("code_spent", "submission_differs"):
            raise
    disposition = interview_rules.ending(plan.settings, *_answered(view.questionnaire, answers), person.verification)
    tried = replace(person, attempts=(*person.attempts, {"at": now, "by": actor.id, "outcome": disposition}))
    return Answered(interview_closing.close(actor, now, keys, plan, tried, disposition, pair), receipt)


def _day(campaign: Campaign, now: datetime) -> datetime:
    """Noon of the day: with the hour one could see beside the list of calls whose answer it is."""
    at = imports.received("", campaign, now.astimezone(CHINA).date(), "received")
    return at if isinstance(at, datetime) else now


def _answered(questionnaire: Questionnaire, answers: Answers) -> tuple[int, int]:
    """(items answered, items asked): "cannot say" is an answer; notes and pictures are no items here."""
    wanted = asked(questionnaire, answers)
    keys = [
        key
        for question in questionnaire.questions
        if question.id in wanted and question.kind not in ("note", "photo")
        for key in question.keys
    ]
    return sum(key in answers for key in keys), len(keys)


def _pair(plan: InterviewPlan, questionnaire: Questionnaire, answers: Answers, receipt: str) -> PairedAnswer | None:
    """The two answers side by side, as far as they are compared; None where one of them has no valid headline."""
    if not receipt.strip():
        return None
    if not plan.linked:
        raise Refused("invalid", [Fault("earlier_receipt", "not_told_linked", {"campaign": plan.campaign})])
    view, own = responses.own(receipt)
    if view.campaign.id != plan.earlier:
        raise Refused("receipt_unknown")
    first, second = satisfied(view.questionnaire, own.answers), satisfied(questionnaire, answers)
    return None if first is None or second is None else PairedAnswer(secrets.token_hex(8), plan.id, first, second)


def satisfied(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> bool | None:
    """Whether the headline item was answered by a level that counts as satisfied; None where it was not answered."""
    scale = questionnaire.scales.get("satisfaction")
    given = answers.get(scale.headline) if scale else None
    return None if scale is None or given not in scale.levels else given in scale.satisfied
