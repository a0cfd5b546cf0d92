"""After a restore: what may have run in the lost part of the store waits for the operator.

An effect waits when its cause was recorded before the restore: it may be of the lost part
although the restored store knows nothing of it, planned or not.
"""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from services.kernel import clock
from services.kernel.context import Context
from services.kernel.reactions.due import effects
from services.kernel.reactions.events import RELEASES, ReactionsReleased
from services.kernel.store import tables as t
from services.kernel.store.claims import ANY_VERSION, Append, StreamEvents
from services.kernel.store.store import EventStore


class Hold(NamedTuple):
    """Effects whose causes were recorded after `released_until` and before `restored_at` wait."""

    released_until: int
    restored_at: int

    def waits(self) -> sa.ColumnElement[bool]:
        recorded = effects.c.cause_recorded_at
        return sa.and_(recorded > self.released_until, recorded < self.restored_at)


def present_hold(store: EventStore) -> Hold:
    if len(store.epochs()) == 1:
        return Hold(0, 0)
    released = [r.event for r in store.read_stream(RELEASES) if r.event.epoch == store.epoch]
    until = max((clock.to_micros(r.until) for r in released), default=0)
    return Hold(until, _restored_at(store))


def release(store: EventStore, context: Context, until: datetime | None = None) -> int:
    """Lets waiting effects run: those with causes recorded up to a moment, or all of them.
    The position of the record, 0 when nothing can be waiting."""
    hold = present_hold(store)
    until = until or clock.from_micros(hold.restored_at)
    if hold.restored_at == 0 or clock.to_micros(until) <= hold.released_until:
        return 0
    released = ReactionsReleased(store.epoch, until)
    return store.append(Append(context, [StreamEvents(RELEASES, ANY_VERSION, [released])])).position


def _restored_at(store: EventStore) -> int:
    query = sa.select(t.epochs.c.started_at).where(t.epochs.c.epoch == store.epoch)
    with store.database.read() as connection:
        started_at: int = connection.execute(query).scalar_one()
    return started_at
