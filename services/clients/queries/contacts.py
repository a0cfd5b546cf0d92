"""Contact persons: rows to views."""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from services.clients import tables as t
from services.clients.domain.search import sought
from services.clients.queries.aliases import ALIASES, clients_of
from services.kernel.lists import Field, Kind, Resource
from services.kernel.rights import Rights


def _search_contacts(query: str, rights: Rights) -> sa.ColumnElement[bool]:
    c = t.contacts.c
    points = {"phone": c.phones_folded, "email": c.emails_folded}
    columns = [c.searched, *(column for kind, column in points.items() if kind not in rights.masked)]
    return sa.or_(*(column.contains(text, autoescape=True) for column in columns for text in sought(query)))


def _of_clients_of(users: Collection[str]) -> sa.ColumnElement[bool]:
    """Who stands, or stood, for a client of these users."""
    linked = sa.select(t.contact_links.c.contact_id).where(t.contact_links.c.client_id.in_(clients_of(users)))
    return t.contacts.c.id.in_(linked)


CONTACTS = Resource(
    "contact",
    "contact_id",
    t.contacts,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("code", Kind.WORD),
        Field("name", Kind.TEXT),
        Field("phones", Kind.TEXTS, masked="phone"),
        Field("emails", Kind.TEXTS, masked="email"),
        Field("links", Kind.TEXTS),
        Field("birthday", Kind.DATE),
        Field("preferred_channel", Kind.WORD),
        Field("interests", Kind.TEXTS),
        Field("note", Kind.TEXT),
        Field("responsible_id", Kind.ID),
        Field("clients", Kind.JSON),
        Field("created_at", Kind.TIME),
        Field("changed_at", Kind.TIME),
    ),
    owners=(t.contacts.c.responsible_id,),
    through=_of_clients_of,
    search=_search_contacts,
)


def list_contacts(connection: sa.Connection, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    client_id, current = arguments.get("client_id"), arguments.get("current")
    if client_id is None:
        return CONTACTS.page(connection, arguments, rights)
    linked = sa.select(t.contact_links.c.contact_id).where(ALIASES.same(t.contact_links.c.client_id, [client_id]))
    if current is not None:
        linked = linked.where(t.contact_links.c.current == current)
    return CONTACTS.page(connection, arguments, rights, t.contacts.c.id.in_(linked))
