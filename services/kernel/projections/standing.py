"""Checkpoints and parked messages in the tables: read, and moved, in the transaction of the rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from services.kernel import clock
from services.kernel.projections import tables as t
from services.kernel.store.claims import CheckpointMoved

_c, _p, _m = t.checkpoints.c, t.parked.c, t.read_model.c
_projection, _source = sa.bindparam("of_projection", type_=sa.Text), sa.bindparam("of_source", type_=sa.Text)
_parked_here = sa.and_(_p.projection == _projection, _p.source == _source)

# Built once: a lone event should be visible soon, and building takes longer than running them.
STANDING = sa.select(_c.position, sa.select(_m.fingerprint).scalar_subquery(), sa.exists().where(_parked_here)).where(
    _c.projection == _projection, _c.source == _source
)
PARKED = sa.select(_p.position, _p.subject, _p.dropped).where(_parked_here)
MOVE = (
    sa.update(t.checkpoints)
    .where(_c.projection == _projection, _c.source == _source, _c.position == sa.bindparam("old"))
    .values(position=sa.bindparam("new"))
)


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
    here = {"of_projection": projection, "of_source": source}
    position, fingerprint, some_parked = connection.execute(STANDING, here).one()
    standing = Standing(position, fingerprint)
    if some_parked:
        for at, subject, dropped in connection.execute(PARKED, here):
            if dropped:
                standing.dropped.add(at)
            else:
                standing.parked.add(subject)
    return standing


def move_checkpoint(connection: sa.Connection, projection: str, source: str, old: int, new: int) -> None:
    move = {"of_projection": projection, "of_source": source, "old": old, "new": new}
    if connection.execute(MOVE, move).rowcount != 1:
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
