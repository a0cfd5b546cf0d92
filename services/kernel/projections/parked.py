"""Parked messages for the operator: to be looked at, retried in order, or dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from services.kernel.projections import tables as t
from services.kernel.projections.fold import Fold
from services.kernel.projections.projection import Projection
from services.kernel.projections.shelf import Shelf
from services.kernel.projections.sources import Item, Source
from services.kernel.views import Views

_p = t.parked.c


@dataclass(frozen=True, slots=True)
class Parked:
    """A message that could not be applied, or waits behind one. Times are microseconds
    since 1970 UTC."""

    projection: str
    source: str
    position: int
    subject: str
    type: str
    error: str
    attempts: int
    parked_at: int
    dropped: bool


@dataclass(frozen=True, slots=True)
class Retried:
    """What a retry came to: how many messages of the subject were applied, and how many stay."""

    applied: int
    left: int


class ParkedMessages:
    def __init__(self, views: Views, projections: Mapping[str, Projection], sources: Mapping[str, Source]) -> None:
        self._views = views
        self._projections = projections
        self._sources = sources

    def list(self, projection: str | None = None, limit: int = 100) -> Sequence[Parked]:
        """Parked messages in the order they were parked, dropped ones left out."""
        query = sa.select(t.parked).where(~_p.dropped).order_by(_p.parked_at, _p.source, _p.position).limit(limit)
        if projection is not None:
            query = query.where(_p.projection == projection)
        with self._views.connect() as connection:
            return [Parked(*row) for row in connection.execute(query)]

    def counts(self) -> dict[str, int]:
        """How many messages are parked, by projection; projections with none are left out."""
        if not self._views.live.has(t.parked):
            return {}
        query = sa.select(_p.projection, sa.func.count()).where(~_p.dropped).group_by(_p.projection)
        with self._views.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def show(self, projection: str, source: str, position: int) -> tuple[Parked, Item] | None:
        """A parked message and what is in it, personal fields opened."""
        with self._views.connect() as connection:
            row = connection.execute(sa.select(t.parked).where(_at(projection, source, position))).first()
        return (Parked(*row), self._message(source, position)) if row else None

    def retry(self, projection: str, source: str, subject: str) -> Retried:
        """Applies a subject's parked messages in order, as far as they can be applied."""
        applied = 0
        while True:
            queue = self._queue(projection, source, subject)
            if not queue:
                return Retried(applied, 0)
            if not self._retry_first(projection, source, queue[0]):
                return Retried(applied, len(queue))
            applied += 1

    def drop(self, projection: str, source: str, position: int) -> bool:
        """Gives up on one parked message, for every rebuild to come too; what waits behind
        it is applied by `retry`."""
        with self._views.write(projection) as connection:
            here = sa.and_(_at(projection, source, position), ~_p.dropped)
            return connection.execute(sa.update(t.parked).where(here).values(dropped=True)).rowcount == 1

    def _queue(self, projection: str, source: str, subject: str) -> Sequence[int]:
        query = (
            sa.select(_p.position)
            .where(_p.projection == projection, _p.source == source, _p.subject == subject, ~_p.dropped)
            .order_by(_p.position)
        )
        with self._views.connect() as connection:
            return list(connection.execute(query).scalars())

    def _retry_first(self, projection: str, source: str, position: int) -> bool:
        message = self._message(source, position)
        with self._views.write(projection) as connection:
            row = connection.execute(sa.select(t.parked).where(_at(projection, source, position), ~_p.dropped)).first()
            if row is None:
                return True
            shelf = Shelf(self._projections[projection], self._views.live)
            shelf.connection = connection
            failure = Fold(self._projections[projection], source, shelf).apply_parked(message)
            here = _at(projection, source, position)
            if failure is None:
                connection.execute(sa.delete(t.parked).where(here))
            else:
                values = {"error": failure.error, "attempts": _p.attempts + 1}
                connection.execute(sa.update(t.parked).where(here).values(**values))
        return failure is None

    def _message(self, source: str, position: int) -> Item:
        return self._sources[source].read(position - 1, 1).messages[0]


def _at(projection: str, source: str, position: int) -> sa.ColumnElement[bool]:
    return sa.and_(_p.projection == projection, _p.source == source, _p.position == position)
