"""Rows to views, and what handlers need to know of other services' things."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa

from services.documents import tables as t
from services.documents.commands import DraftLine, PrepareReconciliation
from services.documents.events import Buyer, Entry
from services.kernel.errors import NotFound
from services.kernel.lists import Page
from services.kernel.rights import Rights

HIDDEN = ("overdue_from", "issued_event_id")


@dataclass(frozen=True, slots=True)
class KnownDeal:
    client_id: str
    organisation_id: str | None
    currency: str
    lines: tuple[DraftLine, ...]
    opened_event_id: str


def find_deal(connection: sa.Connection, deal_id: str) -> KnownDeal | None:
    row = connection.execute(sa.select(t.deals).where(t.deals.c.id == deal_id)).first()
    if row is None:
        return None
    lines = msgspec.json.decode(row.lines, type=tuple[DraftLine, ...])
    return KnownDeal(row.client_id, row.organisation_id, row.currency, lines, row.opened_event_id)


def find_buyer(connection: sa.Connection, client_id: str) -> tuple[Buyer, str] | None:
    """The client's requisites, and the event they rest on."""
    row = connection.execute(sa.select(t.buyers).where(t.buyers.c.id == client_id)).first()
    if row is None:
        return None
    buyer = Buyer(row.full_name or row.name or "", row.inn or "", row.kpp or "", row.address or "")
    return buyer, f"clients:{row.position}"


def organisation_ids(connection: sa.Connection) -> list[str]:
    """The first two own organisations, which tells whether there is just one."""
    return list(connection.execute(sa.select(t.organisations.c.id).order_by(t.organisations.c.id).limit(2)).scalars())


def invoices_past_due(connection: sa.Connection, today: date, limit: int) -> list[str]:
    """Invoices that are unpaid and overdue, and not yet said to be so."""
    d = t.documents.c
    query = sa.select(d.id).where(d.state == "issued", d.overdue.is_(False), d.overdue_from <= today.isoformat())
    return list(connection.execute(query.order_by(d.overdue_from, d.id).limit(limit)).scalars())


def issued_event_id(connection: sa.Connection, document_id: str) -> str | None:
    query = sa.select(t.documents.c.issued_event_id).where(t.documents.c.id == document_id)
    found: str | None = connection.execute(query).scalar()
    return found


def settlements(connection: sa.Connection, asked: PrepareReconciliation) -> tuple[Decimal, tuple[Entry, ...]]:
    """The balance before a period and the entries in it, as our side books them."""
    e = t.entries.c
    between = (e.client_id == asked.client_id, e.organisation_id == asked.organisation_id)
    query = sa.select(t.entries).where(*between, e.currency == asked.currency, e.date <= asked.date_to.isoformat())
    opening, entries = Decimal("0.00"), []
    for row in connection.execute(query.order_by(e.date, e.position)):
        debit, credit = Decimal(row.debit), Decimal(row.credit)
        if row.date < asked.date_from.isoformat():
            opening += debit - credit
        else:
            entries.append(Entry(date.fromisoformat(row.date), row.document, debit, credit))
    return opening, tuple(entries)


def get_organisation(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    return _organisation(_one(connection, t.organisations, "organisation", arguments["organisation_id"]))


def list_organisations(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    return Page.of(arguments).answer(connection, sa.select(t.organisations), t.organisations.c.id, _organisation)


def get_document(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    return _with_lists(_one(connection, t.documents, "document", arguments["document_id"]))


def list_documents(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    query = _filtered(t.documents, arguments, "client_id", "deal_id", "state")
    return Page.of(arguments).answer(connection, query, t.documents.c.id, _with_lists)


def get_payment(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    return _with_lists(_one(connection, t.payments, "payment", arguments["payment_id"]))


def list_payments(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    query = _filtered(t.payments, arguments, "client_id")
    return Page.of(arguments).answer(connection, query, t.payments.c.id, _with_lists)


def get_reconciliation(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    return dict(_one(connection, t.reconciliations, "reconciliation", arguments["reconciliation_id"])._mapping)


def _filtered(table: sa.Table, arguments: Mapping[str, Any], *names: str) -> sa.Select[Any]:
    query = sa.select(table)
    for name in names:
        if arguments.get(name):
            query = query.where(table.c[name] == arguments[name])
    return query


def _one(connection: sa.Connection, table: sa.Table, what: str, id: str) -> sa.Row[Any]:
    row = connection.execute(sa.select(table).where(table.c.id == id)).first()
    if row is None:
        raise NotFound(what=what, id=id)
    return row


def _organisation(row: sa.Row[Any]) -> dict[str, Any]:
    requisites: dict[str, Any] = msgspec.json.decode(row.requisites)
    return {"id": row.id, "version": row.version, **requisites}


def _with_lists(row: sa.Row[Any]) -> dict[str, Any]:
    view = {name: value for name, value in row._mapping.items() if name not in HIDDEN}
    for name in ("lines", "allocations"):
        if name in view:
            view[name] = msgspec.json.decode(view[name])
    return view
