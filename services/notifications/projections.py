"""Events and messages to rows."""

from collections.abc import Sequence
from typing import Any

import msgspec

from services.kernel.events import Recorded
from services.kernel.lists import put_aliases, take_apart
from services.kernel.message import SOURCE_PREFIX, Message
from services.kernel.projections import Projection, Rows
from services.notifications import tables as t
from services.notifications.events import (
    MessageFailed,
    MessagePlanned,
    NoticeFailed,
    NoticePlanned,
    WebhookChanged,
    WebhookCreated,
    WebhookPaused,
    WebhookReplayed,
)


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


def on_notice_planned(rows: Rows, recorded: Recorded) -> None:
    event: NoticePlanned = recorded.event
    rows.put(
        t.notices,
        {
            "id": event.notice_id,
            "version": recorded.version,
            "user_id": event.user_id,
            "template": event.template,
            "facts": _text(event.facts),
            "state": "planned",
            "reason": None,
            "address": event.address,
            "cause": recorded.causation_id,
            "planned_at": recorded.recorded,
            "ended_at": None,
        },
    )


def on_notice_sent(rows: Rows, recorded: Recorded) -> None:
    _end_notice(rows, recorded, state="sent")


def on_notice_failed(rows: Rows, recorded: Recorded) -> None:
    event: NoticeFailed = recorded.event
    _end_notice(rows, recorded, state="failed", reason=event.reason)


def _end_notice(rows: Rows, recorded: Recorded, **values: Any) -> None:
    rows.change(t.notices, recorded.subject, version=recorded.version, ended_at=recorded.recorded, **values)


def on_client_created(rows: Rows, message: Message) -> None:
    data = message.data
    row = {"id": message.subject, "name": data.get("name"), "contact_person": data.get("contact_person")}
    rows.put(t.recipients, {**row, "emails": _text(data.get("emails") or []), "manager_id": data["manager_id"]})


def on_client_changed(rows: Rows, message: Message) -> None:
    after = {**message.data["after"], **(message.data.get("personal_after") or {})}
    values = {name: after[name] for name in ("name", "contact_person") if name in after}
    if "emails" in after:
        values["emails"] = _text(after["emails"])
    if values:
        rows.change(t.recipients, message.subject, **values)


def on_client_assigned(rows: Rows, message: Message) -> None:
    rows.change(t.recipients, message.subject, manager_id=message.data["manager_after"])


def on_clients_merged(rows: Rows, message: Message) -> None:
    put_aliases(rows, t.client_aliases, message.data["moved"], message.data["client_id"])


def on_clients_unmerged(rows: Rows, message: Message) -> None:
    take_apart(rows, t.client_aliases, message.data["moved"], message.data["merged_id"])


def on_recipient_erased(rows: Rows, message: Message) -> None:
    if rows.get(t.recipients, message.data["person"]) is not None:
        name = {"name": None} if message.data["whole"] else {}
        rows.change(t.recipients, message.data["person"], **name, contact_person=None, emails="[]")


def on_addressee_erased(rows: Rows, message: Message) -> None:
    for row in rows.find(t.messages, "client_id", message.data["person"]):
        rows.change(t.messages, row["id"], address=None)


def on_organisation_created(rows: Rows, message: Message) -> None:
    _put_organisation(rows, message, message.data["requisites"])


def on_organisation_changed(rows: Rows, message: Message) -> None:
    _put_organisation(rows, message, message.data["after"])


def _put_organisation(rows: Rows, message: Message, requisites: dict[str, Any]) -> None:
    rows.put(t.organisations, {"id": message.subject, "name": requisites["name"], "email": requisites["email"]})


def on_document_rendered(rows: Rows, message: Message) -> None:
    row = {"document_id": message.subject, "hash": message.data["hash"], "size": message.data["size"]}
    rows.put(t.invoice_files, row)


def on_webhook_created(rows: Rows, recorded: Recorded) -> None:
    event: WebhookCreated = recorded.event
    rows.put(
        t.webhooks,
        {
            "id": event.webhook_id,
            "version": recorded.version,
            **_asked(event),
            "state": "pending",
            "confirmed": False,
            "created_at": recorded.recorded,
        },
    )


