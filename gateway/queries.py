"""Rows to views."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gateway import tables as t
from gateway.domain import api_key
from gateway.roles import permits
from services.kernel.clock import from_micros, to_iso
from services.kernel.errors import NotFound
from services.kernel.lists import Page
from services.kernel.rights import Rights


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Who bears a key: the key's id is the principal, the user acts."""

    principal: str
    actor: str
    role: str

    def may(self, permission: str) -> bool:
        return permits(self.role, permission)


def find_key_holder(connection: sa.Connection, presented: str) -> KeyHolder | None:
    parts = api_key.read(presented)
    if parts is None:
        return None
    k, u = t.api_keys.c, t.users.c
    query = sa.select(k.secret_hash, u.id, u.role).join_from(t.api_keys, t.users, k.user_id == u.id)
    row = connection.execute(query.where(k.id == parts[0], k.active, u.active)).first()
    if row is None or not api_key.matches(parts[1], row.secret_hash):
        return None
    return KeyHolder(parts[0], row.id, row.role)


def get_user(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    return _one(connection, t.users, "user", arguments["user_id"])


def list_users(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    return Page.of(arguments).answer(connection, sa.select(t.users), t.users.c.id, _view)


def get_api_key(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    return _one(connection, t.api_keys, "api-key", arguments["key_id"])


def list_api_keys(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    return Page.of(arguments).answer(connection, sa.select(t.api_keys), t.api_keys.c.id, _view)


def _one(connection: sa.Connection, table: sa.Table, what: str, id: str) -> dict[str, Any]:
    row = connection.execute(sa.select(table).where(table.c.id == id)).first()
    if row is None:
        raise NotFound(what=what, id=id)
    return _view(row)


def _view(row: sa.Row[Any]) -> dict[str, Any]:
    view = dict(row._mapping)
    view.pop("secret_hash", None)
    return {**view, "created_at": to_iso(from_micros(view["created_at"]))}
