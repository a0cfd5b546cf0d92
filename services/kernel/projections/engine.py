"""The projections of one service, at work."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa
import structlog

from services.kernel.projections import tables as t
from services.kernel.projections.election import Election
from services.kernel.projections.parked import ParkedMessages
from services.kernel.projections.projection import Projection, fingerprint
from services.kernel.projections.rebuild import Cancelled, Identity, Progress, Rebuild, identity_of
from services.kernel.projections.runner import Runner
from services.kernel.projections.sources import Source
from services.kernel.views import Views

ELECTION_PAUSE = 1.0
LOOK_PAUSE = 0.02
TIDIED_EVERY = 60.0  # seconds

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Following:
    """How far a projection follows one source, and why it stands still if it does."""

    projection: str
    source: str
    position: int
    head: int
    trouble: str | None


class Projections:
    """Keeps a service's read models up with their sources.

    `epoch` is that of the own store: after a restore it is another, and everything is
    rebuilt. On PostgreSQL one replica at a time runs the projections.
    """

    def __init__(self, views: Views, projections: Sequence[Projection], sources: Sequence[Source], epoch: str) -> None:
        _check(projections, sources)
        heard = {source for projection in projections for source in projection.on}
        self._views = views
        self._projections = projections
        self._sources = {source.name: source for source in sources if source.name in heard}
        self._identity = Identity(fingerprint(projections), epoch)
        self._runners = [
            Runner(views, p, self._sources[name], self._identity.fingerprint) for p in projections for name in p.on
        ]
        self._election = Election(views.live.database, "projections")
        self._leads = threading.Event()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self.parked = ParkedMessages(views, {p.name: p for p in projections}, self._sources)

    def start(
        self, progress: Progress = lambda _source, _position, _head: None, cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        """Rebuilds what is not of this version or this epoch, then follows the sources."""
        while self.stale():
            self._rebuild(progress, cancelled, only_if_stale=True)
        self._discard_shadow()
        self._spawn("election", self._stand_for_election)
        for runner in self._runners:
            name = f"{runner.projection.name}-{runner.source.name}"
            self._spawn(name, partial(runner.run, self._leads, self._stopping))

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        self._election.resign()

    def stale(self) -> str | None:
        """Why the read models must be rebuilt before they can be served."""
        found = identity_of(self._views.live)
        if found is None:
            return "never built"
        if found != self._identity:
            return "other projections" if found.fingerprint != self._identity.fingerprint else "another epoch"
        with self._views.connect() as connection:
            checkpoints = connection.execute(sa.select(t.checkpoints)).all()
        heads = {name: source.head() for name, source in self._sources.items()}
        ahead = any(row.position > heads[row.source] for row in checkpoints)
        return "ahead of a source" if ahead else None

    def rebuild(
        self, progress: Progress = lambda _source, _position, _head: None, cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        """Builds all read models anew beside the live ones and swaps. `progress` is told a
        source, the position folded and its head; raises `Cancelled` when called off. What a
        crash interrupted goes on where it was."""
        self._rebuild(progress, cancelled, only_if_stale=False)

    def _rebuild(self, progress: Progress, cancelled: Callable[[], bool], *, only_if_stale: bool) -> None:
        election = Election(self._views.live.database, "rebuild")
        while not election.leads():
            if cancelled():
                raise Cancelled
            time.sleep(ELECTION_PAUSE)
        try:
            reason = self.stale() if only_if_stale else "asked for"
            if reason:
                _log.info("rebuild.begins", reason=reason)
                sources = list(self._sources.values())
                Rebuild(self._views, self._projections, sources, self._identity, progress, cancelled).run()
                _log.info("rebuild.done")
        finally:
            election.resign()

    def _discard_shadow(self) -> None:
        """What is left of a rebuild nobody waits for holds rows that nobody keeps up, of
        people to be forgotten too."""
        election = Election(self._views.live.database, "rebuild")
        if election.leads():
            try:
                self._views.discard(self._views.shadow())
            finally:
                election.resign()

    def wait(self, source: str, position: int, timeout: float) -> bool:
        """Waits until every projection of a source shows what it holds up to a position."""
        deadline = time.monotonic() + timeout
        return all(self._wait(runner, position, deadline) for runner in self._runners if runner.source.name == source)

    def _wait(self, runner: Runner, position: int, deadline: float) -> bool:
        while runner.reached.value < position:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            if self._leads.is_set():
                runner.reached.wait(position - 1, min(left, ELECTION_PAUSE))
            elif runner.look() < position:
                time.sleep(min(left, LOOK_PAUSE))
        return True

    def status(self) -> list[Following]:
        """How far each projection is; nothing before the first rebuild is over."""
        if identity_of(self._views.live) is None:
            return []
        with self._views.connect() as connection:
            rows = connection.execute(sa.select(t.checkpoints)).all()
        positions = {(row.projection, row.source): row.position for row in rows}
        heads = {name: source.head() for name, source in self._sources.items()}
        return [
            Following(name, source, positions.get((name, source), 0), heads[source], runner.trouble)
            for runner in self._runners
            for name, source in [(runner.projection.name, runner.source.name)]
        ]

    def _spawn(self, name: str, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, name=f"projections-{name}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _stand_for_election(self) -> None:
        tidied = time.monotonic()
        while True:
            if time.monotonic() - tidied > TIDIED_EVERY:
                tidied = time.monotonic()
                self._tidy()
            if self._election.leads():
                self._leads.set()
            else:
                self._leads.clear()
            if self._stopping.wait(ELECTION_PAUSE):
                return

    def _tidy(self) -> None:
        try:
            self._views.tidy()
        except sa.exc.OperationalError:  # readers are in the way; the next time will do
            _log.info("views.not_tidied")


def _check(projections: Sequence[Projection], sources: Sequence[Source]) -> None:
    names = [projection.name for projection in projections]
    tables = [table.name for projection in projections for table in projection.tables]
    missing = {source for projection in projections for source in projection.on} - {s.name for s in sources}
    if len(set(names)) < len(names) or len(set(tables)) < len(tables):
        raise ValueError("projections share a name or a table")
    if missing:
        raise ValueError(f"projections hear sources that are not given: {sorted(missing)}")
