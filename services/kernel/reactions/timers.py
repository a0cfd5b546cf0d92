"""Timers: what has fallen due becomes idempotent commands of the own service."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from services.kernel import clock, log
from services.kernel.context import Context
from services.kernel.errors import Refusal
from services.kernel.ids import new_id
from services.kernel.reactions.declarations import DueCommand, Read, Timer

COMMAND_LIMIT = timedelta(seconds=30)

Execute = Callable[[str, Mapping[str, Any], Context], Any]

_log = structlog.get_logger(__name__)


class TimerRunner:
    """Nothing rests on who issues a command or how often: its key is that of what is due.

    `execute` carries out a command of the own service and raises a `Refusal` where it is refused.
    """

    def __init__(self, timers: Sequence[Timer], read: Read, execute: Execute) -> None:
        self.timers = timers
        self._next = dict.fromkeys([timer.name for timer in timers], 0.0)
        self._read = read
        self._execute = execute

    def step(self, stopping: threading.Event) -> None:
        """Looks at every timer whose time has come."""
        for timer in self.timers:
            if self._next[timer.name] <= time.monotonic() and not stopping.is_set():
                self._next[timer.name] = time.monotonic() + timer.every
                self._look(timer, stopping)

    def seconds_to_next(self) -> float:
        return max(0.0, min(self._next.values()) - time.monotonic())

    def _look(self, timer: Timer, stopping: threading.Event) -> None:
        now = clock.now()
        try:
            with self._read() as connection:
                due = timer.due(connection, now)
        except Exception:  # it looks again when its time comes
            _log.exception("timer.failed", timer=timer.name)
            return
        for command in due:
            if stopping.is_set():
                return
            self._issue(timer, command, now)

    def _issue(self, timer: Timer, due: DueCommand, now: datetime) -> None:
        context = Context(
            actor="system",
            principal=f"timer:{timer.name}",
            correlation_id=new_id(),
            causation_id=f"timer:{timer.name}",
            now=now,
            deadline=clock.now() + COMMAND_LIMIT,
            idempotency_key=due.key,
            expected_version=due.expected_version,
        )
        with log.bound(context):
            try:
                self._execute(due.command, due.arguments, context)
            except Refusal as refusal:
                _log.warning("timer.refused", timer=timer.name, command=due.command, key=due.key, error=refusal)
            except Exception:  # what is due stays due, and the rest goes on
                _log.exception("timer.command_failed", timer=timer.name, command=due.command, key=due.key)
