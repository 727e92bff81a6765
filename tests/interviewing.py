"""Makes a station whose recipients are to be interviewed: a frame with contacts, a draw, a campaign, a plan."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from demo_round import AUTHORITY, PASSWORD, PURCHASER
from factories import (
    ADMIN,
    AUDITOR,
    EVALUATOR,
    KEY,
    LANGUAGES,
    NOTICE,
    NOW,
    OTHER_EVALUATOR,
    PROVIDER,
    make_project,
    publish,
)
from passwords import QUICK
from stages import staged

from service import store
from service.domain.access import Actor
from service.domain.collect.campaigns import Campaign
from service.domain.errors import Refused
from service.domain.inspect import frames as frame_rules
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.frame_rows import FrameRow
from service.domain.inspect.frames import FrozenFrame
from service.domain.inspect.interview_rules import InterviewRules, to_plain
from service.domain.inspect.interviews import Interviewee, InterviewPlan
from service.domain.organisations import Organisation, User
from service.operations import organisations
from service.operations.acts import journal_entries
from service.operations.collect import campaigns
from service.operations.collect.responses import Submission
from service.operations.inspect import contacts, draws, frames, interview_answers, interview_plans, interviews
from service.store import records

CALLER = Actor("caller-1", "caller", "evaluator-org", ("interviewer",))
OTHER_CALLER = Actor("caller-2", "caller2", "evaluator-org", ("interviewer",))
STRATA = ("elderly", "family")
KEYS = (KEY,)
# A moment at 10:00 in China on a Monday: inside the first of the default bands.
MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
# Every hour of the day: for tests that run by the real clock.
ALL_DAY = InterviewRules(bands=tuple((f"{hour:02}:00", f"{hour + 1:02}:00") for hour in range(24)))
LINKED = {"linked": dict.fromkeys(LANGUAGES, "Your two answers stay linked.")}


@staged
def make_frame(size: int = 40, id: str = "recipients", key: Any = KEY, until: date = date(2030, 1, 1)) -> FrozenFrame:
    """`size` recipients, half in each of STRATA, each with a name and a phone number that are sealed."""
    serials = [f"P{number:04}" for number in range(size)]
    strata = [STRATA[number % 2] for number in range(size)]
    frame = frame_rules.freeze(serials, strata)
    frozen = FrozenFrame(
        id=id,
        project="project-1",
        name="Recipients",
        source="register of recipients",
        sha256=frame_rules.frame_sha256(frame),
        serials=frame.serials,
        strata=frame.strata or (),
        frozen_at=NOW,
        frozen_by=EVALUATOR.id,
        kind="recipient",
        contacts_until=until,
    )
    rows = [
        FrameRow(f"{id}:{serial}", id, serial, stratum, "east", details={"service": "home help"})
        for serial, stratum in zip(serials, strata, strict=True)
    ]
    people = [
        contacts.Person(serial, {"name": f"Person {serial}", "phone": f"1380000{serial[1:]}"}) for serial in serials
    ]
    return frames.keep(EVALUATOR, NOW, frozen, rows, people, key)[0]


@staged
def make_campaign(id: str = "calls", now: datetime = NOW, **more: Any) -> Campaign:
    """An open campaign of the station, for interviews or for slips."""
    version = publish()
    asked = Campaign(
        id=id,
        short_code="",
        project="project-1",
        name="Interviews of spring",
        questionnaire=version.questionnaire,
        questionnaire_version=version.number,
        population="recipient",
        sites=("east", "west"),
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=100),
        languages=LANGUAGES,
        notice=NOTICE,
    )
    made = campaigns.create(EVALUATOR, now, replace(asked, **more))[0]
    return campaigns.change_state(EVALUATOR, now, made.id, "open", made.version)


@staged
def make_station(
    take: int = 8,
    quotas: dict[str, tuple[int, int]] | None = None,
    rules: InterviewRules | None = None,
    now: datetime = NOW,
    key: Any = KEY,
    **more: Any,
) -> InterviewPlan:
    """A plan over a draw of `take` persons a stratum; `quotas`: stratum -> (phone, on-site); `rules`: a scheme's."""
    make_project()
    make_frame(key=key)
    make_campaign(now=now)
    draws.draw(EVALUATOR, now, "persons-1", "recipients", take)
    wanted = {"elderly": (3, 1), "family": (2, 0)} if quotas is None else quotas
    cells = [
        {"stratum": stratum, "mode": mode, "effective": number}
        for stratum, numbers in wanted.items()
        for mode, number in zip(("phone", "on_site"), numbers, strict=True)
    ]
    asked = InterviewPlan("plan-1", "", "calls", "persons-1", "east", quotas=tuple(cells), **more)
    plan = interview_plans.open_plan(EVALUATOR, now, (key,), asked)[0]
    return plan if rules is None else with_rules(plan, rules)


def with_rules(plan: InterviewPlan, rules: InterviewRules) -> InterviewPlan:
    """Written past the operation: a scheme with other hours would take a whole round to be published."""
    changed = replace(plan, rules=to_plain(rules))
    store.retrying(lambda tx: records.replace(changed, plan.version, tx))
    return changed


@staged
def hire() -> None:
    """Accounts with PASSWORD for the callers and for people of every part in the project, and a stranger."""
    organisations.create_organisation(ADMIN, NOW, Organisation("other-org", "evaluator", "Other evaluators"))
    for who in (CALLER, OTHER_CALLER, EVALUATOR, OTHER_EVALUATOR, AUDITOR, PROVIDER, AUTHORITY, PURCHASER):
        records.insert(User(who.id, who.username, who.organisation, who.roles, QUICK.hash(PASSWORD)))


def tickets_of(stratum: str, draw: str = "persons-1") -> list[str]:
    """The serials of a stratum in the order of their tickets."""
    found = records.get(RecordedDraw, draw)
    assert found is not None
    return [item.serial for item in found.items if item.stratum == stratum]


AFTERNOON, EVENING, TOMORROW = MORNING + timedelta(hours=6), MORNING + timedelta(hours=9), MORNING + timedelta(days=1)
SERVED = {"served": "yes", "service": "home help", "period": "February"}
ANSWERS = {"satisfaction": "High", "influence": "Low", "contact": "Low"}
_numbers = count(1)


def sheet(**answers: str) -> Submission:
    """A filled-in sheet under an id of its own."""
    return Submission(f"interview-sheet-{next(_numbers):04}", answers or ANSWERS, language="en")


def next_phone(at: Any = MORNING, who: Actor = CALLER) -> Interviewee:
    return interviews.hand_out(who, at, "plan-1", "phone")


def ended(person: Interviewee, outcome: str, at: Any = MORNING, who: Actor = CALLER, **more: Any) -> Interviewee:
    return interviews.record(who, at, KEYS, "plan-1", person.serial, outcome, **more)


def whole(person: Interviewee, at: Any = MORNING, who: Actor = CALLER, **answers: str) -> Interviewee:
    interviews.verify(who, at, KEYS, "plan-1", person.serial, SERVED)
    return interview_answers.answer(who, at, KEYS, "plan-1", person.serial, sheet(**answers)).person


def stored(serial: str) -> Interviewee:
    found = records.get(Interviewee, f"plan-1:{serial}")
    assert found is not None
    return found


def acts(name: str) -> list[dict[str, Any]]:
    return [dict(entry.details or {}) for entry in journal_entries() if entry.act == name]


def refused(reason: str, call: Any, *arguments: Any, **more: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        call(*arguments, **more)
    assert caught.value.reason == reason
    return caught.value
