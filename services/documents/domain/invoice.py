"""An invoice: drafted, issued under a number, paid, overdue or cancelled."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, cast

from services.documents.commands import CreateDocument, DraftLine, Requisites
from services.documents.domain.rates import NotInForce, VatRate, default_vat_rate, require_form, vat_rates_on
from services.documents.domain.vat import PricedLine, line_sums, totals
from services.documents.events import (
    AllocationCancelled,
    Buyer,
    DocumentDrafted,
    DocumentRendered,
    InvoiceCancelled,
    InvoiceIssued,
    InvoicePaid,
    IssuedLine,
    PaymentAllocated,
    PaymentOverdue,
)
from services.kernel.errors import FieldError, Invalid, Refusal
from services.kernel.money import MOST_MONEY, NO_MONEY, AmountTooLarge, total_of

Issuing = DocumentDrafted | InvoiceIssued | DocumentRendered
Event = Issuing | PaymentAllocated | AllocationCancelled | InvoicePaid | PaymentOverdue | InvoiceCancelled
FARTHEST_AHEAD = dt.timedelta(days=366)
LONGEST_TERM = dt.timedelta(days=5 * 366)


class DueBeforeDate(Refusal):
    status = 422
    ru = "Срок оплаты раньше даты документа"
    en = "The due date is before the date of the document"


class DateTooFarAhead(Refusal):
    status = 422
    ru = "Дата документа не может быть позже {latest}"
    en = "The date of the document cannot be later than {latest}"


class DueTooFarAhead(Refusal):
    status = 422
    ru = "Срок оплаты не может быть позже {latest}"
    en = "The due date cannot be later than {latest}"


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
    command: CreateDocument,
    client_id: str,
    organisation_id: str,
    lines: tuple[DraftLine, ...],
    currency: str,
    today: dt.date,
) -> list[Event]:
    _check_dates(command, today)
    total_of(lines)
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


def _check_dates(command: CreateDocument, today: dt.date) -> None:
    """A slip in the year is the mistake that dates have most."""
    if command.due_date < command.date:
        raise DueBeforeDate.on("due_date")
    if command.date > (latest := today + FARTHEST_AHEAD):
        raise DateTooFarAhead.on("date", latest=latest)
    if command.due_date > (latest := command.date + LONGEST_TERM):
        raise DueTooFarAhead.on("due_date", latest=latest)


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
    if sums.gross > MOST_MONEY:  # with VAT on top
        raise AmountTooLarge.on("lines", most=MOST_MONEY)
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
    return _settled(event)


def _settled(event: Event) -> dict[str, Any]:
    if isinstance(event, PaymentAllocated):
        return {"open": event.open}
    if isinstance(event, AllocationCancelled):
        return {"open": event.open, "state": "issued"}
    if isinstance(event, InvoicePaid):
        return {"state": "paid"}
    if isinstance(event, InvoiceCancelled):
        return {"open": NO_MONEY, "state": "cancelled", "overdue": False}
    return {"overdue": True}


def number_of(prefix: str, count: int) -> str:
    return f"{prefix}{count}"
