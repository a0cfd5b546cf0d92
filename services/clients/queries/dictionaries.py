"""Dictionaries and the fields of cards: rows to views, and what of them is not there yet."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from services.clients import tables as t
from services.clients.commands.card import CARD
from services.clients.domain.default_entries import DEFAULTS
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
    """The entries and fields that every installation begins with, as far as it has not got them."""
    entries = set(connection.execute(sa.select(t.dictionary_entries.c.id)).scalars())
    fields = set(connection.execute(sa.select(t.client_fields.c.id)).scalars())
    due = [
        DueCommand("describe_client_field", {"code": code}, f"default-field/{code}")
        for code in CARD
        if code not in fields
    ]
    for dictionary, listed in DEFAULTS.items():
        for code, name, parent in listed:
            id_ = entry_id(dictionary, code)
            if id_ not in entries:
                arguments = {"dictionary": dictionary, "code": code, "name": name, "parent": parent}
                due.append(DueCommand("add_dictionary_entry", arguments, f"default-entry/{id_}"))
    return due
