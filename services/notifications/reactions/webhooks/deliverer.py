"""All webhooks of one process at work; of several replicas one delivers."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from services.kernel.message import Message
from services.kernel.projections.election import Election
from services.kernel.sealing import Damaged, Sealer, open_message
from services.notifications.adapters.webhooks import ANSWER_WITHIN
from services.notifications.queries import webhooks_in
from services.notifications.reactions.webhooks.book import Book
from services.notifications.reactions.webhooks.lane import Desk, Lane
from services.notifications.reactions.webhooks.log import EventLog

if TYPE_CHECKING:
    from services.kernel.runtime import Runtime

LOOK_EVERY = 0.5
GATHER = 0.02  # events that come together wake the lanes once
STOP_WITHIN = ANSWER_WITHIN + 5.0
PRUNE_EVERY = timedelta(hours=1).total_seconds()

_log = structlog.get_logger(__name__)


class Deliverer:
    """A lane for each active webhook, so that none waits for another's receiver."""

    def __init__(self, runtime: "Runtime") -> None:
        sources = (runtime.service.name, *runtime.service.hears)
        self._log = EventLog(runtime.store, runtime.received, sources)
        opened = partial(_opened, runtime.sealer)
        loopback = runtime.settings.webhooks_to_loopback
        self._book = Book(runtime.store.database)
        self._desk = Desk(runtime.store, self._log, self._book, opened, loopback)
        self._read = runtime.views.connect
        self._election = Election(runtime.store.database, "webhooks")
        self._stopping = threading.Event()
        self._lanes: dict[str, tuple[Lane, int]] = {}
        self._threads: list[threading.Thread] = []
        self._pruned_at = 0.0

    def start(self) -> None:
        self._stopping.clear()
        for source in self._log.sources:
            self._spawn(f"webhooks-{source}", partial(self._watch, source))
        self._spawn("webhooks", self._work)

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        deadline = time.monotonic() + STOP_WITHIN
        for lane, _ in self._lanes.values():
            lane.stop()
        for lane, _ in self._lanes.values():
            lane.join(max(0.0, deadline - time.monotonic()))
        self._lanes.clear()
        self._election.resign()

    def _spawn(self, name: str, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _watch(self, source: str) -> None:
        """Wakes the lanes when a source has gone on."""
        while not self._stopping.wait(GATHER):
            try:
                if self._log.wait(source, LOOK_EVERY):
                    for lane, _ in list(self._lanes.values()):
                        lane.wake.set()
            except Exception:  # whatever it is, it is looked at again
                _log.exception("webhooks.not_watched", source=source)
                self._stopping.wait(LOOK_EVERY)

    def _work(self) -> None:
        while not self._stopping.wait(LOOK_EVERY):
            try:
                self._arrange(self._active() if self._election.leads() else {})
                self._prune()
            except Exception:
                _log.exception("webhooks.stuck")

    def _active(self) -> dict[str, int]:
        with self._read() as connection:
            return webhooks_in(connection, "active")

    def _arrange(self, active: dict[str, int]) -> None:
        """Begins, changes and ends lanes until they are those of the active webhooks."""
        self._lanes = {id: at for id, at in self._lanes.items() if at[0].is_alive}
        for id, (lane, _) in self._lanes.items():
            if id not in active:
                lane.stop()
        for id, version in active.items():
            if id not in self._lanes:
                self._begin(id, version)
            lane, known = self._lanes[id]
            if known != version:
                self._lanes[id] = lane, version
                lane.change()

    def _begin(self, id: str, version: int) -> None:
        """The lane is known before it looks how far the log goes, so that no news passes it by."""
        lane = Lane(id, self._desk)
        self._lanes[id] = lane, version
        lane.start()

    def _prune(self) -> None:
        if self._election.leads() and time.monotonic() >= self._pruned_at + PRUNE_EVERY:
            self._pruned_at = time.monotonic()
            self._book.prune()


def _opened(sealer: Sealer, message: Message) -> Message:
    """What its own key does not open stays sealed, and keeps nobody from what follows."""
    try:
        return open_message(message, sealer)
    except Damaged:
        return message
