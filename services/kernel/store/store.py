"""The event store of one service."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from services.kernel import clock
from services.kernel.database import Database
from services.kernel.events import PersonKey, Recorded, Registry
from services.kernel.ids import new_id
from services.kernel.message import TAIL, Message
from services.kernel.signal import Signal
from services.kernel.store import tables as t
from services.kernel.store.claims import Append, Appended, CheckpointMove, CheckpointMoved, Done, Key
from services.kernel.store.ledger import lock_checkpoints, read_head, set_checkpoint
from services.kernel.store.postgres import PostgresBatches
from services.kernel.store.rows import Drafter, Head, Seal
from services.kernel.store.sqlite import SqliteBatches
from services.kernel.store.writer import Job, Writer

Publish = Callable[[Any], dict[str, Any]]

_e = t.events.c
_READ = (
    _e.position,
    _e.id,
    _e.stream,
    _e.version,
    _e.type,
    _e.schema_version,
    _e.payload,
    _e.personal,
    _e.actor,
    _e.correlation_id,
    _e.causation_id,
    _e.occurred_at,
    _e.recorded_at,
)
# Built once: what asks for a few events should not wait for the question to be put together.
_STREAM = (
    sa.select(*_READ)
    .where(_e.stream == sa.bindparam("stream"), _e.version > sa.bindparam("after"))
    .order_by(_e.version)
)
_STREAM_PAGE = _STREAM.limit(sa.bindparam("limit"))
_AFTER = sa.select(*_READ).where(_e.position > sa.bindparam("after")).order_by(_e.position).limit(sa.bindparam("limit"))


@dataclass(frozen=True, slots=True)
class Epoch:
    """A stretch of a store's life: from the position after `since` until the next epoch."""

    epoch: str
    since: int


@dataclass(frozen=True, slots=True)
class PublicBatch:
    """Public events after a position. `end` is the last position looked at; `tail` marks the
    store's end where the events after the last public one are private."""

    messages: Sequence[Message]
    end: int
    tail: Message | None


