"""The reactions, effects and timers of one service at work in one process."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog

from services.kernel import clock
from services.kernel.context import Context
from services.kernel.events import Recorded
from services.kernel.projections.election import Election
from services.kernel.projections.sources import Source
from services.kernel.reactions import operator, restored
from services.kernel.reactions.declarations import Effect, Reaction, Read, Timer
from services.kernel.reactions.due import effects as table
from services.kernel.reactions.events import effect_stream
from services.kernel.reactions.operator import OpenEffect
from services.kernel.reactions.planner import Planner, plan_again
from services.kernel.reactions.runner import EffectRunner, Wait
from services.kernel.reactions.timers import Execute, TimerRunner
from services.kernel.store.store import EventStore

IDLE = 1.0
STOP_WITHIN = 30.0

_log = structlog.get_logger(__name__)


class Reactions:
    """Plans, runs and times. Every replica may start one; one of them at a time is at work.

    `sources` must hold every source a reaction names; `read` connects to the read models and
    `wait(position, timeout)` waits until they show a position of the own store; `tools` is
    handed to plans and effects; `execute` carries out a command of the own service.
    """

    def __init__(
        self,
        store: EventStore,
        sources: Mapping[str, Source],
        *,
        reactions: Sequence[Reaction],
        effects: Sequence[Effect],
        timers: Sequence[Timer] = (),
        read: Read,
        wait: Wait,
        tools: Any,
        execute: Execute,
        concurrency: int = 4,
    ) -> None:
        self._store = store
        self._read = read
        self._planners: dict[str, Planner] = {}
        by_name = {effect.name: effect for effect in [*effects, plan_again(self._planners)]}
        self._runner = EffectRunner(store, by_name, tools, read, wait, concurrency)
        for name in sorted({reaction.source for reaction in reactions}):
            of_source = [reaction for reaction in reactions if reaction.source == name]
            self._planners[name] = Planner(store, sources[name], of_source, by_name, tools, self._runner.moved.notify)
        self._timers = TimerRunner(timers, read, execute)
        self._election = Election(store.database, "reactions")
        self._leads = threading.Event()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begins new reactions at their sources' heads, before anything more is recorded, and
        goes to work."""
        for planner in self._planners.values():
            planner.register()
        self._spawn("election", self._stand_for_election)
        for planner in self._planners.values():
            self._spawn_loop(f"plan-{planner.source.name}", partial(self._plan, planner))
        if self._runner.has_effects:
            self._spawn_loop("effects", self._run_effects)
        if self._timers.timers:
            self._spawn_loop("timers", self._look_at_timers)

    def stop(self) -> None:
        """Waits for what is running to end, as long as `STOP_WITHIN`."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        self._runner.stop(STOP_WITHIN)
        self._election.resign()

    def waiting(self) -> list[OpenEffect]:
        """After a restore: the effects that wait for `release`, oldest cause first."""
        hold = restored.present_hold(self._store)
        with self._read() as connection:
            return operator.open_effects(connection, hold.waits())

    def release(self, context: Context, until: datetime | None = None) -> int:
        """Lets waiting effects run: those with causes recorded up to a moment, or all."""
        return self._moved(restored.release(self._store, context, until))

    def standing(self) -> list[OpenEffect]:
        """Failed for good, or unknown and left: what only the operator can move on."""
        with self._read() as connection:
            return operator.open_effects(connection, table.c.due_at.is_(None))

    def repeat(self, effect_id: str, context: Context) -> int:
        return self._moved(operator.repeat(self._store, effect_id, context))

    def dismiss(self, effect_id: str, context: Context) -> int:
        return self._moved(operator.dismiss(self._store, effect_id, context))

    def trace(self, effect_id: str) -> list[Recorded]:
        """All that happened to an effect, from its plan on."""
        return self._store.read_stream(effect_stream(effect_id))

    def status(self) -> dict[str, Any]:
        stages = sa.select(table.c.stage, sa.func.count().label("effects")).group_by(table.c.stage)
        waits = restored.present_hold(self._store).waits()
        overdue = sa.select(sa.func.min(table.c.due_at)).where(sa.not_(waits))
        with self._read() as connection:
            counts = {row.stage: row.effects for row in connection.execute(stages)}
            waiting = connection.execute(sa.select(sa.func.count()).select_from(table).where(waits)).scalar_one()
            oldest = connection.execute(overdue).scalar()
        lag = (clock.to_micros(clock.now()) - oldest) / 1e6 if oldest is not None else 0.0
        return {
            "leads": self._leads.is_set(),
            "running": self._runner.running,
            "stages": counts,
            "waiting": waiting,
            "overdue_seconds": max(0.0, lag),
            "planned_to": {name: planner.position for name, planner in self._planners.items()},
        }

    def _moved(self, position: int) -> int:
        self._runner.moved.notify(position)
        return position

    def _plan(self, planner: Planner) -> None:
        planner.step(self._stopping)
        planner.source.wait(planner.position, IDLE)

    def _run_effects(self) -> None:
        self._runner.step()
        self._runner.wait(IDLE)

    def _look_at_timers(self) -> None:
        self._timers.step(self._stopping)
        self._stopping.wait(self._timers.seconds_to_next())

    def _stand_for_election(self) -> None:
        while True:
            if self._election.leads():
                self._leads.set()
            else:
                self._leads.clear()
            if self._stopping.wait(IDLE):
                return

    def _spawn_loop(self, name: str, step: Callable[[], None]) -> None:
        def run() -> None:
            while not self._stopping.is_set():
                if self._leads.wait(IDLE):
                    try:
                        step()
                    except Exception:  # whatever it is, it is tried again in place
                        _log.exception("reactions.stuck", loop=name)
                        self._stopping.wait(IDLE)

        self._spawn(name, run)

    def _spawn(self, name: str, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, name=f"reactions-{name}", daemon=True)
        self._threads.append(thread)
        thread.start()
