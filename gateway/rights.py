"""What the other services ask about rights, for work that goes on after its request is over."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
import sqlalchemy as sa

from gateway import tables as t
from gateway.access import rights_of
from gateway.queries import grants_of, held_by, team_mates
from services.kernel import clock
from services.kernel.clock import to_micros
from services.kernel.rights import Rights
from services.kernel.schemas import Id, Text
from services.kernel.wiring import QuerySpec


class GetRightsSchema(ma.Schema):
    user_id = Id(required=True)
    principal = Id(required=True)
    permission = Text(100, required=True, min_length=1)


class RightsView(ma.Schema):
    """`users` are those whose rows may be seen, null for everybody's."""

    allowed = ma.fields.Boolean(required=True)
    name = ma.fields.String(required=True, allow_none=True)
    users = ma.fields.List(ma.fields.String(), required=True, allow_none=True)
    masked = ma.fields.List(ma.fields.String(), required=True)


class ListWatchersSchema(ma.Schema):
    user_id = Id(required=True)
    permission = Text(100, required=True, min_length=1)
    resource = Text(100, required=True, min_length=1)


class WatcherView(ma.Schema):
    user_id = ma.fields.String(required=True)
    name = ma.fields.String(required=True, allow_none=True)
    email = ma.fields.String(required=True, allow_none=True)


def get_rights(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    """What a user may at this moment, with the key he came with as far as it goes. A session that
    is over takes nothing away, a key that is revoked everything."""
    user_id, permission = arguments["user_id"], arguments["permission"]
    user = connection.execute(sa.select(t.users).where(t.users.c.id == user_id, t.users.c.active)).first()
    grants = held_by(connection, user.role, arguments["principal"], to_micros(clock.now())) if user else None
    if user is None or grants is None or not grants.may(permission):
        return {"allowed": False, "name": None, "users": [], "masked": []}
    rights = rights_of(grants, permission, user_id, team_mates(connection, user_id))
    users = None if rights.users is None else sorted(rights.users)
    return {"allowed": True, "name": user.name, "users": users, "masked": sorted(rights.masked)}


def list_watchers(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    """The users with a permission who see of a resource more than their own rows, those of a user among them."""
    user_id, permission = arguments["user_id"], arguments["permission"]
    mates = team_mates(connection, user_id)
    items = []
    for user in connection.execute(sa.select(t.users).where(t.users.c.active).order_by(t.users.c.id)):
        grants = grants_of(connection, user.role)
        scope = grants.scope(arguments["resource"])
        if grants.may(permission) and (scope == "all" or (scope == "team" and user.id in mates)):
            items.append({"user_id": user.id, "name": user.name, "email": user.email})
    return {"items": items, "next": None}


QUERIES = {
    "get_rights": QuerySpec(GetRightsSchema, get_rights, RightsView),
    "list_watchers": QuerySpec(ListWatchersSchema, list_watchers, WatcherView, many=True),
}
