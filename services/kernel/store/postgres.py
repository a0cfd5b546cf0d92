"""Writing on PostgreSQL: one round trip where all goes well, the careful way where not.

The quick way sends the demands and the rows as one statement list, which the server
runs as one transaction. Rows are numbered and chained from the head this process saw
last; if another replica has moved it, or any claim fails, nothing is written and the
batch is taken again under the lock, each append judged by itself.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg2
import sqlalchemy as sa
import structlog

from services.kernel.database import Database
from services.kernel.store.claims import ANY_VERSION, Appended, OutcomeUnknown
from services.kernel.store.ledger import Ledger, appended_by, read_head
from services.kernel.store.rows import Head, Numbering, Row
from services.kernel.store.writer import Job

LOCK = "hashtext('reestr.append')"
ATTEMPTS = 6
LOST = (psycopg2.OperationalError, psycopg2.InterfaceError, sa.exc.OperationalError, sa.exc.InterfaceError)

DEMAND = f"""
CREATE OR REPLACE FUNCTION store.demand(head bigint, streams text[], versions int[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock({LOCK});
  IF coalesce((SELECT max(position) FROM store.events), 0) <> head THEN
    RAISE EXCEPTION 'head moved' USING ERRCODE = 'RE001';
  END IF;
  IF EXISTS (
    SELECT FROM unnest(streams, versions) AS d (stream, version)
    WHERE coalesce((SELECT max(e.version) FROM store.events e WHERE e.stream = d.stream), 0) <> d.version
  ) THEN
    RAISE EXCEPTION 'version moved' USING ERRCODE = 'RE002';
  END IF;
END $$
"""

_COLUMNS = ", ".join(Row._fields)
_log = structlog.get_logger(__name__)


class PostgresBatches:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Any = None
        self._head: Head | None = None
        with database.write() as connection:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('reestr.create'))"))
            connection.execute(sa.text(DEMAND))

    def write(self, jobs: Sequence[Job]) -> int:
        """Writes the batch and gives every job its result; the new head position."""
        for attempt in range(ATTEMPTS):
            try:
                return self._write(jobs)
            except LOST as error:
                _log.warning("store.database_lost", attempt=attempt, error=type(error).__name__)
                self._forget()
                time.sleep(min(2.0, 0.1 * 2**attempt))
            except BaseException:
                self._forget()
                raise
        raise OutcomeUnknown("the database did not come back in time")

    def _write(self, jobs: Sequence[Job]) -> int:
        pending = self._settle_earlier_try(jobs)
        if not pending:
            return self._reread_head()
        if self._head is not None and self._quickly(pending):
            return self._head.position
        return self._carefully(pending)

    def _quickly(self, jobs: Sequence[Job]) -> bool:
        assert self._head is not None
        batch = QuickBatch.of(jobs, self._head)
        if batch is None:
            return False
        try:
            with self._raw().cursor() as cursor:
                cursor.execute(batch.statement(cursor))
        except psycopg2.Error as error:
            if error.pgcode in ("RE001", "RE002") or isinstance(error, psycopg2.IntegrityError):
                return False
            raise
        self._head = batch.numbering.head
        for job, result in zip(jobs, batch.results, strict=True):
            job.result = result
        return True

    def _carefully(self, jobs: Sequence[Job]) -> int:
        with self._database.write() as connection:
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            ledger = Ledger(connection)
            results = ledger.write(jobs)
        for job, result in zip(jobs, results, strict=True):
            job.result = result
        self._head = ledger.head
        return ledger.head.position

    def _settle_earlier_try(self, jobs: Sequence[Job]) -> list[Job]:
        """After a lost connection: which jobs were written after all. The lock is waited for,
        so that a transaction still running on the server has ended when this looks."""
        if not any(job.sent for job in jobs):
            for job in jobs:
                job.sent = True
            return list(jobs)
        with self._database.write() as connection:
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            for job in jobs:
                job.result = _found(connection, job)
        return [job for job in jobs if job.result is None]

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
        if self._connection is not None:
            self._connection.invalidate()
            self._connection = None

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Holds the append lock on a connection of its own, so that no replica appends."""
        with self._database.write() as connection:
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            yield


def _found(connection: sa.Connection, job: Job) -> Appended | None:
    """Whether the job's events, or its idempotency record, are in the store."""
    if job.drafts:
        query = sa.text("SELECT stream, version, position FROM store.events WHERE id = ANY(:ids)")
        rows = connection.execute(query, {"ids": [draft.id for draft in job.drafts]}).all()
        if rows:
            return Appended(max(r.position for r in rows), {r.stream: r.version for r in rows})
        return None
    if job.append.idempotency or job.append.claim or job.append.checkpoint:
        raise OutcomeUnknown("the connection was lost while claims were written")
    return None


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
            version = appended.versions.get(owner, 0)
            self.done.append((i.principal, i.key, i.request_hash, i.resource, version, position))
        self.results.append(appended)

    def statement(self, cursor: Any) -> bytes:
        start = self.numbering.rows[0].position - 1 if self.numbering.rows else self.numbering.head.position
        demand = (start, list(self.demands), list(self.demands.values()))
        parts = [cursor.mogrify("SELECT store.demand(%s, %s::text[], %s::int[])", demand)]
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
