"""The relations register: rows to views."""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from services.clients import tables as t
from services.clients.domain.search import sought
from services.clients.queries.aliases import ALIASES, clients_of
from services.clients.schemas.interactions import DIRECTIONS, STATES
from services.kernel.lists import Field, Kind, Resource
from services.kernel.rights import Rights


def _search_interactions(query: str, _rights: Rights) -> sa.ColumnElement[bool]:
    return sa.or_(*(t.interactions.c.searched.contains(text, autoescape=True) for text in sought(query)))


def _of_clients_of(users: Collection[str]) -> sa.ColumnElement[bool]:
    return t.interactions.c.client_id.in_(clients_of(users))


INTERACTIONS = Resource(
    "interaction",
    "interaction_id",
    t.interactions,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("number", Kind.WORD),
        Field("client_id", Kind.ID, aliases=ALIASES),
        Field("kind", Kind.WORD),
        Field("state", Kind.WORD, words=STATES),
        Field("starts_at", Kind.TIME),
        Field("ends_at", Kind.TIME),
        Field("direction", Kind.WORD, words=DIRECTIONS),
        Field("employee_id", Kind.ID),
        Field("author_id", Kind.ID),
        Field("participants", Kind.TEXTS),
        Field("contact_ids", Kind.TEXTS),
        Field("important", Kind.FLAG),
        Field("basis", Kind.JSON),
        Field("complaint_subject", Kind.WORD),
        Field("subject", Kind.TEXT),
        Field("project", Kind.TEXT),
        Field("goals", Kind.TEXT),
        Field("content", Kind.TEXT),
        Field("agreements", Kind.TEXT),
        Field("result", Kind.WORD),
        Field("satisfaction", Kind.NUMBER),
        Field("served_in_time", Kind.FLAG),
        Field("improvement", Kind.TEXT),
        Field("reason", Kind.TEXT),
        Field("resolution", Kind.TEXT),
        Field("open_complaint", Kind.FLAG),
        Field("recorded_at", Kind.TIME),
    ),
    owners=(t.interactions.c.employee_id, t.interactions.c.author_id),
    through=_of_clients_of,
    search=_search_interactions,
)


def list_interactions(connection: sa.Connection, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    contact_id = arguments.get("contact_id")
    if contact_id is None:
        return INTERACTIONS.page(connection, arguments, rights)
    with_him = sa.select(t.interaction_contacts.c.interaction_id).where(
        t.interaction_contacts.c.contact_id == contact_id
    )
    return INTERACTIONS.page(connection, arguments, rights, t.interactions.c.id.in_(with_him))
