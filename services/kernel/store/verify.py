"""Whether a store is what its hash chain says."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from services.kernel.store import chain
from services.kernel.store import tables as t
from services.kernel.store.store import EventStore

_e = t.events.c
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where a store is not what its hash chain says."""

    position: int
    reason: str


def verify(store: EventStore, progress: Callable[[int], None] = lambda _position: None) -> Broken | None:
    """Recomputes the whole hash chain; None when every position, link and hash is right.

    Events cut off at the end leave the rest of the chain whole; they are noticed where
    a key, an idempotency record or an epoch still points at them, and by comparing with
    a head that went out in a tail mark.
    """
    pointed_at = _last_position_pointed_at(store)
    head = (0, chain.GENESIS, 0)
    columns = [t.events.c[name] for name in chain.COVERED]
    query = sa.select(*columns, _e.previous_hash, _e.hash, _e.personal).order_by(_e.position).limit(_PAGE)
    while True:
        with store.database.read() as connection:
            rows = connection.execute(query.where(_e.position > head[0])).all()
        if not rows:
            break
        for row in rows:
            reason = _fault(row, head)
            if reason:
                return Broken(row.position, reason)
            head = (row.position, _plain(row.hash), row.position if row.public else head[2])
        progress(head[0])
    return Broken(pointed_at, "events are missing at the end") if pointed_at > head[0] else None


def _last_position_pointed_at(store: EventStore) -> int:
    columns = (t.claims.c.position, t.idempotency.c.position, t.epochs.c.since)
    with store.database.read() as connection:
        return max(connection.execute(sa.select(sa.func.max(column))).scalar() or 0 for column in columns)


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _fault(row: Any, head: tuple[int, bytes, int]) -> str | None:
    position, previous_hash, public = head
    covered = tuple(_plain(value) for value in row[: len(chain.COVERED)])
    if row.position != position + 1:
        return "a position is missing"
    if _plain(row.previous_hash) != previous_hash or row.previous != public:
        return "the link to the event before is wrong"
    if chain.link(previous_hash, covered) != _plain(row.hash):
        return "the event was changed"
    if row.personal is not None and chain.digest_of(str(row.personal)) != _plain(row.personal_digest):
        return "the sealed fields were changed"
    return None
