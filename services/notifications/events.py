"""What happens to messages. Addresses are personal; the text is made anew from the facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.kernel.events import PersonalFields, PersonKey, event


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of another service, by content hash."""

    service: str
    hash: str
    name: str
    media_type: str
    size: int


def _address(planned: "MessagePlanned") -> PersonalFields:
    return {PersonKey(planned.client_id, "relation"): ("address", "recipient")}


@event("MessagePlanned", personal=_address)
@dataclass(frozen=True, slots=True)
class MessagePlanned:
    """Everything the letter is made of, recorded before it is sent."""

    message_id: str
    client_id: str
    channel: str
    template: str
    document_id: str | None
    facts: Mapping[str, Any]
    attachments: tuple[Attachment, ...]
    address: str | None = None
    recipient: str | None = None


@event("MessageSent")
@dataclass(frozen=True, slots=True)
class MessageSent:
    message_id: str
    client_id: str
    channel: str
    template: str
    document_id: str | None
    attempt: int


@event("MessageFailed")
@dataclass(frozen=True, slots=True)
class MessageFailed:
    """The message will not be sent again by itself. `reason` is a code, never an address."""

    message_id: str
    client_id: str
    channel: str
    template: str
    document_id: str | None
    reason: str
