"""A store grown large, without waiting for so many appends."""

import psycopg2

from tests.bench import sample

COPY = """
INSERT INTO store.events
SELECT e.position + n * %(size)s, e.id || '-' || n, e.stream || '-' || n, e.version, e.type, e.schema_version,
  e.payload, e.personal, e.personal_digest, e.public, e.previous + n * %(size)s, e.actor, e.correlation_id,
  e.causation_id, e.occurred_at, e.recorded_at, e.previous_hash, e.hash
FROM generate_series(%(first)s, %(last)s) AS n CROSS JOIN store.events AS e
WHERE e.position <= %(size)s ORDER BY n, e.position
"""
PORTION = 10


def fill(url: str, events: int, times: int) -> None:
    """Appends events to streams of ten, then copies them until there are so many times more. The
    copies' hashes are no chain, which neither appends nor reads look back on."""
    sample.fill(url, events // 10, events)
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for first in range(1, times, PORTION):
            cursor.execute(COPY, {"size": events, "first": first, "last": min(times, first + PORTION) - 1})
        cursor.execute("VACUUM ANALYZE store.events")
    connection.close()
