"""What one append carries, what it demands, and how it can be refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from services.kernel.context import Context
from services.kernel.errors import Refusal

ANY_VERSION = -1


class Key(NamedTuple):
    """A unique key: no two owners may hold the same key of one scope."""

    scope: str
    key: str


@dataclass(frozen=True, slots=True)
class StreamEvents:
    """Events to add to one stream, which must stand at `expected_version` (0: not begun yet,
    `ANY_VERSION`: wherever it stands). No events: the version is only demanded."""

    stream: str
    expected_version: int
    events: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Idempotency:
    """The record by which a repeated command is recognised and answered again. `stream` is whose
    version is told then; the first stream of the append where none is named."""

    principal: str
    key: str
    request_hash: str
    resource: str
    stream: str = ""


@dataclass(frozen=True, slots=True)
class CheckpointMove:
    """A named checkpoint moved by compare-and-set: refused unless it stands at `old`."""

    name: str
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Append:
    """Events and claims that are written together or not at all.

    `occurred_at` is when it happened in the world; left out, it is the time of the record.
    `claim` takes unique keys for the first stream, `release` gives back keys that one of the
    streams holds; a key that is both passes to the first stream.
    """

    context: Context
    streams: Sequence[StreamEvents]
    claim: Sequence[Key] = ()
    release: Sequence[Key] = ()
    idempotency: Idempotency | None = None
    checkpoint: CheckpointMove | None = None
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """Where an append landed: its last position (that of the head when it held no events),
    and the version of each stream after it."""

    position: int
    versions: Mapping[str, int] = field(default_factory=dict)


class Conflict(Exception):
    """An append refused by one of its claims; nothing of it was written."""


class VersionConflict(Conflict):
    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__(stream, expected, actual)
        self.stream, self.expected, self.actual = stream, expected, actual


class KeyTaken(Conflict):
    def __init__(self, key: Key, stream: str) -> None:
        super().__init__(key, stream)
        self.key, self.stream = key, stream


class AlreadyDone(Conflict):
    """The idempotency key is recorded already; `record` tells for what."""

    def __init__(self, record: "Done") -> None:
        super().__init__(record)
        self.record = record


class CheckpointMoved(Conflict):
    def __init__(self, name: str, old: int, actual: int) -> None:
        super().__init__(name, old, actual)
        self.name, self.old, self.actual = name, old, actual


@dataclass(frozen=True, slots=True)
class Done:
    """A command carried out earlier under an idempotency key."""

    request_hash: str
    resource: str
    version: int
    position: int


class OutcomeUnknown(Exception):
    """The database was lost while it was being written to; repeating with the same
    idempotency key settles whether it was."""


class StoreUnavailable(Refusal):
    """The database does not answer, or too many appends wait for it; nothing was written."""

    status = 503
    ru = "Хранилище событий не отвечает; ничего не записано, повторите позже"
    en = "The event store does not answer; nothing was written, repeat later"
