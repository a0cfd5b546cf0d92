"""Checkpoints and parked messages in the tables: read, and moved, in the transaction of the rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from services.kernel import clock
from services.kernel.projections import tables as t
from services.kernel.store.claims import CheckpointMoved

_c, _p, _m = t.checkpoints.c, t.parked.c, t.read_model.c


@dataclass(slots=True)
class Standing:
    """How one projection stands towards one source: its checkpoint, the subjects that have
    parked messages, and the messages that are never to be applied. `fingerprint` tells by
    which projections the rows were made."""

    position: int
    fingerprint: str
    parked: set[str] = field(default_factory=set)
    dropped: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Failure:
    """A message to be parked; no attempts when it only waits behind another."""

    position: int
    subject: str
    type: str
    error: str
    attempts: int


def read_standing(connection: sa.Connection, projection: str, source: str) -> Standing:
    here = sa.and_(_p.projection == projection, _p.source == source)
    fingerprint_now = sa.select(_m.fingerprint).scalar_subquery()
    query = sa.select(_c.position, fingerprint_now, sa.exists().where(here))
    query = query.where(_c.projection == projection, _c.source == source)
    position, fingerprint, some_parked = connection.execute(query).one()
    standing = Standing(position, fingerprint)
    if some_parked:
        for at, subject, dropped in connection.execute(sa.select(_p.position, _p.subject, _p.dropped).where(here)):
            if dropped:
                standing.dropped.add(at)
            else:
                standing.parked.add(subject)
    return standing


def move_checkpoint(connection: sa.Connection, projection: str, source: str, old: int, new: int) -> None:
    here = sa.and_(_c.projection == projection, _c.source == source, _c.position == old)
    if connection.execute(sa.update(t.checkpoints).where(here).values(position=new)).rowcount != 1:
        raise CheckpointMoved(f"{projection}:{source}", old, -1)


def park(connection: sa.Connection, projection: str, source: str, failures: Sequence[Failure]) -> None:
    if not failures:
        return
    at = clock.to_micros(clock.now())
    rows = [
        {
            "projection": projection,
            "source": source,
            "position": failure.position,
            "subject": failure.subject,
            "type": failure.type,
            "error": failure.error,
            "attempts": failure.attempts,
            "parked_at": at,
            "dropped": False,
        }
        for failure in failures
    ]
    connection.execute(sa.insert(t.parked), rows)
