"""Rows to views."""

from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from services.clients import tables as t
from services.kernel.clock import from_micros, to_iso
from services.kernel.errors import NotFound
from services.kernel.lists import Page, ilike

SEARCHED = ("name", "full_name", "inn", "phones", "emails", "contact_person", "address")


def get_client(connection: sa.Connection, arguments: Mapping[str, Any]) -> dict[str, Any]:
    row = connection.execute(sa.select(t.clients).where(t.clients.c.id == arguments["client_id"])).first()
    if row is None:
        raise NotFound(what="client", id=arguments["client_id"])
    return _view(row)


def list_clients(connection: sa.Connection, arguments: Mapping[str, Any]) -> dict[str, Any]:
    c = t.clients.c
    query = sa.select(t.clients)
    if arguments.get("q"):
        query = query.where(sa.or_(*(ilike(c[name], arguments["q"]) for name in SEARCHED)))
    for name in ("manager_id", "kind", "inn"):
        if arguments.get(name):
            query = query.where(c[name] == arguments[name])
    return Page.of(arguments).answer(connection, query, c.id, _view)


def _view(row: sa.Row[Any]) -> dict[str, Any]:
    view = dict(row._mapping)
    for name in ("phones", "emails"):
        view[name] = msgspec.json.decode(view[name])
    for name in ("created_at", "changed_at"):
        view[name] = to_iso(from_micros(view[name]))
    return view
