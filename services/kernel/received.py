"""What a service has heard: public messages of other services, as received, in their order."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from services.kernel import clock
from services.kernel.database import Database
from services.kernel.message import InvalidEnvelope, Message
from services.kernel.signal import Signal
from services.kernel.store.store import Epoch

LONGEST_NAME = 500
LAST_POSITION = 2**63 - 1

metadata = sa.MetaData(schema="store")

received = sa.Table(
    "received",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("recorded_at", sa.BigInteger, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index("received_by_id", "id"),
)

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("epoch", sa.Text, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
)


class SourceMismatch(Exception):
    """The source's history is not the one that was read: the reader stops, and never skips."""


class SourceForked(SourceMismatch):
    """The source went on in another epoch from a position before the reader's."""


class SourceBehind(SourceMismatch):
    """The source's head is before the reader's checkpoint."""


@dataclass(frozen=True, slots=True)
class SourcePosition:
    """How far a source was read: in which epoch, and to which of its positions."""

    epoch: str
    position: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a batch: how many messages were new, where the reader stands, and whether
    it could not go on, because something before the next message is missing or its epoch is new."""

    new: int
    position: SourcePosition
    missing: bool


class Kept(NamedTuple):
    """One message as it lies in the log."""

    recorded_at: int
    source: str
    position: int
    body: str


class ReceivedLog:
    """Messages are added together with the checkpoint of their source, in one transaction.

    `opened` shows a message with its personal fields, as far as nobody has forgotten them.
    """

    def __init__(self, database: Database, opened: Callable[[Message], Message] = lambda message: message) -> None:
        self.opened = opened
        self.moved = Signal()
        self._database = database
        self._signals: dict[str, Signal] = {}
        self._lock = threading.Lock()
        database.create(metadata)

    def received(self, source: str) -> Signal:
        """Notified with the position to which a source has been heard."""
        with self._lock:
            if source not in self._signals:
                self._signals[source] = Signal(self.checkpoint(source).position)
            return self._signals[source]

    def look(self, source: str) -> None:
        """Notices what another replica of this service has received."""
        if not self._database.is_sqlite and (head := self.head(source)) > self.received(source).value:
            self._tell(source, head)

    def _tell(self, source: str, position: int) -> None:
        self.received(source).notify(position)
        self.moved.notify(self.moved.value + 1)

    def checkpoint(self, source: str) -> SourcePosition:
        with self._database.read() as connection:
            return _standing(connection, source)

    def heads(self) -> dict[str, SourcePosition]:
        """How far every source was heard."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(sources)).all()
        return {row.source: SourcePosition(row.epoch, row.position) for row in rows}

    def head(self, source: str) -> int:
        return self.checkpoint(source).position

    def receive(self, source: str, messages: Sequence[Message], lineage: Sequence[Epoch] | None = None) -> Receipt:
        """Adds what is new, up to the first message with a gap before it.

        A message of another epoch is taken only when `lineage`, the source's epochs from the
        oldest on, shows that what was read before belongs to it; raises `SourceForked` when
        it does not.
        """
        with self._database.write() as connection:
            before = at = _standing(connection, source, lock=True)
            rows: list[dict[str, Any]] = []
            missing = False
            for message in messages:
                if message.position <= at.position:
                    continue
                missing = message.previous > at.position or not _same_history(source, at, message.epoch, lineage)
                if missing:
                    break
                if not message.is_tail:
                    rows.append(_row(source, message))
                at = SourcePosition(message.epoch, message.position)
            if rows:
                connection.execute(sa.insert(received), rows)
            if at != before:
                _move(connection, source, at)
        if at.position > before.position:
            self._tell(source, at.position)
        return Receipt(len(rows), at, missing)

    def after(self, source: str, position: int, limit: int = 1000, types: Sequence[str] = ()) -> list[Message]:
        """Up to `limit` messages of a source after a position, in order; of some types only,
        where types are named."""
        c = received.c
        query = sa.select(c.body).where(c.source == source, c.position > position).order_by(c.position).limit(limit)
        if types:
            query = query.where(c.type.in_(types))
        with self._database.read() as connection:
            return [Message.from_json(body) for body in connection.execute(query).scalars()]

    def page(
        self, source: str, after: int, upto: int, limit: int, types: Sequence[str] = (), subject: str = ""
    ) -> list[Kept]:
        """Up to `limit` messages of a source between two positions, in order and as they lie."""
        c = received.c
        query = sa.select(c.recorded_at, c.source, c.position, c.body).order_by(c.position).limit(limit)
        query = query.where(c.source == source, c.position > after, c.position <= upto)
        if types:
            query = query.where(c.type.in_(types))
        if subject:
            query = query.where(c.subject == subject)
        with self._database.read() as connection:
            return [Kept(*row) for row in connection.execute(query)]

    def epoch_before(self, source: str, position: int) -> str | None:
        """The epoch of the last message up to a position, None where there is none."""
        c = received.c
        return self._epoch_of(sa.select(c.body).where(c.source == source, c.position <= position), c.position.desc())

    def epoch_after(self, source: str, position: int) -> str | None:
        """The epoch of the first message after a position, None where there is none."""
        c = received.c
        return self._epoch_of(sa.select(c.body).where(c.source == source, c.position > position), c.position.asc())

    def _epoch_of(self, query: sa.Select[Any], order: sa.UnaryExpression[int]) -> str | None:
        with self._database.read() as connection:
            body = connection.execute(query.order_by(order).limit(1)).scalar()
        return Message.from_json(body).epoch if body else None

    def wait_beyond(self, known: Mapping[str, SourcePosition], timeout: float) -> dict[str, SourcePosition]:
        """The heads, once a source has come further than is known, or when the time is over."""
        until = time.monotonic() + timeout
        while True:
            before = self.moved.value
            heads = self.heads()
            left = until - time.monotonic()
            if heads != known or left <= 0:
                return heads
            self.moved.wait(before, left)


