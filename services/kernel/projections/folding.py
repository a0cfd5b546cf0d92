"""All projections of a service folded together, so that each source is read once."""

import time
from collections.abc import Callable, Sequence

import sqlalchemy as sa

from services.kernel.faults import crash_here
from services.kernel.projections.fold import Fold
from services.kernel.projections.projection import Projection
from services.kernel.projections.shelf import Shelf
from services.kernel.projections.sources import Source
from services.kernel.projections.standing import Failure, Standing, move_checkpoint, park, read_standing
from services.kernel.views import ReadModels

BATCH = 2000
UNWRITTEN_ROWS = 20_000
HELD_ROWS = 50_000


class Folding:
    """Folds into one copy of the read models that nobody else writes.

    Rows stay in memory from one transaction to the next, as many as `HELD_ROWS`. `whole`:
    the copy is empty, so that no row needs looking up before memory was too small once.
    `tell` hears after each batch how far a source was folded.
    """

    def __init__(
        self, models: ReadModels, projections: Sequence[Projection], tell: Callable[[str, int], None], *, whole: bool
    ) -> None:
        self._models = models
        self._tell = tell
        self._shelves = {p.name: Shelf(p, models, whole=whole) for p in projections}
        self._folds: dict[str, dict[str, Fold]] = {}
        for p in projections:
            for source in p.on:
                self._folds.setdefault(source, {})[p.name] = Fold(p, source, self._shelves[p.name])

    def position(self, source: str) -> int:
        """How far a source is folded: as far into every projection."""
        with self._models.database.read() as connection:
            return _position(self._standings(connection, source))

    def fold(self, source: Source, end: int, *, singly: bool = False) -> int:
        """Folds up to `end`, or less when many rows have gathered, and writes rows, parked
        messages and checkpoints in one transaction. `singly` finds what the tables refuse."""
        try:
            with self._models.database.write() as connection:
                position = self._fold(connection, source, end, singly=singly)
        except BaseException:
            for shelf in self._shelves.values():
                shelf.forget()
            raise
        crash_here("rebuild.written")
        self._make_room()
        return position

    def _fold(self, connection: sa.Connection, source: Source, end: int, *, singly: bool) -> int:
        for shelf in self._shelves.values():
            shelf.connection = connection
        standings = self._standings(connection, source.name)
        failures: dict[str, list[Failure]] = {name: [] for name in standings}
        start = position = _position(standings)
        while position < end and self._unwritten() < UNWRITTEN_ROWS:
            batch = source.read(position, BATCH)
            for name, fold in self._folds[source.name].items():
                apply = fold.apply_singly if singly else fold.apply
                failures[name] += apply(batch.messages, standings[name])
            position = batch.end
            self._tell(source.name, position)
            time.sleep(0)
        for name, shelf in self._shelves.items():
            shelf.flush()
            if name in standings:
                park(connection, name, source.name, failures[name])
                move_checkpoint(connection, name, source.name, start, position)
        return position

    def _standings(self, connection: sa.Connection, source: str) -> dict[str, Standing]:
        return {name: read_standing(connection, name, source) for name in self._folds[source]}

    def _unwritten(self) -> int:
        return sum(shelf.rows.unwritten for shelf in self._shelves.values())

    def _make_room(self) -> None:
        """Lets go of the rows of the greatest projections; all are written by now."""
        for shelf in sorted(self._shelves.values(), key=lambda shelf: -len(shelf.rows)):
            if sum(len(s.rows) for s in self._shelves.values()) > HELD_ROWS:
                shelf.forget()


def _position(standings: dict[str, Standing]) -> int:
    [position] = {standing.position for standing in standings.values()}
    return position
