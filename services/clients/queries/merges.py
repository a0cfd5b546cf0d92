"""Merged clients, and those that may be one: rows to views."""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from services.clients import tables as t
from services.clients.queries.aliases import ALIASES, clients_of
from services.clients.queries.clients import CLIENTS
from services.kernel.lists import Field, Kind, Resource, encode_cursor
from services.kernel.rights import Rights

SHOWN = 20  # clients of one group


def _of_clients_of(users: Collection[str]) -> sa.ColumnElement[bool]:
    return t.merges.c.client_id.in_(clients_of(users))


MERGES = Resource(
    "merge",
    "merge_id",
    t.merges,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("client_id", Kind.ID, aliases=ALIASES),
        Field("merged_id", Kind.ID),
        Field("moved", Kind.JSON),
        Field("fields", Kind.JSON),
        Field("merged_at", Kind.TIME),
        Field("merged_by", Kind.ID),
        Field("unmerged_at", Kind.TIME),
        Field("unmerged_by", Kind.ID),
        Field("given_back", Kind.JSON),
        Field("left", Kind.JSON),
    ),
    through=_of_clients_of,
)


def list_duplicates(connection: sa.Connection, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    """Groups of clients, among those the caller sees, that share an ИНН and КПП, a phone, an e-mail or
    a name; none by phones or e-mails that he sees in part only."""
    keys, limit, by = t.client_keys.c, arguments["limit"], arguments.get("by")
    count = sa.func.count().label("count")
    query = sa.select(keys.by, keys.key, count).join(t.clients, t.clients.c.id == keys.client_id)
    query = query.where(keys.by.not_in(rights.masked), *CLIENTS.visible(rights), *([keys.by == by] if by else []))
    if arguments.get("cursor"):
        seen, _, key = arguments["cursor"].partition("/")
        query = query.where(sa.tuple_(keys.by, keys.key) > sa.tuple_(seen, key))
    grouped = query.group_by(keys.by, keys.key).having(count > 1).order_by(keys.by, keys.key)
    rows = connection.execute(grouped.limit(limit + 1)).all()
    items = [
        {"by": row.by, "count": row.count, "clients": _sharing(connection, row.by, row.key, rights)}
        for row in rows[:limit]
    ]
    last = rows[limit - 1] if len(rows) > limit else None
    return {"items": items, "next": encode_cursor(f"{last.by}/{last.key}") if last else None}


def _sharing(connection: sa.Connection, by: str, key: str, rights: Rights) -> list[dict[str, Any]]:
    keys, c = t.client_keys.c, t.clients.c
    query = sa.select(c.id, c.version, c.code, c.kind, c.name, c.inn, c.kpp, c.manager_id, c.created_at, c.changed_at)
    query = query.join(t.client_keys, keys.client_id == c.id)
    query = query.where(keys.by == by, keys.key == key, *CLIENTS.visible(rights))
    fields = {field.name: field for field in CLIENTS.fields}
    return [
        {name: fields[name].shown(value) for name, value in row._mapping.items()}
        for row in connection.execute(query.order_by(c.created_at, c.id).limit(SHOWN))
    ]
