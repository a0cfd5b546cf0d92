"""Rows to views."""

from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from services.deals import tables as t
from services.deals.domain.pipeline import PIPELINES
from services.kernel.clock import from_micros, to_iso
from services.kernel.errors import NotFound
from services.kernel.lists import Page
from services.kernel.rights import Rights


def client_is_known(connection: sa.Connection, client_id: str) -> bool:
    return _is_known(connection, t.known_clients, client_id)


def organisation_is_known(connection: sa.Connection, organisation_id: str) -> bool:
    return _is_known(connection, t.known_organisations, organisation_id)


def user_is_active(connection: sa.Connection, user_id: str) -> bool:
    return _is_known(connection, t.active_users, user_id)


def _is_known(connection: sa.Connection, table: sa.Table, id: str) -> bool:
    return connection.execute(sa.select(table.c.id).where(table.c.id == id)).first() is not None


def get_deal(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    row = connection.execute(sa.select(t.deals).where(t.deals.c.id == arguments["deal_id"])).first()
    if row is None:
        raise NotFound(what="deal", id=arguments["deal_id"])
    return _view(row)


def list_deals(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    query = sa.select(t.deals)
    for name in ("client_id", "stage", "manager_id"):
        if arguments.get(name):
            query = query.where(t.deals.c[name] == arguments[name])
    return Page.of(arguments).answer(connection, query, t.deals.c.id, _view)


def list_pipelines(_connection: sa.Connection, _arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    items = [
        {"id": p.name, "title": p.ru, "stages": [{"name": s.name, "title": s.ru} for s in p.stages]}
        for p in PIPELINES.values()
    ]
    return {"items": items, "next": None}


def _view(row: sa.Row[Any]) -> dict[str, Any]:
    view = dict(row._mapping)
    view["lines"] = msgspec.json.decode(view["lines"])
    for name in ("opened_at", "stage_since"):
        view[name] = to_iso(from_micros(view[name]))
    return view
