"""Reading the whole store in pages, decoded, and the same rows selected raw."""

import time
from functools import cache
from typing import Any

import psycopg2

from tests.bench import sample

PAGE = 1000
_COLUMNS = (
    "position, id, stream, version, type, schema_version, payload, personal, "
    "actor, correlation_id, causation_id, occurred_at, recorded_at"
)
_SELECT = f"SELECT {_COLUMNS} FROM store.events WHERE position > %s ORDER BY position LIMIT {PAGE}"


def ours(url: str, after: int = 0, events: int = 0) -> float:
    """Events a second, from a position on; all there are unless a number is given."""
    store = sample.store(url)
    begun, position, read = time.perf_counter(), after, 0
    while (not events or read < events) and (page := store.read_after(position, PAGE)):
        position, read = page[-1].position, read + len(page)
    return read / (time.perf_counter() - begun)


def raw(url: str) -> float:
    cursor = _connection(url).cursor()
    begun, position = time.perf_counter(), 0
    while True:
        cursor.execute(_SELECT, (position,))
        rows = cursor.fetchall()
        if not rows:
            return position / (time.perf_counter() - begun)
        position = rows[-1][0]


@cache
def _connection(url: str) -> Any:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    return connection
