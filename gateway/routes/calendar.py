"""Diaries: what is planned day by day, and addresses by which calendar programs read it."""

from typing import Any

from gateway.routing import OPEN, SELF, Kind, Route

ADDRESS = "/calendars/{token}.ics"
# what a calendar program is shown, if its user may read it
SHOWN = ("interactions.read", "tasks.read")
MOST = 500
KINDS = ("deal", "interaction", "task")

_TEXT, _MOMENT = {"type": ["string", "null"]}, {"type": ["string", "null"], "format": "date-time"}
_NAMES = {"type": "array", "items": {"type": "string", "enum": list(KINDS)}}
_ENTRY: dict[str, Any] = {
    "kind": {"type": "string", "enum": list(KINDS), "description": "A deal stands where it came to its stage"},
    "id": {"type": "string"},
    "version": {"type": "integer"},
    "date": {"type": "string", "format": "date", "description": "In the company's zone"},
    "starts_at": {**_MOMENT, "description": "Null for what has a day and no time"},
    "ends_at": _MOMENT,
    "title": _TEXT,
    "state": {"type": "string", "description": "Of a deal its stage"},
    "interaction_kind": _TEXT,
    "client_id": _TEXT,
    "user_id": {**_TEXT, "description": "Whose it is"},
    "open_deals": {
        "type": "array",
        "description": "Deals of the same user with this client that are neither won nor lost",
        "items": {
            "type": "object",
            "required": ["id", "title", "stage"],
            "properties": {"id": {"type": "string"}, "title": _TEXT, "stage": {"type": "string"}},
        },
    },
}
_DIARY: dict[str, Any] = {
    "from": {"type": "string", "format": "date"},
    "to": {"type": "string", "format": "date"},
    "time_zone": {"type": "string", "description": "The company's"},
    "days": {"type": "array", "items": {"$ref": "#/components/schemas/CalendarDayView"}},
    "user_id": {"type": "string", "description": "Whose diary it is"},
    "entries": {
        "type": "array",
        "maxItems": MOST * len(KINDS),
        "items": {"type": "object", "required": list(_ENTRY), "properties": _ENTRY, "additionalProperties": False},
    },
    "kinds": {**_NAMES, "description": "Those that the caller may read"},
    "more": {**_NAMES, "description": f"Those of which only the first {MOST} are told: ask for fewer days"},
    "unavailable": {**_NAMES, "description": "Those that are left out as their service did not answer"},
}
_SCHEMA = {"type": "object", "required": list(_DIARY), "properties": _DIARY, "additionalProperties": False}

CALENDAR = Route(
    "GET",
    "/v1/calendar",
    "get",
    "gateway",
    "get_calendar_days",
    SELF,
    "calendar",
    "A user's diary: interactions, tasks and stages of deals day by day, as far as the caller may see",
    view="get_calendar",
    gives={"application/json": {"schema": _SCHEMA}},
)
FILE = Route(
    "GET",
    ADDRESS,
    "get",
    "gateway",
    "get_calendar_door",
    OPEN,
    "calendar",
    "A user's diary as an iCalendar file, for calendar programs",
    view="get_calendar_file",
    gives={"text/calendar": {"schema": {"type": "string"}}},
)


def _feed(method: str, path: str, kind: Kind, call: str, summary: str) -> Route:
    return Route(method, f"/v1/calendar-feeds{path}", kind, "gateway", call, SELF, "calendar", summary)


ROUTES = (
    CALENDAR,
    FILE,
    _feed("POST", "", "create", "create_calendar_feed", "Make an address for one's own calendar program"),
    _feed("GET", "", "list", "list_calendar_feeds", "List the addresses of one's own diary"),
    _feed("GET", "/{feed_id}", "get", "get_calendar_feed", "Get an address of one's own, without its secret"),
    _feed("POST", "/{feed_id}/rotate", "change", "rotate_calendar_feed", "Make a new secret; the former opens no more"),
    _feed("POST", "/{feed_id}/revoke", "change", "revoke_calendar_feed", "Revoke an address"),
)
