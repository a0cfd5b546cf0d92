"""Runs due effects, a bounded number at a time, each in a thread or greenlet of its own."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
import structlog

from services.kernel import clock
from services.kernel.ids import new_id
from services.kernel.reactions.attempt import Attempts
from services.kernel.reactions.declarations import Effect, Read
from services.kernel.reactions.due import effects as table
from services.kernel.reactions.restored import present_hold
from services.kernel.signal import Signal
from services.kernel.store.store import EventStore

VIEWS_LAG = 1.0

Wait = Callable[[int, float], bool]

_log = structlog.get_logger(__name__)


class EffectRunner:
    """The table of due effects says what to look at, each effect's stream what is true of it.

    `read` connects to the read models, `wait` waits until they show a position of the store.
    `moved` is the position of the last record known to have changed what is due.
    """

    def __init__(
        self, store: EventStore, effects: Mapping[str, Effect], tools: Any, read: Read, wait: Wait, concurrency: int
    ) -> None:
        self.moved = Signal()
        self._seen = 0
        self._store = store
        self._read = read
        self._wait = wait
        self._concurrency = concurrency
        self._stopping = threading.Event()
        alone = store.database.is_sqlite
        self._attempts = Attempts(store, effects, tools, new_id(), alone, self._stopping)
        self._running: dict[str, threading.Thread] = {}

    @property
    def has_effects(self) -> bool:
        """Whether there is more to run than the kernel's own effect."""
        return len(self._attempts.effects) > 1

    def step(self) -> None:
        """Takes up what is due, as far as there is room."""
        self._seen = self.moved.value
        self._wait(self._seen, VIEWS_LAG)
        room = self._concurrency - len(self._running)
        for effect_id in self._due(room) if room > 0 else ():
            self._start(effect_id)

    def wait(self, timeout: float) -> bool:
        """Waits until something may have fallen due since the last step."""
        return self.moved.wait(self._seen, timeout)

    def stop(self, timeout: float) -> None:
        """Waits for the effects that are running to end."""
        self._stopping.set()
        deadline = time.monotonic() + timeout
        for thread in list(self._running.values()):
            thread.join(max(0.0, deadline - time.monotonic()))
        if self._running:
            _log.warning("effects.still_running", count=len(self._running))

    @property
    def running(self) -> int:
        return len(self._running)

    def _due(self, limit: int) -> list[str]:
        c = table.c
        orphan = c.stage == "begun"
        if not self._attempts.alone:
            orphan = sa.and_(orphan, c.runner == self._attempts.runner)
        query = (
            sa.select(c.id)
            .where(c.effect.in_(list(self._attempts.effects)))
            .where(sa.or_(c.due_at <= clock.to_micros(clock.now()), orphan))
            .where(sa.not_(present_hold(self._store).waits()))
            .where(c.id.not_in(list(self._running)))
            .order_by(c.due_at, c.id)
            .limit(limit)
        )
        with self._read() as connection:
            return list(connection.execute(query).scalars())

    def _start(self, effect_id: str) -> None:
        thread = threading.Thread(target=self._advance, args=(effect_id,), name=f"effect {effect_id}", daemon=True)
        self._running[effect_id] = thread
        thread.start()

    def _advance(self, effect_id: str) -> None:
        position = 0
        try:
            position = self._attempts.advance(effect_id)
        except Exception:  # the table brings it up again
            _log.exception("effect.not_advanced", id=effect_id)
        finally:
            del self._running[effect_id]
            self.moved.notify(position)
