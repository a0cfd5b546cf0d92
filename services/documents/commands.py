"""What the documents service can be asked to do."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from services.kernel.ids import new_id

DocumentKind = Literal["invoice"]
TaxRegime = Literal[
    "osno", "usn", "usn_vat_5", "usn_vat_7", "usn_vat_standard", "eshn", "eshn_exempt", "psn", "ausn", "npd"
]


@dataclass(frozen=True, slots=True)
class Bank:
    name: str
    bic: str
    account: str
    corr_account: str
    city: str = ""


@dataclass(frozen=True, slots=True)
class Requisites:
    """An own organisation as it stands in documents. `prefix` begins its document numbers."""

    kind: Literal["legal_entity", "sole_trader"]
    name: str
    full_name: str
    inn: str
    address: str
    tax_regime: TaxRegime
    bank: Bank
    kpp: str = ""
    ogrn: str = ""
    phone: str = ""
    email: str = ""
    head_position: str = ""
    head: str = ""
    accountant: str = ""
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class CreateOrganisation:
    requisites: Requisites
    organisation_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class ChangeOrganisation:
    """Replaces the requisites; documents issued before keep those they were issued with."""

    organisation_id: str
    requisites: Requisites


@dataclass(frozen=True, slots=True)
class DraftLine:
    """What is sold. `vat_rate` None: decided by the organisation's regime and the date."""

    name: str
    quantity: Decimal
    price: Decimal
    unit: str = "шт"
    price_includes_vat: bool = True
    vat_rate: str | None = None


@dataclass(frozen=True, slots=True)
class CreateDocument:
    """Drafts a document. Without lines, those of the deal are taken."""

    kind: DocumentKind
    deal_id: str
    date: dt.date
    due_date: dt.date
    organisation_id: str | None = None
    lines: tuple[DraftLine, ...] = ()
    document_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class IssueDocument:
    document_id: str


@dataclass(frozen=True, slots=True)
class CancelDocument:
    """Takes back what was issued; its number stays used."""

    document_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Allocation:
    document_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class RegisterPayment:
    """Money received by one of our organisations; what is not allocated to invoices is an advance."""

    client_id: str
    date: dt.date
    amount: Decimal
    purpose: str = ""
    allocations: tuple[Allocation, ...] = ()
    currency: str = "RUB"
    organisation_id: str | None = None
    payment_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class CancelPayment:
    """Says that a payment was booked by mistake or went back; invoices owe again what it had paid."""

    payment_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class MarkPaymentOverdue:
    """Says that an invoice is unpaid on a day after its due date."""

    document_id: str
    today: dt.date


@dataclass(frozen=True, slots=True)
class PrepareReconciliation:
    """A reconciliation act between one organisation and one client for a period."""

    client_id: str
    organisation_id: str
    date_from: dt.date
    date_to: dt.date
    currency: str = "RUB"
    reconciliation_id: str = field(default_factory=new_id)
