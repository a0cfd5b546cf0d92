"""Working days of the Russian production calendar, and the terms the Civil Code counts by."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias

import holidays

TermUnit: TypeAlias = Literal["calendar", "working", "banking"]

_DAY = timedelta(days=1)
# Expands by itself to the years it is asked about.
_FEDERAL = holidays.country_holidays("RU", language="ru")


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The five-day week with the yearly transfers; days that differ from it are in `overrides`."""

    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        known = self.overrides.get(day)
        return _FEDERAL.is_working_day(day) if known is None else known

    def holiday(self, day: date) -> str:
        """The name of the public holiday, empty on any other day, be it a day off or not."""
        return "" if self.overrides.get(day) else _FEDERAL.get(day, "")

    def working_day_from(self, day: date) -> date:
        """The day itself or the first working day behind it (ст. 193 ГК РФ)."""
        while not self.is_working(day):
            day += _DAY
        return day

    def working_days_after(self, day: date, count: int) -> date:
        """The count-th working day behind a day."""
        return self._step(day, count, _DAY)

    def working_days_before(self, day: date, count: int) -> date:
        """The count-th working day ahead of a day: when to remind."""
        return self._step(day, count, -_DAY)

    def due_date(self, event: date, term: int, unit: TermUnit) -> date:
        """The last day of a term that begins on the day after the event (ст. 191 ГК РФ).

        Banking days are not defined in law and count as working days.
        """
        if unit == "calendar":
            return self.working_day_from(event + term * _DAY)
        return self.working_day_from(self.working_days_after(event, term))

    def _step(self, day: date, count: int, step: timedelta) -> date:
        while count > 0:
            day += step
            count -= self.is_working(day)
        return day


@cache
def production_calendar() -> WorkingCalendar:
    """The calendar with the overrides of the data file."""
    text = files("services.kernel.data").joinpath("working_days.toml").read_text(encoding="utf-8")
    return WorkingCalendar({row["day"]: row["working"] for row in tomllib.loads(text)["overrides"]})
