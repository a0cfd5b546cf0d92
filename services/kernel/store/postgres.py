"""Writing on PostgreSQL: one round trip where all goes well, the careful way where not.

The quick way sends the demands and the rows as one statement list, which the server
runs as one transaction. Rows are numbered and chained from the head this process saw
last; if another replica has moved it, or any claim fails, nothing is written and the
batch is taken again under the lock, each append judged by itself.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2
import sqlalchemy as sa
import structlog

from services.kernel.database import Database
from services.kernel.store.claims import ANY_VERSION, Appended, Conflict, OutcomeUnknown, StoreUnavailable
from services.kernel.store.ledger import Ledger, appended_by, read_head
from services.kernel.store.rows import Head, Numbering, Row
from services.kernel.store.writer import Job

LOCK = "hashtext('reestr.append')"
PATIENCE = 10.0
LOCK_IDLE = "10s"
# SQLSTATE classes: connection, rollback, resources, state, intervention, system; and idle for too long
TROUBLE = ("08", "40", "53", "55", "57", "58", "25P03")

DEMAND = f"""
CREATE OR REPLACE FUNCTION store.demand(head bigint, last bytea, streams text[], versions bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE at bigint; link bytea;
BEGIN
  PERFORM pg_advisory_xact_lock({LOCK});
  SELECT e.position, e.hash INTO at, link FROM store.events e ORDER BY e.position DESC LIMIT 1;
  IF coalesce(at, 0) <> head OR coalesce(link, last) <> last THEN
    RAISE EXCEPTION 'head moved' USING ERRCODE = 'RE001';
  END IF;
  IF EXISTS (
    SELECT FROM unnest(streams, versions) AS d (stream, version)
    WHERE coalesce((SELECT max(e.version) FROM store.events e WHERE e.stream = d.stream), 0) <> d.version
  ) THEN
    RAISE EXCEPTION 'version moved' USING ERRCODE = 'RE002';
  END IF;
END $$
"""  # noqa: S608  # the lock's name is a constant

_COLUMNS = ", ".join(Row._fields)
_log = structlog.get_logger(__name__)


def is_lost(error: BaseException) -> bool:
    """Whether the database was lost or is in trouble, so that trying again later may help."""
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    if isinstance(cause, psycopg2.Error):
        if cause.pgcode is not None:
            return cause.pgcode.startswith(TROUBLE)
        # without a code it comes from the client: no connection, or a value it cannot send
        return not isinstance(cause, (psycopg2.ProgrammingError, psycopg2.DataError))
    return isinstance(cause, sa.exc.TimeoutError)  # no connection was free


@dataclass(frozen=True, slots=True)
class Try:
    """A batch on its way to the server, and what it comes to if that transaction is committed.

    `event_id` is one of its events; where it has none, `transaction` names it.
    """

    jobs: Sequence[Job]
    results: Sequence[Appended | Conflict]
    event_id: str | None
    transaction: int | None = None

    def was_committed(self, connection: sa.Connection) -> bool:
        if self.event_id is not None:
            query = sa.text("SELECT 1 FROM store.events WHERE id = :id")
            return connection.execute(query, {"id": self.event_id}).first() is not None
        # a number from before a failover may not have been given out again yet
        query = sa.text(
            "SELECT CASE WHEN :id < pg_snapshot_xmax(pg_current_snapshot())::text::bigint "
            "THEN pg_xact_status(CAST(CAST(:id AS text) AS xid8)) = 'committed' END"
        )
        return bool(connection.execute(query, {"id": self.transaction}).scalar())

    def settle(self) -> None:
        for job, result in zip(self.jobs, self.results, strict=True):
            job.result = result


class PostgresBatches:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Any = None
        self._head: Head | None = None
        self._tried: Try | None = None
        with database.write() as connection:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('reestr.create'))"))
            connection.execute(sa.text(DEMAND))

    def write(self, jobs: Sequence[Job]) -> int:
        """Writes the batch and gives every job its result; the new head position."""
        give_up_at, pause = time.monotonic() + PATIENCE, 0.05
        while True:
            try:
                return self._write(jobs)
            except BaseException as error:
                self._forget()
                if not is_lost(error):
                    raise
                _log.warning("store.database_lost", error=type(error).__name__)
            if time.monotonic() > give_up_at:
                self._give_up(jobs)
                return 0
            time.sleep(pause)
            pause = min(1.0, 2 * pause)

    def _write(self, jobs: Sequence[Job]) -> int:
        if self._tried is not None:
            self._settle(self._tried)
        pending = [job for job in jobs if job.result is None]
        if not pending:
            return self._reread_head()
        if self._head is not None and self._quickly(pending, self._head):
            return self._head.position
        return self._carefully(pending)

    def _quickly(self, jobs: Sequence[Job], head: Head) -> bool:
        batch = QuickBatch.of(jobs, head)
        if batch is None:
            return False
        raw = self._raw()
        with raw.cursor() as cursor:
            statement = batch.statement(cursor, head)
            self._tried = batch.as_try(jobs)
            try:
                cursor.execute(statement)
            except psycopg2.Error as error:
                if raw.driver_connection.closed:
                    raise
                self._tried = None  # the server has answered that nothing was written
                if is_lost(error):
                    raise
                return False
        self._head = batch.numbering.head
        self._done(self._tried)
        return True

    def _carefully(self, jobs: Sequence[Job]) -> int:
        with self._database.write() as connection:
            _lock(connection)
            ledger = Ledger(connection)
            results = ledger.write(jobs)
            self._tried = _careful_try(connection, jobs, results, ledger)
        self._head = ledger.head
        self._done(self._tried)
        return ledger.head.position

    def _done(self, tried: Try) -> None:
        tried.settle()
        self._tried = None

    def _settle(self, tried: Try) -> None:
        """After a lost connection or a killed writer: whether the last try was written after
        all. The lock is waited for, so that what still runs on the server has ended."""
        with self._database.write() as connection:
            _lock(connection)
            written = tried.was_committed(connection)
        if written:
            tried.settle()
        self._tried = None

    def _give_up(self, jobs: Sequence[Job]) -> None:
        doubtful = self._tried.jobs if self._tried else ()
        for job in jobs:
            if job.result is None:
                unknown = any(job is other for other in doubtful)
                job.result = OutcomeUnknown("the database did not come back in time") if unknown else StoreUnavailable()
        self._tried = None

    def _reread_head(self) -> int:
        with self._database.read() as connection:
            self._head = read_head(connection)
        return self._head.position

    def _raw(self) -> Any:
        if self._connection is None:
            self._connection = self._database.engine.raw_connection()
            self._connection.driver_connection.autocommit = True
        return self._connection

    def _forget(self) -> None:
        self._head = None
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Holds the append lock on a connection of its own, so that no replica appends."""
        with self._database.write() as connection:
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            yield


def _lock(connection: sa.Connection) -> None:
    """Takes the append lock; should this process fall silent, the server soon gives it back."""
    idle = "set_config('idle_in_transaction_session_timeout', :idle, true)"
    connection.execute(sa.text(f"SELECT {idle}, pg_advisory_xact_lock({LOCK})"), {"idle": LOCK_IDLE})


def _careful_try(
    connection: sa.Connection, jobs: Sequence[Job], results: Sequence[Appended | Conflict], ledger: Ledger
) -> Try:
    if ledger.last_id is not None:
        return Try(jobs, results, ledger.last_id)
    number = connection.execute(sa.text("SELECT CAST(CAST(pg_current_xact_id() AS text) AS bigint)")).scalar()
    return Try(jobs, results, None, number)


class QuickBatch:
    """A batch that is expected to be admitted as a whole."""

    def __init__(self, head: Head) -> None:
        self.numbering = Numbering(head)
        self.demands: dict[str, int] = {}
        self.results: list[Appended] = []
        self.claims: list[tuple[str, str, str, int]] = []
        self.done: list[tuple[str, str, str, str, int, int]] = []

    @classmethod
    def of(cls, jobs: Sequence[Job], head: Head) -> "QuickBatch | None":
        """None where the batch needs the careful way."""
        if not any(job.drafts for job in jobs):
            return None
        batch = cls(head)
        versions: dict[str, int] = {}
        for job in jobs:
            append = job.append
            if append.checkpoint is not None or append.release:
                return None
            for stream in append.streams:
                expected = versions.setdefault(stream.stream, stream.expected_version)
                if expected != stream.expected_version or expected == ANY_VERSION:
                    return None
                batch.demands.setdefault(stream.stream, expected)
            batch._add(job, versions)
        return batch

    def _add(self, job: Job, versions: dict[str, int]) -> None:
        append = job.append
        self.numbering.add(job.drafts, versions, append)
        position = self.numbering.head.position
        appended = appended_by(append, versions, position)
        owner = append.streams[0].stream if append.streams else ""
        self.claims += [(key.scope, key.key, owner, position) for key in append.claim]
        if append.idempotency is not None:
            i = append.idempotency
            version = appended.versions.get(i.stream or owner, 0)
            self.done.append((i.principal, i.key, i.request_hash, i.resource, version, position))
        self.results.append(appended)

    def as_try(self, jobs: Sequence[Job]) -> Try:
        return Try(jobs, self.results, self.numbering.rows[-1].id)

    def statement(self, cursor: Any, head: Head) -> bytes:
        demand = (head.position, head.hash, list(self.demands), list(self.demands.values()))
        parts = [cursor.mogrify("SELECT store.demand(%s, %s, %s::text[], %s::bigint[])", demand)]
        for into, rows in (
            (f"store.events ({_COLUMNS})", self.numbering.rows),
            ("store.claims (scope, key, stream, position)", self.claims),
            ("store.idempotency (principal, key, request_hash, resource, version, position)", self.done),
        ):
            if rows:
                parts.append(b"INSERT INTO " + into.encode() + b" VALUES " + _values(cursor, rows))
        return b"; ".join(parts)


def _values(cursor: Any, rows: Sequence[tuple[Any, ...]]) -> bytes:
    template = "(" + ", ".join(["%s"] * len(rows[0])) + ")"
    values: bytes = b", ".join(cursor.mogrify(template, tuple(row)) for row in rows)
    return values
