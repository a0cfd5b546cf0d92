"""Operations: rows to views."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from services.clients import tables as t
from services.clients.schemas.operations import KINDS as OPERATION_KINDS
from services.clients.schemas.operations import OUTCOMES, STATES
from services.kernel.lists import Field, Kind, Resource
from services.kernel.rights import Rights

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


def list_operation_rows(connection: sa.Connection, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    OPERATIONS.get(connection, arguments, rights)
    of_operation = t.operation_rows.c.operation_id == arguments["operation_id"]
    return OPERATION_ROWS.page(connection, arguments, rights, of_operation)
