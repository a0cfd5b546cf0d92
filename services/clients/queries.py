"""Rows to views."""

from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from services.clients import tables as t
from services.clients.domain.identity import user_name_key
from services.clients.domain.search import sought
from services.kernel.clock import from_micros, to_iso
from services.kernel.errors import NotFound
from services.kernel.lists import Page
from services.kernel.rights import Rights


def get_client(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    row = connection.execute(sa.select(t.clients).where(t.clients.c.id == arguments["client_id"])).first()
    if row is None:
        raise NotFound(what="client", id=arguments["client_id"])
    return _view(row)


def list_clients(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    c = t.clients.c
    query = sa.select(t.clients)
    if arguments.get("q"):
        query = query.where(sa.or_(*(c.searched.contains(text, autoescape=True) for text in sought(arguments["q"]))))
    for name in ("manager_id", "kind", "inn"):
        if arguments.get(name):
            query = query.where(c[name] == arguments[name])
    return Page.of(arguments).answer(connection, query, c.id, _view)


def user_is_active(connection: sa.Connection, user_id: str) -> bool:
    query = sa.select(t.users.c.active).where(t.users.c.id == user_id)
    return bool(connection.execute(query).scalar())


def find_users_named(connection: sa.Connection, name: str) -> list[str]:
    """The active users of this name, however it is spaced and written large or small."""
    query = sa.select(t.users.c.id).where(t.users.c.name_key == user_name_key(name), t.users.c.active)
    return list(connection.execute(query.order_by(t.users.c.id)).scalars())


def find_manager_name(connection: sa.Connection, client_id: str) -> str | None:
    """Who looks after a client."""
    query = sa.select(t.users.c.name).join_from(t.clients, t.users, t.clients.c.manager_id == t.users.c.id)
    found: str | None = connection.execute(query.where(t.clients.c.id == client_id)).scalar()
    return found


def get_task(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    row = connection.execute(sa.select(t.tasks).where(t.tasks.c.id == arguments["task_id"])).first()
    if row is None:
        raise NotFound(what="task", id=arguments["task_id"])
    return dict(row._mapping)


def list_tasks(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    query = sa.select(t.tasks)
    for name in ("client_id", "assignee_id", "completed"):
        if arguments.get(name) is not None:
            query = query.where(t.tasks.c[name] == arguments[name])
    return Page.of(arguments).answer(connection, query, t.tasks.c.id, lambda row: dict(row._mapping))


def get_operation(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    row = connection.execute(sa.select(t.imports).where(t.imports.c.id == arguments["operation_id"])).first()
    if row is None:
        raise NotFound(what="operation", id=arguments["operation_id"])
    return {**row._mapping, "kind": "import", "counts": msgspec.json.decode(row.counts)}


def list_operation_rows(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    get_operation(connection, arguments, _rights)
    r = t.import_rows.c
    query = sa.select(t.import_rows).where(r.import_id == arguments["operation_id"])
    return Page.of(arguments).answer(connection, query, r.place, _import_row)


def _import_row(row: sa.Row[Any]) -> dict[str, Any]:
    return {
        "row": row.row,
        "outcome": row.outcome,
        "client_id": row.client_id,
        "problems": msgspec.json.decode(row.problems),
    }


def _view(row: sa.Row[Any]) -> dict[str, Any]:
    view = {name: value for name, value in row._mapping.items() if name != "searched"}
    for name in ("phones", "emails"):
        view[name] = msgspec.json.decode(view[name])
    for name in ("created_at", "changed_at"):
        view[name] = to_iso(from_micros(view[name]))
    return view
