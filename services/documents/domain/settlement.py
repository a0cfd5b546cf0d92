"""What becomes of an issued invoice's debt: paid, in parts or whole, overdue, or nothing to pay any more."""

import datetime as dt

from services.documents.commands import Allocation, CancelDocument, MarkPaymentOverdue, RegisterPayment
from services.documents.domain.invoice import Event, Invoice
from services.documents.events import (
    AllocationCancelled,
    InvoiceCancelled,
    InvoicePaid,
    PaymentAllocated,
    PaymentCancelled,
    PaymentOverdue,
)
from services.kernel.errors import Refusal
from services.kernel.working_days import production_calendar


class NotIssued(Refusal):
    ru = "Документ {document_id} не выставлен"
    en = "Document {document_id} is not issued"


class DocumentCancelled(Refusal):
    ru = "Документ № {number} отменён"
    en = "Document no. {number} is cancelled"


class MoneyAllocated(Refusal):
    ru = "По документу получено {paid}: сначала отмените платежи"
    en = "{paid} is paid on the document: cancel the payments first"


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


def allocate_payment(invoice: Invoice, payment: RegisterPayment, place: int) -> list[Event]:
    """The invoice's share of a payment, named in this place; with the last kopeck it is paid."""
    _check_payable(invoice, payment, f"allocations.{place}.document_id")
    amount = payment.allocations[place].amount
    if amount > invoice.open:
        raise AllocationTooLarge.on(f"allocations.{place}.amount", open=invoice.open)
    left = invoice.open - amount
    allocated = PaymentAllocated(
        invoice.id,
        payment.payment_id,
        invoice.client_id,
        payment.date,
        amount,
        left,
        invoice.deal_id,
        invoice.total - left,
        invoice.currency,
    )
    if left:
        return [allocated]
    paid = InvoicePaid(
        invoice.id, invoice.number, invoice.client_id, invoice.deal_id, payment.date, invoice.total, invoice.currency
    )
    return [allocated, paid]


def _check_payable(invoice: Invoice, payment: RegisterPayment, field: str) -> None:
    if invoice.state == "draft":
        raise NotIssued.on(field, document_id=invoice.id)
    if invoice.state == "cancelled":
        raise DocumentCancelled.on(field, number=invoice.number)
    if invoice.client_id != payment.client_id:
        raise AnotherClient.on(field, document_id=invoice.id)
    if invoice.organisation_id != payment.organisation_id:
        raise AnotherOrganisation.on(field, document_id=invoice.id)
    if invoice.currency != payment.currency:
        raise AnotherCurrency.on(field, document_id=invoice.id)


def cancel_allocation(invoice: Invoice, allocation: Allocation, payment: PaymentCancelled) -> list[Event]:
    """The invoice owes again what the payment had brought it."""
    left = invoice.open + allocation.amount
    cancelled = AllocationCancelled(
        invoice.id,
        payment.payment_id,
        invoice.client_id,
        payment.date,
        allocation.amount,
        left,
        invoice.deal_id,
        invoice.total - left,
        invoice.currency,
    )
    return [cancelled]


def cancel_document(invoice: Invoice, command: CancelDocument, today: dt.date) -> list[Event]:
    """Only what nobody has paid on: money must not lose the document it is for."""
    if invoice.state == "draft":
        raise NotIssued(document_id=invoice.id)
    if invoice.state == "cancelled":
        raise DocumentCancelled(number=invoice.number)
    if invoice.open != invoice.total:
        raise MoneyAllocated(paid=invoice.total - invoice.open)
    cancelled = InvoiceCancelled(
        invoice.id,
        invoice.number,
        invoice.client_id,
        invoice.deal_id,
        invoice.organisation_id,
        max(today, invoice.date),
        invoice.total,
        invoice.currency,
        command.reason,
    )
    return [cancelled]


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
