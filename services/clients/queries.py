"""Rows to views."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from services.clients import tables as t
from services.clients.domain.identity import user_name_key
from services.clients.domain.search import sought
from services.clients.schemas.clients import KINDS
from services.clients.schemas.operations import KINDS as OPERATION_KINDS
from services.clients.schemas.operations import OUTCOMES, STATES
from services.kernel.lists import Field, Kind, Resource
from services.kernel.rights import Rights


def _search_clients(query: str, rights: Rights) -> sa.ColumnElement[bool]:
    """Any part of what is known of a client; of masked phones and e-mails nothing is found."""
    c = t.clients.c
    points = {"phone": c.phones_folded, "email": c.emails_folded}
    columns = [c.searched, *(column for kind, column in points.items() if kind not in rights.masked)]
    return sa.or_(*(column.contains(text, autoescape=True) for column in columns for text in sought(query)))


CLIENTS = Resource(
    "client",
    "client_id",
    t.clients,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("code", Kind.WORD),
        Field("kind", Kind.WORD, words=KINDS),
        Field("name", Kind.TEXT),
        Field("full_name", Kind.TEXT),
        Field("inn", Kind.TEXT),
        Field("kpp", Kind.TEXT),
        Field("ogrn", Kind.TEXT),
        Field("phones", Kind.TEXTS, masked="phone"),
        Field("emails", Kind.TEXTS, masked="email"),
        Field("contact_person", Kind.TEXT),
        Field("address", Kind.TEXT),
        Field("city", Kind.TEXT),
        Field("source", Kind.TEXT),
        Field("note", Kind.TEXT),
        Field("verified", Kind.FLAG),
        Field("manager_id", Kind.ID),
        Field("created_at", Kind.TIME),
        Field("changed_at", Kind.TIME),
    ),
    owners=(t.clients.c.manager_id,),
    search=_search_clients,
)

TASKS = Resource(
    "task",
    "task_id",
    t.tasks,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("client_id", Kind.ID),
        Field("document_id", Kind.ID),
        Field("assignee_id", Kind.ID),
        Field("author_id", Kind.ID),
        Field("title", Kind.TEXT),
        Field("due_date", Kind.DATE),
        Field("completed", Kind.FLAG),
        Field("result", Kind.TEXT),
    ),
    owners=(t.tasks.c.assignee_id, t.tasks.c.author_id),
)

OPERATIONS = Resource(
    "operation",
    "operation_id",
    t.operations,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("kind", Kind.WORD, words=OPERATION_KINDS),
        Field("state", Kind.WORD, words=STATES),
        Field("total", Kind.NUMBER),
        Field("done", Kind.NUMBER),
        Field("counts", Kind.JSON),
        Field("started_by", Kind.ID),
        Field("started_at", Kind.TIME),
        Field("ended_at", Kind.TIME),
        Field("file_name", Kind.TEXT),
        Field("changes", Kind.JSON),
        Field("reverts", Kind.ID),
        Field("reverted_by", Kind.ID),
    ),
    owners=(t.operations.c.started_by,),
)

OPERATION_ROWS = Resource(
    "row",
    "row",
    t.operation_rows,
    (
        Field("row", Kind.NUMBER),
        Field("outcome", Kind.WORD, words=OUTCOMES),
        Field("client_id", Kind.ID),
        Field("problems", Kind.JSON),
        Field("before", Kind.NUMBER),
        Field("after", Kind.NUMBER),
    ),
    key="place",
)


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


def list_operation_rows(connection: sa.Connection, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    OPERATIONS.get(connection, arguments, rights)
    of_operation = t.operation_rows.c.operation_id == arguments["operation_id"]
    return OPERATION_ROWS.page(connection, arguments, rights, of_operation)
