"""Rows to views."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from gateway import tables as t
from gateway.roles import MASKED, ROLES, Grants
from services.kernel.errors import NotFound
from services.kernel.lists import Field, Kind, Resource, encode_cursor
from services.kernel.rights import EVERYTHING, Rights

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
        Field("invited_until", Kind.TIME),
        Field("password_set_at", Kind.TIME),
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
        Field("prefix", Kind.ID),
        Field("scopes", Kind.JSON),
        Field("active", Kind.FLAG),
        Field("created_at", Kind.TIME),
        Field("expires_at", Kind.TIME),
        Field("last_used_at", Kind.TIME),
        Field("former_until", Kind.TIME),
    ),
    owners=(t.api_keys.c.user_id,),
    stream="api_key",
)

SESSIONS = Resource(
    "session",
    "session_id",
    t.sessions,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("user_id", Kind.ID),
        Field("address", Kind.ID),
        Field("active", Kind.FLAG),
        Field("created_at", Kind.TIME),
        Field("expires_at", Kind.TIME),
        Field("last_used_at", Kind.TIME),
    ),
    owners=(t.sessions.c.user_id,),
)

TEAMS = Resource(
    "team",
    "team_id",
    t.teams,
    (Field("id", Kind.ID), Field("version", Kind.NUMBER), Field("name", Kind.TEXT), Field("members", Kind.JSON)),
)

# those that the company made; the built-in ones come with the release and have no past
ROLES_MADE = Resource(
    "role",
    "role_id",
    t.roles,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("name", Kind.ID),
        Field("built_in", Kind.FLAG),
        Field("permissions", Kind.JSON),
        Field("rows", Kind.JSON),
        Field("masked", Kind.JSON),
    ),
)

ACCESS_LOG = Resource(
    "access-log-entry",
    "entry_id",
    t.access_log,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("at", Kind.TIME),
        Field("type", Kind.WORD),
        Field("subject", Kind.ID),
        Field("actor", Kind.ID),
        Field("user_id", Kind.ID),
        Field("address", Kind.ID),
        Field("details", Kind.JSON),
    ),
)


def get_role(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    for role in _roles(connection):
        if role["id"] == arguments["role_id"]:
            return role
    raise NotFound(what="role", id=arguments["role_id"])


def list_roles(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    """The built-in ones among those of the company; they are few."""
    limit, after = arguments["limit"], arguments.get("cursor", "")
    found = sorted((role for role in _roles(connection) if role["id"] > after), key=lambda role: role["id"])
    more = len(found) > limit
    return {"items": found[:limit], "next": encode_cursor(found[limit - 1]["id"]) if more else None}


def _roles(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    for id, role in ROLES.items():
        g = role.grants
        lists = {"permissions": sorted(g.permissions), "rows": dict(g.rows), "masked": sorted(g.masked)}
        yield {"id": id, "version": 1, "name": role.name, "built_in": True, **lists}
    for row in connection.execute(sa.select(t.roles)):
        yield ROLES_MADE.view(row._mapping, EVERYTHING)


def grants_of(connection: sa.Connection, role: str) -> Grants:
    """What a role grants; nothing where it is not known."""
    if role in ROLES:
        return ROLES[role].grants
    row = connection.execute(sa.select(t.roles).where(t.roles.c.id == role)).first()
    if row is None:
        return Grants(frozenset(), masked=frozenset(MASKED))
    permissions, rows, masked = (msgspec.json.decode(stored) for stored in (row.permissions, row.rows, row.masked))
    return Grants(frozenset(permissions), rows, frozenset(masked))


def held_by(connection: sa.Connection, role: str, principal: str, now: int) -> Grants | None:
    """What a user of the role holds who came by this key or session; None where it is a key that
    opens nothing any more."""
    key = connection.execute(sa.select(t.api_keys).where(t.api_keys.c.id == principal)).first()
    if key is None:
        return grants_of(connection, role)
    if not key.active or (key.expires_at is not None and key.expires_at <= now):
        return None
    return grants_of(connection, role).narrowed(msgspec.json.decode(key.scopes) if key.scopes else None)


def teams_of(connection: sa.Connection, user_id: str) -> frozenset[str]:
    c = t.team_members.c
    return frozenset(connection.execute(sa.select(c.team_id).where(c.user_id == user_id)).scalars())


def team_mates(connection: sa.Connection, user_id: str) -> frozenset[str]:
    """The user, and whoever is in a team with him."""
    c = t.team_members.c
    teams = sa.select(c.team_id).where(c.user_id == user_id)
    mates = connection.execute(sa.select(c.user_id).where(c.team_id.in_(teams))).scalars()
    return frozenset({user_id, *mates})
