"""Rows to views, and what a letter needs to know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from services.kernel.clock import from_micros, to_iso
from services.kernel.errors import NotFound
from services.kernel.lists import Page
from services.kernel.rights import Rights
from services.notifications import tables as t


@dataclass(frozen=True, slots=True)
class Recipient:
    name: str
    address: str | None


def find_recipient(connection: sa.Connection, client_id: str) -> Recipient | None:
    """How the client is greeted, and its first valid e-mail address."""
    row = connection.execute(sa.select(t.recipients).where(t.recipients.c.id == client_id)).first()
    if row is None:
        return None
    valid = [email["address"] for email in msgspec.json.decode(row.emails) if email["valid"]]
    return Recipient(row.contact_person or row.name or "", valid[0] if valid else None)


def find_organisation(connection: sa.Connection, organisation_id: str) -> tuple[str, str] | None:
    """The name that signs and the address that sends."""
    query = sa.select(t.organisations.c.name, t.organisations.c.email)
    row = connection.execute(query.where(t.organisations.c.id == organisation_id)).first()
    return (row.name, row.email) if row else None


def find_invoice_file(connection: sa.Connection, document_id: str) -> tuple[str, int] | None:
    """The invoice's PDF: its hash and size."""
    query = sa.select(t.invoice_files.c.hash, t.invoice_files.c.size)
    row = connection.execute(query.where(t.invoice_files.c.document_id == document_id)).first()
    return (row.hash, row.size) if row else None


def get_message(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    query = sa.select(t.messages).where(t.messages.c.id == arguments["message_id"])
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(what="message", id=arguments["message_id"])
    return _view(row)


def list_messages(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    query = sa.select(t.messages)
    for name in ("client_id", "document_id", "state"):
        if arguments.get(name):
            query = query.where(t.messages.c[name] == arguments[name])
    return Page.of(arguments).answer(connection, query, t.messages.c.id, _view)


def _view(row: sa.Row[Any]) -> dict[str, Any]:
    view = dict(row._mapping)
    for name in ("planned_at", "ended_at"):
        view[name] = to_iso(from_micros(view[name])) if view[name] else None
    return view
