"""Events, contexts and a sealer of paper for the tests of the store."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from services.kernel.context import Context
from services.kernel.events import PersonKey, Registry, event
from services.kernel.store.claims import Append, Idempotency, Key, StreamEvents
from services.kernel.store.store import EventStore, open_store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CONTEXT = Context("actor", "principal", "correlation", "cause", NOW, NOW + timedelta(seconds=5))


@event("Opened")
@dataclass(frozen=True)
class Opened:
    n: int
    text: str = ""


@event("Noted")
@dataclass(frozen=True)
class Noted:
    n: int


@event("Met", personal=lambda e: {PersonKey(e.person, "relation"): ["name", "phone"]})
@dataclass(frozen=True)
class Met:
    person: str
    name: str | None = None
    phone: str | None = None


REGISTRY = Registry([Opened, Noted, Met])
PUBLISHED: Mapping[type, Any] = {Opened: lambda e: {"n": e.n}, Met: lambda e: {"person": e.person}}


class PaperSeal:
    """Seals by turning the text around; whoever is in `forgotten` is not opened any more."""

    def __init__(self) -> None:
        self.forgotten: set[PersonKey] = set()

    def seal(self, event_id: str, who: PersonKey, fields: Mapping[str, Any]) -> str:
        return json.dumps([event_id, fields])[::-1]

    def unseal(self, event_id: str, who: PersonKey, sealed: str) -> dict[str, Any] | None:
        sealed_for, fields = json.loads(sealed[::-1])
        assert sealed_for == event_id
        return None if who in self.forgotten else fields


def open_sample(url: str, seal: PaperSeal | None = None) -> EventStore:
    return open_store(url, "samples", REGISTRY, PUBLISHED, seal or PaperSeal())


def on(stream: str, expected: int, *events: Any) -> StreamEvents:
    return StreamEvents(stream, expected, events)


def adding(*streams: StreamEvents, **claims: Any) -> Append:
    return Append(CONTEXT, streams, **claims)


def one(stream: str, expected: int, n: int = 0, **claims: Any) -> Append:
    """An append of one event."""
    return adding(on(stream, expected, Opened(n)), **claims)


def record(key: str, resource: str = "r", request_hash: str = "h") -> Idempotency:
    return Idempotency("principal", key, request_hash, resource)


def inn(key: str) -> Key:
    return Key("inn", key)


def numbers(store: EventStore, stream: str) -> list[int]:
    return [recorded.event.n for recorded in store.read_stream(stream)]


def assert_dense(store: EventStore) -> int:
    """Positions and stream versions without holes, times that never run back; how many events."""
    versions: dict[str, int] = {}
    position, recorded = 0, 0
    while page := store.read_after(position):
        for e in page:
            assert e.position == position + 1
            assert e.version == versions.get(e.stream, 0) + 1
            assert e.recorded >= recorded
            position, recorded, versions[e.stream] = e.position, e.recorded, e.version
    assert position == store.head().position
    return position


def all_numbers(store: EventStore) -> Sequence[int]:
    found: list[int] = []
    position = 0
    while page := store.read_after(position):
        found += [e.event.n for e in page]
        position = page[-1].position
    return found
