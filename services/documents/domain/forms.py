"""What printed documents say: the contract between documents and their printing."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from services.documents.domain.rates import VatRate
from services.kernel.money import DEFAULT_CURRENCY, NO_MONEY, Amount, Quantity


@dataclass(frozen=True, slots=True)
class Party:
    """A side of a document, as the document names it."""

    name: str
    inn: str = ""
    kpp: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class BankDetails:
    name: str
    bic: str
    account: str
    corr_account: str
    city: str = ""


@dataclass(frozen=True, slots=True)
class Signatories:
    """Who signs for our side: full names, the surname first."""

    kind: Literal["legal_entity", "sole_trader"]
    head: str = ""
    head_position: str = ""
    accountant: str = ""


@dataclass(frozen=True, slots=True)
class FormLine:
    name: str
    unit: str
    quantity: Quantity
    price: Amount
    vat_rate: VatRate
    net: Amount
    vat: Amount
    gross: Amount


@dataclass(frozen=True, slots=True)
class InvoiceForm:
    number: str
    date: dt.date
    due_date: dt.date
    seller: Party
    bank: BankDetails
    signatories: Signatories
    buyer: Party
    lines: tuple[FormLine, ...]
    price_includes_vat: bool = True
    currency: str = DEFAULT_CURRENCY
    basis: str = ""


@dataclass(frozen=True, slots=True)
class ReconciliationEntry:
    """One document as our side books it: what they owe more, and what they owe less."""

    date: dt.date
    document: str
    debit: Amount = NO_MONEY
    credit: Amount = NO_MONEY


@dataclass(frozen=True, slots=True)
class ReconciliationForm:
    """`opening` above zero: they owe us."""

    date_from: dt.date
    date_to: dt.date
    ours: Party
    theirs: Party
    signatories: Signatories
    opening: Amount
    entries: tuple[ReconciliationEntry, ...]
    number: str = ""
    contract: str = ""
    currency: str = DEFAULT_CURRENCY


@dataclass(frozen=True, slots=True)
class Printable:
    """A template and all it needs, as plain strings."""

    template: str
    context: dict[str, Any]
