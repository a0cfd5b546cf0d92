"""Dictionaries and the fields of cards: rows to views, and what of them is not there yet."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from services.clients import tables as t
from services.clients.commands.card import CARD
from services.clients.domain.default_entries import default_entries
from services.clients.domain.dictionary import entry_id
from services.clients.schemas.dictionaries import BLOCKS, KINDS
from services.kernel.lists import Field, Kind, Resource
from services.kernel.reactions import DueCommand

ENTRIES = Resource(
    "dictionary_entry",
    "entry_id",
    t.dictionary_entries,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("dictionary", Kind.WORD),
        Field("code", Kind.WORD),
        Field("name", Kind.TEXT),
        Field("parent", Kind.WORD),
        Field("retired", Kind.FLAG),
    ),
)

CLIENT_FIELDS = Resource(
    "client_field",
    "code",
    t.client_fields,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("label", Kind.TEXT),
        Field("kind", Kind.WORD, words=KINDS),
        Field("block", Kind.WORD, words=BLOCKS),
        Field("dictionary", Kind.WORD),
        Field("custom", Kind.FLAG),
        Field("hidden", Kind.FLAG),
    ),
)


def due_defaults(connection: sa.Connection, _now: datetime) -> Sequence[DueCommand]:
    """Once for everything that an installation begins with and has not got."""
    entries = set(connection.execute(sa.select(t.dictionary_entries.c.id)).scalars())
    fields = set(connection.execute(sa.select(t.client_fields.c.id)).scalars())
    missing = [code for code in CARD if code not in fields]
    missing += [id_ for one in default_entries() if (id_ := entry_id(one.dictionary, one.code)) not in entries]
    if not missing:
        return []
    known_by = hashlib.sha256("\n".join(missing).encode()).hexdigest()
    return [DueCommand("install_defaults", {}, f"defaults/{known_by}")]
