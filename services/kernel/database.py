"""One SQL database, PostgreSQL or SQLite, opened the way the kernel needs it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import psycopg2
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url

STATEMENT_TIMEOUT_MS = 30_000
TRUSTED_SECONDS = 1.0
SCHEMAS = ("store", "views")


class Database:
    """Transactions on one database.

    Tables are declared in the schemas `store` and `views`; on SQLite, which has a
    file for each, the schema name is left out. A write transaction on SQLite holds
    the file from its first statement and excludes the other writers of this
    process cooperatively, so that one greenlet never blocks the process for another.

    Where it is not `durable`, the last transactions before a power cut may be gone, whole
    and from the end: for what can be made again from what is durable.
    """

    def __init__(self, url: str, pool_size: int = 10, *, durable: bool = True) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.engine = _sqlite_engine(self.url, durable=durable)
        else:
            self.engine = _postgres_engine(self.url, pool_size, durable=durable)
        self._writing = threading.Lock() if self.is_sqlite else nullcontext()

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction, committed on leaving and rolled back on any exception."""
        with self._writing, self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection for reading; every statement sees what is committed when it begins."""
        if self.is_sqlite:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                yield connection
        else:
            with self.engine.connect() as connection:
                connection.connection.driver_connection.autocommit = True  # type: ignore[union-attr]  # it is open
                yield connection

    def create(self, metadata: sa.MetaData) -> None:
        """Creates the tables and indexes that do not exist yet, and on PostgreSQL their schemas."""
        with self.write() as connection:
            if not self.is_sqlite:
                connection.execute(sa.text("SET LOCAL statement_timeout = 0"))  # an index may take its time
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('reestr.create'))"))
                for schema in sorted({t.schema for t in metadata.tables.values() if t.schema}):
                    connection.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
            metadata.create_all(connection)
            for index in (index for table in metadata.sorted_tables for index in table.indexes):
                connection.execute(sa.schema.CreateIndex(index, if_not_exists=True))

    def close(self) -> None:
        self.engine.dispose()


def _sqlite_engine(url: URL, *, durable: bool) -> sa.Engine:
    synchronous = "FULL" if durable else "NORMAL"
    engine = sa.create_engine(
        url,
        connect_args={"timeout": 5, "check_same_thread": False, "isolation_level": None},
        poolclass=sa.pool.QueuePool,
        pool_size=10,
        max_overflow=20,
    ).execution_options(schema_translate_map=dict.fromkeys(SCHEMAS))

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        overwritten = ("busy_timeout=5000", "foreign_keys=ON", "secure_delete=ON")  # what is forgotten is gone
        for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", *overwritten):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _answers(connection: Any) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()
    except psycopg2.Error:
        return False
    return True


def _postgres_engine(url: URL, pool_size: int, *, durable: bool) -> sa.Engine:
    options = (
        f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c idle_in_transaction_session_timeout=60000 -c timezone=UTC "
        f"-c default_transaction_isolation=read\\ committed -c synchronous_commit={'on' if durable else 'off'}"
    )
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg2"),
        connect_args={
            "options": options,
            "connect_timeout": 5,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": STATEMENT_TIMEOUT_MS,
        },
        pool_size=pool_size,
        max_overflow=2 * pool_size,
        pool_use_lifo=True,
        pool_timeout=10,
    )

    @event.listens_for(engine, "checkin")
    def begins_to_idle(_connection: Any, record: Any) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def answers_still(connection: Any, record: Any, _proxy: Any) -> None:
        # asked at every checkout, as pool_pre_ping does, it was two of five statements
        idle_since = record.info.pop("idle_since", None)
        if idle_since is not None and time.monotonic() - idle_since > TRUSTED_SECONDS and not _answers(connection):
            raise sa.exc.InvalidatePoolError

    @event.listens_for(engine, "checkout")
    def begin_transactions_again(connection: Any, *_: Any) -> None:
        # SQLAlchemy's own way back from AUTOCOMMIT asks the server, and loses the place in
        # the pool when that fails
        connection.autocommit = False

    return engine
