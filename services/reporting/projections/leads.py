"""Leads and where they come from: messages to rows."""

from services.kernel.clock import to_micros
from services.kernel.message import Message
from services.kernel.projections import Projection, Rows
from services.reporting import tables as t

SOURCES = "lead_sources"


def on_lead_captured(rows: Rows, message: Message) -> None:
    row = {"id": message.subject, "source": message.data["source"], "action": message.data["action"], "state": "new"}
    rows.put(t.leads, {**row, "captured_at": to_micros(message.recorded_at)})


def on_lead_assigned(rows: Rows, message: Message) -> None:
    rows.change(t.leads, message.subject, assignee_id=message.data["assignee_after"])


def on_lead_taken(rows: Rows, message: Message) -> None:
    rows.change(t.leads, message.subject, state="in_work", assignee_id=message.data["assignee_id"])


def on_lead_rejected(rows: Rows, message: Message) -> None:
    rows.change(t.leads, message.subject, state="rejected")


def on_lead_converted(rows: Rows, message: Message) -> None:
    rows.change(t.leads, message.subject, state="converted", client_id=message.data["client_id"])


def on_lead_deal_opened(rows: Rows, message: Message) -> None:
    rows.change(t.leads, message.subject, deal_id=message.data["deal_id"])


def on_dictionary_entry_added(rows: Rows, message: Message) -> None:
    if message.data["dictionary"] == SOURCES:
        rows.put(t.lead_sources, {"code": message.data["code"], "name": message.data["name"]})


def on_dictionary_entry_changed(rows: Rows, message: Message) -> None:
    if message.data["dictionary"] == SOURCES and "name" in message.data["after"]:
        rows.change(t.lead_sources, message.data["code"], name=message.data["after"]["name"])


LEADS = Projection(
    name="leads",
    tables=(t.leads, t.lead_sources),
    keys={t.lead_sources: lambda message: message.data.get("code")},
    on={
        "clients": {
            "LeadCaptured": on_lead_captured,
            "LeadAssigned": on_lead_assigned,
            "LeadTaken": on_lead_taken,
            "LeadRejected": on_lead_rejected,
            "LeadConverted": on_lead_converted,
            "LeadDealOpened": on_lead_deal_opened,
            "DictionaryEntryAdded": on_dictionary_entry_added,
            "DictionaryEntryChanged": on_dictionary_entry_changed,
        }
    },
)
