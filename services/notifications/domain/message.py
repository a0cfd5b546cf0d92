"""A message to a client: planned, then sent or failed, once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from services.notifications.events import Attachment, MessageFailed, MessagePlanned, MessageSent

Event = MessagePlanned | MessageSent | MessageFailed


@dataclass(frozen=True, slots=True)
class ClientMessage:
    id: str
    client_id: str
    channel: str
    template: str
    document_id: str | None
    facts: Mapping[str, Any]
    attachments: tuple[Attachment, ...]
    address: str | None
    recipient: str | None
    state: str = "planned"


def message_sent(message: ClientMessage, attempt: int) -> list[Event]:
    if message.state == "sent":
        return []
    sent = MessageSent(message.id, message.client_id, message.channel, message.template, message.document_id, attempt)
    return [sent]


def message_failed(message: ClientMessage, reason: str) -> list[Event]:
    if message.state != "planned":
        return []
    failed = MessageFailed(
        message.id, message.client_id, message.channel, message.template, message.document_id, reason
    )
    return [failed]


def evolve(message: ClientMessage | None, event: Event) -> ClientMessage:
    if isinstance(event, MessagePlanned):
        return ClientMessage(
            event.message_id,
            event.client_id,
            event.channel,
            event.template,
            event.document_id,
            event.facts,
            event.attachments,
            event.address,
            event.recipient,
        )
    assert message is not None
    return replace(message, state="sent" if isinstance(event, MessageSent) else "failed")
