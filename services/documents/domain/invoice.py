"""An invoice: drafted, issued under a number, paid or overdue."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, cast

from services.documents.commands import CreateDocument, DraftLine, MarkPaymentOverdue, RegisterPayment, Requisites
from services.documents.domain.calendar import production_calendar
from services.documents.domain.rates import NotInForce, VatRate, default_vat_rate, require_form, vat_rates_on
from services.documents.domain.vat import PricedLine, line_sums, totals
from services.documents.events import (
    Buyer,
    DocumentDrafted,
    DocumentRendered,
    InvoiceIssued,
    InvoicePaid,
    IssuedLine,
    PaymentAllocated,
    PaymentOverdue,
)
from services.kernel.errors import FieldError, Invalid, Refusal
from services.kernel.money import NO_MONEY

Event = DocumentDrafted | InvoiceIssued | DocumentRendered | PaymentAllocated | InvoicePaid | PaymentOverdue
ISSUED = ("issued", "paid")


class DueBeforeDate(Refusal):
    status = 422
    ru = "Срок оплаты раньше даты документа"
    en = "The due date is before the date of the document"


class AlreadyIssued(Refusal):
    ru = "Документ уже выставлен под № {number}"
    en = "The document is issued already as no. {number}"


class NothingToIssue(Refusal):
    status = 422
    ru = "В документе нет строк, или они ничего не стоят"
    en = "The document has no lines, or they cost nothing"


class VatRateNotInForce(Refusal):
    status = 422
    ru = "Ставки НДС {rate} на {date} нет"
    en = "There is no VAT rate {rate} on {date}"


class VatRateUnknown(Refusal):
    status = 422
    ru = "Ставка НДС для режима {regime} на {date} не известна: укажите её в строке"
    en = "The VAT rate of regime {regime} on {date} is not known: name it in the line"


class NotIssued(Refusal):
    ru = "Документ {document_id} не выставлен"
    en = "Document {document_id} is not issued"


class AnotherClient(Refusal):
    status = 422
    ru = "Документ {document_id} выставлен другому клиенту"
    en = "Document {document_id} was issued to another client"


class AnotherOrganisation(Refusal):
    status = 422
    ru = "Документ {document_id} выставлен другой организацией"
    en = "Document {document_id} was issued by another organisation"


class AnotherCurrency(Refusal):
    status = 422
    ru = "Документ {document_id} выставлен в другой валюте"
    en = "Document {document_id} was issued in another currency"


class AllocationTooLarge(Refusal):
    status = 422
    ru = "К оплате по документу осталось {open}"
    en = "Only {open} is left to pay on the document"


@dataclass(frozen=True, slots=True)
class Invoice:
    id: str
    client_id: str
    deal_id: str
    organisation_id: str
    date: dt.date
    due_date: dt.date
    lines: tuple[DraftLine, ...]
    currency: str
    state: str = "draft"
    number: str = ""
    total: Decimal = NO_MONEY
    open: Decimal = NO_MONEY
    overdue: bool = False
    issued: InvoiceIssued | None = None
    rendered: DocumentRendered | None = None


def create_document(
    command: CreateDocument, client_id: str, organisation_id: str, lines: tuple[DraftLine, ...], currency: str
) -> list[Event]:
    if command.due_date < command.date:
        raise DueBeforeDate.on("due_date")
    drafted = DocumentDrafted(
        command.document_id,
        command.kind,
        client_id,
        command.deal_id,
        organisation_id,
        command.date,
        command.due_date,
        lines,
        currency,
    )
    return [drafted]


def issue_invoice(invoice: Invoice, number: str, seller: Requisites, buyer: Buyer, basis: str) -> list[Event]:
    if invoice.state != "draft":
        raise AlreadyIssued(number=invoice.number)
    if not invoice.lines:
        raise NothingToIssue.on("lines")
    require_form(invoice.date, "invoice", "date")
    _check_mandatory(seller, buyer)
    priced = [_priced(line, seller, invoice.date, place) for place, line in enumerate(invoice.lines)]
    sums = totals(priced).sums
    if not sums.gross:
        raise NothingToIssue.on("lines")
    issued = InvoiceIssued(
        document_id=invoice.id,
        number=number,
        client_id=invoice.client_id,
        deal_id=invoice.deal_id,
        organisation_id=invoice.organisation_id,
        date=invoice.date,
        due_date=invoice.due_date,
        seller=seller,
        lines=tuple(_issued(line, price) for line, price in zip(invoice.lines, priced, strict=True)),
        price_includes_vat=all(line.price_includes_vat for line in invoice.lines),
        net=sums.net,
        vat=sums.vat,
        total=sums.gross,
        currency=invoice.currency,
        basis=basis,
        buyer=buyer,
    )
    return [issued]


def _check_mandatory(seller: Requisites, buyer: Buyer) -> None:
    """What a document must name by law (402-ФЗ, article 9)."""
    missing = [("organisation_id", seller.name), ("organisation_id", seller.inn), ("client_id", buyer.name)]
    errors = [
        FieldError(field, "requisite-missing", "Не хватает обязательного реквизита", "A mandatory requisite is missing")
        for field, value in missing
        if not value
    ]
    if errors:
        raise Invalid(errors)


def _priced(line: DraftLine, seller: Requisites, on: dt.date, place: int) -> PricedLine:
    try:
        rate = cast(VatRate, line.vat_rate or default_vat_rate(seller.tax_regime, on))
    except NotInForce as missing:
        regime = seller.tax_regime
        raise VatRateUnknown.on(f"lines.{place}.vat_rate", regime=regime, date=on) from missing
    if rate not in vat_rates_on(on):
        raise VatRateNotInForce.on(f"lines.{place}.vat_rate", rate=rate, date=on)
    return PricedLine(line.price, line.quantity, rate, line.price_includes_vat)


def _issued(line: DraftLine, priced: PricedLine) -> IssuedLine:
    sums = line_sums(priced)
    return IssuedLine(line.name, line.unit, line.quantity, line.price, priced.vat_rate, sums.net, sums.vat, sums.gross)


def allocate_payment(invoice: Invoice, payment: RegisterPayment, place: int) -> list[Event]:
    """The invoice's share of a payment, named in this place; with the last kopeck it is paid."""
    _check_payable(invoice, payment, f"allocations.{place}.document_id")
    amount = payment.allocations[place].amount
    if amount > invoice.open:
        raise AllocationTooLarge.on(f"allocations.{place}.amount", open=invoice.open)
    left = invoice.open - amount
    allocated = PaymentAllocated(invoice.id, payment.payment_id, invoice.client_id, payment.date, amount, left)
    if left:
        return [allocated]
    paid = InvoicePaid(
        invoice.id, invoice.number, invoice.client_id, invoice.deal_id, payment.date, invoice.total, invoice.currency
    )
    return [allocated, paid]


