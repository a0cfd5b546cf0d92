"""A webhook: asked for, confirmed by its receiver, and then active or paused until it is cancelled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.kernel.errors import Forbidden, Refusal
from services.kernel.rights import Rights
from services.notifications.commands import CreateWebhook
from services.notifications.events import (
    WebhookCancelled,
    WebhookChanged,
    WebhookConfirmed,
    WebhookCreated,
    WebhookPaused,
    WebhookPinged,
    WebhookReplayed,
    WebhookReplayEnded,
    WebhookResumed,
    WebhookSecretRotated,
)

Event = (
    WebhookCreated
    | WebhookChanged
    | WebhookSecretRotated
    | WebhookConfirmed
    | WebhookPaused
    | WebhookResumed
    | WebhookReplayed
    | WebhookReplayEnded
    | WebhookPinged
    | WebhookCancelled
)

OVERLAP = timedelta(hours=24)
# About as Standard Webhooks has it: from seconds to a day, three days in all, longer than a weekend.
PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 30, 120, 600, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400, 86_400)
)


class WebhookIsCancelled(Refusal):
    ru = "Вебхук отменён"
    en = "The webhook is cancelled"


class WebhookNotActive(Refusal):
    ru = "Вебхук не работает: получатель ещё не подтвердил согласие, или отправка приостановлена"
    en = "The webhook is not active: its receiver has not confirmed it yet, or it is paused"


class ReplayRunning(Refusal):
    ru = "Повторная отправка уже идёт"
    en = "A replay is running already"


@dataclass(frozen=True, slots=True)
class Replay:
    id: str
    after: Mapping[str, int]
    until: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Webhook:
    """`state` is `pending` until the receiver has confirmed the present address, then `active`;
    `round` counts what begins the attempts anew: another address, or resumption."""

    id: str
    owner_id: str
    masked: tuple[str, ...]
    types: tuple[str, ...]
    sources: tuple[str, ...]
    subjects: tuple[str, ...]
    description: str
    start: Mapping[str, int]
    url: str | None
    secret: str | None
    state: str = "pending"
    confirmed: bool = False
    round: int = 1
    previous_secret: str | None = None
    overlap_until: datetime | None = None
    replay: Replay | None = None

    def keys(self, now: datetime) -> tuple[str, ...]:
        """The secrets that sign at a time; none where they were destroyed."""
        both = self.overlap_until is not None and now < self.overlap_until
        return tuple(filter(None, (self.secret, self.previous_secret if both else None)))

    def wants(self, source: str, kind: str, subject: str) -> bool:
        return (
            (not self.sources or source in self.sources)
            and (not self.types or kind in self.types)
            and (not self.subjects or subject in self.subjects)
        )


def check_rights(rights: Rights) -> None:
    """Events are of everybody's clients, so who sees only some has no streams of them."""
    if rights.users is not None:
        raise Forbidden(permission="events.read")


def create_webhook(
    command: CreateWebhook, owner_id: str, masked: tuple[str, ...], positions: Mapping[str, int], secret: str
) -> list[Event]:
    """`command` bears an address that was checked."""
    return [
        WebhookCreated(
            command.webhook_id,
            owner_id,
            masked,
            command.types,
            command.sources,
            command.subjects,
            command.description,
            positions,
            command.url,
            secret,
        )
    ]


def change_webhook(webhook: Webhook, changes: Mapping[str, Any], owner_id: str, masked: tuple[str, ...]) -> list[Event]:
    _living(webhook)
    changed = replace(webhook, owner_id=owner_id, masked=masked, **changes)
    if changed == webhook:
        return []
    return [
        WebhookChanged(
            webhook.id,
            owner_id,
            masked,
            changed.types,
            changed.sources,
            changed.subjects,
            changed.description,
            changed.url != webhook.url,
            changed.url,
        )
    ]


def rotate_webhook_secret(webhook: Webhook, secret: str, now: datetime) -> list[Event]:
    _living(webhook)
    return [WebhookSecretRotated(webhook.id, now + OVERLAP, secret)]