class EventStore:
    """Events and claims of one service, with positions 1, 2, 3… in the order of commits."""

    def __init__(
        self,
        database: Database,
        name: str,
        registry: Registry,
        published: Mapping[type, Publish],
        sealer: Seal | None = None,
    ) -> None:
        self.database = database
        self.name = name
        self.registry = registry
        self.appended = Signal()
        self._published = published
        self.sealer = sealer
        self._drafter = Drafter(registry, published.__contains__, sealer)
        database.create(t.metadata)
        self._batches = SqliteBatches(database) if database.is_sqlite else PostgresBatches(database)
        self._writer = Writer(self._write, always_gather=database.is_sqlite)
        self._epochs = self._first_epoch()
        self.appended.notify(self.head().position)

    @property
    def engine(self) -> sa.Engine:
        return self.database.engine

    @property
    def epoch(self) -> str:
        return self._epochs[-1].epoch

    def append(self, append: Append) -> Appended:
        """Writes events and claims together.

        Raises a `Conflict` when one of the claims fails, and then nothing is written;
        `StoreUnavailable` when the database could not be reached, and nothing was written;
        `OutcomeUnknown` when it was lost in the middle and did not come back in time.
        """
        return self._writer.submit(Job(append, self._drafter.drafts(append)))

    def _write(self, jobs: Sequence[Job]) -> None:
        self.appended.notify(self._batches.write(jobs))

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keeps every append out, those of other replicas too, while the block runs."""
        with self._writer.hold(), self._batches.hold():
            yield

    def head(self) -> Head:
        with self.database.read() as connection:
            return read_head(connection)

    def epochs(self) -> list[Epoch]:
        """All epochs, oldest first."""
        return list(self._epochs)

    def begin_epoch(self) -> Epoch:
        """Starts a new epoch at the present head: done after every restore."""
        with self.hold(), self.database.write() as connection:
            epoch = Epoch(new_id(), read_head(connection).position)
            _insert_epoch(connection, epoch)
        self._epochs = [*self._epochs, epoch]
        return epoch

    def _first_epoch(self) -> list[Epoch]:
        query = sa.select(t.epochs.c.epoch, t.epochs.c.since).order_by(t.epochs.c.since, t.epochs.c.started_at)
        with self.database.write() as connection:
            if not self.database.is_sqlite:
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('reestr.create'))"))
            if connection.execute(query).first() is None:
                _insert_epoch(connection, Epoch(new_id(), 0))
            return [Epoch(epoch, since) for epoch, since in connection.execute(query)]

    def read_stream(self, stream: str, after_version: int = 0) -> list[Recorded]:
        """The events of one stream, in order, personal fields opened (None where erased)."""
        return self._read(_STREAM, {"stream": stream, "after": after_version})

    def read_stream_page(self, stream: str, after_version: int, limit: int) -> list[Recorded]:
        """As many of the events of one stream, where there may be many."""
        return self._read(_STREAM_PAGE, {"stream": stream, "after": after_version, "limit": limit})

    def version(self, stream: str) -> int:
        """Where a stream stands; 0 when it was never begun."""
        query = sa.select(sa.func.max(_e.version)).where(_e.stream == stream)
        with self.database.read() as connection:
            return connection.execute(query).scalar() or 0

    def read_after(self, position: int, limit: int = 1000) -> list[Recorded]:
        """Up to `limit` events of the whole store after a position, in order, opened."""
        return self._read(_AFTER, {"after": position, "limit": limit})

    def _read(self, query: sa.Select[Any], values: Mapping[str, Any]) -> list[Recorded]:
        """Takes the rows as the driver has them: SQLAlchemy's own cost half as much as decoding."""
        with self.database.read() as connection:
            rows = connection.execute(query, values).cursor.fetchall()  # decoding must not find the cursor open
        return [self._recorded(row) for row in rows]

    def _recorded(self, row: Sequence[Any]) -> Recorded:
        position, id, stream, version, kind, schema, payload, personal, actor, correlation, causation, at, recorded = (
            row
        )
        opened = self._open(id, personal) if personal else None
        event = self.registry.decode(kind, schema, payload, opened)
        return Recorded(position, id, stream, version, kind, event, actor, correlation, causation, at, recorded)

    def _open(self, event_id: str, personal: str) -> dict[str, Any]:
        if self.sealer is None:
            raise RuntimeError("personal fields need a keyring")
        opened: dict[str, Any] = {}
        for who, sealed in msgspec.json.decode(personal).items():
            opened.update(self.sealer.unseal(event_id, PersonKey.parse(who), sealed) or {})
        return opened

    def public_after(self, position: int, limit: int = 500) -> PublicBatch:
        """Up to `limit` public events after a position, as messages with personal fields sealed."""
        query = (
            sa.select(*_READ, _e.previous).where(_e.position > position, _e.public).order_by(_e.position).limit(limit)
        )
        with self.database.read() as connection:
            head = read_head(connection)
            rows = connection.execute(query.where(_e.position <= head.position)).all()
        messages = [self._message(row) for row in rows]
        if len(rows) == limit:
            return PublicBatch(messages, rows[-1].position, None)
        tail = self._tail(head) if head.position > max(head.public, position) else None
        return PublicBatch(messages, max(head.position, position), tail)

    def _message(self, row: Any) -> Message:
        event = self.registry.decode(row.type, row.schema_version, row.payload)
        data = self._published[type(event)](event)
        if row.personal:
            data["sealed"] = msgspec.json.decode(row.personal)
        return Message(
            id=row.id,
            source=self.name,
            type=row.type,
            subject=row.stream.partition(":")[2],
            data=data,
            epoch=self._epoch_of(row.position),
            position=row.position,
            previous=row.previous,
            version=row.version,
            schema_version=self.registry.types[row.type].version,
            occurred_at=clock.from_micros(row.occurred_at),
            recorded_at=clock.from_micros(row.recorded_at),
            actor=row.actor,
            correlation_id=row.correlation_id,
            causation_id=row.causation_id,
        )

    def _epoch_of(self, position: int) -> str:
        return self._epochs[max(0, bisect_left([e.since for e in self._epochs], position) - 1)].epoch

    def _tail(self, head: Head) -> Message:
        recorded_at = clock.from_micros(head.recorded)
        return Message(
            id=f"tail-{self._epoch_of(head.position)}-{head.position}",
            source=self.name,
            type=TAIL,
            subject="-",
            data={"hash": head.hash.hex()},
            epoch=self._epoch_of(head.position),
            position=head.position,
            previous=head.public,
            version=0,
            schema_version=1,
            occurred_at=recorded_at,
            recorded_at=recorded_at,
            actor="system",
            correlation_id="-",
            causation_id="-",
        )

    def done(self, principal: str, key: str) -> Done | None:
        """What was recorded under an idempotency key, or None."""
        i = t.idempotency.c
        query = sa.select(i.request_hash, i.resource, i.version, i.position)
        with self.database.read() as connection:
            row = connection.execute(query.where(i.principal == principal, i.key == key)).first()
        return Done(*row) if row else None

    def owner(self, key: Key) -> str | None:
        """The stream that holds a unique key, or None."""
        c = t.claims.c
        with self.database.read() as connection:
            owner: str | None = connection.execute(
                sa.select(c.stream).where(c.scope == key.scope, c.key == key.key)
            ).scalar()
        return owner

    def checkpoint(self, name: str) -> int:
        """Where a named checkpoint stands; 0 when it was never moved."""
        query = sa.select(t.checkpoints.c.position).where(t.checkpoints.c.name == name)
        with self.database.read() as connection:
            return connection.execute(query).scalar() or 0

    def move_checkpoint(self, move: CheckpointMove) -> None:
        """Moves a checkpoint alone; raises `CheckpointMoved` unless it stands at `move.old`."""
        with self.database.write() as connection:
            actual = lock_checkpoints(connection, [move.name])[move.name]
            if actual != move.old:
                raise CheckpointMoved(move.name, move.old, actual)
            set_checkpoint(connection, move.name, move.new)


def open_store(
    url: str,
    name: str,
    registry: Registry,
    published: Mapping[type, Publish] | None = None,
    sealer: Seal | None = None,
) -> EventStore:
    """Opens the store at a database URL, creating what is missing."""
    return EventStore(Database(url), name, registry, published or {}, sealer)


def _insert_epoch(connection: sa.Connection, epoch: Epoch) -> None:
    started_at = clock.to_micros(clock.now())
    connection.execute(sa.insert(t.epochs).values(epoch=epoch.epoch, since=epoch.since, started_at=started_at))
