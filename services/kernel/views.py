"""Where a service's read models live: one live copy, and the shadow that is to replace it.

On PostgreSQL a copy is a schema (`views`, `views_new`), on SQLite a file: the path in the
URL is a link to the file of the live copy, and a swap puts another link in its place. So
a reader that has the old file open keeps file and write-ahead log together to its end.

A row and the checkpoint behind it are committed together, so a commit need not wait for the
disk: after a power cut both are as of an earlier message, and folding goes on from there.
"""

import os
import re
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import URL, make_url
from sqlalchemy.schema import CreateIndex, CreateTable

from services.kernel.database import Database

LIVE, SHADOW, OLD = "views", "views_new", "views_old"
SWAP_LOCK = "hashtext('reestr.views')"
EXTENSION = "extension"  # an index that only PostgreSQL has, with this extension
WRITE_LOCKS = sa.text(f"SELECT pg_advisory_xact_lock_shared({SWAP_LOCK}), pg_advisory_xact_lock(hashtext(:projection))")

_log = structlog.get_logger(__name__)


class ReadModels:
    """One copy of the read models of a service."""

    def __init__(self, database: Database, schema: str | None) -> None:
        self.database = database
        self.schema = schema
        self.readers = 0

    def create(self, tables: Sequence[sa.Table]) -> None:
        """Creates the tables that do not exist yet, without their further indexes."""
        with self.database.write() as connection:
            if self.schema:
                connection.execute(sa.schema.CreateSchema(self.schema, if_not_exists=True))
            for table in tables:
                connection.execute(CreateTable(table, if_not_exists=True))

    def create_indexes(self, tables: Sequence[sa.Table]) -> None:
        indexes = [index for table in tables for index in sorted(table.indexes, key=lambda index: str(index.name))]
        with self.database.write() as connection:
            if self.schema:
                connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
                for extension in {index.info[EXTENSION] for index in indexes if EXTENSION in index.info}:
                    connection.execute(sa.text(f"CREATE EXTENSION IF NOT EXISTS {extension}"))
            for index in indexes:
                if self.schema or EXTENSION not in index.info:
                    connection.execute(CreateIndex(index, if_not_exists=True))

    def has(self, table: sa.Table) -> bool:
        with self.database.read() as connection:
            return sa.inspect(connection).has_table(table.name, schema=self.schema)


class Views(ABC):
    """The read models of one service. Every connection is one to the copy swapped in last."""

    @property
    @abstractmethod
    def live(self) -> ReadModels:
        """The live copy; on a first start it has no tables before the first swap."""

    @abstractmethod
    def connect(self) -> AbstractContextManager[sa.Connection]:
        """A connection for reading; every statement sees what is committed when it begins."""

    @abstractmethod
    def write(self, projection: str) -> AbstractContextManager[sa.Connection]:
        """A transaction on the live copy, alone in writing a projection's rows, and over
        before or begun after any swap."""

    @abstractmethod
    def shadow(self) -> ReadModels:
        """The shadow, as far as an earlier rebuild has left it."""

    @abstractmethod
    def discard(self, shadow: ReadModels) -> None:
        """Removes the shadow and closes it."""

    @abstractmethod
    def swapping(self, shadow: ReadModels) -> AbstractContextManager[None]:
        """Keeps all writers of the live copy out, those of other replicas too; when the block
        ends well, the shadow is the live copy."""

    @abstractmethod
    def tidy(self) -> None:
        """Lets go of what the database still keeps of rows that were overwritten, where it does not
        do so by itself."""

    @abstractmethod
    def close(self) -> None: ...


def open_views(url: str) -> Views:
    """The read models at a database URL; nothing is created before the first rebuild."""
    parsed = make_url(url)
    return SqliteViews(parsed) if parsed.get_backend_name() == "sqlite" else PostgresViews(url)


