"""Rows to views."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from services.deals import tables as t
from services.deals.domain.hand_over import OUTCOMES
from services.deals.domain.pipeline import PIPELINES
from services.kernel.lists import Aliases, Field, Kind, Resource
from services.kernel.rights import Rights

CLIENTS = Aliases(t.client_aliases)
CLIENT_MANAGER = (
    sa.select(t.known_clients.c.manager_id)
    .where(t.known_clients.c.id == CLIENTS.resolved(t.deals.c.client_id))
    .scalar_subquery()
)

DEALS = Resource(
    "deal",
    "deal_id",
    t.deals,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("number", Kind.WORD),
        Field("client_id", Kind.ID, aliases=CLIENTS),
        Field("title", Kind.TEXT),
        Field("pipeline", Kind.WORD),
        Field("stage", Kind.WORD),
        Field("reason", Kind.TEXT),
        Field("lines", Kind.JSON),
        Field("amount", Kind.MONEY),
        Field("paid", Kind.MONEY),
        Field("currency", Kind.WORD),
        Field("organisation_id", Kind.ID),
        Field("manager_id", Kind.ID),
        Field("source", Kind.TEXT),
        Field("opened_at", Kind.TIME),
        Field("stage_since", Kind.TIME),
    ),
    owners=(t.deals.c.manager_id, CLIENT_MANAGER),
)


HAND_OVERS = Resource(
    "hand_over",
    "operation_id",
    t.hand_overs,
    (Field("id", Kind.ID), Field("started_by", Kind.ID)),
    owners=(t.hand_overs.c.started_by,),
)

HANDED_DEALS = Resource(
    "handed_deal",
    "deal_id",
    t.handed_deals,
    (
        Field("deal_id", Kind.ID),
        Field("outcome", Kind.WORD, words=OUTCOMES),
        Field("code", Kind.WORD),
        Field("ru", Kind.WORD),
        Field("en", Kind.WORD),
    ),
    key="deal_id",
)


def list_handed_deals(connection: sa.Connection, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    HAND_OVERS.get(connection, arguments, rights)
    of_operation = t.handed_deals.c.operation_id == arguments["operation_id"]
    return HANDED_DEALS.page(connection, arguments, rights, of_operation)


def open_deals_of(connection: sa.Connection, user_id: str, limit: int) -> list[str]:
    """The ids of the deals that a manager has in hand, the oldest first."""
    d = t.deals.c
    still_open = sa.or_(*(sa.and_(d.pipeline == p.name, d.stage.not_in((p.won, p.lost))) for p in PIPELINES.values()))
    query = sa.select(d.id).where(d.manager_id == user_id, still_open).order_by(d.id).limit(limit)
    return list(connection.execute(query).scalars())


def client_is_known(connection: sa.Connection, client_id: str, rights: Rights) -> bool:
    """Whether there is such a client, among those whom the caller may see."""
    c = t.known_clients.c
    query = sa.select(c.id).where(c.id == CLIENTS.resolve(connection, client_id))
    if rights.users is not None:
        query = query.where(c.manager_id.in_(sorted(rights.users)))
    return connection.execute(query).first() is not None


def organisation_is_known(connection: sa.Connection, organisation_id: str) -> bool:
    return _is_known(connection, t.known_organisations, organisation_id)


def user_is_active(connection: sa.Connection, user_id: str) -> bool:
    return _is_known(connection, t.active_users, user_id)


def _is_known(connection: sa.Connection, table: sa.Table, id: str) -> bool:
    return connection.execute(sa.select(table.c.id).where(table.c.id == id)).first() is not None


def list_pipelines(_connection: sa.Connection, _arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    items = [
        {"id": p.name, "title": p.ru, "stages": [{"name": s.name, "title": s.ru} for s in p.stages]}
        for p in PIPELINES.values()
    ]
    return {"items": items, "next": None}
