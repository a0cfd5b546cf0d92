"""Diaries: what is asked for, and what is shown."""

from datetime import date, timedelta
from typing import Any

import marshmallow as ma

from gateway.commands import CreateCalendarFeed, RevokeCalendarFeed, RotateCalendarFeed
from services.kernel.commands import CommandSchema
from services.kernel.schemas import Day, Id, Text
from services.kernel.validation import Wrong

MOST_DAYS = 92


class CreateCalendarFeedSchema(CommandSchema):
    command = CreateCalendarFeed

    name = Text(200, required=True, min_length=1, metadata={"description": "The program that will read it"})


class RotateCalendarFeedSchema(CommandSchema):
    command = RotateCalendarFeed

    feed_id = Id(required=True)


class RevokeCalendarFeedSchema(CommandSchema):
    command = RevokeCalendarFeed

    feed_id = Id(required=True)


class GetCalendarFeedSchema(ma.Schema):
    feed_id = Id(required=True)


class CalendarFeedView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    user_id = ma.fields.String(required=True)
    name = ma.fields.String(required=True, allow_none=True)
    active = ma.fields.Boolean(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    rotated_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    address = ma.fields.String(
        metadata={"description": "Where the diary is read without a key; told once, in the answer that made it"}
    )


class GetCalendarDoorSchema(ma.Schema):
    token = Text(200, required=True, min_length=1)


class CalendarDoorView(ma.Schema):
    """`shown` are the permissions of the feed's user for what a diary shows."""

    feed_id = ma.fields.String(required=True)
    user_id = ma.fields.String(required=True)
    shown = ma.fields.List(ma.fields.String(), required=True)
    masked = ma.fields.List(ma.fields.String(), required=True)


class GetCalendarDaysSchema(ma.Schema):
    first = Day(required=True, data_key="from")
    last = Day(required=True, data_key="to", metadata={"description": f"At most {MOST_DAYS} days with the first"})
    user_id = Id(metadata={"description": "Whose diary; one's own where it is not said"})

    @ma.post_load
    def check(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        first: date = data["first"]
        last: date = data["last"]
        if last < first:
            raise _wrong("before-from", "Раньше начала", "Before the first day")
        if last - first >= timedelta(days=MOST_DAYS):
            raise _wrong("too-many-days", f"Не больше {MOST_DAYS} дней", f"At most {MOST_DAYS} days")
        return data


def _wrong(code: str, ru: str, en: str) -> ma.ValidationError:
    return ma.ValidationError({"to": Wrong(code, ru, en).messages})


class CalendarDayView(ma.Schema):
    date = ma.fields.Date(required=True)
    working = ma.fields.Boolean(required=True)
    holiday = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "The name of the public holiday, in Russian"}
    )


class CalendarDaysView(ma.Schema):
    first = ma.fields.Date(required=True, data_key="from")
    last = ma.fields.Date(required=True, data_key="to")
    time_zone = ma.fields.String(required=True, metadata={"description": "The company's"})
    days = ma.fields.List(ma.fields.Nested(CalendarDayView), required=True)
