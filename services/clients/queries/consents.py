"""Consents: rows to views."""

from collections.abc import Collection

import sqlalchemy as sa

from services.clients.queries.aliases import ALIASES, clients_of
from services.clients.schemas.consents import CHANNELS, STATES, WHATS
from services.clients.tables import contact_links
from services.clients.tables.people import consents
from services.kernel.lists import Field, Kind, Resource


def _of_people_of(users: Collection[str]) -> sa.ColumnElement[bool]:
    """Consents of the clients of these users, and of whoever stands for one."""
    theirs = clients_of(users)
    linked = sa.select(contact_links.c.contact_id).where(contact_links.c.client_id.in_(theirs))
    return sa.or_(consents.c.person.in_(theirs), consents.c.person.in_(linked))


CONSENTS = Resource(
    "consent",
    "consent_id",
    consents,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("what", Kind.WORD, words=WHATS),
        Field("person", Kind.ID, aliases=ALIASES),
        Field("purpose", Kind.WORD),
        Field("channel", Kind.WORD, words=CHANNELS),
        Field("state", Kind.WORD, words=STATES),
        Field("text_version", Kind.TEXT),
        Field("source", Kind.TEXT),
        Field("given_at", Kind.TIME),
        Field("revoked_at", Kind.TIME),
        Field("revoked_by_way_of", Kind.TEXT),
        Field("proof", Kind.TEXT),
    ),
    through=_of_people_of,
)