class PostgresViews(Views):
    def __init__(self, url: str) -> None:
        self._url = url
        self._live = ReadModels(Database(url, durable=False), LIVE)

    @property
    def live(self) -> ReadModels:
        return self._live

    def connect(self) -> AbstractContextManager[sa.Connection]:
        return self._live.database.read()

    @contextmanager
    def write(self, projection: str) -> Iterator[sa.Connection]:
        with self._live.database.write() as connection:
            connection.execute(WRITE_LOCKS, {"projection": f"reestr.projection.{projection}"})
            yield connection

    def shadow(self) -> ReadModels:
        database = Database(self._url, pool_size=2, durable=False)
        database.engine = database.engine.execution_options(schema_translate_map={LIVE: SHADOW})
        return ReadModels(database, SHADOW)

    def discard(self, shadow: ReadModels) -> None:
        shadow.database.close()
        self._drop(SHADOW)

    @contextmanager
    def swapping(self, shadow: ReadModels) -> Iterator[None]:
        self._drop(OLD)
        with self._live.database.write() as connection:
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({SWAP_LOCK})"))
            yield
            if sa.inspect(connection).has_schema(LIVE):
                connection.execute(sa.text(f"ALTER SCHEMA {LIVE} RENAME TO {OLD}"))
            connection.execute(sa.text(f"ALTER SCHEMA {SHADOW} RENAME TO {LIVE}"))
        shadow.database.close()
        try:
            self._drop(OLD)
        except sa.exc.OperationalError:
            _log.warning("views.old_copy_in_use", schema=OLD)

    def _drop(self, schema: str) -> None:
        with self._live.database.write() as connection:
            connection.execute(sa.schema.DropSchema(schema, cascade=True, if_exists=True))

    def tidy(self) -> None:
        """Autovacuum does."""

    def close(self) -> None:
        self._live.database.close()


class SqliteViews(Views):
    def __init__(self, url: URL) -> None:
        self._url = url
        self._link = Path(str(url.database))
        self._lock = threading.Lock()
        self._number = self._linked_number()
        self._sweep()
        self._live = self._open(self._number)

    @property
    def live(self) -> ReadModels:
        return self._live

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        with self._using() as models, models.database.read() as connection:
            yield connection

    @contextmanager
    def write(self, projection: str) -> Iterator[sa.Connection]:  # noqa: ARG002  # for PostgreSQL
        """The file has one writer at a time, whatever the projection. Who waited for it while
        the copies were swapped waits again, for the new file."""
        while True:
            with self._using() as models, models.database.write() as connection:
                if models is self._live:
                    yield connection
                    return

    def shadow(self) -> ReadModels:
        return self._open(self._number + 1)

    def discard(self, shadow: ReadModels) -> None:
        shadow.database.close()
        self._remove(self._number + 1)

    @contextmanager
    def swapping(self, shadow: ReadModels) -> Iterator[None]:
        with self._using() as old, old.database.write():
            yield
            with shadow.database.read() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # on the disk before it is live
            self._point_to(self._number + 1)
            with self._lock:
                self._number += 1
                self._live = shadow

    def tidy(self) -> None:
        with self._using() as models, models.database.read() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self._live.database.close()

    @contextmanager
    def _using(self) -> Iterator[ReadModels]:
        """The live copy; the last to leave a copy that was replaced removes its file."""
        with self._lock:
            models = self._live
            models.readers += 1
        try:
            yield models
        finally:
            with self._lock:
                models.readers -= 1
                over = models.readers == 0 and models is not self._live
            if over:
                models.database.close()
                self._sweep()

    def _open(self, number: int) -> ReadModels:
        url = self._url.set(database=str(self._file(number)))
        return ReadModels(Database(str(url), durable=False), None)

    def _file(self, number: int) -> Path:
        return self._link.with_name(f"{self._link.stem}.{number}{self._link.suffix}")

    def _linked_number(self) -> int:
        found = re.search(r"\.(\d+)\.[^.]*$", self._link.readlink().name) if self._link.is_symlink() else None
        return int(found[1]) if found else 0

    def _point_to(self, number: int) -> None:
        fresh = self._link.with_name(f"{self._link.name}.link")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(self._file(number).name)
        fresh.replace(self._link)
        _sync_folder(self._link.parent)

    def _sweep(self) -> None:
        """Removes the copies before the live one."""
        pattern = re.compile(rf"{re.escape(self._link.stem)}\.(\d+){re.escape(self._link.suffix)}(-wal|-shm)?")
        for path in self._link.parent.iterdir():
            found = pattern.fullmatch(path.name)
            if found and int(found[1]) < self._number:
                path.unlink(missing_ok=True)

    def _remove(self, number: int) -> None:
        for ending in ("", "-wal", "-shm"):
            Path(f"{self._file(number)}{ending}").unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