def _check_payable(invoice: Invoice, payment: RegisterPayment, field: str) -> None:
    if invoice.state not in ISSUED:
        raise NotIssued.on(field, document_id=invoice.id)
    if invoice.client_id != payment.client_id:
        raise AnotherClient.on(field, document_id=invoice.id)
    if invoice.organisation_id != payment.organisation_id:
        raise AnotherOrganisation.on(field, document_id=invoice.id)
    if invoice.currency != payment.currency:
        raise AnotherCurrency.on(field, document_id=invoice.id)


def effective_due_date(due: dt.date) -> dt.date:
    """A term that ends on a day off ends on the next working day (ГК РФ, article 193)."""
    return production_calendar().working_day_from(due)


def mark_payment_overdue(invoice: Invoice, command: MarkPaymentOverdue) -> list[Event]:
    """Once for an invoice that is issued, unpaid and past its due date; otherwise nothing."""
    due = effective_due_date(invoice.due_date)
    if invoice.state != "issued" or invoice.overdue or command.today <= due:
        return []
    overdue = PaymentOverdue(
        invoice.id,
        invoice.number,
        invoice.client_id,
        invoice.deal_id,
        invoice.organisation_id,
        invoice.date,
        invoice.due_date,
        (command.today - due).days,
        invoice.open,
        invoice.currency,
    )
    return [overdue]


def evolve(invoice: Invoice | None, event: Event) -> Invoice:
    if isinstance(event, DocumentDrafted):
        return Invoice(
            event.document_id,
            event.client_id,
            event.deal_id,
            event.organisation_id,
            event.date,
            event.due_date,
            event.lines,
            event.currency,
        )
    assert invoice is not None
    return replace(invoice, **_changes(event))


def _changes(event: Event) -> dict[str, Any]:
    if isinstance(event, InvoiceIssued):
        return {
            "state": "issued",
            "number": event.number,
            "total": event.total,
            "open": event.total,
            "issued": event,
        }
    if isinstance(event, DocumentRendered):
        return {"rendered": event}
    if isinstance(event, PaymentAllocated):
        return {"open": event.open}
    if isinstance(event, InvoicePaid):
        return {"state": "paid"}
    return {"overdue": True}


def number_of(prefix: str, count: int) -> str:
    return f"{prefix}{count}"
