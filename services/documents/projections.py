"""Events and messages to rows."""

from datetime import timedelta
from typing import Any

import msgspec

from services.documents import tables as t
from services.documents.domain.settlement import effective_due_date
from services.documents.events import (
    AllocationCancelled,
    DocumentDrafted,
    DocumentRendered,
    InvoiceCancelled,
    InvoiceIssued,
    OrganisationChanged,
    OrganisationCreated,
    PaymentAllocated,
    PaymentCancelled,
    PaymentReceived,
    ReconciliationPrepared,
)
from services.kernel.events import Recorded
from services.kernel.lists import put_aliases, take_apart
from services.kernel.message import Message
from services.kernel.projections import Projection, Rows

BUYER_FIELDS = ("name", "full_name", "inn", "kpp", "address")


def on_organisation_created(rows: Rows, recorded: Recorded) -> None:
    event: OrganisationCreated = recorded.event
    row = {"id": event.organisation_id, "version": recorded.version, "requisites": _text(event.requisites)}
    rows.put(t.organisations, row)


def on_organisation_changed(rows: Rows, recorded: Recorded) -> None:
    event: OrganisationChanged = recorded.event
    values = {"version": recorded.version, "requisites": _text(event.after)}
    rows.change(t.organisations, event.organisation_id, **values)


def on_document_drafted(rows: Rows, recorded: Recorded) -> None:
    event: DocumentDrafted = recorded.event
    rows.put(
        t.documents,
        {
            "id": event.document_id,
            "version": recorded.version,
            "kind": event.kind,
            "state": "draft",
            "number": None,
            "client_id": event.client_id,
            "deal_id": event.deal_id,
            "organisation_id": event.organisation_id,
            "date": event.date.isoformat(),
            "due_date": event.due_date.isoformat(),
            "lines": _text(event.lines),
            **dict.fromkeys(("net", "vat", "total", "open", "basis", "pdf", "pdf_size")),
            **dict.fromkeys(("overdue_from", "issued_event_id")),
            "currency": event.currency,
            "overdue": False,
        },
    )


def on_invoice_issued(rows: Rows, recorded: Recorded) -> None:
    event: InvoiceIssued = recorded.event
    _change(
        rows,
        recorded,
        state="issued",
        number=event.number,
        lines=_text(event.lines),
        net=str(event.net),
        vat=str(event.vat),
        total=str(event.total),
        open=str(event.total),
        basis=event.basis,
        overdue_from=(effective_due_date(event.due_date) + timedelta(days=1)).isoformat(),
        issued_event_id=recorded.id,
    )
    _enter(rows, recorded, event.date.isoformat(), f"Счёт № {event.number}", debit=str(event.total))


def on_invoice_cancelled(rows: Rows, recorded: Recorded) -> None:
    event: InvoiceCancelled = recorded.event
    _change(rows, recorded, state="cancelled", open="0.00", overdue=False)
    _enter(rows, recorded, event.date.isoformat(), f"Отмена счёта № {event.number}", debit=str(-event.total))


def on_document_rendered(rows: Rows, recorded: Recorded) -> None:
    event: DocumentRendered = recorded.event
    _change(rows, recorded, pdf=event.hash, pdf_size=event.size)


def on_payment_allocated(rows: Rows, recorded: Recorded) -> None:
    event: PaymentAllocated = recorded.event
    _change(rows, recorded, open=str(event.open))


def on_allocation_cancelled(rows: Rows, recorded: Recorded) -> None:
    event: AllocationCancelled = recorded.event
    _change(rows, recorded, open=str(event.open), state="issued")


def on_invoice_paid(rows: Rows, recorded: Recorded) -> None:
    _change(rows, recorded, state="paid")


def on_payment_overdue(rows: Rows, recorded: Recorded) -> None:
    _change(rows, recorded, overdue=True)


def on_payment_received(rows: Rows, recorded: Recorded) -> None:
    event: PaymentReceived = recorded.event
    rows.put(
        t.payments,
        {
            "id": event.payment_id,
            "version": recorded.version,
            "client_id": event.client_id,
            "organisation_id": event.organisation_id,
            "date": event.date.isoformat(),
            "amount": str(event.amount),
            "unallocated": str(event.unallocated),
            "currency": event.currency,
            "purpose": event.purpose,
            "allocations": _text(event.allocations),
            "cancelled": False,
        },
    )
    _enter(rows, recorded, event.date.isoformat(), "Оплата", credit=str(event.amount))


def on_payment_cancelled(rows: Rows, recorded: Recorded) -> None:
    event: PaymentCancelled = recorded.event
    taken_back = {"allocations": "[]", "unallocated": "0.00"}
    rows.change(t.payments, event.payment_id, version=recorded.version, cancelled=True, **taken_back)
    _enter(rows, recorded, event.date.isoformat(), "Отмена оплаты", credit=str(-event.amount))


