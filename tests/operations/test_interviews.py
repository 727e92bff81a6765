"""Interviews over the real database: whom one may call, when somebody is given up, who comes next, what stays apart."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from database import every_document
from factories import EVALUATOR, NOW, OTHER_EVALUATOR, PROVIDER
from interviewing import CALLER, KEYS, MORNING, OTHER_CALLER, make_frame, make_station, tickets_of

from service.domain.access import Actor
from service.domain.collect.tickets import Batch
from service.domain.errors import Refused
from service.domain.inspect import draws as draw_rules
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.frames import FrozenFrame
from service.domain.inspect.interview_rules import InterviewRules
from service.domain.inspect.interviews import Interviewee, InterviewPlan, right
from service.operations.acts import journal_entries
from service.operations.collect import quality, responses, satisfaction, seals
from service.operations.collect.responses import Submission
from service.operations.inspect import (
    contacts,
    interview_answers,
    interview_figures,
    interview_plans,
    interviews,
)
from service.store import records

pytestmark = pytest.mark.usefixtures("database")
AFTERNOON, EVENING, TOMORROW = MORNING + timedelta(hours=6), MORNING + timedelta(hours=9), MORNING + timedelta(days=1)
SERVED = {"served": "yes", "service": "home help", "period": "February"}
ANSWERS = {"satisfaction": "High", "influence": "Low", "contact": "Low"}


def sheet(**answers: str) -> Submission:
    sheet.number += 1  # type: ignore[attr-defined]
    return Submission(f"interview-sheet-{sheet.number:04}", answers or ANSWERS, language="en")  # type: ignore[attr-defined]


sheet.number = 0  # type: ignore[attr-defined]


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


def top_up(id: str, take: int, skip: int) -> None:
    """The next `take` tickets of each stratum of persons-1."""
    before = records.get(RecordedDraw, "persons-1")
    frame = records.get(FrozenFrame, "recipients")
    assert before is not None
    assert frame is not None
    taken = dict.fromkeys(("elderly", "family"), take)
    passed = dict.fromkeys(("elderly", "family"), skip)
    drawn = draw_rules.draw(frame.frame, before.seed, taken, skip=passed)
    lines = tuple((item.serial, item.stratum or "", item.ticket) for item in drawn)
    made = replace(before, id=id, of=before.id, stage=2, allocation=taken, skip=passed, drawn=lines)
    records.insert(made)


def test_the_lists_are_the_first_tickets_of_each_stratum() -> None:
    make_station()
    listed = {(p.stratum, p.mode): p for p in interview_plans.persons(interview_plans.get(EVALUATOR, "plan-1"))}
    assert set(listed) == {("elderly", "phone"), ("elderly", "on_site"), ("family", "phone")}
    by_place = {
        (p.stratum, p.place): p.serial for p in interview_plans.persons(interview_plans.get(EVALUATOR, "plan-1"))
    }
    assert by_place == {("elderly", n): tickets_of("elderly")[n - 1] for n in (1, 2, 3, 4)} | {
        ("family", n): tickets_of("family")[n - 1] for n in (1, 2)
    }
    batch = records.get(Batch, "plan-1-rights")
    assert batch is not None
    assert (batch.count, batch.distribution, batch.frame, batch.population) == (6, "drawn_persons", "recipients", 40)


def test_a_station_has_fifty_and_ten_in_proportion_unless_told_otherwise() -> None:
    from service.domain.inspect.interviews import quotas

    numbers = {"phone": 50, "on_site": 10}
    spread = quotas({"elderly": 240, "family": 120, "youth": 37}, numbers)
    by_mode = {mode: sum(q["effective"] for q in spread if q["mode"] == mode) for mode in numbers}
    assert by_mode == numbers
    assert {q["stratum"]: q["effective"] for q in spread if q["mode"] == "phone"} == {
        "elderly": 30,
        "family": 15,
        "youth": 5,
    }


def test_a_draw_too_small_for_the_numbers_is_refused_and_leaves_nothing() -> None:
    fault = refused("invalid", make_station, take=3).faults[0]
    assert (fault.field, fault.reason, fault.params["stratum"]) == ("draw", "too_few_tickets", "elderly")
    assert records.find(InterviewPlan) == records.find(Interviewee) == []


def test_a_repeat_of_the_opening_finds_the_plan_and_other_content_is_refused() -> None:
    plan = make_station()
    again, new = interview_plans.open_plan(EVALUATOR, NOW, KEYS, replace(plan, rules={}))
    assert (again.id, new) == ("plan-1", False)
    refused("id_taken", interview_plans.open_plan, EVALUATOR, NOW, KEYS, replace(plan, site="west"))


def test_only_who_works_for_the_evaluator_gets_near_it() -> None:
    make_station()
    for stranger in (PROVIDER, OTHER_EVALUATOR, Actor("x", "x", "provider-org", ("interviewer",))):
        with pytest.raises(Refused) as caught:
            next_phone(who=stranger)
        assert caught.value.reason in ("forbidden", "not_found")
        with pytest.raises(Refused):
            interview_figures.progress(stranger, "plan-1")
    refused("forbidden", interview_figures.progress, CALLER, "plan-1")


def test_one_number_at_a_time_until_it_is_said_how_the_call_ended() -> None:
    make_station()
    first = next_phone()
    assert next_phone() == first
    shown = interviews.show(CALLER, MORNING, KEYS, "plan-1")
    assert shown.contact == {"name": f"Person {first.serial}", "phone": f"1380000{first.serial[1:]}"}
    assert shown.details == {"service": "home help"}
    opened = acts("contact.opened")
    assert [(each["serial"], each["why"]) for each in opened] == [(first.serial, "interview plan-1")]
    refused("nobody_in_hand", interviews.show, OTHER_CALLER, MORNING, KEYS, "plan-1")
    other = next_phone(who=OTHER_CALLER)
    assert other.serial != first.serial
    refused("nobody_in_hand", ended, other, "no_answer")
    ended(first, "no_answer")
    assert next_phone().serial not in (first.serial, other.serial)


def test_eight_at_once_never_get_the_same_person_and_one_on_two_devices_gets_one() -> None:
    make_station(take=20, quotas={"elderly": (12, 0), "family": (12, 0)})
    callers = [Actor(f"caller-{n}", f"c{n}", "evaluator-org", ("interviewer",)) for n in range(4)] * 2
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda who: (who.id, next_phone(who=who).serial), callers))
    by_caller = {who: {serial for each, serial in got if each == who} for who, _ in got}
    assert all(len(serials) == 1 for serials in by_caller.values())
    assert len({serial for _, serial in got}) == 4
    assert len(acts("interview.handed_out")) == 4


def test_a_person_who_was_left_lying_goes_to_somebody_else_after_the_lease() -> None:
    make_station(quotas={"elderly": (1, 0), "family": (0, 0)})
    first = next_phone()
    refused("nobody_to_call", next_phone, who=OTHER_CALLER)
    late = MORNING + timedelta(minutes=61)
    assert next_phone(late, OTHER_CALLER).serial == first.serial
    refused("nobody_in_hand", ended, first, "no_answer", late)
    refused("nobody_to_call", next_phone, late)


def test_nobody_is_given_up_before_three_tries_on_other_days_and_hours() -> None:
    make_station(quotas={"elderly": (1, 0), "family": (0, 0)})
    person = next_phone()
    assert refused("too_few_tries", ended, person, "not_reached").params["attempts"] == 3
    ended(person, "no_answer")
    refused("nobody_to_call", next_phone)  # not twice in one band on one day
    ended(next_phone(AFTERNOON), "busy", AFTERNOON)
    assert refused("nobody_to_call", next_phone, MORNING + timedelta(hours=14)).params["why"] == "outside_hours"
    next_phone(EVENING)
    refused("too_few_tries", ended, person, "not_reached", EVENING)  # three tries, all on one day
    ended(person, "machine", EVENING)
    next_phone(TOMORROW)
    closed = ended(person, "not_reached", TOMORROW)
    assert [attempt["outcome"] for attempt in closed.attempts] == ["no_answer", "busy", "machine", "not_reached"]
    assert next_phone(TOMORROW).serial == tickets_of("elderly")[1]


def test_a_replacement_is_the_next_ticket_of_the_stratum_and_only_after_a_closed_disposition() -> None:
    make_station()
    order = tickets_of("elderly")
    there = {p.serial for p in interview_plans.persons(interview_plans.get(EVALUATOR, "plan-1"))}
    assert order[4] not in there
    person = next_phone()
    while person.stratum != "elderly":
        ended(person, "call_back", appointment=TOMORROW)
        person = next_phone()
    ended(person, "refused")
    assert stored(order[4]).replaces == person.serial
    assert stored(order[4]).mode == "phone"
    found = interview_figures.progress(EVALUATOR, "plan-1")
    [log] = found.replacements
    assert (log.out, log.reason, log.into, log.place, log.by) == (person.serial, "refused", order[4], 5, CALLER.id)
    assert acts("interview.closed")[-1]["replaced_by"] == order[4]
    batch = records.get(Batch, "plan-1-rights")
    assert batch is not None
    assert batch.count == 7


def test_an_effective_interview_is_not_replaced_and_the_quota_is_never_exceeded() -> None:
    make_station(quotas={"elderly": (2, 0), "family": (0, 0)})
    for _ in range(2):
        assert whole(next_phone()).disposition == "complete"
    refused("nobody_to_call", next_phone)
    [cell] = [c for c in interview_figures.progress(EVALUATOR, "plan-1").cells if c.wanted]
    assert (cell.effective, cell.open, cell.persons, cell.used_up) == (2, 0, 2, False)


def test_eight_who_close_at_once_bring_in_eight_different_next_tickets() -> None:
    make_station(take=20, quotas={"elderly": (8, 0), "family": (0, 0)})
    callers = [Actor(f"caller-{n}", f"c{n}", "evaluator-org", ("interviewer",)) for n in range(8)]
    held = [(who, next_phone(who=who)) for who in callers]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda each: ended(each[1], "refused", who=each[0]), held))
    persons = interview_plans.persons(interview_plans.get(EVALUATOR, "plan-1"))
    assert sorted(p.serial for p in persons) == sorted(tickets_of("elderly")[:16])
    assert sorted(p.place for p in persons) == list(range(1, 17))
    assert sorted(p.replaces for p in persons if p.replaces) == sorted(p.serial for _, p in held)
    batch = records.get(Batch, "plan-1-rights")
    assert batch is not None
    assert batch.count == 16


def test_when_the_tickets_are_used_up_a_top_up_of_the_draw_fills_the_list_again() -> None:
    make_station(take=2, quotas={"elderly": (2, 0), "family": (0, 0)})
    gone = ended(next_phone(), "refused")
    found = interview_figures.progress(EVALUATOR, "plan-1")
    assert found.used_up
    assert found.replacements == ()
    assert interview_plans.fill_up(EVALUATOR, MORNING, KEYS, "plan-1") == 0
    top_up("persons-2", take=3, skip=2)
    assert interview_plans.fill_up(EVALUATOR, MORNING, KEYS, "plan-1") == 1
    assert interview_plans.fill_up(EVALUATOR, MORNING, KEYS, "plan-1") == 0
    fresh = stored(tickets_of("elderly", "persons-2")[0])
    assert (fresh.replaces, fresh.place, fresh.draw) == (gone.serial, 3, "persons-2")
    assert not interview_figures.progress(EVALUATOR, "plan-1").used_up
    assert acts("interview.replaced")[0]["in"] == fresh.serial


def test_a_call_back_comes_first_when_it_is_due_and_not_before() -> None:
    make_station(quotas={"elderly": (3, 0), "family": (0, 0)})
    person = next_phone()
    refused("invalid", ended, person, "call_back")
    refused("invalid", ended, person, "call_back", appointment=MORNING - timedelta(hours=1))
    refused("invalid", ended, person, "no_answer", appointment=TOMORROW)
    at = MORNING + timedelta(hours=13)  # 23:00 in China: outside the bands, but the person asked for it
    assert ended(person, "call_back", appointment=at).appointment == at
    assert next_phone(who=OTHER_CALLER).serial != person.serial
    assert next_phone(at - timedelta(minutes=5)).serial == person.serial


def test_who_knows_the_person_gives_it_back_and_somebody_else_calls() -> None:
    make_station(quotas={"elderly": (1, 0), "family": (0, 0)})
    person = next_phone()
    refused("invalid", interviews.give_back, CALLER, MORNING, "plan-1", person.serial, " ")
    interviews.give_back(CALLER, MORNING, "plan-1", person.serial, "my neighbour")
    refused("nobody_to_call", next_phone)
    again = next_phone(who=OTHER_CALLER)
    assert (again.serial, again.attempts) == (person.serial, ())
    assert acts("interview.given_back")[0]["reason"] == "my neighbour"


@pytest.mark.parametrize(
    ("said", "disposition"),
    [("never", "never_served"), ("unknown", "service_unknown"), ("staff", "staff_number")],
)
def test_a_denial_is_an_error_of_the_record_and_the_next_ticket_comes(said: str, disposition: str) -> None:
    make_station(quotas={"elderly": (1, 0), "family": (0, 0)})
    person = next_phone()
    closed = interviews.verify(CALLER, MORNING, KEYS, "plan-1", person.serial, {"served": said})
    assert closed.disposition == disposition
    [failure] = interviews.record_failures("persons-1")
    assert (failure.serial, failure.reason, failure.attribute, failure.holds) == (
        person.serial,
        disposition,
        "true",
        False,
    )
    assert interviews.records_confirmed("persons-1") == {}
    following = next_phone()
    assert following.replaces == person.serial
    interviews.verify(CALLER, MORNING, KEYS, "plan-1", following.serial, SERVED)
    assert set(interviews.records_confirmed("persons-1")) == {following.serial}
    found = interview_figures.progress(EVALUATOR, "plan-1")
    assert found.rates.counts["NE"] == 1


def test_what_counts_as_a_record_failure_is_the_schemes_to_say() -> None:
    rules = InterviewRules(record_failures=("number_dead",))
    make_station(quotas={"elderly": (2, 0), "family": (0, 0)}, rules=rules)
    interviews.verify(CALLER, MORNING, KEYS, "plan-1", next_phone().serial, {"served": "never"})
    dead = next_phone()
    ended(dead, "number_dead")
    assert [failure.serial for failure in interviews.record_failures("persons-1")] == [dead.serial]


def test_answers_count_once_as_drawn_persons_by_interview_and_carry_no_hour() -> None:
    make_station(quotas={"elderly": (2, 0), "family": (0, 0)})
    person = next_phone()
    refused("state_conflict", interview_answers.answer, CALLER, MORNING, KEYS, "plan-1", person.serial, sheet())
    interviews.verify(CALLER, MORNING, KEYS, "plan-1", person.serial, SERVED)
    first = sheet()
    interview_answers.answer(CALLER, MORNING, KEYS, "plan-1", person.serial, first)
    refused("nobody_in_hand", interview_answers.answer, CALLER, MORNING, KEYS, "plan-1", person.serial, first)
    assert whole(next_phone(AFTERNOON), AFTERNOON, satisfaction="Low").disposition == "break_off"
    seals.seal("calls")
    found = responses.page(EVALUATOR, "calls", 0, 9)[0]
    assert {each.cell.mode for each in found} == {"interview"}
    assert {each.cell.distribution for each in found} == {"drawn_persons"}
    [(_, estimate)] = satisfaction.figures(EVALUATOR, "calls").groups
    assert (estimate.answered, estimate.issued, estimate.population) == (2, 3, 40)
    assert estimate.rate is not None
    assert estimate.interval is not None
    assert {each.hour for each in found} == {"2026-03-02T04"}  # noon in China


def test_after_sealing_nothing_stored_leads_from_the_person_to_the_answer() -> None:
    make_station(quotas={"elderly": (1, 0), "family": (0, 0)})
    person = next_phone()
    given = sheet()
    interviews.verify(CALLER, MORNING, KEYS, "plan-1", person.serial, SERVED)
    interview_answers.answer(CALLER, MORNING, KEYS, "plan-1", person.serial, given)
    seals.seal("calls")
    [answer] = responses.page(EVALUATOR, "calls", 0, 9)[0]
    code = right(KEYS[0], "plan-1", person.serial)
    documents = every_document()
    told = [name for name, each in documents if answer.final_id in str(each) and name != "ResponseDocument"]
    assert told == []
    assert not [name for name, each in documents if code in str(each) or given.submission_id in str(each)]
    assert "influence" not in str([each for name, each in documents if name == "IntervieweeDocument"])
    refused("code_spent", responses.submit, code, sheet(), MORNING, KEYS)


def test_many_interviews_of_one_day_are_no_burst_but_a_hasty_one_is_marked() -> None:
    make_station(take=20, quotas={"elderly": (12, 0), "family": (0, 0)})
    for number in range(12):
        person = next_phone()
        interviews.verify(CALLER, MORNING, KEYS, "plan-1", person.serial, SERVED)
        given = replace(sheet(), duration_s=1.0 if number == 0 else 90.0)
        interview_answers.answer(CALLER, MORNING, KEYS, "plan-1", person.serial, given)
    found = quality.scan(EVALUATOR, MORNING, "calls", {"too_fast": {"seconds_per_item": 10}}, {})
    assert found.counts["too_fast"] == 1
    assert not {"burst", "one_hour", "night"} & set(found.counts)


def test_how_much_was_answered_decides_what_the_interview_is() -> None:
    plan = make_station(quotas={"elderly": (3, 0), "family": (0, 0)})
    assert whole(next_phone()).disposition == "complete"
    two_of_three = {"satisfaction": "High", "influence": "Low"}
    person = next_phone()
    assert whole(person, **two_of_three).disposition == "partial"
    unsaid = next_phone()
    interviews.verify(CALLER, MORNING, KEYS, "plan-1", unsaid.serial, {"served": "yes", "service": "help"})
    closed = interview_answers.answer(CALLER, MORNING, KEYS, "plan-1", unsaid.serial, sheet()).person
    assert closed.disposition == "partial"  # the scheme asks for all three first questions
    found = interview_figures.progress(EVALUATOR, "plan-1")
    assert plan.settings.complete_share == 80
    assert (found.effective, found.rates.counts["I"], found.rates.counts["P"]) == (1, 1, 2)


def test_on_site_the_interviewer_takes_who_is_there_but_nobody_off_the_list() -> None:
    make_station(quotas={"elderly": (0, 2), "family": (0, 0)})
    order = tickets_of("elderly")
    refused("nobody_to_call", interviews.hand_out, CALLER, MORNING, "plan-1", "on_site", order[5])
    refused("invalid", interviews.hand_out, CALLER, MORNING, "plan-1", "phone", order[1])
    assert interviews.hand_out(CALLER, MORNING, "plan-1", "on_site", order[1]).serial == order[1]
    refused("interview_unfinished", interviews.hand_out, CALLER, MORNING, "plan-1", "on_site", order[0])


def test_purged_contacts_are_shown_to_nobody_and_the_rest_goes_on() -> None:
    make_station(quotas={"elderly": (1, 0), "family": (0, 0)})
    next_phone()
    later = MORNING + timedelta(days=30)
    make_frame(id="other")
    frame = records.get(FrozenFrame, "recipients")
    assert frame is not None
    assert frame.contacts_until == date(2030, 1, 1)
    assert contacts.purge(later.replace(year=2030)) == 80
    shown = interviews.show(CALLER, MORNING, KEYS, "plan-1")
    assert (shown.contact, shown.contact_gone) == ({}, "not_found")


def test_a_closed_plan_hands_out_nobody() -> None:
    plan = make_station()
    refused("stale", interview_plans.close, EVALUATOR, MORNING, "plan-1", plan.version + 1)
    interview_plans.close(EVALUATOR, MORNING, "plan-1", plan.version)
    refused("state_conflict", next_phone)
