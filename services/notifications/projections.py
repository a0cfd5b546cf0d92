"""Events and messages to rows."""

from typing import Any

import msgspec

from services.kernel.events import Recorded
from services.kernel.message import Message
from services.kernel.projections import Projection, Rows
from services.notifications import tables as t
from services.notifications.events import MessageFailed, MessagePlanned


def on_message_planned(rows: Rows, recorded: Recorded) -> None:
    event: MessagePlanned = recorded.event
    rows.put(
        t.messages,
        {
            "id": event.message_id,
            "version": recorded.version,
            "client_id": event.client_id,
            "channel": event.channel,
            "template": event.template,
            "document_id": event.document_id,
            "state": "planned",
            "reason": None,
            "address": event.address,
            "cause": recorded.causation_id,
            "planned_at": recorded.recorded,
            "ended_at": None,
        },
    )


def on_message_sent(rows: Rows, recorded: Recorded) -> None:
    _end(rows, recorded, state="sent")


def on_message_failed(rows: Rows, recorded: Recorded) -> None:
    event: MessageFailed = recorded.event
    _end(rows, recorded, state="failed", reason=event.reason)


def _end(rows: Rows, recorded: Recorded, **values: Any) -> None:
    rows.change(t.messages, recorded.subject, version=recorded.version, ended_at=recorded.recorded, **values)


def on_client_created(rows: Rows, message: Message) -> None:
    data = message.data
    row = {"id": message.subject, "name": data.get("name"), "contact_person": data.get("contact_person")}
    rows.put(t.recipients, {**row, "emails": _text(data.get("emails") or [])})


def on_client_changed(rows: Rows, message: Message) -> None:
    after = {**message.data["after"], **(message.data.get("personal_after") or {})}
    values = {name: after[name] for name in ("name", "contact_person") if name in after}
    if "emails" in after:
        values["emails"] = _text(after["emails"])
    if values:
        rows.change(t.recipients, message.subject, **values)


def on_organisation_created(rows: Rows, message: Message) -> None:
    _put_organisation(rows, message, message.data["requisites"])


def on_organisation_changed(rows: Rows, message: Message) -> None:
    _put_organisation(rows, message, message.data["after"])


def _put_organisation(rows: Rows, message: Message, requisites: dict[str, Any]) -> None:
    rows.put(t.organisations, {"id": message.subject, "name": requisites["name"], "email": requisites["email"]})


def on_document_rendered(rows: Rows, message: Message) -> None:
    row = {"document_id": message.subject, "hash": message.data["hash"], "size": message.data["size"]}
    rows.put(t.invoice_files, row)


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


MESSAGES = Projection(
    name="messages",
    tables=(t.messages,),
    on={
        "notifications": {
            "MessagePlanned": on_message_planned,
            "MessageSent": on_message_sent,
            "MessageFailed": on_message_failed,
        }
    },
)

RECIPIENTS = Projection(
    name="recipients",
    tables=(t.recipients,),
    on={"clients": {"ClientCreated": on_client_created, "ClientChanged": on_client_changed}},
)

DOCUMENTS = Projection(
    name="documents",
    tables=(t.organisations, t.invoice_files),
    on={
        "documents": {
            "OrganisationCreated": on_organisation_created,
            "OrganisationChanged": on_organisation_changed,
            "DocumentRendered": on_document_rendered,
        }
    },
)
