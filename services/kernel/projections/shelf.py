"""The rows of one projection and the tables they come from and go to."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from services.kernel.projections.bulk import BulkTable
from services.kernel.projections.projection import Projection
from services.kernel.projections.rows import Key, Row, Rows
from services.kernel.projections.sources import Item
from services.kernel.views import ReadModels

PREFETCH_FROM = 4


class Shelf:
    """Rows of one projection, read and written in the transaction it was last told of.

    `whole`: every row there is, is in memory, so nothing is looked up.
    """

    connection: sa.Connection

    def __init__(self, projection: Projection, models: ReadModels, *, whole: bool = False) -> None:
        dialect = models.database.engine.dialect
        self._bulk = {table: BulkTable(table, models.schema, dialect) for table in projection.tables}
        self._keys = {table: projection.keys.get(table) or _default_key(table) for table in projection.tables}
        self.rows = Rows(projection.tables, self._load, self._find)
        self.whole = whole

    def prefetch(self, messages: Sequence[Item]) -> None:
        """Reads what the messages will ask for, unless they are too few to be worth it."""
        if self.whole or len(messages) < PREFETCH_FROM:
            return
        for table, key in self._keys.items():
            if key is not None:
                self.rows.prefetch(table, map(key, messages))

    def flush(self) -> None:
        self.rows.flush(self._write)

    def forget(self) -> None:
        """Drops all rows held, written or not."""
        self.rows.forget()
        self.whole = False

    def _load(self, table: sa.Table, keys: Sequence[Key]) -> Mapping[Key, Row]:
        if self.whole:
            return {}
        return self._bulk[table].load(self.connection, keys)

    def _find(self, table: sa.Table, column: str, value: Any) -> Mapping[Key, Row]:
        return {} if self.whole else self._bulk[table].find(self.connection, column, value)

    def _write(self, table: sa.Table, rows: Sequence[Row], gone: Sequence[Key]) -> None:
        self._bulk[table].write(self.connection, rows, gone)


def _default_key(table: sa.Table) -> Callable[[Any], Key] | None:
    columns = list(table.primary_key.columns)
    return _subject if len(columns) == 1 and isinstance(columns[0].type, sa.String) else None


def _subject(message: Item) -> str:
    return message.subject
