"""Answers of interviews and what is said of records: counted once, apart from the person, errors of the draw."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from database import every_document
from factories import EVALUATOR
from interviewing import (
    AFTERNOON,
    CALLER,
    KEYS,
    MORNING,
    SERVED,
    ended,
    make_frame,
    make_station,
    next_phone,
    refused,
    sheet,
    whole,
)

from service.domain.inspect.frames import FrozenFrame
from service.domain.inspect.interview_rules import InterviewRules
from service.domain.inspect.interviews import right
from service.operations.collect import quality, responses, satisfaction, seals
from service.operations.inspect import (
    contacts,
    interview_answers,
    interview_figures,
    interviews,
)
from service.store import records

pytestmark = pytest.mark.usefixtures("database")


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
