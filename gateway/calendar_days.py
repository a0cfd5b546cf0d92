"""Diaries, as far as the gateway knows of them itself: the days, and who may read by an address."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from gateway import tables as t
from gateway.domain.calendar_feed import PREFIX
from gateway.domain.secrets import matches, read
from gateway.queries import grants_of
from gateway.routes.calendar import SHOWN
from gateway.schemas import calendar as schemas
from services.kernel import clock
from services.kernel.errors import NotFound
from services.kernel.lists import Field, Kind, Resource, ResourceListSchema
from services.kernel.rights import Rights
from services.kernel.wiring import QuerySpec, many, one
from services.kernel.working_days import WorkingCalendar, production_calendar

CALENDAR_FEEDS = Resource(
    "calendar-feed",
    "feed_id",
    t.calendar_feeds,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("user_id", Kind.ID),
        Field("name", Kind.TEXT),
        Field("active", Kind.FLAG),
        Field("created_at", Kind.TIME),
        Field("rotated_at", Kind.TIME),
    ),
    owners=(t.calendar_feeds.c.user_id,),
    stream="calendar_feed",
)


def get_calendar_days(_connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    first, last = arguments["first"], arguments["last"]
    calendar = production_calendar()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "time_zone": clock.company_zone().key,
        "days": [_day(calendar, day) for day in days],
    }


def _day(calendar: WorkingCalendar, day: date) -> dict[str, Any]:
    return {"date": day.isoformat(), "working": calendar.is_working(day), "holiday": calendar.holiday(day) or None}


def get_calendar_door(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    """Whose diary a token opens, and what its user may read at this moment."""
    feed_id, secret = read(PREFIX, arguments["token"]) or ("", "")
    f, u = t.calendar_feeds.c, t.users.c
    query = sa.select(t.calendar_feeds, u.role).join_from(t.calendar_feeds, t.users, f.user_id == u.id)
    row = connection.execute(query.where(f.id == feed_id, f.active, u.active)).first()
    if row is None or not matches(secret, row.secret_hash):
        raise NotFound(what="calendar", id=feed_id)  # the secret is told nobody again
    grants = grants_of(connection, row.role)
    shown = [permission for permission in SHOWN if grants.may(permission)]
    return {"feed_id": feed_id, "user_id": row.user_id, "shown": shown, "masked": sorted(grants.masked)}


QUERIES = {
    "get_calendar_days": QuerySpec(schemas.GetCalendarDaysSchema, get_calendar_days, schemas.CalendarDaysView),
    "get_calendar_door": QuerySpec(schemas.GetCalendarDoorSchema, get_calendar_door, schemas.CalendarDoorView),
    "get_calendar_feed": one(schemas.GetCalendarFeedSchema, CALENDAR_FEEDS, schemas.CalendarFeedView),
    "list_calendar_feeds": many(ResourceListSchema, CALENDAR_FEEDS, schemas.CalendarFeedView),
}
