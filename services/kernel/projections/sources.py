"""Where projections read: the service's own store, and the logs of what it received."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import psycopg2
import sqlalchemy as sa

from services.kernel.events import Recorded
from services.kernel.message import Message
from services.kernel.signal import Signal
from services.kernel.store import tables as store_tables
from services.kernel.store.store import EventStore

# The database's own trouble: waited out in place, never blamed on a message.
DATABASE = (sa.exc.SQLAlchemyError, psycopg2.Error, OSError)
KEPT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Undecodable:
    """An event or message that this version of the service cannot read."""

    position: int
    subject: str
    type: str
    error: Exception


Item = Recorded | Message | Undecodable


class Batch(NamedTuple):
    """Messages after a position, and the position they bring the reader to."""

    messages: Sequence[Item]
    end: int


class Source(Protocol):
    name: str

    def read(self, position: int, limit: int) -> Batch: ...

    def head(self) -> int:
        """How far the source can be read now."""

    def wait(self, above: int, timeout: float) -> bool:
        """Waits until there may be something above a position."""


class Shared:
    """A source with many followers: what is new is read once, by the first who comes for it."""

    def __init__(self, source: Source) -> None:
        self.name = source.name
        self.head = source.head
        self.wait = source.wait
        self._source = source
        self._reading = threading.Lock()
        self._asked = (-1, -1)
        self._kept: Batch | None = None
        self._until = 0.0

    def read(self, position: int, limit: int) -> Batch:
        with self._reading:
            if self._kept is None or self._asked != (position, limit) or time.monotonic() > self._until:
                self._kept = None
                batch = self._source.read(position, limit)
                if batch.end == position:
                    return batch
                self._asked, self._kept, self._until = (position, limit), batch, time.monotonic() + KEPT_SECONDS
            return self._kept


class StoreSource:
    """The service's own store: every event, in order, without the broker."""

    def __init__(self, store: EventStore) -> None:
        self.name = store.name
        self._store = store

    def head(self) -> int:
        return self._store.head().position

    def wait(self, above: int, timeout: float) -> bool:
        return self._store.appended.wait(above, timeout)

    def read(self, position: int, limit: int) -> Batch:
        events = self._after(position, limit)
        return Batch(events, events[-1].position if events else position)

    def _after(self, position: int, limit: int) -> Sequence[Item]:
        """Reads less and less until what cannot be decoded stands alone; positions have no gaps."""
        try:
            return self._store.read_after(position, limit)
        except DATABASE:
            raise
        except Exception as error:  # whatever an upcaster may raise
            return self._after(position, limit // 2) if limit > 1 else [self._undecodable(position + 1, error)]

    def _undecodable(self, position: int, error: Exception) -> Undecodable:
        e = store_tables.events.c
        with self._store.database.read() as connection:
            row = connection.execute(sa.select(e.stream, e.type).where(e.position == position)).one()
        return Undecodable(position, row.stream.partition(":")[2], row.type, error)


class ReceivedLog(Protocol):
    """What a projection needs of the log of received messages."""

    def after(self, source: str, position: int, limit: int = 1000) -> Sequence[Message]: ...

    def head(self, source: str) -> int: ...

    def received(self, source: str) -> Signal: ...


class ReceivedSource:
    """Messages of one foreign source, as received, with personal fields opened."""

    def __init__(self, log: ReceivedLog, source: str, open_message: Callable[[Message], Message]) -> None:
        self.name = source
        self._log = log
        self._open = open_message

    def head(self) -> int:
        return self._log.head(self.name)

    def wait(self, above: int, timeout: float) -> bool:
        return self._log.received(self.name).wait(above, timeout)

    def read(self, position: int, limit: int) -> Batch:
        """The head is looked at first: all that is received up to it is then seen, and where
        the source goes on privately the reader still moves."""
        head = self.head()
        messages = [self._opened(message) for message in self._log.after(self.name, position, limit)]
        if len(messages) == limit:
            return Batch(messages, messages[-1].position)
        return Batch(messages, max(head, position, messages[-1].position if messages else 0))

    def _opened(self, message: Message) -> Item:
        try:
            return self._open(message)
        except DATABASE:
            raise
        except Exception as error:  # sealed fields that do not open
            return Undecodable(message.position, message.subject, message.type, error)
