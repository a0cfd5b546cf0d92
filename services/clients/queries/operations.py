"""Operations: rows to views."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.clients import tables as t
from services.clients.commands.operations import EXISTING
from services.clients.schemas.operations import KINDS as OPERATION_KINDS
from services.clients.schemas.operations import OUTCOMES, STATES, WHATS
from services.clients.tables.people import erasures
from services.kernel.clock import to_micros
from services.kernel.lists import Field, Kind, Resource
from services.kernel.reactions import DueCommand
from services.kernel.rights import Rights

MOST_DUE = 100

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
        Field("user_id", Kind.ID),
        Field("successor_id", Kind.ID),
        Field("reverts", Kind.ID),
        Field("reverted_by", Kind.ID),
        Field("existing", Kind.WORD, words=EXISTING),
        Field("dry_run", Kind.FLAG),
        Field("problems", Kind.JSON),
        Field("failed_rows", Kind.NUMBER),
        Field("failed_rows_until", Kind.TIME),
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
        Field("what", Kind.WORD, words=WHATS),
        Field("subject_id", Kind.ID),
        Field("problems", Kind.JSON),
        Field("before", Kind.NUMBER),
        Field("after", Kind.NUMBER),
    ),
    key="place",
)


def erased_since(connection: sa.Connection, operation_id: str) -> bool:
    """Whether somebody was forgotten after the operation began."""
    began = sa.select(t.operations.c.started_at).where(t.operations.c.id == operation_id).scalar_subquery()
    return bool(connection.execute(sa.select(sa.exists().where(erasures.c.erased_at >= began))).scalar())


def operations_with_failed_rows(connection: sa.Connection) -> list[str]:
    query = sa.select(t.operations.c.id).where(t.operations.c.failed_rows_until.is_not(None))
    return list(connection.execute(query.order_by(t.operations.c.id)).scalars())


def due_failed_rows(connection: sa.Connection, now: datetime) -> Sequence[DueCommand]:
    """Files that were kept long enough."""
    o = t.operations.c
    query = sa.select(o.id).where(o.failed_rows_until <= to_micros(now)).order_by(o.failed_rows_until).limit(MOST_DUE)
    return [
        DueCommand("destroy_failed_rows", {"operation_id": operation_id}, key=f"failed-rows/{operation_id}")
        for operation_id in connection.execute(query).scalars()
    ]


def list_operation_rows(connection: sa.Connection, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    OPERATIONS.get(connection, arguments, rights)
    of_operation = t.operation_rows.c.operation_id == arguments["operation_id"]
    return OPERATION_ROWS.page(connection, arguments, rights, of_operation)
