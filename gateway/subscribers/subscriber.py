"""A subscriber: what he may hear, and what becomes of him."""

import secrets
from dataclasses import dataclass, replace

from services.kernel.errors import Refusal
from services.kernel.events import event


@dataclass(frozen=True, slots=True)
class AddSubscriber:
    """`topics` are routing keys, such as `clients.ClientCreated`. The password is made by the
    handler and leaves the gateway once, in the answer."""

    name: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoveSubscriber:
    name: str


@event("SubscriberAdded")
@dataclass(frozen=True, slots=True)
class SubscriberAdded:
    """`password_hash` is what the broker is given."""

    name: str
    topics: tuple[str, ...]
    password_hash: str


@event("SubscriberRemoved")
@dataclass(frozen=True, slots=True)
class SubscriberRemoved:
    name: str


class SubscriberExists(Refusal):
    ru = "Подписчик {name} уже есть; удалите его, чтобы завести с другими типами или новым паролем"
    en = "There is a subscriber {name} already; remove it first to give it other types or a new password"


@dataclass(frozen=True, slots=True)
class Subscriber:
    name: str
    active: bool


def new_password() -> str:
    return secrets.token_urlsafe(24)


def add_subscriber(known: Subscriber | None, command: AddSubscriber, password_hash: str) -> list[SubscriberAdded]:
    if known and known.active:
        raise SubscriberExists.on("name", name=command.name)
    return [SubscriberAdded(command.name, command.topics, password_hash)]


def remove_subscriber(subscriber: Subscriber, command: RemoveSubscriber) -> list[SubscriberRemoved]:
    return [SubscriberRemoved(command.name)] if subscriber.active else []


def evolve(subscriber: Subscriber | None, happened: SubscriberAdded | SubscriberRemoved) -> Subscriber:
    if isinstance(happened, SubscriberAdded):
        return Subscriber(happened.name, active=True)
    assert subscriber is not None
    return replace(subscriber, active=False)
