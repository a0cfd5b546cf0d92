"""What the tests of the domain begin with."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from services.documents.commands import Allocation, Bank, CreateDocument, DraftLine, RegisterPayment, Requisites
from services.documents.domain.invoice import Invoice, create_document, evolve, issue_invoice
from services.documents.events import Buyer

SELLER = Requisites(
    kind="legal_entity",
    name="ООО «Салон»",
    full_name="Общество с ограниченной ответственностью «Салон»",
    inn="7699990013",
    kpp="769901001",
    ogrn="1087699990014",
    address="Ярославль",
    tax_regime="osno",
    bank=Bank("Банк", "044525971", "40702810700010007699", "30101810000000000971"),
    prefix="МС",
)
TRADER = replace(SELLER, kind="sole_trader", name="ИП Воронин", inn="500100732259", kpp="", ogrn="")
BUYER = Buyer("ООО «Ромашка»", "7799101370", "779901001", "Москва")
DAY, DUE = date(2026, 3, 2), date(2026, 3, 12)
LINE = DraftLine("Стол", Decimal(2), Decimal("61.00"))


def draft(*lines: DraftLine, date: date = DAY, due_date: date = DUE, currency: str = "RUB") -> Invoice:
    command = CreateDocument("invoice", "d-1", date, due_date, document_id="i-1")
    [drafted] = create_document(command, "c-1", "o-1", lines or (LINE,), currency, date)
    return evolve(None, drafted)


def issued(*lines: DraftLine, seller: Requisites = SELLER, **of_draft: Any) -> Invoice:
    invoice = draft(*lines, **of_draft)
    for event in issue_invoice(invoice, "МС1", seller, BUYER, "clients:57"):
        invoice = evolve(invoice, event)
    return invoice


def payment(amount: str, *allocated: tuple[str, str], **fields: Any) -> RegisterPayment:
    """A payment of so much, allocated to documents."""
    allocations = tuple(Allocation(document_id, Decimal(part)) for document_id, part in allocated)
    fields = {"client_id": "c-1", "date": date(2026, 3, 20), "organisation_id": "o-1", "payment_id": "p-1", **fields}
    return RegisterPayment(amount=Decimal(amount), allocations=allocations, **fields)
