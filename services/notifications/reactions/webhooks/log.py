"""What webhooks are sent from: the messages heard of other services, and the own public events."""

from collections.abc import Sequence

from services.kernel.message import Message
from services.kernel.received import ReceivedLog
from services.kernel.store.store import EventStore


class EventLog:
    """Everything public, by source, personal fields sealed."""

    def __init__(self, store: EventStore, received: ReceivedLog, sources: Sequence[str]) -> None:
        self.sources = tuple(sources)
        self._store = store
        self._received = received
        self._heads = dict.fromkeys(sources, 0)

    def head(self, source: str) -> int:
        """How far a source was found to go when it was last looked at."""
        return self._heads[source]

    def wait(self, source: str, timeout: float) -> bool:
        """Looks at a source when it has gone on, after `timeout` seconds at the latest; whether it
        has. Another replica may have received what there is."""
        own = source == self._store.name
        signal = self._store.appended if own else self._received.received(source)
        signal.wait(self._heads[source], timeout)
        head = self._store.head().position if own else self._received.head(source)
        before, self._heads[source] = self._heads[source], head
        return head > before

    def after(self, source: str, position: int, limit: int, types: Sequence[str]) -> tuple[Sequence[Message], int]:
        """Messages after a position, and the position up to which there are no others of these
        types; they may hold other types too."""
        if source == self._store.name:
            batch = self._store.public_after(position, limit)
            return batch.messages, batch.end
        head = self._received.head(source)
        messages = self._received.after(source, position, limit, types)
        return messages, messages[-1].position if len(messages) == limit else max(head, position)
