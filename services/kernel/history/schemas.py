"""How the past is asked for, and what it answers."""

from typing import Any

import marshmallow as ma
from marshmallow import fields as f

from services.kernel.lists.pages import ListSchema
from services.kernel.schemas import Moment
from services.kernel.validation import Wrong

OLDEST_FIRST, NEWEST_FIRST = "version", "-version"


class HistorySchema(ListSchema):
    sort = f.String(
        load_default=NEWEST_FIRST,
        validate=ma.validate.OneOf((NEWEST_FIRST, OLDEST_FIRST)),
        metadata={"description": "`-version`, the newest first, or `version`, the oldest first"},
    )

    @ma.post_load
    def read_cursor(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """A cursor is the version that the page before ended with."""
        cursor = data.pop("cursor", None)
        if cursor is not None and not (cursor.isdecimal() and cursor.isascii() and len(cursor) < 10):  # noqa: PLR2004
            wrong = Wrong("wrong-cursor", "Неизвестный курсор", "Unknown cursor")
            raise ma.ValidationError({"cursor": wrong.messages})
        return {**data, "beyond": None if cursor is None else int(cursor)}


class FieldChangeView(ma.Schema):
    field = f.String(required=True)
    old = f.Raw(required=True, allow_none=True)
    new = f.Raw(required=True, allow_none=True)


class ChangeView(ma.Schema):
    """One event of the resource, and what it changed."""

    id = f.String(required=True, metadata={"description": "The event's id, as `/v1/trace` takes it"})
    version = f.Integer(required=True)
    type = f.String(required=True)
    recorded_at = f.AwareDateTime(required=True)
    occurred_at = f.AwareDateTime(required=True)
    actor = f.String(required=True, metadata={"description": "The user's id, or `system`"})
    key = f.String(
        required=True,
        allow_none=True,
        metadata={"description": "The id of the API key or session it was done with, or the reaction that did it"},
    )
    correlation_id = f.String(required=True, metadata={"description": "What all that one request began shares"})
    causation_id = f.String(required=True, metadata={"description": "The event or request directly behind it"})
    changes = f.List(f.Nested(FieldChangeView), required=True)


class SinceView(ma.Schema):
    """What happened after that time, the oldest first; `next` goes on in the history, by `sort=version`."""

    items = f.List(f.Nested(ChangeView), required=True)
    next = f.String(required=True, allow_none=True)


def dated(schema: type[ma.Schema]) -> type[ma.Schema]:
    """The arguments of the query of one resource, with the time it is asked for."""
    description = "The resource as it was then, with `since`: what happened after"
    return type(schema.__name__, (schema,), {"as_of": Moment(metadata={"description": description})})


def history_schema(schema: type[ma.Schema]) -> type[ma.Schema]:
    """The arguments of the history of what the schema names."""
    name = schema.__name__.removesuffix("Schema")
    return type(f"{name}HistorySchema", (schema, HistorySchema), {})
