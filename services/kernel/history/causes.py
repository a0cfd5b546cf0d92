"""Events and what they caused, in the store of one service."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from services.kernel.clock import from_micros, to_iso
from services.kernel.database import Database
from services.kernel.store import tables as t

MOST = 500
ASKED_AT_ONCE = 500

_e = t.events.c
_TOLD = (
    _e.id,
    _e.stream,
    _e.version,
    _e.position,
    _e.type,
    _e.public,
    _e.actor,
    _e.correlation_id,
    _e.causation_id,
    _e.occurred_at,
    _e.recorded_at,
)


def related(database: Database, source: str, causes: Collection[str]) -> list[dict[str, Any]]:
    """The events that have one of these ids or were caused by it, the first of them, without their data."""
    some = sorted(causes)[:ASKED_AT_ONCE]
    query = sa.select(*_TOLD).where(sa.or_(_e.id.in_(some), _e.causation_id.in_(some)))
    with database.read() as connection:
        return [_told(source, row) for row in connection.execute(query.order_by(_e.position).limit(MOST))]


def _told(source: str, row: Any) -> dict[str, Any]:
    times = {name: to_iso(from_micros(getattr(row, name))) for name in ("occurred_at", "recorded_at")}
    return {**row._mapping, **times, "source": source, "subject": row.stream.partition(":")[2]}
