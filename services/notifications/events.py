"""What happens to messages and webhooks. Addresses are personal; the text is made anew from the facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

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


def _told(planned: "NoticePlanned") -> PersonalFields:
    own = {PersonKey(planned.user_id, "relation"): ("address", "recipient")}
    return {**own, PersonKey(planned.about_id, "relation"): ("about",)} if planned.about_id else own


@event("NoticePlanned", personal=_told)
@dataclass(frozen=True, slots=True)
class NoticePlanned:
    """A letter to a user of the system, with everything it is made of. `about` is the name of
    the user whom it tells of, where it tells of one."""

    notice_id: str
    user_id: str
    template: str
    facts: Mapping[str, Any]
    about_id: str | None = None
    address: str | None = None
    recipient: str | None = None
    about: str | None = None


@event("NoticeSent")
@dataclass(frozen=True, slots=True)
class NoticeSent:
    notice_id: str
    user_id: str
    template: str


@event("NoticeFailed")
@dataclass(frozen=True, slots=True)
class NoticeFailed:
    """The notice will not be sent again by itself. `reason` is a code, never an address."""

    notice_id: str
    user_id: str
    template: str
    reason: str


class _OfWebhook(Protocol):
    webhook_id: str


def _secrets(event: _OfWebhook) -> PersonalFields:
    """Sealed like what is personal: addresses of receivers bear tokens, and secrets sign."""
    return {PersonKey(event.webhook_id, "relation"): ("url", "secret")}


@event("WebhookCreated", personal=_secrets)
@dataclass(frozen=True, slots=True)
class WebhookCreated:
    """`positions` say by source after what the deliveries begin, `masked` which kinds of fields
    the owner sees only in part."""

    webhook_id: str
    owner_id: str
    masked: tuple[str, ...]
    types: tuple[str, ...]
    sources: tuple[str, ...]
    subjects: tuple[str, ...]
    description: str
    positions: Mapping[str, int]
    url: str | None = None
    secret: str | None = None


@event("WebhookChanged", personal=lambda changed: {PersonKey(changed.webhook_id, "relation"): ("url",)})
@dataclass(frozen=True, slots=True)
class WebhookChanged:
    """As it is from now on. It belongs to who changed it, as what is sent goes by his rights."""

    webhook_id: str
    owner_id: str
    masked: tuple[str, ...]
    types: tuple[str, ...]
    sources: tuple[str, ...]
    subjects: tuple[str, ...]
    description: str
    moved: bool
    url: str | None = None


@event("WebhookSecretRotated", personal=lambda rotated: {PersonKey(rotated.webhook_id, "relation"): ("secret",)})
@dataclass(frozen=True, slots=True)
class WebhookSecretRotated:
    """Both secrets sign until `overlap_until`."""

    webhook_id: str
    overlap_until: datetime
    secret: str | None = None


@event("WebhookConfirmed")
@dataclass(frozen=True, slots=True)
class WebhookConfirmed:
    """The receiver has answered the challenge: it wants these events."""

    webhook_id: str


@event("WebhookPaused")
@dataclass(frozen=True, slots=True)
class WebhookPaused:
    """Nothing is sent until somebody resumes it, and nothing is lost. `reason` is `asked`,
    `not-confirmed`, `failing`, `gone`, `owner-deactivated` or `owner-role-changed`."""

    webhook_id: str
    owner_id: str
    reason: str


@event("WebhookResumed")
@dataclass(frozen=True, slots=True)
class WebhookResumed:
    webhook_id: str


@event("WebhookReplayed")
@dataclass(frozen=True, slots=True)
class WebhookReplayed:
    """A range is to be sent again, by source: what is after `after`, up to `until`."""

    webhook_id: str
    replay_id: str
    after: Mapping[str, int]
    until: Mapping[str, int]


@event("WebhookReplayEnded")
@dataclass(frozen=True, slots=True)
class WebhookReplayEnded:
    webhook_id: str
    replay_id: str


@event("WebhookPinged")
@dataclass(frozen=True, slots=True)
class WebhookPinged:
    webhook_id: str


@event("WebhookCancelled")
@dataclass(frozen=True, slots=True)
class WebhookCancelled:
    webhook_id: str
