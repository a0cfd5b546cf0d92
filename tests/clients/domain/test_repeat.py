from datetime import date

import pytest

from services.clients.commands.tasks import Repeat
from services.clients.domain.repeat import following_day


def due_days(first, repeat, count):
    days = []
    for _ in range(count):
        later = following_day(first, repeat)
        if later is None:
            break
        first, repeat = later
        days.append(first)
    return days


@pytest.mark.parametrize(
    ("every", "first", "days"),
    [
        # Wednesday 4 November 2026 is a holiday
        ("week", date(2026, 10, 28), [date(2026, 11, 5), date(2026, 11, 11), date(2026, 11, 18)]),
        # every day is every working day
        ("day", date(2026, 11, 3), [date(2026, 11, 5), date(2026, 11, 6), date(2026, 11, 9), date(2026, 11, 10)]),
        # the last of a month: a Saturday in October, and a day off by decree in December
        ("month", date(2026, 8, 31), [date(2026, 9, 30), date(2026, 11, 2), date(2026, 11, 30), date(2027, 1, 11)]),
    ],
)
def test_what_falls_on_a_day_off_is_due_on_the_next_working_day_and_goes_on_as_it_was_meant(every, first, days):
    days_found = due_days(first, Repeat(every, on_working_days=True), len(days))
    assert days_found == days


def test_days_off_count_like_others_unless_it_is_asked():
    assert due_days(date(2026, 10, 28), Repeat("week"), 2) == [date(2026, 11, 4), date(2026, 11, 11)]


def test_the_last_one_is_due_behind_the_last_day_if_that_is_a_day_off():
    repeat = Repeat("week", until=date(2026, 11, 4), on_working_days=True)
    assert due_days(date(2026, 10, 28), repeat, 3) == [date(2026, 11, 5)]


def test_who_moves_a_task_himself_moves_those_behind_it_too():
    repeat = Repeat("week", on_working_days=True, moved_from=date(2026, 11, 4))
    assert following_day(date(2026, 10, 28), Repeat("week", on_working_days=True)) == (date(2026, 11, 5), repeat)
    assert following_day(date(2026, 11, 6), repeat) == (date(2026, 11, 13), Repeat("week", on_working_days=True))
