"""What came of clients, wherever it is written: who is in use is not withdrawn."""

from services.clients import tables as t
from services.kernel.events import Recorded
from services.kernel.message import Message
from services.kernel.projections import Projection, Rows


def on_task_assigned(rows: Rows, recorded: Recorded) -> None:
    _put(rows, recorded.event.client_id, "task")


def on_interaction(rows: Rows, recorded: Recorded) -> None:
    _put(rows, recorded.event.client_id, "interaction")


def on_contact_linked(rows: Rows, recorded: Recorded) -> None:
    _put(rows, recorded.event.client_id, "contact")


def on_consent_given(rows: Rows, recorded: Recorded) -> None:
    if recorded.event.what == "client":
        _put(rows, recorded.event.person, "consent")


def on_attached(rows: Rows, recorded: Recorded) -> None:
    _put(rows, recorded.event.client_id, "attachment")


def on_questionnaire_answered(rows: Rows, recorded: Recorded) -> None:
    _put(rows, recorded.event.client_id, "answer")


def on_lead_converted(rows: Rows, recorded: Recorded) -> None:
    _put(rows, recorded.event.client_id, "lead")


def on_deal_opened(rows: Rows, message: Message) -> None:
    _put(rows, message.data["client_id"], "deal")


def on_invoice_issued(rows: Rows, message: Message) -> None:
    _put(rows, message.data["client_id"], "document")


def on_payment_received(rows: Rows, message: Message) -> None:
    _put(rows, message.data["client_id"], "payment")


def _put(rows: Rows, client_id: str | None, what: str) -> None:
    if client_id is not None:
        rows.put(t.client_uses, {"client_id": client_id, "what": what})


USES = Projection(
    name="uses",
    tables=(t.client_uses,),
    on={
        "clients": {
            "TaskAssigned": on_task_assigned,
            "InteractionPlanned": on_interaction,
            "InteractionCompleted": on_interaction,
            "ContactLinked": on_contact_linked,
            "ConsentGiven": on_consent_given,
            "FileAttached": on_attached,
            "LinkAttached": on_attached,
            "QuestionnaireAnswered": on_questionnaire_answered,
            "LeadConverted": on_lead_converted,
        },
        "deals": {"DealOpened": on_deal_opened},
        "documents": {"InvoiceIssued": on_invoice_issued, "PaymentReceived": on_payment_received},
    },
)
