"""Rows held in memory while messages are folded into them, and written once per batch."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table

Row = Mapping[str, Any]
Key = Any
DERIVED = "derived"
Load = Callable[[Table, Sequence[Key]], Mapping[Key, Row]]
Find = Callable[[Table, str, Any], Mapping[Key, Row]]
UNKNOWN: Row = {}
Write = Callable[[Table, Sequence[Row], Sequence[Key]], None]


class Unfit(Exception):
    """A row that its table cannot hold. The text names columns and types, never values."""


class MissingRow(Unfit):
    """A row was to be changed that does not exist."""


class _Cached:
    """The rows of one table: None where a row is known not to exist."""

    __slots__ = ("blank", "derived", "dirty", "key_of", "rows", "table")

    def __init__(self, table: Table) -> None:
        self.table = table
        self.blank: dict[str, Any] = dict.fromkeys(column.name for column in table.columns)
        self.derived = derived_columns(table)
        self.key_of = _key_of(table)
        self.rows: dict[Key, Row | None] = {}
        self.dirty: set[Key] = set()


def derived_columns(table: Table) -> list[tuple[str, str, Callable[[Any], Any]]]:
    """The columns filled from another one of their row: name, the other's name, and how."""
    return [(column.name, *column.info[DERIVED]) for column in table.columns if DERIVED in column.info]


def key_columns(table: Table) -> list[str]:
    return [column.name for column in table.primary_key.columns]


def _key_of(table: Table) -> Callable[[Row], Key]:
    names = key_columns(table)
    if len(names) == 1:
        [name] = names
        return lambda row: row[name]
    return lambda row: tuple(row[name] for name in names)


class Rows:
    """What a handler works on. A key is the primary key's value, a tuple where it has several
    columns. A row that is handed out is never changed in place."""

    def __init__(self, tables: Iterable[Table], load: Load, find: Find = lambda *_: {}) -> None:
        self._cached = {table: _Cached(table) for table in tables}
        self._load = load
        self._find = find
        self._journal: list[tuple[_Cached, Key, Row | None, bool]] = []

    def get(self, table: Table, key: Key) -> Row | None:
        """The row, or None."""
        rows = self._cached[table].rows
        if key not in rows:
            rows[key] = self._load(table, [key]).get(key)
        return rows[key]

    def find(self, table: Table, column: str, value: Any) -> list[Row]:
        """All rows whose column has this value: of one person, of one thing; never of many."""
        rows = self._cached[table].rows
        for key, row in self._find(table, column, value).items():
            rows.setdefault(key, row)
        return [row for row in rows.values() if row is not None and row[column] == value]

    def put(self, table: Table, row: Row) -> None:
        """Writes the whole row; columns left out become NULL."""
        cached = self._cached[table]
        whole = {**cached.blank, **row}
        if len(whole) != len(cached.blank):
            raise Unfit(f"{table.name} has no columns {sorted(whole.keys() - cached.blank.keys())}")
        self._set(cached, cached.key_of(whole), whole)

    def change(self, table: Table, key: Key, **values: Any) -> None:
        """Changes some columns of a row that must exist."""
        before = self.get(table, key)
        if before is None:
            raise MissingRow(f"{table.name} has no such row")
        cached = self._cached[table]
        row = {**before, **values}
        if len(row) != len(cached.blank):
            raise Unfit(f"{table.name} has no columns {sorted(row.keys() - cached.blank.keys())}")
        self._set(cached, key, row)

    def delete(self, table: Table, key: Key) -> None:
        """Removes the row, if there is one."""
        self._set(self._cached[table], key, None)

    def _set(self, cached: _Cached, key: Key, row: dict[str, Any] | None) -> None:
        if row is not None:
            for name, source, derive in cached.derived:
                row[name] = derive(row[source])
        self._journal.append((cached, key, cached.rows.get(key, UNKNOWN), key in cached.dirty))
        cached.rows[key] = row
        cached.dirty.add(key)

    # What follows is for the runners, not for handlers.

    def keep(self) -> None:
        """Ends a message: its changes can no longer be undone."""
        self._journal.clear()

    def undo(self) -> None:
        """Takes back the changes since the last `keep`."""
        for cached, key, before, was_dirty in reversed(self._journal):
            if before is UNKNOWN:
                del cached.rows[key]
            else:
                cached.rows[key] = before
            if not was_dirty:
                cached.dirty.discard(key)
        self._journal.clear()

    def prefetch(self, table: Table, keys: Iterable[Key]) -> None:
        """Reads the rows of all these keys at once."""
        rows = self._cached[table].rows
        missing = sorted({key for key in keys if key is not None and key not in rows})
        if missing:
            rows.update(dict.fromkeys(missing))
            rows.update(self._load(table, missing))

    def flush(self, write: Write) -> None:
        """Hands out all changed rows, table by table, in the order of their keys."""
        for cached in self._cached.values():
            if cached.dirty:
                keys = sorted(cached.dirty)
                changed = [row for key in keys if (row := cached.rows[key]) is not None]
                write(cached.table, changed, [key for key in keys if cached.rows[key] is None])
                cached.dirty.clear()

    def forget(self) -> None:
        """Drops everything held, written or not."""
        for cached in self._cached.values():
            cached.rows.clear()
            cached.dirty.clear()
        self._journal.clear()

    @property
    def unwritten(self) -> int:
        return sum(len(cached.dirty) for cached in self._cached.values())

    def __len__(self) -> int:
        return sum(len(cached.rows) for cached in self._cached.values())
