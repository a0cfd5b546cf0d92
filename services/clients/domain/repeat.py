"""When a task that repeats is due again."""

import calendar
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from services.clients.commands.tasks import Repeat
from services.kernel.errors import FieldError, Invalid
from services.kernel.working_days import production_calendar

MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "year": 12}


def check_repeat(repeat: Repeat | None, due_date: date) -> None:
    if repeat is not None and repeat.until is not None and repeat.until < due_date:
        ru, en = "Повторы кончаются раньше срока задачи", "The repeats end before the task is due"
        raise Invalid([FieldError("repeat.until", "before-due-date", ru, en)])


def following_day(due_date: date, repeat: Repeat) -> tuple[date, Repeat] | None:
    """The next day, and how it repeats from there; None where the last day is over. What was moved
    off a day off is followed by what comes after the day it was meant for."""
    meant, following, due = _meant(due_date, repeat), repeat, due_date
    while due <= due_date:
        meant, following = _later(meant, following)
        due = production_calendar().working_day_from(meant) if repeat.on_working_days else meant
    if repeat.until is not None and meant > repeat.until:
        return None
    return due, replace(following, moved_from=meant if meant != due else None)


def _meant(due_date: date, repeat: Repeat) -> date:
    """The day before it was moved, unless somebody has moved the task himself since."""
    moved_from = repeat.moved_from
    if moved_from is None or production_calendar().working_day_from(moved_from) != due_date:
        return due_date
    return moved_from


def _later(day: date, repeat: Repeat) -> tuple[date, Repeat]:
    """The same day of the next period; the last of a month that is shorter, after which it is that day again."""
    if repeat.every not in MONTHS:
        return day + timedelta(days=1 if repeat.every == "day" else 7), repeat
    meant = repeat.day or day.day
    year, month = divmod(day.year * 12 + day.month - 1 + MONTHS[repeat.every], 12)
    later = date(year, month + 1, min(meant, calendar.monthrange(year, month + 1)[1]))
    return later, replace(repeat, day=meant if meant != later.day else None)
