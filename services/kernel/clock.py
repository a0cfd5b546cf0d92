"""Time: aware, UTC, kept in stores as whole microseconds since 1970."""

import os
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def now() -> datetime:
    return datetime.now(UTC)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970-01-01 UTC; a naive time is refused by the subtraction."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def to_iso(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds, ending in Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_iso(text: str) -> datetime:
    """Reads what `to_iso` wrote, and any RFC 3339 time with an offset."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"time without an offset: {text!r}")
    return moment.astimezone(UTC)


def company_today() -> date:
    """The date it is now in the company's time zone (REESTR_TIME_ZONE)."""
    return company_date(now())


def company_date(moment: datetime) -> date:
    """The date of a moment in the company's time zone."""
    return moment.astimezone(company_zone()).date()


def company_midnight(day: date) -> datetime:
    """When a day begins in the company's time zone."""
    return datetime.combine(day, time(), company_zone()).astimezone(UTC)


def company_time_on(day: date, like: datetime) -> datetime:
    """The time of another day that a clock in the company's time zone shows as it does at a moment."""
    zone = company_zone()
    return datetime.combine(day, like.astimezone(zone).time(), zone).astimezone(UTC)


def company_zone() -> ZoneInfo:
    return ZoneInfo(os.environ.get("REESTR_TIME_ZONE", "Europe/Moscow"))
