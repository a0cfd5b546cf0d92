"""An append's events as rows: encoded, sealed, numbered and chained."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import msgspec

from services.kernel import clock
from services.kernel.context import Context
from services.kernel.events import PersonKey, Registry
from services.kernel.ids import new_id
from services.kernel.store import chain
from services.kernel.store.claims import Append


class Head(NamedTuple):
    """The end of a store. `public` is the position of its last public event, `recorded` is in
    microseconds since 1970 UTC."""

    position: int
    hash: bytes
    recorded: int
    public: int


EMPTY = Head(0, chain.GENESIS, 0, 0)


class Seal(Protocol):
    def seal(self, event_id: str, who: PersonKey, fields: Mapping[str, Any]) -> str: ...

    def unseal(self, event_id: str, who: PersonKey, sealed: str) -> dict[str, Any] | None: ...


class Draft(NamedTuple):
    """An event encoded and sealed, not yet numbered."""

    id: str
    stream: str
    type: str
    schema_version: int
    payload: str
    personal: str | None
    personal_digest: bytes | None
    public: bool


class Row(NamedTuple):
    """One row of the events table, in the order of its columns."""

    position: int
    id: str
    stream: str
    version: int
    type: str
    schema_version: int
    payload: str
    personal: str | None
    personal_digest: bytes | None
    public: bool
    previous: int
    actor: str
    correlation_id: str
    causation_id: str
    occurred_at: int
    recorded_at: int
    previous_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Drafter:
    """Encodes and seals; done by the caller, before the writer is asked, as it may be slow."""

    registry: Registry
    is_public: Callable[[type], bool]
    sealer: Seal | None

    def drafts(self, append: Append) -> list[Draft]:
        return [self._draft(s.stream, event) for s in append.streams for event in s.events]

    def _draft(self, stream: str, event: Any) -> Draft:
        event_id = new_id()
        encoded = self.registry.encode(event)
        personal = self._seal(event_id, encoded.personal) if encoded.personal else None
        return Draft(
            event_id,
            stream,
            encoded.type,
            encoded.schema_version,
            encoded.payload,
            personal,
            chain.digest_of(personal) if personal else None,
            self.is_public(type(event)),
        )

    def _seal(self, event_id: str, personal: dict[PersonKey, dict[str, Any]]) -> str:
        if self.sealer is None:
            raise RuntimeError("personal fields need a keyring")
        sealed = {str(who): self.sealer.seal(event_id, who, fields) for who, fields in personal.items()}
        return msgspec.json.encode(sealed).decode()


class Numbering:
    """Gives positions, times and hashes to drafts, from a head onwards."""

    def __init__(self, head: Head) -> None:
        self.head = head
        self.rows: list[Row] = []
        self._now = max(clock.to_micros(clock.now()), head.recorded)

    def add(self, drafts: Sequence[Draft], versions: dict[str, int], append: Append) -> None:
        """Numbers the drafts; `versions` holds where each stream stands and is moved on."""
        occurred = clock.to_micros(append.occurred_at) if append.occurred_at else self._now
        for draft in drafts:
            versions[draft.stream] += 1
            self._add(draft, versions[draft.stream], append.context, occurred)

    def _add(self, draft: Draft, version: int, context: Context, occurred: int) -> None:
        position, public = self.head.position + 1, self.head.public
        fields = (
            position,
            draft.id,
            draft.stream,
            version,
            draft.type,
            draft.schema_version,
            draft.payload,
            draft.personal_digest,
            draft.public,
            public,
            context.actor,
            context.correlation_id,
            context.causation_id,
            occurred,
            self._now,
        )
        previous_hash = self.head.hash
        link = chain.link(previous_hash, fields)
        self.rows.append(Row._make((*fields[:7], draft.personal, *fields[7:], previous_hash, link)))
        self.head = Head(position, link, self._now, position if draft.public else public)
