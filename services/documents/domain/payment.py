"""A payment from a client."""

from dataclasses import dataclass

from services.documents.commands import RegisterPayment
from services.documents.events import PaymentReceived
from services.kernel.errors import Refusal
from services.kernel.money import NO_MONEY


class AllocatedTooMuch(Refusal):
    status = 422
    ru = "Распределено {allocated}, а получено {amount}"
    en = "{allocated} is allocated of {amount} received"


class DocumentRepeated(Refusal):
    status = 422
    ru = "Документ назван дважды"
    en = "The document is named twice"


@dataclass(frozen=True, slots=True)
class Payment:
    id: str


def register_payment(command: RegisterPayment) -> list[PaymentReceived]:
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


def evolve(_payment: Payment | None, event: PaymentReceived) -> Payment:
    return Payment(event.payment_id)