def on_reconciliation_prepared(rows: Rows, recorded: Recorded) -> None:
    event: ReconciliationPrepared = recorded.event
    rows.put(
        t.reconciliations,
        {
            "id": event.reconciliation_id,
            "version": recorded.version,
            "client_id": event.client_id,
            "organisation_id": event.organisation_id,
            "date_from": event.date_from.isoformat(),
            "date_to": event.date_to.isoformat(),
            "currency": event.currency,
            "closing": str(event.closing),
            "pdf": event.hash,
            "pdf_size": event.size,
        },
    )


def on_client_created(rows: Rows, message: Message) -> None:
    fields = {name: message.data.get(name) for name in BUYER_FIELDS}
    row = {"id": message.subject, "position": message.position, "manager_id": message.data["manager_id"]}
    rows.put(t.buyers, {**row, **fields})


def on_client_changed(rows: Rows, message: Message) -> None:
    after = {**message.data["after"], **(message.data.get("personal_after") or {})}
    fields = {name: after[name] for name in BUYER_FIELDS if name in after}
    rows.change(t.buyers, message.subject, position=message.position, **fields)


def on_clients_merged(rows: Rows, message: Message) -> None:
    put_aliases(rows, t.client_aliases, message.data["moved"], message.data["client_id"])


def on_clients_unmerged(rows: Rows, message: Message) -> None:
    take_apart(rows, t.client_aliases, message.data["moved"], message.data["merged_id"])


def on_client_assigned(rows: Rows, message: Message) -> None:
    rows.change(t.buyers, message.subject, manager_id=message.data["manager_after"])


def on_personal_data_erased(rows: Rows, message: Message) -> None:
    """Of a company nothing that stands here is personal; what was issued has a ground of its own."""
    if message.data["whole"] and rows.get(t.buyers, message.data["person"]) is not None:
        personal = dict.fromkeys(name for name in BUYER_FIELDS if name != "kpp")
        rows.change(t.buyers, message.data["person"], **personal)


def on_deal_opened(rows: Rows, message: Message) -> None:
    data = message.data
    row = {name: data[name] for name in ("client_id", "organisation_id", "manager_id", "currency")}
    rows.put(t.deals, {"id": message.subject, **row, "lines": _text(data["lines"]), "opened_event_id": message.id})


def on_deal_changed(rows: Rows, message: Message) -> None:
    after = message.data["after"]
    values = {"lines": _text(after["lines"])} if "lines" in after else {}
    values |= {name: after[name] for name in ("organisation_id", "manager_id") if name in after}
    if values:
        rows.change(t.deals, message.subject, **values)


def _change(rows: Rows, recorded: Recorded, **values: Any) -> None:
    rows.change(t.documents, recorded.subject, version=recorded.version, **values)


def _enter(
    rows: Rows, recorded: Recorded, day: str, document: str, *, debit: str = "0.00", credit: str = "0.00"
) -> None:
    event: InvoiceIssued | InvoiceCancelled | PaymentReceived | PaymentCancelled = recorded.event
    row = {"position": recorded.position, "client_id": event.client_id, "organisation_id": event.organisation_id}
    row |= {"date": day, "document": document, "currency": event.currency}
    rows.put(t.entries, {**row, "debit": debit, "credit": credit})


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


DOCUMENTS = Projection(
    name="documents",
    tables=(t.organisations, t.documents, t.payments, t.entries, t.reconciliations),
    on={
        "documents": {
            "OrganisationCreated": on_organisation_created,
            "OrganisationChanged": on_organisation_changed,
            "DocumentDrafted": on_document_drafted,
            "InvoiceIssued": on_invoice_issued,
            "InvoiceCancelled": on_invoice_cancelled,
            "DocumentRendered": on_document_rendered,
            "PaymentAllocated": on_payment_allocated,
            "AllocationCancelled": on_allocation_cancelled,
            "InvoicePaid": on_invoice_paid,
            "PaymentOverdue": on_payment_overdue,
            "PaymentReceived": on_payment_received,
            "PaymentCancelled": on_payment_cancelled,
            "ReconciliationPrepared": on_reconciliation_prepared,
        }
    },
)

BUYERS = Projection(
    name="buyers",
    tables=(t.buyers, t.client_aliases),
    on={
        "clients": {
            "ClientCreated": on_client_created,
            "ClientChanged": on_client_changed,
            "ClientAssigned": on_client_assigned,
            "ClientsMerged": on_clients_merged,
            "ClientsUnmerged": on_clients_unmerged,
            "PersonalDataErased": on_personal_data_erased,
        }
    },
)

DEALS = Projection(
    name="deals",
    tables=(t.deals,),
    on={
        "deals": {
            "DealOpened": on_deal_opened,
            "DealChanged": on_deal_changed,
        }
    },
)