def check_fit(message: Message) -> Message:
    """The message; raises `InvalidEnvelope` where no database could ever hold it."""
    names = (message.id, message.type, message.subject, message.epoch)
    if any("\0" in name or len(name) > LONGEST_NAME for name in names):
        raise InvalidEnvelope("a name of more than 500 characters, or with a zero in it")
    if not 0 <= message.previous < message.position <= LAST_POSITION:
        raise InvalidEnvelope(f"position {message.position} after {message.previous}")
    return message


def check_head(source: str, at: SourcePosition, head: int, lineage: Sequence[Epoch]) -> None:
    """Raises unless the source still has what was read of it."""
    if not at.epoch:
        return
    _check_lineage(source, at, lineage[-1].epoch, lineage)
    if head < at.position:
        raise SourceBehind(f"{source} ends at {head}, and was read to {at.position}")


def _same_history(source: str, at: SourcePosition, epoch: str, lineage: Sequence[Epoch] | None) -> bool:
    """Whether an epoch continues what was read; False where the lineage is needed to tell."""
    if at.epoch in ("", epoch):
        return True
    if lineage is None:
        return False
    _check_lineage(source, at, epoch, lineage)
    return True


def _check_lineage(source: str, at: SourcePosition, epoch: str, lineage: Sequence[Epoch]) -> None:
    names = [e.epoch for e in lineage]
    if at.epoch not in names or epoch not in names:
        raise SourceForked(f"{source}: epoch {at.epoch} is not in its history")
    later = lineage[names.index(at.epoch) + 1 : names.index(epoch) + 1]
    if any(at.position > e.since for e in later):
        raise SourceForked(f"{source} was read to {at.position}, but went on from {min(e.since for e in later)}")


def _standing(connection: sa.Connection, source: str, *, lock: bool = False) -> SourcePosition:
    query = sa.select(sources.c.epoch, sources.c.position).where(sources.c.source == source)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return SourcePosition(row.epoch, row.position) if row else SourcePosition("", 0)


def _move(connection: sa.Connection, source: str, at: SourcePosition) -> None:
    values = {"epoch": at.epoch, "position": at.position}
    moved = connection.execute(sa.update(sources).where(sources.c.source == source).values(**values))
    if moved.rowcount == 0:
        connection.execute(sa.insert(sources).values(source=source, **values))


def _row(source: str, message: Message) -> dict[str, Any]:
    return {
        "source": source,
        "position": message.position,
        "id": message.id,
        "type": message.type,
        "subject": message.subject,
        "recorded_at": clock.to_micros(message.recorded_at),
        "body": message.to_json().decode(),
    }
