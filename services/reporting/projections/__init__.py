"""Messages to rows."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from services.kernel.clock import to_micros
from services.kernel.lists import put_aliases, take_apart
from services.kernel.message import Message
from services.kernel.projections import Handler, Projection, Rows
from services.reporting import tables as t
from services.reporting.projections.json import as_json

# What of each event a client's timeline shows beside its type and time.
SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "clients": {
        "ClientCreated": ("kind", "source"),
        "ClientChanged": ("fields",),
        "ClientAssigned": ("manager_before", "manager_after"),
        "TaskAssigned": ("task_id", "title", "due_date", "assignee_id"),
        "TaskChanged": ("task_id",),
        "TaskCompleted": ("task_id",),
        "TaskCancelled": ("task_id",),
        "TaskFellOverdue": ("task_id", "assignee_id"),
        "ClientChecked": (),
        "ClientsMerged": ("merged_id", "fields"),
        "ClientsUnmerged": ("merged_id", "fields", "left"),
        "LeadConverted": ("lead_id", "source", "new_client"),
        "ContactLinked": ("contact_id", "role", "decision_maker", "since"),
        "ContactUnlinked": ("contact_id", "since", "until"),
        "InteractionPlanned": ("interaction_id", "kind", "starts_at", "employee_id"),
        "InteractionCompleted": ("interaction_id", "kind", "employee_id", "outcome"),
        "InteractionCancelled": ("interaction_id",),
        "ComplaintResolved": ("interaction_id",),
    },
    "deals": {
        "DealOpened": ("deal_id", "title", "amount", "currency"),
        "DealStageChanged": ("deal_id", "stage_before", "stage_after", "reason"),
        "DealWon": ("deal_id", "amount", "currency"),
        "DealLost": ("deal_id", "amount", "currency", "reason"),
        "DealPaid": ("deal_id", "invoice_id", "amount", "currency"),
    },
    "documents": {
        "InvoiceIssued": ("document_id", "number", "date", "due_date", "total", "currency"),
        "InvoiceCancelled": ("document_id", "number", "date", "total", "currency", "reason"),
        "PaymentReceived": ("payment_id", "date", "amount", "currency"),
        "PaymentCancelled": ("payment_id", "date", "amount", "currency", "reason"),
        "InvoicePaid": ("document_id", "number", "amount", "currency"),
        "PaymentOverdue": ("document_id", "number", "due_date", "amount", "currency"),
    },
    "notifications": {
        "MessageSent": ("message_id", "channel", "template", "document_id"),
        "MessageFailed": ("message_id", "channel", "template", "document_id"),
    },
}


# what of these is free text, which goes when its client is forgotten
SAID: Mapping[str, tuple[str, ...]] = {"clients": ("title",), "deals": ("title", "reason")}


def on_client_created(rows: Rows, message: Message) -> None:
    row = {"id": message.subject, "name": message.data.get("name"), "manager_id": message.data["manager_id"]}
    rows.put(t.clients, row)


def on_client_changed(rows: Rows, message: Message) -> None:
    after = {**message.data["after"], **(message.data.get("personal_after") or {})}
    if "name" in after:
        rows.change(t.clients, message.subject, name=after["name"])


def on_client_assigned(rows: Rows, message: Message) -> None:
    rows.change(t.clients, message.subject, manager_id=message.data["manager_after"])


def on_clients_merged(rows: Rows, message: Message) -> None:
    put_aliases(rows, t.client_aliases, message.data["moved"], message.data["client_id"])


def on_clients_unmerged(rows: Rows, message: Message) -> None:
    take_apart(rows, t.client_aliases, message.data["moved"], message.data["merged_id"])


def on_client_erased(rows: Rows, message: Message) -> None:
    if message.data["whole"] and rows.get(t.clients, message.data["person"]) is not None:
        rows.change(t.clients, message.data["person"], name=None)


def on_deal_opened(rows: Rows, message: Message) -> None:
    data = message.data
    names = ("client_id", "pipeline", "stage", "amount", "currency", "manager_id")
    row = {"id": message.subject, **{name: data[name] for name in names}}
    rows.put(t.deals, {**row, "opened_at": to_micros(message.occurred_at)})
    _moved(rows, message, data["stage"])


def on_deal_changed(rows: Rows, message: Message) -> None:
    after = message.data["after"]
    manager = {"manager_id": after["manager_id"]} if "manager_id" in after else {}
    rows.change(t.deals, message.subject, amount=message.data["amount"], **manager)


def on_deal_stage_changed(rows: Rows, message: Message) -> None:
    rows.change(t.deals, message.subject, stage=message.data["stage_after"])
    _moved(rows, message, message.data["stage_after"])


def _moved(rows: Rows, message: Message, stage: str) -> None:
    row = {"position": message.position, "deal_id": message.subject, "pipeline": message.data["pipeline"]}
    rows.put(t.stage_moves, {**row, "stage": stage, "moved_at": to_micros(message.occurred_at)})


def on_invoice_issued(rows: Rows, message: Message) -> None:
    names = ("client_id", "number", "date", "due_date", "total", "currency")
    rows.put(t.invoices, {"id": message.subject, **{name: message.data[name] for name in names}})


def on_invoice_cancelled(rows: Rows, message: Message) -> None:
    rows.change(t.invoices, message.subject, cancelled_on=message.data["date"])


def on_payment_received(rows: Rows, message: Message) -> None:
    _allocated(rows, message, 1)


def on_payment_cancelled(rows: Rows, message: Message) -> None:
    """What was allocated until that day stays so in reports as of a day before."""
    _allocated(rows, message, -1)


def _allocated(rows: Rows, message: Message, sign: int) -> None:
    for number, allocation in enumerate(message.data["allocations"]):
        amount = str(sign * Decimal(allocation["amount"]))
        row = {"invoice_id": allocation["document_id"], "amount": amount, "date": message.data["date"]}
        rows.put(t.allocations, {"position": message.position, "number": number, **row})


def on_timeline_erased(rows: Rows, message: Message) -> None:
    for row in rows.find(t.timeline, "client_id", message.data["person"]):
        facts = msgspec.json.decode(row["facts"])
        told = {name: None for name in SAID.get(row["source"], ()) if name in facts}
        if told:
            rows.change(t.timeline, (row["source"], row["position"]), facts=as_json({**facts, **told}))


def on_timeline(rows: Rows, message: Message) -> None:
    client_id = message.data.get("client_id")
    if not client_id:
        return
    shown = {name: message.data.get(name) for name in SHOWN[message.source][message.type]}
    recorded = to_micros(message.recorded_at)
    rows.put(
        t.timeline,
        {
            "source": message.source,
            "position": message.position,
            "client_id": client_id,
            "place": f"{recorded:020}-{message.source}-{message.position:012}",
            "event_id": message.id,
            "type": message.type,
            "subject": message.subject,
            "occurred_at": to_micros(message.occurred_at),
            "actor": message.actor,
            "facts": as_json(shown),
        },
    )


def _all(handler: Handler) -> dict[str, dict[str, Handler]]:
    return {source: dict.fromkeys(types, handler) for source, types in SHOWN.items()}


CLIENTS = Projection(
    name="clients",
    tables=(t.clients, t.client_aliases),
    on={
        "clients": {
            "ClientCreated": on_client_created,
            "ClientChanged": on_client_changed,
            "ClientAssigned": on_client_assigned,
            "ClientsMerged": on_clients_merged,
            "ClientsUnmerged": on_clients_unmerged,
            "PersonalDataErased": on_client_erased,
        }
    },
)

FUNNEL = Projection(
    name="funnel",
    tables=(t.deals, t.stage_moves),
    on={
        "deals": {
            "DealOpened": on_deal_opened,
            "DealChanged": on_deal_changed,
            "DealStageChanged": on_deal_stage_changed,
        }
    },
)

RECEIVABLES = Projection(
    name="receivables",
    tables=(t.invoices, t.allocations),
    on={
        "documents": {
            "InvoiceIssued": on_invoice_issued,
            "InvoiceCancelled": on_invoice_cancelled,
            "PaymentReceived": on_payment_received,
            "PaymentCancelled": on_payment_cancelled,
        }
    },
)

_TIMELINE = _all(on_timeline)
TIMELINE = Projection(
    name="timeline",
    tables=(t.timeline,),
    on={**_TIMELINE, "clients": {**_TIMELINE["clients"], "PersonalDataErased": on_timeline_erased}},
)
