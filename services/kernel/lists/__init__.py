"""Lists: bounded, filtered, sorted, by cursors that neither skip nor repeat while rows are written."""

from services.kernel.lists.aliases import Aliases, alias_table, put_aliases, take_apart
from services.kernel.lists.fields import Field, Kind
from services.kernel.lists.pages import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    ListSchema,
    Page,
    ResourceListSchema,
    decode_cursor,
    encode_cursor,
)
from services.kernel.lists.resource import Resource

__all__ = [
    "DEFAULT_LIMIT",
    "MAX_LIMIT",
    "Aliases",
    "Field",
    "Kind",
    "ListSchema",
    "Page",
    "Resource",
    "ResourceListSchema",
    "alias_table",
    "decode_cursor",
    "encode_cursor",
    "put_aliases",
    "take_apart",
]
