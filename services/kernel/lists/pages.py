"""The arguments of lists, their cursors, and pages in the order of one key."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import marshmallow as ma
import msgspec
import sqlalchemy as sa

from services.kernel.lists.syntax import LONGEST
from services.kernel.schemas import Text, WholeNumber
from services.kernel.validation import Wrong

DEFAULT_LIMIT = 100
MAX_LIMIT = 500
LONGEST_CURSOR = 8000


def decode_cursor(text: str) -> Any:
    """What `encode_cursor` made; anything else is refused as a wrong field."""
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
    except (binascii.Error, msgspec.DecodeError, UnicodeError, ValueError) as error:
        raise Wrong("wrong-cursor", "Неизвестный курсор", "Unknown cursor") from error


def encode_cursor(value: Any) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(value)).decode().rstrip("=")


class Cursor(Text):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(2000, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        last = decode_cursor(super()._deserialize(value, attr, data, **kwargs))
        if not isinstance(last, str) or not last.isprintable():
            raise Wrong("wrong-cursor", "Неизвестный курсор", "Unknown cursor")
        return last


class ListSchema(ma.Schema):
    """The arguments that every list takes."""

    class Meta:
        unknown = ma.RAISE

    limit = WholeNumber(
        validate=ma.validate.Range(1, MAX_LIMIT), load_default=DEFAULT_LIMIT, metadata={"description": "Page size"}
    )
    cursor: Text = Cursor(metadata={"description": "`next` of the page before"})


class Names(Text):
    """Names separated by commas."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        return tuple(name for part in text.split(",") if (name := part.strip()))


class ResourceListSchema(ListSchema):
    """The arguments of a list of a resource; what they may name is the resource's to say."""

    cursor = Text(LONGEST_CURSOR, metadata={"description": "`next` of the page before"})
    filter = Text(LONGEST)
    sort = Text(200)
    fields_ = Names(2000, data_key="fields", attribute="fields")


@dataclass(frozen=True, slots=True)
class Page:
    limit: int
    after: str | None

    @classmethod
    def of(cls, arguments: Mapping[str, Any]) -> Self:
        return cls(arguments["limit"], arguments.get("cursor"))

    def answer(
        self,
        connection: sa.Connection,
        query: sa.Select[Any],
        key: sa.ColumnElement[str],
        view: Callable[[sa.Row[Any]], dict[str, Any]],
    ) -> dict[str, Any]:
        """One page of the query in the order of a unique text key, and where the next begins."""
        if self.after is not None:
            query = query.where(key > self.after)
        rows = connection.execute(query.add_columns(key.label("page_key")).order_by(key).limit(self.limit + 1)).all()
        more = len(rows) > self.limit
        rows = rows[: self.limit]
        items = [view(row) for row in rows]
        for item in items:
            item.pop("page_key", None)
        return {"items": items, "next": encode_cursor(rows[-1].page_key) if more else None}
