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
from services.documents.schemas.views import RequisitesView
from services.kernel.errors import NotFound
from services.kernel.lists import Aliases, Field, Kind, Resource
from services.kernel.rights import Rights

CLIENTS = Aliases(t.client_aliases)


def _manager_of(client_id: sa.Column[str]) -> sa.ScalarSelect[str]:
    return sa.select(t.buyers.c.manager_id).where(t.buyers.c.id == CLIENTS.resolved(client_id)).scalar_subquery()


BUYERS_MANAGER = _manager_of(t.documents.c.client_id)
DEALS_MANAGER = sa.select(t.deals.c.manager_id).where(t.deals.c.id == t.documents.c.deal_id).scalar_subquery()
PAYERS_MANAGER = _manager_of(t.payments.c.client_id)

ORGANISATIONS = Resource(
    "organisation",
    "organisation_id",
    t.organisations,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("name", Kind.TEXT),
        Field("inn", Kind.TEXT),
        *(Field(name, Kind.JSON) for name in RequisitesView().fields if name not in ("name", "inn")),
    ),
    inside="requisites",
)

DOCUMENTS = Resource(
    "document",
    "document_id",
    t.documents,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("kind", Kind.WORD),
        Field("state", Kind.WORD),
        Field("number", Kind.TEXT),
        Field("client_id", Kind.ID, aliases=CLIENTS),
        Field("deal_id", Kind.ID),
        Field("organisation_id", Kind.ID),
        Field("date", Kind.DATE),
        Field("due_date", Kind.DATE),
        Field("lines", Kind.JSON),
        Field("net", Kind.MONEY),
        Field("vat", Kind.MONEY),
        Field("total", Kind.MONEY),
        Field("open", Kind.MONEY),
        Field("currency", Kind.WORD),
        Field("basis", Kind.ID),
        Field("overdue", Kind.FLAG),
        Field("pdf", Kind.ID),
        Field("pdf_size", Kind.NUMBER),
    ),
    owners=(BUYERS_MANAGER, DEALS_MANAGER),
)

PAYMENTS = Resource(
    "payment",
    "payment_id",
    t.payments,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("client_id", Kind.ID, aliases=CLIENTS),
        Field("organisation_id", Kind.ID),
        Field("date", Kind.DATE),
        Field("amount", Kind.MONEY),
        Field("unallocated", Kind.MONEY),
        Field("currency", Kind.WORD),
        Field("purpose", Kind.TEXT),
        Field("allocations", Kind.JSON),
        Field("cancelled", Kind.FLAG),
    ),
    owners=(PAYERS_MANAGER,),
)


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


def deal_is_visible(connection: sa.Connection, deal_id: str, rights: Rights) -> bool:
    """Whether there is such a deal, by itself or by its client among those the caller may see."""
    d = t.deals.c
    query = sa.select(d.id).where(d.id == deal_id)
    if rights.users is not None:
        users = sorted(rights.users)
        query = query.where(sa.or_(d.manager_id.in_(users), _manager_of(d.client_id).in_(users)))
    return connection.execute(query).first() is not None


def client_is_visible(connection: sa.Connection, client_id: str, rights: Rights) -> bool:
    b = t.buyers.c
    query = sa.select(b.id).where(b.id == CLIENTS.resolve(connection, client_id))
    if rights.users is not None:
        query = query.where(b.manager_id.in_(sorted(rights.users)))
    return connection.execute(query).first() is not None


def find_buyer(connection: sa.Connection, client_id: str) -> tuple[Buyer, str] | None:
    """The client's requisites, and the event they rest on."""
    standing = CLIENTS.resolve(connection, client_id)
    row = connection.execute(sa.select(t.buyers).where(t.buyers.c.id == standing)).first()
    if row is None:
        return None
    buyer = Buyer(row.full_name or row.name or "", row.inn or "", row.kpp or "", row.address or "")
    return buyer, f"clients:{row.position}"


def is_one_client(connection: sa.Connection, one: str, other: str) -> bool:
    """Whether two ids stand for the same client."""
    return CLIENTS.resolve(connection, one) == CLIENTS.resolve(connection, other)


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
    between = (CLIENTS.same(e.client_id, [asked.client_id]), e.organisation_id == asked.organisation_id)
    query = sa.select(t.entries).where(*between, e.currency == asked.currency, e.date <= asked.date_to.isoformat())
    opening, entries = Decimal("0.00"), []
    for row in connection.execute(query.order_by(e.date, e.position)):
        debit, credit = Decimal(row.debit), Decimal(row.credit)
        if row.date < asked.date_from.isoformat():
            opening += debit - credit
        else:
            entries.append(Entry(date.fromisoformat(row.date), row.document, debit, credit))
    return opening, tuple(entries)


def get_reconciliation(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    query = sa.select(t.reconciliations).where(t.reconciliations.c.id == arguments["reconciliation_id"])
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(what="reconciliation", id=arguments["reconciliation_id"])
    return dict(row._mapping)