def confirm_webhook(webhook: Webhook, round: int) -> list[Event]:  # the webhook's own word
    return [WebhookConfirmed(webhook.id)] if awaits(webhook, round) else []


def awaits(webhook: Webhook, round: int) -> bool:
    """Whether the challenge of a round is still of interest."""
    return webhook.state == "pending" and webhook.round == round


def pause_webhook(webhook: Webhook, reason: str) -> list[Event]:
    if webhook.state in ("paused", "cancelled"):
        return []
    return [WebhookPaused(webhook.id, webhook.owner_id, reason)]


def resume_webhook(webhook: Webhook, owner_id: str, masked: tuple[str, ...]) -> list[Event]:
    """It goes on by the rights of who resumes it, whoever it was paused for."""
    _living(webhook)
    if webhook.state != "paused":
        return []
    return [*change_webhook(webhook, {}, owner_id, masked), WebhookResumed(webhook.id)]


def replay_webhook(webhook: Webhook, replay_id: str, after: Mapping[str, int], until: Mapping[str, int]) -> list[Event]:
    _living(webhook)
    if webhook.replay is not None:
        raise ReplayRunning
    return [WebhookReplayed(webhook.id, replay_id, after, until)]


def end_webhook_replay(webhook: Webhook, replay_id: str) -> list[Event]:
    running = webhook.replay is not None and webhook.replay.id == replay_id
    return [WebhookReplayEnded(webhook.id, replay_id)] if running else []


def ping_webhook(webhook: Webhook) -> list[Event]:
    _living(webhook)
    if webhook.state != "active":
        raise WebhookNotActive
    return [WebhookPinged(webhook.id)]


def cancel_webhook(webhook: Webhook) -> list[Event]:
    return [] if webhook.state == "cancelled" else [WebhookCancelled(webhook.id)]


def _living(webhook: Webhook) -> None:
    if webhook.state == "cancelled":
        raise WebhookIsCancelled


def evolve(webhook: Webhook | None, event: Event) -> Webhook:
    if isinstance(event, WebhookCreated):
        return _created(event)
    assert webhook is not None
    changes = _CHANGES.get(type(event))
    return replace(webhook, **changes(webhook, event)) if changes else webhook


def _created(event: WebhookCreated) -> Webhook:
    return Webhook(
        event.webhook_id,
        event.owner_id,
        event.masked,
        event.types,
        event.sources,
        event.subjects,
        event.description,
        event.positions,
        event.url,
        event.secret,
    )


def _changed(webhook: Webhook, event: WebhookChanged) -> dict[str, Any]:
    same = ("owner_id", "masked", "types", "sources", "subjects", "description", "url")
    changes = {name: getattr(event, name) for name in same}
    if not event.moved:
        return changes
    state = "pending" if webhook.state == "active" else webhook.state
    return {**changes, "confirmed": False, "round": webhook.round + 1, "state": state}


def _rotated(webhook: Webhook, event: WebhookSecretRotated) -> dict[str, Any]:
    return {"secret": event.secret, "previous_secret": webhook.secret, "overlap_until": event.overlap_until}


def _resumed(webhook: Webhook, _event: WebhookResumed) -> dict[str, Any]:
    return {"state": "active" if webhook.confirmed else "pending", "round": webhook.round + 1}


_CHANGES: Mapping[type, Callable[[Webhook, Any], dict[str, Any]]] = {
    WebhookChanged: _changed,
    WebhookSecretRotated: _rotated,
    WebhookConfirmed: lambda _webhook, _event: {"state": "active", "confirmed": True},
    WebhookPaused: lambda _webhook, _event: {"state": "paused"},
    WebhookResumed: _resumed,
    WebhookReplayed: lambda _webhook, event: {"replay": Replay(event.replay_id, event.after, event.until)},
    WebhookReplayEnded: lambda _webhook, _event: {"replay": None},
    WebhookCancelled: lambda _webhook, _event: {"state": "cancelled", "replay": None},
}
