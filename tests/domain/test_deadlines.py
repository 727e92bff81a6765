"""Terms: the published examples of counting, days off that are announced, and calendars that are not yet known."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.days import day_of
from service.domain.deadlines import (
    CALENDAR,
    WORKING,
    Deadline,
    Term,
    WorkingDays,
    deadline,
    overdue,
    read_year,
    streaks,
)
from service.domain.errors import Refused
from service.operations.calendars import published

KNOWN = WorkingDays({year: published(year) for year in (2025, 2026)})
DAYS = st.dates(date(2025, 1, 1), date(2026, 6, 1))


@pytest.mark.rule("G48", "G57", "C20")
@pytest.mark.parametrize(
    ("event", "term", "last"),
    [
        ((2026, 9, 18), Term(15), (2026, 10, 8)),  # G48: the fifteenth day lies in the National Day holiday
        ((2026, 9, 18), Term(15, roll=False), (2026, 10, 3)),
        ((2026, 3, 2), Term(30), (2026, 4, 1)),  # G57: from acceptance
        ((2026, 9, 28), Term(5, WORKING), (2026, 10, 10)),  # C20: a Saturday that is worked
        ((2025, 9, 29), Term(5, WORKING), (2025, 10, 13)),  # C20
    ],
)
def test_the_last_day_of_a_term(event, term, last):
    assert deadline(date(*event), term, KNOWN) == Deadline(date(*last), provisional=False)


def test_a_year_that_was_not_announced_is_counted_by_weekdays_and_called_provisional():
    found = deadline(date(2026, 12, 30), Term(3, WORKING), KNOWN)
    assert found == Deadline(date(2027, 1, 4), provisional=True)
    told = WorkingDays({**KNOWN.years, 2027: {date(2027, 1, 1): False}})
    assert deadline(date(2026, 12, 30), Term(3, WORKING), told) == Deadline(date(2027, 1, 5), provisional=False)


@given(DAYS, st.integers(1, 60))
def test_exactly_so_many_working_days_lie_in_a_term_of_working_days(event, days):
    last = deadline(event, Term(days, WORKING), KNOWN).on
    between = [event + timedelta(days=n) for n in range(1, (last - event).days + 1)]
    assert sum(map(KNOWN.works, between)) == days
    assert KNOWN.works(last)


@given(DAYS, st.integers(1, 60))
def test_a_rolled_term_ends_on_the_first_worked_day_from_its_last_one(event, days):
    bare, rolled = (deadline(event, Term(days, CALENDAR, roll), KNOWN).on for roll in (False, True))
    assert bare == event + timedelta(days=days)
    assert KNOWN.works(rolled)
    assert not any(KNOWN.works(bare + timedelta(days=n)) for n in range((rolled - bare).days))


@pytest.mark.parametrize(("term", "field"), [(Term(0), "days"), (Term(3661), "days"), (Term(5, "weeks"), "unit")])
def test_a_term_that_is_none_is_refused(term, field):
    with pytest.raises(Refused) as caught:
        deadline(date(2026, 1, 1), term, KNOWN)
    assert [fault.field for fault in caught.value.faults] == [field]


def test_a_day_is_that_of_china_and_the_last_day_is_in_time():
    late = datetime(2026, 10, 8, 15, 59, tzinfo=UTC)
    assert day_of(late) == date(2026, 10, 8)
    assert not overdue(date(2026, 10, 8), late)
    assert overdue(date(2026, 10, 8), late + timedelta(minutes=1))


def test_a_calendar_is_read_from_a_list_of_days_that_differ():
    text = "\ufeffdate,day\n2027-01-01,off\n\n2027-02-08,off\n2027-02-06,work\n2027-02-09,off\n"
    found = read_year(text, 2027)
    assert found == {"2027-01-01": False, "2027-02-06": True, "2027-02-08": False, "2027-02-09": False}
    assert streaks(found) == [
        (date(2027, 1, 1), date(2027, 1, 1), False),
        (date(2027, 2, 6), date(2027, 2, 6), True),
        (date(2027, 2, 8), date(2027, 2, 9), False),
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2027-13-01,off", "a day as year, month, day"),
        ("2026-10-01,off", "is not in 2027"),
        ("2027-10-01,holiday", "off, work"),
        ("2027-10-01", "off, work"),
        ("2027-01-02,off", "on a weekend anyway"),
        ("2027-01-04,work", "a weekday anyway"),
    ],
)
def test_a_slip_in_a_calendar_is_named_with_its_row(row, said):
    with pytest.raises(Refused) as caught:
        read_year(f"date,day\n2027-01-01,off\n{row}\n", 2027)
    [fault] = caught.value.faults
    assert fault.field == "rows.3"
    assert said in fault.message


@pytest.mark.parametrize("text", ["", "2027-01-01,off\n", "date,day\n", "date,day\n2027-01-01,off\n2027-01-01,off\n"])
def test_a_calendar_without_header_days_or_with_one_twice_is_refused(text):
    with pytest.raises(Refused):
        read_year(text, 2027)