def on_webhook_changed(rows: Rows, recorded: Recorded) -> None:
    event: WebhookChanged = recorded.event
    _change_webhook(rows, recorded, **_asked(event))
    if event.moved:
        row = rows.get(t.webhooks, recorded.subject) or {}
        state = "pending" if row["state"] == "active" else row["state"]
        rows.change(t.webhooks, recorded.subject, confirmed=False, state=state)


def _asked(event: WebhookCreated | WebhookChanged) -> dict[str, Any]:
    lists = {"types": event.types, "sources": _sources(event.sources), "subjects": event.subjects}
    facts = {"owner_id": event.owner_id, "url": event.url, "description": event.description}
    return {**facts, **{name: _text(names) for name, names in lists.items()}}


def _sources(names: Sequence[str]) -> list[str]:
    return [SOURCE_PREFIX + name for name in names]


def on_webhook_confirmed(rows: Rows, recorded: Recorded) -> None:
    _change_webhook(rows, recorded, state="active", confirmed=True)


def on_webhook_paused(rows: Rows, recorded: Recorded) -> None:
    event: WebhookPaused = recorded.event
    _change_webhook(rows, recorded, state="paused", reason=event.reason)


def on_webhook_resumed(rows: Rows, recorded: Recorded) -> None:
    row = rows.get(t.webhooks, recorded.subject) or {}
    _change_webhook(rows, recorded, state="active" if row["confirmed"] else "pending", reason=None)


def on_webhook_replayed(rows: Rows, recorded: Recorded) -> None:
    event: WebhookReplayed = recorded.event
    after, until = (dict(zip(_sources(list(at)), at.values(), strict=True)) for at in (event.after, event.until))
    replay = {"id": event.replay_id, "after": after, "until": until}
    _change_webhook(rows, recorded, replay=_text(replay))


def on_webhook_replay_ended(rows: Rows, recorded: Recorded) -> None:
    _change_webhook(rows, recorded, replay=None)


def on_webhook_cancelled(rows: Rows, recorded: Recorded) -> None:
    _change_webhook(rows, recorded, state="cancelled", reason=None, replay=None)


def on_webhook_event(rows: Rows, recorded: Recorded) -> None:
    """Of the rest only the version is seen."""
    _change_webhook(rows, recorded)


def _change_webhook(rows: Rows, recorded: Recorded, **values: Any) -> None:
    rows.change(t.webhooks, recorded.subject, version=recorded.version, **values)


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
        },
        "clients": {"PersonalDataErased": on_addressee_erased},
    },
)

NOTICES = Projection(
    name="notices",
    tables=(t.notices,),
    on={
        "notifications": {
            "NoticePlanned": on_notice_planned,
            "NoticeSent": on_notice_sent,
            "NoticeFailed": on_notice_failed,
        }
    },
)

RECIPIENTS = Projection(
    name="recipients",
    tables=(t.recipients, t.client_aliases),
    on={
        "clients": {
            "ClientCreated": on_client_created,
            "ClientChanged": on_client_changed,
            "ClientAssigned": on_client_assigned,
            "ClientsMerged": on_clients_merged,
            "ClientsUnmerged": on_clients_unmerged,
            "PersonalDataErased": on_recipient_erased,
        }
    },
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

WEBHOOKS = Projection(
    name="webhooks",
    tables=(t.webhooks,),
    on={
        "notifications": {
            "WebhookCreated": on_webhook_created,
            "WebhookChanged": on_webhook_changed,
            "WebhookSecretRotated": on_webhook_event,
            "WebhookConfirmed": on_webhook_confirmed,
            "WebhookPaused": on_webhook_paused,
            "WebhookResumed": on_webhook_resumed,
            "WebhookReplayed": on_webhook_replayed,
            "WebhookReplayEnded": on_webhook_replay_ended,
            "WebhookPinged": on_webhook_event,
            "WebhookCancelled": on_webhook_cancelled,
        }
    },
)
