"""A diary as an iCalendar file (RFC 5545). It says what is to be done and when, and names no client:
the file lies on other firms' servers and on telephones."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from icalendar import Calendar, Event

from services.kernel.clock import from_iso

NAMES = {"interaction": "Взаимодействие", "task": "Задача"}
REFRESHED = "PT30M"


def written(diary: Iterable[Mapping[str, Any]], kinds: Mapping[str, str], zone: str, now: datetime) -> bytes:
    """`kinds` are the names of kinds of interactions by their codes."""
    calendar = Calendar()
    for name, value in {
        "PRODID": "-//Reestr//Calendar//RU",
        "VERSION": "2.0",
        "CALSCALE": "GREGORIAN",
        "METHOD": "PUBLISH",
        "X-WR-CALNAME": "Reestr",
        "X-WR-TIMEZONE": zone,
        "X-PUBLISHED-TTL": REFRESHED,
    }.items():
        calendar.add(name, value)
    for entry in diary:
        calendar.add_component(_event(entry, kinds, now))
    whole: bytes = calendar.to_ical()
    return whole


def _event(entry: Mapping[str, Any], kinds: Mapping[str, str], now: datetime) -> Event:
    event = Event()
    event.add("UID", f"{entry['kind']}-{entry['id']}@reestr")
    event.add("SEQUENCE", entry["version"] - 1)
    event.add("DTSTAMP", now)
    event.add("SUMMARY", _summary(entry, kinds))
    event.add("DTSTART", _starts(entry))
    if entry["ends_at"] is not None:
        event.add("DTEND", from_iso(entry["ends_at"]))
    event.add("CLASS", "PRIVATE")
    event.add("CATEGORIES", [NAMES[entry["kind"]]])
    # a task takes no time of its own out of the day
    event.add("TRANSP", "TRANSPARENT" if entry["kind"] == "task" else "OPAQUE")
    return event


def _starts(entry: Mapping[str, Any]) -> date | datetime:
    return from_iso(entry["starts_at"]) if entry["starts_at"] else date.fromisoformat(entry["date"])


def _summary(entry: Mapping[str, Any], kinds: Mapping[str, str]) -> str:
    kind = kinds.get(entry["interaction_kind"], "")
    return ": ".join(filter(None, (kind, entry["title"]))) or NAMES[entry["kind"]]
