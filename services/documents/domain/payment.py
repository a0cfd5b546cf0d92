"""A payment from a client."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from services.documents.commands import Allocation, CancelPayment, RegisterPayment
from services.documents.events import PaymentCancelled, PaymentReceived
from services.kernel.errors import Refusal
from services.kernel.money import NO_MONEY

Event = PaymentReceived | PaymentCancelled


class AllocatedTooMuch(Refusal):
    status = 422
    ru = "Распределено {allocated}, а получено {amount}"
    en = "{allocated} is allocated of {amount} received"


class DocumentRepeated(Refusal):
    status = 422
    ru = "Документ назван дважды"
    en = "The document is named twice"


class PaidInFuture(Refusal):
    status = 422
    ru = "Дата платежа ещё не наступила: сегодня {today}"
    en = "The date of the payment is yet to come: today is {today}"


class PaymentAlreadyCancelled(Refusal):
    ru = "Платёж уже отменён"
    en = "The payment is cancelled already"


@dataclass(frozen=True, slots=True)
class Payment:
    id: str
    client_id: str
    organisation_id: str | None
    date: dt.date
    amount: Decimal
    currency: str
    allocations: tuple[Allocation, ...]
    cancelled: bool = False


def register_payment(command: RegisterPayment, today: dt.date) -> list[PaymentReceived]:
    """Money may come before the invoice it is for, but not from the future."""
    if command.date > today:
        raise PaidInFuture.on("date", today=today)
    allocated = sum((allocation.amount for allocation in command.allocations), NO_MONEY)
    if allocated > command.amount:
        raise AllocatedTooMuch.on("allocations", allocated=allocated, amount=command.amount)
    seen: set[str] = set()
    for place, allocation in enumerate(command.allocations):
        if allocation.document_id in seen:
            raise DocumentRepeated.on(f"allocations.{place}.document_id")
        seen.add(allocation.document_id)
    received = PaymentReceived(
        command.payment_id,
        command.client_id,
        command.date,
        command.amount,
        command.currency,
        command.allocations,
        command.amount - allocated,
        command.organisation_id,
        command.purpose or None,
    )
    return [received]


def cancel_payment(payment: Payment, command: CancelPayment, today: dt.date) -> list[PaymentCancelled]:
    if payment.cancelled:
        raise PaymentAlreadyCancelled
    cancelled = PaymentCancelled(
        payment.id,
        payment.client_id,
        payment.organisation_id,
        max(today, payment.date),
        payment.amount,
        payment.currency,
        payment.allocations,
        command.reason,
    )
    return [cancelled]


def evolve(payment: Payment | None, event: Event) -> Payment:
    if isinstance(event, PaymentReceived):
        return Payment(
            event.payment_id,
            event.client_id,
            event.organisation_id,
            event.date,
            event.amount,
            event.currency,
            event.allocations,
        )
    assert payment is not None
    return replace(payment, cancelled=True)
