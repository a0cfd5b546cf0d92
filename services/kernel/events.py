"""Event types: stored names, versions, upcasters, and whose personal fields they hold.

A service lists its event classes once, in a `Registry`; class paths are never
stored, so classes can move freely.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeVar

import msgspec

from services.kernel.clock import from_micros

Ground = Literal["relation", "accounting"]
Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
T = TypeVar("T")


class PersonKey(NamedTuple):
    """Which key seals a field: the person it tells about, and the legal ground for keeping it."""

    person: str
    ground: Ground

    def __str__(self) -> str:
        return f"{self.ground}:{self.person}"

    @classmethod
    def parse(cls, text: str) -> "PersonKey":
        ground, _, person = text.partition(":")
        if ground not in ("relation", "accounting"):
            raise ValueError(f"unknown ground: {text!r}")
        return cls(person, ground)  # type: ignore[arg-type]  # narrowed by the line above


PersonalFields = Mapping[PersonKey, Iterable[str]]


@dataclass(frozen=True, slots=True)
class EventType:
    """What is known of one event class. `version` counts from 1; `upcasters[n]` lifts a
    payload of version n + 1 to version n + 2, as a dict."""

    name: str
    version: int
    cls: type
    personal: Callable[[Any], PersonalFields] | None
    upcasters: tuple[Upcaster, ...]


def event(
    name: str,
    *,
    version: int = 1,
    personal: Callable[[Any], PersonalFields] | None = None,
    upcasters: tuple[Upcaster, ...] = (),
) -> Callable[[type[T]], type[T]]:
    """Declares a frozen dataclass to be an event stored under `name`.

    `personal` tells which of its top-level fields are personal, by whose key;
    those fields must default to None, which is what they read as once erased.
    """
    if len(upcasters) != version - 1:
        raise ValueError(f"{name}: version {version} needs {version - 1} upcasters")

    def declare(cls: type[T]) -> type[T]:
        cls.__event_type__ = EventType(name, version, cls, personal, upcasters)  # type: ignore[attr-defined]
        return cls

    return declare


def type_of(event_class: type) -> EventType:
    found: EventType = event_class.__event_type__  # type: ignore[attr-defined]  # set by @event
    return found


class UnknownEventType(Exception):
    """The store holds an event that this version of the service does not know."""


class Encoded(NamedTuple):
    """An event taken apart for the store: `personal` still open, by person's key."""

    type: str
    schema_version: int
    payload: str
    personal: dict[PersonKey, dict[str, Any]]


class Registry:
    """The event classes of one service, by stored name."""

    def __init__(self, classes: Iterable[type]) -> None:
        self.types = {kind.name: kind for kind in map(type_of, classes)}
        self._encoder = msgspec.json.Encoder()
        self._decoders: dict[str, msgspec.json.Decoder[Any]] = {
            name: msgspec.json.Decoder(kind.cls) for name, kind in self.types.items()
        }

    def encode(self, event: Any) -> Encoded:
        kind = type_of(type(event))
        if self.types.get(kind.name) is not kind:
            raise UnknownEventType(kind.name)
        if kind.personal is None:
            return Encoded(kind.name, kind.version, self._encoder.encode(event).decode(), {})
        fields: dict[str, Any] = msgspec.to_builtins(event)
        personal = {
            key: {name: fields.pop(name) for name in names if fields.get(name) is not None}
            for key, names in kind.personal(event).items()
        }
        payload = self._encoder.encode(fields).decode()
        return Encoded(kind.name, kind.version, payload, {k: v for k, v in personal.items() if v})

    def decode(self, name: str, schema_version: int, payload: str, personal: Mapping[str, Any] | None = None) -> Any:
        """The event object; `personal` holds the opened personal fields, if there are any."""
        kind = self.types.get(name)
        if kind is None or schema_version > kind.version:
            raise UnknownEventType(f"{name} version {schema_version}")
        if schema_version == kind.version and not personal:
            return self._decoders[name].decode(payload)
        fields: dict[str, Any] = msgspec.json.decode(payload)
        fields.update(personal or {})
        for upcast in kind.upcasters[schema_version - 1 :]:
            fields = upcast(fields)
        return msgspec.convert(fields, kind.cls)


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """An event of the service's own store, decoded. Times are microseconds since 1970 UTC."""

    position: int
    id: str
    stream: str
    version: int
    type: str
    event: Any
    actor: str
    correlation_id: str
    causation_id: str
    occurred: int
    recorded: int

    @property
    def subject(self) -> str:
        """The aggregate's id: what follows the kind in `client:0190…`."""
        return self.stream.partition(":")[2]

    @property
    def occurred_at(self) -> datetime:
        return from_micros(self.occurred)

    @property
    def recorded_at(self) -> datetime:
        return from_micros(self.recorded)
