"""Keeps one projection up with one source."""

import threading
import time
from collections.abc import Sequence

import structlog

from services.kernel.projections.bulk import UNFIT
from services.kernel.projections.fold import Fold, describe
from services.kernel.projections.projection import Projection
from services.kernel.projections.shelf import Shelf
from services.kernel.projections.sources import Batch, Source
from services.kernel.projections.standing import Failure, move_checkpoint, park, read_standing
from services.kernel.signal import Signal
from services.kernel.views import Views

BATCH = 500
POLL = 1.0
LONGEST_PAUSE = 5.0
WOKEN_FOR_NOTHING = 0.05
PASSED_OVER_FOR = 0.1  # seconds

_log = structlog.get_logger(__name__)


class Superseded(Exception):
    """The read models were rebuilt by another version of the service: this one must not write."""


class Ahead(Exception):
    """The rows hold more than the source: it was restored to an earlier state."""


class Runner:
    """Folds batch after batch; each writes its rows, what it parks and its checkpoint in one
    transaction. `reached` is the position that readers can see, `trouble` why it stands still.

    Of messages that do not concern the projection only the checkpoint would be written. That
    waits a moment: nobody's answer should wait for it, and what follows may take it along.
    """

    def __init__(self, views: Views, projection: Projection, source: Source, fingerprint: str) -> None:
        self.projection = projection
        self.source = source
        self.reached = Signal()
        self.trouble: str | None = None
        self._views = views
        self._fingerprint = fingerprint
        self._shelf = Shelf(projection, views.live)
        self._fold = Fold(projection, source.name, self._shelf)
        self._position: int | None = None
        self._written = 0
        self._write_at = 0.0

    def run(self, leads: threading.Event, stopping: threading.Event) -> None:
        """Follows the source until `stopping`, whenever this process leads."""
        pause, woken = 0.0, False
        while not stopping.wait(pause):
            if not leads.wait(POLL):
                self._position = None
                continue
            try:
                moved = self.step()
            except Exception as error:  # whatever it is, the source is still to be followed
                self._note(describe(error))
                pause = min(LONGEST_PAUSE, 2 * pause + 0.05)
                continue
            self._note(None)
            pause = WOKEN_FOR_NOTHING if woken and not moved else 0.0
            woken = not moved and self.source.wait(self._position or 0, self._patience())

    def step(self) -> bool:
        """Folds one batch; False when there was nothing to do."""
        if self._position is None:
            self._position = self._written = self.look()
            if self._position > self.source.head():
                raise Ahead(self.projection.name)
        batch = self.source.read(self._position, BATCH)
        moved = batch.end > self._position
        if self._fold.concerns(batch.messages) or self._is_due():
            self._write(batch, self._written)
        elif moved:
            self._pass_over(batch.end)
        return moved

    def _is_due(self) -> bool:
        behind = self._written < (self._position or 0)
        return behind and time.monotonic() >= self._write_at

    def _pass_over(self, end: int) -> None:
        if self._position == self._written:
            self._write_at = time.monotonic() + PASSED_OVER_FOR
        self._position = end
        self.reached.notify(end)

    def _patience(self) -> float:
        return PASSED_OVER_FOR if self._written < (self._position or 0) else POLL

    def look(self) -> int:
        """The position that readers can see, whoever moved it there."""
        with self._views.connect() as connection:
            position = read_standing(connection, self.projection.name, self.source.name).position
        self.reached.notify(position)
        return position

    def _write(self, batch: Batch, position: int) -> None:
        try:
            self._write_rows(batch, position, singly=False)
        except UNFIT:
            self._write_rows(batch, position, singly=True)

    def _write_rows(self, batch: Batch, position: int, *, singly: bool) -> None:
        name, source = self.projection.name, self.source.name
        self._shelf.forget()
        self._position = None
        with self._views.write(name) as connection:
            standing = read_standing(connection, name, source)
            if standing.fingerprint != self._fingerprint:
                raise Superseded(name)
            if standing.position != position:
                return
            self._shelf.connection = connection
            fold = self._fold.apply_singly if singly else self._fold.apply
            failures = fold(batch.messages, standing)
            self._shelf.flush()
            park(connection, name, source, failures)
            move_checkpoint(connection, name, source, position, batch.end)
        self._position = self._written = batch.end
        self.reached.notify(batch.end)
        self._report(failures)

    def _report(self, failures: Sequence[Failure]) -> None:
        for failure in failures:
            _log.warning(
                "projection.parked",
                projection=self.projection.name,
                source=self.source.name,
                position=failure.position,
                type=failure.type,
                error=failure.error,
            )

    def _note(self, trouble: str | None) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            at = {"projection": self.projection.name, "source": self.source.name}
            if trouble:
                _log.warning("projection.stuck", error=trouble, **at)
            else:
                _log.info("projection.goes_on", **at)
