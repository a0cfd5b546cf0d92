"""Which of a service's replicas does what only one may do."""

from typing import Any

import sqlalchemy as sa

from services.kernel.database import Database
from services.kernel.projections.sources import DATABASE


class Election:
    """Leads as long as a connection of its own holds an advisory lock of the database; on
    SQLite, where a store has one process, always."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._key = sa.func.hashtext(f"reestr.{name}")
        self._connection: sa.Connection | None = None

    def leads(self) -> bool:
        """Whether this process leads; it stands for election if it does not. False while the
        database is out of reach."""
        if self._database.is_sqlite:
            return True
        try:
            if self._connection is not None:
                return self._ask(self._connection, sa.select(sa.true()))
            return self._stand()
        except DATABASE:
            self._lose()
            return False

    def _stand(self) -> bool:
        connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._connection = connection
        if self._ask(connection, sa.select(sa.func.pg_try_advisory_lock(self._key))):
            return True
        self._connection = None
        connection.close()
        return False

    def _ask(self, connection: sa.Connection, query: sa.Select[Any]) -> bool:
        return bool(connection.execute(query).scalar())

    def resign(self) -> None:
        if self._connection is not None:
            self._lose()

    def _lose(self) -> None:
        """Closes the connection for good: back in the pool it would keep the lock."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()
