"""Interviews over the real database: whom one may call, when somebody is given up, who comes next, what stays apart."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from factories import EVALUATOR, NOW, OTHER_EVALUATOR, PROVIDER
from interviewing import (
    AFTERNOON,
    CALLER,
    EVENING,
    KEYS,
    MORNING,
    OTHER_CALLER,
    TOMORROW,
    acts,
    ended,
    make_station,
    next_phone,
    refused,
    stored,
    tickets_of,
    whole,
)

from service.domain.access import Actor
from service.domain.collect.tickets import Batch
from service.domain.errors import Refused
from service.domain.inspect import draws as draw_rules
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.frames import FrozenFrame
from service.domain.inspect.interviews import Interviewee, InterviewPlan
from service.operations.inspect import (
    interview_figures,
    interview_plans,
    interviews,
)
from service.store import records

pytestmark = pytest.mark.usefixtures("database")


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


def test_on_site_the_interviewer_takes_who_is_there_but_nobody_off_the_list() -> None:
    make_station(quotas={"elderly": (0, 2), "family": (0, 0)})
    order = tickets_of("elderly")
    refused("nobody_to_call", interviews.hand_out, CALLER, MORNING, "plan-1", "on_site", order[5])
    refused("invalid", interviews.hand_out, CALLER, MORNING, "plan-1", "phone", order[1])
    assert interviews.hand_out(CALLER, MORNING, "plan-1", "on_site", order[1]).serial == order[1]
    refused("interview_unfinished", interviews.hand_out, CALLER, MORNING, "plan-1", "on_site", order[0])


def test_a_closed_plan_hands_out_nobody() -> None:
    plan = make_station()
    refused("stale", interview_plans.close, EVALUATOR, MORNING, "plan-1", plan.version + 1)
    interview_plans.close(EVALUATOR, MORNING, "plan-1", plan.version)
    refused("state_conflict", next_phone)
