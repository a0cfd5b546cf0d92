"""What documents do when something has happened or fallen due."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from services.documents.adapters.printing import print_invoice
from services.documents.events import DocumentRendered
from services.documents.handlers import DOCUMENT
from services.documents.queries import invoices_past_due
from services.kernel.clock import company_today
from services.kernel.commands import Tools
from services.kernel.context import Context
from services.kernel.events import PersonKey, Recorded
from services.kernel.reactions import Arguments, DueCommand, Effect, Outcome, Plan, Reaction, Timer
from services.kernel.store.claims import StreamEvents

OVERDUE_BATCH = 200


def on_invoice_issued(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    return [Plan("render_document", {"document_id": recorded.subject})]


def run_render_document(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """The same invoice gives the same bytes, so doing it twice is harmless."""
    issued = tools.load(DOCUMENT, arguments["document_id"], context).state.issued
    assert issued is not None
    pdf = print_invoice(issued)
    kept = tools.blobs.put(pdf, "application/pdf", PersonKey(issued.client_id, "accounting"))

    def decide() -> list[StreamEvents]:
        document = tools.load(DOCUMENT, arguments["document_id"], context)
        if document.state.rendered is not None:
            return []
        rendered = DocumentRendered(document.id, kept.hash, len(pdf))
        return [StreamEvents(document.stream, document.version, [rendered])]

    return Outcome(decide)


def due_overdue(connection: sa.Connection, _now: datetime) -> Sequence[DueCommand]:
    today = company_today().isoformat()
    return [
        DueCommand(
            "mark_payment_overdue",
            {"document_id": document_id, "today": today},
            key=f"overdue/{document_id}/{today}",
        )
        for document_id in invoices_past_due(connection, company_today(), OVERDUE_BATCH)
    ]


REACTIONS = (Reaction("render_document", source="documents", on={"InvoiceIssued": on_invoice_issued}),)
EFFECTS = (Effect("render_document", run_render_document, on_unknown="repeat"),)
TIMERS = (Timer("overdue", due_overdue, every=2.0),)
