from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.working_days import WorkingCalendar, production_calendar

CALENDAR = production_calendar()
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))

BY_MONTH = {
    2024: [17, 20, 20, 21, 20, 19, 23, 22, 21, 23, 21, 21],
    2025: [17, 20, 21, 22, 18, 19, 23, 21, 22, 23, 19, 22],
    2026: [15, 19, 21, 22, 19, 21, 23, 21, 22, 22, 20, 22],
    2027: [15, 19, 22, 22, 19, 21, 22, 22, 22, 21, 20, 22],
}


@pytest.mark.parametrize("year", BY_MONTH)
def test_working_days_of_each_month_are_those_of_the_official_calendar(year):
    counts = [0] * 12
    day = date(year, 1, 1)
    while day.year == year:
        counts[day.month - 1] += CALENDAR.is_working(day)
        day += timedelta(days=1)
    assert counts == BY_MONTH[year]


@pytest.mark.parametrize(
    ("day", "working"),
    [(date(2025, 11, 1), True), (date(2026, 1, 9), False), (date(2026, 12, 31), False), (date(2027, 2, 20), True)],
)
def test_transfers_of_days_off_are_known(day, working):
    assert CALENDAR.is_working(day) is working


def test_five_working_days_after_an_act_signed_before_the_may_holidays():
    assert CALENDAR.due_date(date(2026, 5, 8), 5, "working") == date(2026, 5, 18)
    assert CALENDAR.due_date(date(2026, 5, 8), 5, "banking") == date(2026, 5, 18)


def test_a_term_in_calendar_days_ends_on_a_working_day():
    assert CALENDAR.due_date(date(2026, 5, 4), 5, "calendar") == date(2026, 5, 12)
    assert CALENDAR.due_date(date(2026, 11, 22), 10, "calendar") == date(2026, 12, 2)


def test_a_reminder_is_planned_working_days_ahead():
    assert CALENDAR.working_days_before(date(2026, 5, 12), 3) == date(2026, 5, 6)


def test_an_override_beats_the_federal_calendar():
    friday, saturday = date(2026, 11, 20), date(2026, 11, 21)
    regional = WorkingCalendar({friday: False, saturday: True})
    assert (regional.is_working(friday), regional.is_working(saturday)) == (False, True)


@given(DAYS, st.integers(1, 60))
def test_going_ahead_and_back_meets_again(day, count):
    working = CALENDAR.working_day_from(day)
    assert CALENDAR.working_days_before(CALENDAR.working_days_after(working, count), count) == working


@given(DAYS, st.integers(0, 60), st.sampled_from(["calendar", "working"]))
def test_a_term_never_ends_on_a_day_off_nor_before_its_event(day, term, unit):
    due = CALENDAR.due_date(day, term, unit)
    assert CALENDAR.is_working(due)
    assert due >= day + timedelta(days=term)


def test_a_holiday_has_a_name_and_another_day_off_has_none():
    assert CALENDAR.holiday(date(2026, 11, 4)) == "День народного единства"
    assert (CALENDAR.holiday(date(2026, 11, 7)), CALENDAR.holiday(date(2026, 11, 9))) == ("", "")
    assert WorkingCalendar({date(2026, 11, 4): True}).holiday(date(2026, 11, 4)) == ""
