"""Building all read models of a service anew, beside the live ones, and swapping them in."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import sqlalchemy as sa

from services.kernel.projections import tables as t
from services.kernel.projections.bulk import UNFIT
from services.kernel.projections.folding import BATCH, Folding
from services.kernel.projections.projection import Projection
from services.kernel.projections.sources import Source
from services.kernel.views import ReadModels, Views

CHUNK = 50 * BATCH

Progress = Callable[[str, int, int], None]


class Cancelled(Exception):
    """The rebuild was called off; the live read models are as they were."""


class Identity(NamedTuple):
    """What rows are made by: the projections, and the epoch of the own store."""

    fingerprint: str
    epoch: str


def identity_of(models: ReadModels) -> Identity | None:
    """None where a copy was never begun, or its beginning was interrupted."""
    if not models.has(t.read_model):
        return None
    with models.database.read() as connection:
        row = connection.execute(sa.select(t.read_model.c.fingerprint, t.read_model.c.epoch)).first()
    return Identity(*row) if row else None


class Rebuild:
    """Folds all sources into the shadow, then swaps.

    Checkpoints in the shadow move with its rows, so that after a crash the same rebuild goes
    on where it was. The last stretch is folded while the writers of the live copy are held,
    up to the heads found then, so the swap takes away nothing that readers have seen.
    Appends go on all the while: what comes later is folded by the runners, from the
    shadow's checkpoints on.
    """

    def __init__(
        self,
        views: Views,
        projections: Sequence[Projection],
        sources: Sequence[Source],
        identity: Identity,
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> None:
        self._views = views
        self._projections = projections
        self._sources = sources
        self._identity = identity
        self._progress = progress
        self._cancelled = cancelled
        self._heads: dict[str, int] = {}
        self._tables = [*t.metadata.sorted_tables, *(table for p in projections for table in p.tables)]

    def run(self) -> None:
        """Raises `Cancelled` when called off; after any other failure it can be run again."""
        with self._shadow() as shadow:
            folding = Folding(shadow, self._projections, self._tell, whole=_is_empty(shadow))
            self._catch_up(folding)
            shadow.create_indexes(self._tables)
            self._catch_up(folding)
            with self._views.swapping(shadow):
                self._catch_up(folding)
                self._carry_dropped(shadow)

    @contextmanager
    def _shadow(self) -> Iterator[ReadModels]:
        shadow = self._views.shadow()
        if identity_of(shadow) != self._identity:
            self._views.discard(shadow)
            shadow = self._views.shadow()
            self._begin(shadow)
        try:
            yield shadow
        except Cancelled:
            self._views.discard(shadow)
            raise
        except BaseException:
            shadow.database.close()
            raise

    def _begin(self, shadow: ReadModels) -> None:
        shadow.create(self._tables)
        self._carry_dropped(shadow)
        pairs = [{"projection": p.name, "source": source, "position": 0} for p in self._projections for source in p.on]
        with shadow.database.write() as connection:
            if pairs:
                connection.execute(sa.insert(t.checkpoints), pairs)
            connection.execute(sa.insert(t.read_model).values(**self._identity._asdict()))

    def _carry_dropped(self, shadow: ReadModels) -> None:
        """What an operator gave up on stays given up."""
        if not self._views.live.has(t.parked):
            return
        with self._views.connect() as connection:
            dropped = connection.execute(sa.select(t.parked).where(t.parked.c.dropped)).mappings().all()
        with shadow.database.write() as connection:
            for row in dropped:
                here = [t.parked.c[key] == row[key] for key in ("projection", "source", "position")]
                connection.execute(sa.delete(t.parked).where(*here))
                connection.execute(sa.insert(t.parked).values(dict(row)))

    def _catch_up(self, folding: Folding) -> None:
        """Folds every source up to where it stands now."""
        for source in self._sources:
            self._heads[source.name] = head = source.head()
            size, position = CHUNK, folding.position(source.name)
            while position < head:
                try:
                    position = folding.fold(source, min(head, position + size))
                    size = min(CHUNK, 2 * size)
                except UNFIT:
                    if size <= BATCH:
                        position = folding.fold(source, min(head, position + size), singly=True)
                    size = BATCH

    def _tell(self, source: str, position: int) -> None:
        self._progress(source, position, max(position, self._heads[source]))
        if self._cancelled():
            raise Cancelled


def _is_empty(shadow: ReadModels) -> bool:
    with shadow.database.read() as connection:
        return not connection.execute(sa.select(sa.func.max(t.checkpoints.c.position))).scalar()
