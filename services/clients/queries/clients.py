"""Clients: rows to views."""

import sqlalchemy as sa

from services.clients import tables as t
from services.clients.domain.search import sought
from services.clients.schemas.clients import KINDS
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
