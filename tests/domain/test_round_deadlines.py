"""Deadlines of rounds: begun by events with the scheme's terms, put off and never shortened, told with their basis."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from factories import TEMPLATES
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.days import day_of
from service.domain.deadlines import Deadline, Term, WorkingDays, deadline
from service.domain.errors import Refused
from service.domain.evaluate import round_opening
from service.domain.evaluate.rounds import NOTIFIED, SCORING, Round
from service.domain.evaluate.scheme_loading import load_scheme
from service.domain.procedure import round_deadlines as rules
from service.domain.procedure import round_gates
from service.domain.procedure.round_states import TRANSITIONS, steps, transition
from service.domain.projects import Project

SCHEME = load_scheme((TEMPLATES / "schemes" / "guangzhou-services.yaml").read_text(encoding="utf-8"), {})
PROJECT = Project("p", "Station", "authority-org", "purchaser-org", "provider-org", "evaluator-org")
# The days off around National Day 2026, as announced; a make-up Saturday on 10 October.
AUTUMN = {date(2026, 10, day): False for day in (1, 2, 5, 6, 7)} | {date(2026, 10, 10): True}
CALENDAR = WorkingDays({2026: AUTUMN})


def count(on: date, term: Term) -> Deadline:
    return deadline(on, term, CALENDAR)


def a_round(**more) -> Round:
    opened = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    return Round("r", "p", "final", "Final", "guangzhou-services@2", "d", opened, **more)


@pytest.mark.rule("G48")
def test_the_final_self_evaluation_is_owed_within_fifteen_calendar_days_and_rolls_over_the_days_off():
    begun = rules.start(a_round(), SCHEME, rules.EXPIRY, date(2026, 9, 18), count)
    [one] = rules.of(begun).values()
    assert (one.id, one.on, one.days, one.unit) == ("final-self-evaluation", date(2026, 10, 8), 15, "calendar")
    assert (one.hard, one.provisional, one.basis) == (True, False, "办法五（一）；民法典第二百零一条、第二百零三条")
    assert rules.start(begun, SCHEME, rules.EXPIRY, date(2026, 12, 1), count) == begun  # what runs goes on


@pytest.mark.rule("G47")
def test_a_mid_term_self_evaluation_is_owed_on_the_agreed_day_or_with_the_days_that_the_round_sets():
    day = date(2026, 6, 1)
    [one] = rules.of(rules.start(a_round(), SCHEME, rules.AGREED_DATE, day, count)).values()
    assert (one.on, one.hard) == (day, False)
    [one] = rules.of(
        rules.start(a_round(terms={"mid-self-evaluation": 15}), SCHEME, rules.AGREED_DATE, day, count)
    ).values()
    assert one.on == date(2026, 6, 16)


@pytest.mark.rule("G56")
def test_the_window_for_appeals_is_a_term_of_the_round():
    served = date(2026, 3, 2)
    assert rules.start(a_round(), SCHEME, rules.RESULT_SERVED, served, count) == a_round()
    [one] = rules.of(rules.start(a_round(terms={"appeal": 15}), SCHEME, rules.RESULT_SERVED, served, count)).values()
    assert (one.id, one.on) == ("appeal", date(2026, 3, 17))
    [open_] = round_gates.terms(a_round(), SCHEME, replace(PROJECT, ends_on=date(2026, 9, 18)))
    assert (open_.subject, open_.waivable) == ("appeal", False)


@pytest.mark.rule("G57")
def test_the_review_has_thirty_days_from_acceptance():
    [one] = rules.of(rules.start(a_round(), SCHEME, rules.APPEAL_ACCEPTED, date(2026, 3, 2), count)).values()
    assert one.on == date(2026, 4, 1)


def test_a_deadline_is_put_off_with_a_reason_and_never_shortened():
    begun = rules.start(a_round(), SCHEME, rules.EXPIRY, date(2026, 9, 18), count)
    later = rules.postpone(begun, "final-self-evaluation", date(2026, 10, 15), "flood", provisional=False)
    [one] = rules.of(later).values()
    assert (one.on, one.first_on) == (date(2026, 10, 15), date(2026, 10, 8))
    for id, on, reason, code in (
        ("final-self-evaluation", date(2026, 10, 8), "flood", "deadline_shortened"),
        ("final-self-evaluation", date(2026, 10, 1), "flood", "deadline_shortened"),
        ("final-self-evaluation", date(2026, 10, 9), " ", "empty"),
        ("appeal", date(2026, 10, 9), "flood", "not_an_option"),
    ):
        with pytest.raises(Refused) as refused:
            rules.postpone(begun, id, on, reason, provisional=False)
        assert [fault.reason for fault in refused.value.faults] == [code]
    done = rules.finish(begun, rules.EXPIRY, date(2026, 10, 1))
    with pytest.raises(Refused) as refused:
        rules.postpone(done, "final-self-evaluation", date(2026, 10, 9), "flood", provisional=False)
    assert [fault.reason for fault in refused.value.faults] == ["deadline_done"]


@pytest.mark.rule("G51")
def test_fifteen_days_of_evaluation_warn_and_want_a_reason_but_do_not_block():
    begun = rules.start(a_round(state=SCORING), SCHEME, rules.STARTED, date(2026, 3, 2), count)
    [one] = rules.of(begun).values()
    assert (one.on, one.hard) == (date(2026, 3, 17), False)
    step = transition(begun, "reported")
    assert round_gates.late(begun, step, date(2026, 3, 17), "") == []
    [over] = round_gates.late(begun, step, date(2026, 3, 18), "")
    assert over.subject == "official-evaluation"
    assert round_gates.late(begun, step, date(2026, 3, 18), "two visits were moved") == []
    kept = rules.of(rules.finish(begun, rules.STARTED, date(2026, 3, 18), "two visits were moved"))[one.id]
    assert (kept.done_on, kept.late_reason) == (date(2026, 3, 18), "two visits were moved")


@pytest.mark.rule("G55")
def test_a_notice_of_the_result_names_body_address_phone_last_day_and_how_it_was_served():
    whole = {
        "body": "区民政局",
        "address": "某路1号",
        "phone": "020-12345",
        "served_on": "2026-03-02",
        "channel": "post",
        "received_by": "前台",
        "last_day": "2026-03-17",
    }
    assert round_gates.notice(a_round(notice=whole)) == []
    for name in whole:
        wanting = round_gates.notice(a_round(notice={key: part for key, part in whole.items() if key != name}))
        assert [one.subject for one in wanting] == [name]


@pytest.mark.rule("G58")
def test_an_unappealed_result_is_final_only_after_the_last_day_to_appeal():
    told = a_round(state=NOTIFIED, notice={"served_on": "2026-03-02", "last_day": "2026-03-17"})
    assert rules.appeal_window(told) == (date(2026, 3, 2), date(2026, 3, 17))
    assert [one.code for one in round_gates.appeal_window(told, date(2026, 3, 17))] == ["appeal_window_open"]
    assert round_gates.appeal_window(told, date(2026, 3, 18)) == []


@pytest.mark.rule("G46")
@pytest.mark.rule("O14")
def test_the_kind_of_a_round_decides_its_way():
    ways = {kind: {one.to for one in steps(replace(a_round(), kind=kind))} for kind in ("pre", "mid_term", "final")}
    assert ways == {"pre": {"evidence"}, "mid_term": {"self_evaluation"}, "final": {"self_evaluation"}}
    reached = {"opened"} | {one.to for one in TRANSITIONS}
    assert {one.from_ for one in TRANSITIONS} <= reached


@pytest.mark.rule("G67")
def test_a_scheme_out_of_its_validity_wants_a_reason():
    valid = replace(SCHEME, valid_from=date(2021, 1, 1), valid_to=date(2025, 12, 31))
    today = date(2026, 3, 2)
    with pytest.raises(Refused) as refused:
        round_opening.check(a_round(), valid, PROJECT, None, today)
    assert [fault.field for fault in refused.value.faults] == ["expired_reason"]
    round_opening.check(a_round(expired_reason="no successor yet"), valid, PROJECT, None, today)
    round_opening.check(a_round(), valid, PROJECT, None, date(2025, 12, 31))


@pytest.mark.rule("N01", "S08")
def test_terms_of_other_regimes_are_the_same_kind_of_data():
    event = date(2026, 9, 28)
    terms = ((15, "calendar", "2026-10-13"), (10, "working", "2026-10-16"), (3, "calendar", "2026-10-08"))
    for days, unit, last in terms:
        found = count(event, Term(days, unit))
        assert found.on.isoformat() == last, (days, unit)
    assert count(event, Term(15, "working")).on == date(2026, 10, 23)


def test_the_last_day_of_a_window_ends_at_midnight_where_the_projects_are():
    told = a_round(state=NOTIFIED, notice={"served_on": "2026-03-02", "last_day": "2026-03-17"})
    before, after = datetime(2026, 3, 17, 15, 59, 59, tzinfo=UTC), datetime(2026, 3, 17, 16, 0, tzinfo=UTC)
    assert [len(round_gates.appeal_window(told, day_of(at))) for at in (before, after)] == [1, 0]


def test_a_deadline_in_a_year_without_announced_days_off_is_provisional_and_stays_once_served():
    begun = rules.start(a_round(), SCHEME, rules.EXPIRY, date(2026, 12, 24), count)
    [one] = rules.of(begun).values()
    assert (one.on, one.provisional) == (date(2027, 1, 8), True)
    told = rules.tell(begun, date(2026, 12, 24))
    assert rules.start(told, SCHEME, rules.EXPIRY, date(2026, 12, 24), lambda on, term: Deadline(on, False)) == told


@settings(max_examples=30)
@given(st.lists(st.integers(-20, 20), max_size=6))
def test_no_order_of_changes_makes_a_deadline_earlier(steps_of_days):
    round = rules.start(a_round(), SCHEME, rules.EXPIRY, date(2026, 3, 2), count)
    for days in steps_of_days:
        [before] = rules.of(round).values()
        try:
            round = rules.postpone(round, before.id, before.on + timedelta(days=days), "reason", provisional=False)
        except Refused:
            assert days <= 0
        [after] = rules.of(round).values()
        assert after.on >= before.on >= after.first_on
