"""What happens to documents and payments.

Requisites of people are sealed on the ground of accounting: issued documents are kept for
as long as the law says, whatever else is forgotten.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.documents.commands import Allocation, DraftLine, Requisites
from services.kernel.events import PersonalFields, PersonKey, event
from services.kernel.money import DEFAULT_CURRENCY, NO_MONEY


def _accounting(*fields: str) -> Any:
    def of(happened: Any) -> PersonalFields:
        return {PersonKey(happened.client_id, "accounting"): fields}

    return of


@event("OrganisationCreated")
@dataclass(frozen=True, slots=True)
class OrganisationCreated:
    organisation_id: str
    requisites: Requisites


@event("OrganisationChanged")
@dataclass(frozen=True, slots=True)
class OrganisationChanged:
    organisation_id: str
    before: Requisites
    after: Requisites


@event("DocumentDrafted")
@dataclass(frozen=True, slots=True)
class DocumentDrafted:
    document_id: str
    kind: str
    client_id: str
    deal_id: str
    organisation_id: str
    date: dt.date
    due_date: dt.date
    lines: tuple[DraftLine, ...]
    currency: str


@event("NumberTaken")
@dataclass(frozen=True, slots=True)
class NumberTaken:
    """The register's entry: its stream's version is the number."""

    document_id: str


@dataclass(frozen=True, slots=True)
class IssuedLine:
    name: str
    unit: str
    quantity: Decimal
    price: Decimal
    vat_rate: str
    net: Decimal
    vat: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class Buyer:
    """The client as the document names it."""

    name: str
    inn: str = ""
    kpp: str = ""
    address: str = ""


@event("InvoiceIssued", personal=_accounting("buyer"))
@dataclass(frozen=True, slots=True)
class InvoiceIssued:
    """`basis` says which events the requisites were taken from (`clients:57`)."""

    document_id: str
    number: str
    client_id: str
    deal_id: str
    organisation_id: str
    date: dt.date
    due_date: dt.date
    seller: Requisites
    lines: tuple[IssuedLine, ...]
    price_includes_vat: bool
    net: Decimal
    vat: Decimal
    total: Decimal
    currency: str
    basis: str
    buyer: Buyer | None = None


@event("InvoiceCancelled", personal=_accounting("reason"))
@dataclass(frozen=True, slots=True)
class InvoiceCancelled:
    """From `date` on nothing is owed; the number stays used."""

    document_id: str
    number: str
    client_id: str
    deal_id: str
    organisation_id: str
    date: dt.date
    total: Decimal
    currency: str
    reason: str | None = None


@event("DocumentRendered")
@dataclass(frozen=True, slots=True)
class DocumentRendered:
    document_id: str
    hash: str
    size: int


@event("PaymentReceived", personal=_accounting("purpose"))
@dataclass(frozen=True, slots=True)
class PaymentReceived:
    payment_id: str
    client_id: str
    date: dt.date
    amount: Decimal
    currency: str
    allocations: tuple[Allocation, ...]
    unallocated: Decimal
    organisation_id: str | None
    purpose: str | None = None


@event("PaymentCancelled", personal=_accounting("reason"))
@dataclass(frozen=True, slots=True)
class PaymentCancelled:
    """From `date` on the payment counts no more; `allocations` are those taken back."""

    payment_id: str
    client_id: str
    organisation_id: str | None
    date: dt.date
    amount: Decimal
    currency: str
    allocations: tuple[Allocation, ...]
    reason: str | None = None


@event("PaymentAllocated")
@dataclass(frozen=True, slots=True)
class PaymentAllocated:
    """Part of a payment went to this invoice: `paid` of it is paid by now, `open` is left to pay.
    Those recorded before they were published name no deal."""

    document_id: str
    payment_id: str
    client_id: str
    date: dt.date
    amount: Decimal
    open: Decimal
    deal_id: str = ""
    paid: Decimal = NO_MONEY
    currency: str = DEFAULT_CURRENCY


@event("AllocationCancelled")
@dataclass(frozen=True, slots=True)
class AllocationCancelled:
    """What a payment had brought this invoice is owed again, as the payment was cancelled."""

    document_id: str
    payment_id: str
    client_id: str
    date: dt.date
    amount: Decimal
    open: Decimal
    deal_id: str
    paid: Decimal
    currency: str


@event("InvoicePaid")
@dataclass(frozen=True, slots=True)
class InvoicePaid:
    document_id: str
    number: str
    client_id: str
    deal_id: str
    date: dt.date
    amount: Decimal
    currency: str


@event("PaymentOverdue")
@dataclass(frozen=True, slots=True)
class PaymentOverdue:
    """Published once for an invoice: unpaid after its due date. `amount` is what is open."""

    document_id: str
    number: str
    client_id: str
    deal_id: str
    organisation_id: str
    date: dt.date
    due_date: dt.date
    days: int
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a reconciliation act, as our side books it."""

    date: dt.date
    document: str
    debit: Decimal
    credit: Decimal


@event("ReconciliationPrepared")
@dataclass(frozen=True, slots=True)
class ReconciliationPrepared:
    reconciliation_id: str
    client_id: str
    organisation_id: str
    date_from: dt.date
    date_to: dt.date
    currency: str
    opening: Decimal
    entries: tuple[Entry, ...]
    closing: Decimal
    hash: str
    size: int
