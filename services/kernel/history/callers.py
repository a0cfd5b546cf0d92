"""By whose key an event came to be.

An event names its actor; the key is in the idempotency record that its append left, at the
position of the append's last event.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from services.kernel.database import Database
from services.kernel.store import tables as t


def principals(database: Database, positions: Sequence[int]) -> dict[int, str]:
    """The principals of events, by their positions, as far as a record tells them."""
    event, last = t.events.alias("event"), t.events.alias("last")
    i, later = t.idempotency.c, t.idempotency.alias("later").c
    ends = sa.select(sa.func.min(later.position)).where(later.position >= event.c.position).scalar_subquery()
    same = [event.c[name] == last.c[name] for name in ("recorded_at", "correlation_id", "causation_id", "actor")]
    query = (
        sa.select(event.c.position, i.principal)
        .select_from(event)
        .join(t.idempotency, i.position == ends)
        .join(last, sa.and_(last.c.position == i.position, *same))
        .where(event.c.position.in_(positions))
    )
    with database.read() as connection:
        return {row.position: row.principal for row in connection.execute(query)}
