"""What a store should do, as plain Python without a database."""

from dataclasses import dataclass, field

from services.kernel.store.claims import (
    ANY_VERSION,
    AlreadyDone,
    Append,
    Appended,
    CheckpointMove,
    CheckpointMoved,
    Done,
    Key,
    KeyTaken,
    VersionConflict,
)
from tests.kernel.store.samples import Opened


@dataclass
class Model:
    events: list[tuple[str, int, object]] = field(default_factory=list)
    owners: dict[Key, str] = field(default_factory=dict)
    done: dict[tuple[str, str], Done] = field(default_factory=dict)
    checkpoints: dict[str, int] = field(default_factory=dict)
    epochs: list[int] = field(default_factory=lambda: [0])

    @property
    def head(self) -> int:
        return len(self.events)

    def version(self, stream: str) -> int:
        return sum(1 for each, _, _ in self.events if each == stream)

    def append(self, append: Append) -> Appended | type[Exception]:
        """What comes of it; the kind of refusal where it is refused."""
        refusal = self._refusal(append)
        if refusal:
            return refusal
        for stream in append.streams:
            for event in stream.events:
                self.events.append((stream.stream, self.version(stream.stream) + 1, event))
        owner = append.streams[0].stream if append.streams else ""
        for key in append.release:
            self.owners.pop(key, None)
        self.owners.update(dict.fromkeys(append.claim, owner))
        if append.checkpoint:
            self.checkpoints[append.checkpoint.name] = append.checkpoint.new
        if append.idempotency:
            i = append.idempotency
            self.done[i.principal, i.key] = Done(i.request_hash, i.resource, self.version(owner), self.head)
        return Appended(self.head, {s.stream: self.version(s.stream) for s in append.streams})

    def _refusal(self, append: Append) -> type[Exception] | None:
        streams = {s.stream for s in append.streams}
        if append.idempotency and (append.idempotency.principal, append.idempotency.key) in self.done:
            return AlreadyDone
        if any(s.expected_version not in (ANY_VERSION, self.version(s.stream)) for s in append.streams):
            return VersionConflict
        if any(self.owners.get(key, "") not in {"", *streams} for key in append.release):
            return KeyTaken
        if any(key in self.owners and key not in append.release for key in append.claim):
            return KeyTaken
        return self.moves_wrongly(append.checkpoint)

    def moves_wrongly(self, move: CheckpointMove | None) -> type[Exception] | None:
        return CheckpointMoved if move and self.checkpoints.get(move.name, 0) != move.old else None

    def public(self) -> list[tuple[int, int, int]]:
        """(position, previous, number of the epoch) of every public event."""
        found: list[tuple[int, int, int]] = []
        for position, (_, _, event) in enumerate(self.events, start=1):
            if isinstance(event, Opened):
                previous = found[-1][0] if found else 0
                epoch = max(n for n, since in enumerate(self.epochs) if n == 0 or since < position)
                found.append((position, previous, epoch))
        return found
