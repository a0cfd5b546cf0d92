"""Many rows of one table read or written by one statement."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from services.kernel.projections.rows import Key, Row, Unfit, key_columns

CHUNK = 5000
KEYS = 500
# What is wrong with the data, not with the database: to be parked, not tried again.
UNFIT = (Unfit, sa.exc.IntegrityError, sa.exc.DataError, TypeError, ValueError, OverflowError, msgspec.EncodeError)

# what PostgreSQL cannot hold: a row too large for its index, too many columns
BEYOND_LIMITS = ("54000", "54001", "54011")

Convert = Callable[[Any], Any]


class BulkTable:
    """Reads and writes rows of one table in one copy of the read models.

    On PostgreSQL rows go as one JSON text: within a fifth of COPY, one round trip, and it
    works where greenlets wait for the server, which COPY does not.
    """

    def __init__(self, table: sa.Table, schema: str | None, dialect: sa.Dialect) -> None:
        self._table = table
        self._names = [column.name for column in table.columns]
        self._keys = key_columns(table)
        self._types = [_python_type(column) for column in table.columns]
        self._fitting: set[tuple[type, ...]] = set()
        self._is_sqlite = dialect.name == "sqlite"
        self._convert = _converters(table, dialect)
        self._upsert = _upsert(table, schema, dialect)
        among = _among(table)
        self._select = sa.select(table).where(among)
        self._delete = sa.delete(table).where(among)

    def load(self, connection: sa.Connection, keys: Sequence[Key]) -> dict[Key, Row]:
        found: dict[Key, Row] = {}
        for start in range(0, len(keys), KEYS):
            found |= self._rows(connection.execute(self._select, {"keys": keys[start : start + KEYS]}))
        return found

    def find(self, connection: sa.Connection, column: str, value: Any) -> dict[Key, Row]:
        return self._rows(connection.execute(sa.select(self._table).where(self._table.c[column] == value)))

    def _rows(self, found: Iterable[Sequence[Any]]) -> dict[Key, Row]:
        rows = (dict(zip(self._names, values, strict=True)) for values in found)
        return {self._key(row): row for row in rows}

    def write(self, connection: sa.Connection, rows: Sequence[Row], gone: Sequence[Key]) -> None:
        """Inserts or replaces rows and deletes others; `rows` are sorted by key, so that no
        two writers wait for each other."""
        for start in range(0, len(gone), KEYS):
            connection.execute(self._delete, {"keys": gone[start : start + KEYS]})
        for row in rows:
            self._check(row)
        for start in range(0, len(rows), CHUNK):
            self._write(connection, rows[start : start + CHUNK])

    def _write(self, connection: sa.Connection, rows: Sequence[Row]) -> None:
        if self._convert:
            rows = [self._converted(row) for row in rows]
        try:
            if self._is_sqlite:
                connection.exec_driver_sql(self._upsert, [tuple(row.values()) for row in rows])
            else:
                connection.exec_driver_sql(self._upsert, (msgspec.json.encode(rows).decode(),))
        except (sa.exc.IntegrityError, sa.exc.DataError) as error:
            raise Unfit(f"{self._table.name}: {_safe_text(error)}") from error
        except sa.exc.OperationalError as error:
            if getattr(error.orig, "pgcode", None) in BEYOND_LIMITS:
                raise Unfit(f"{self._table.name}: beyond what the database can hold") from error
            raise

    def _check(self, row: Row) -> None:
        """Types must be the columns' own: SQLite would take anything, PostgreSQL would not."""
        found = tuple(map(type, row.values()))
        if found in self._fitting:
            return
        for name, is_type, expected in zip(self._names, found, self._types, strict=True):
            if expected is not None and is_type not in (expected, type(None)):
                raise Unfit(f"{self._table.name}.{name} is {expected.__name__}, not {is_type.__name__}")
        self._fitting.add(found)

    def _converted(self, row: Row) -> Row:
        values = ((name, value, self._convert.get(name)) for name, value in row.items())
        return {name: convert(value) if convert and value is not None else value for name, value, convert in values}

    def _key(self, row: Row) -> Key:
        if len(self._keys) == 1:
            return row[self._keys[0]]
        return tuple(row[name] for name in self._keys)


def _among(table: sa.Table) -> sa.ColumnElement[bool]:
    columns = list(table.primary_key.columns)
    keys: sa.BindParameter[Any] = sa.bindparam("keys", expanding=True)
    return columns[0].in_(keys) if len(columns) == 1 else sa.tuple_(*columns).in_(keys)


def _python_type(column: sa.Column[Any]) -> type | None:
    """The type a column's values must have; None for JSON, which may be anything."""
    return None if isinstance(column.type, sa.JSON) else column.type.python_type


def _converters(table: sa.Table, dialect: sa.Dialect) -> Mapping[str, Convert]:
    if dialect.name != "sqlite":
        return {c.name: _bytea for c in table.columns if isinstance(c.type, sa.LargeBinary)}
    found = ((c.name, c.type.dialect_impl(dialect).bind_processor(dialect)) for c in table.columns)
    return {name: convert for name, convert in found if convert}


def _bytea(value: bytes) -> str:
    return "\\x" + value.hex()


def _upsert(table: sa.Table, schema: str | None, dialect: sa.Dialect) -> str:
    quote = dialect.identifier_preparer.quote
    name = ".".join(quote(part) for part in (schema, table.name) if part)
    names = [quote(column.name) for column in table.columns]
    keys = [quote(key) for key in key_columns(table)]
    if dialect.name == "sqlite":
        rows = f"VALUES ({', '.join('?' * len(names))})"
    else:
        rows = f"SELECT * FROM json_populate_recordset(NULL::{name}, %s)"  # noqa: S608  # our own table names
    changes = ", ".join(f"{n} = excluded.{n}" for n in names if n not in keys)
    action = f"DO UPDATE SET {changes}" if changes else "DO NOTHING"
    return f"INSERT INTO {name} ({', '.join(names)}) {rows} ON CONFLICT ({', '.join(keys)}) {action}"


def _safe_text(error: sa.exc.DBAPIError) -> str:
    """What the database said, without the values."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is None:
        return str(error.orig)
    return " ".join(filter(None, (type(error.orig).__name__, diagnosis.column_name, diagnosis.constraint_name)))
