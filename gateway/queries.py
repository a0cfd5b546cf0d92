"""Rows to views."""

from dataclasses import dataclass

import sqlalchemy as sa

from gateway import tables as t
from gateway.domain import api_key
from gateway.roles import permits
from services.kernel.lists import Field, Kind, Resource

USERS = Resource(
    "user",
    "user_id",
    t.users,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("name", Kind.TEXT),
        Field("email", Kind.TEXT),
        Field("role", Kind.WORD),
        Field("active", Kind.FLAG),
        Field("created_at", Kind.TIME),
    ),
    owners=(t.users.c.id,),
)

API_KEYS = Resource(
    "api-key",
    "key_id",
    t.api_keys,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("user_id", Kind.ID),
        Field("name", Kind.TEXT),
        Field("active", Kind.FLAG),
        Field("created_at", Kind.TIME),
    ),
    owners=(t.api_keys.c.user_id,),
)


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
