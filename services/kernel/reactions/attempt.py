"""One effect taken one step further: begun, ended, or asked what became of it."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from prometheus_client import Counter

from services.kernel import clock, log
from services.kernel.context import Context
from services.kernel.faults import crash_here
from services.kernel.reactions.declarations import CLOCKS_APART, Effect, Outcome, Unclear
from services.kernel.reactions.events import EffectBegun, EffectFailed, EffectSucceeded, EffectUnknown
from services.kernel.reactions.state import EffectState, load_effect
from services.kernel.reactions.trouble import TROUBLE
from services.kernel.store.claims import Append, Key, StreamEvents, VersionConflict
from services.kernel.store.store import EventStore

DECISIONS = 5
LONGEST_WAIT = 5.0
GONE = "the process that ran it is gone"

Events = Sequence[StreamEvents] | Callable[[], Sequence[StreamEvents]]

_log = structlog.get_logger(__name__)
_attempts = Counter("reestr_effects", "Attempts at effects, by how they ended", ["effect", "outcome"])


@dataclass(frozen=True, slots=True)
class Attempts:
    """Works on effects by their streams alone: whoever moved the stream first has the effect.

    `runner` names this process; `alone` says that no other process can be at work on the
    store. `stopping` ends the waiting for a database that does not come back.
    """

    store: EventStore
    effects: Mapping[str, Effect]
    tools: Any
    runner: str
    alone: bool
    stopping: threading.Event

    def advance(self, effect_id: str) -> int:
        """Does what is due on an effect that nobody in this process is working on; the
        position of what was recorded, 0 for nothing."""
        state = load_effect(self.store, effect_id)
        now = clock.now()
        if state is None or state.due_at is None:
            return 0
        over = state.due_at <= now
        step = self._step(state, now)
        with log.bound(step.context):
            if state.stage == "begun":
                return step.doubt(GONE, timedelta()) if over or self._is_orphan(state) else 0
            if not over:
                return 0
            return step.settle() if state.stage == "unknown" else step.run()

    def _is_orphan(self, state: EffectState) -> bool:
        """Begun here, or by a process that cannot be alive beside this one."""
        return self.alone or state.runner == self.runner

    def _step(self, state: EffectState, now: datetime) -> "Step":
        effect = self.effects[state.planned.effect]
        context = Context(
            actor="system",
            principal=f"reaction:{state.planned.reaction}",
            correlation_id=state.correlation_id,
            causation_id=state.planned.cause_id,
            now=now,
            deadline=now + effect.limit,
            idempotency_key=state.id,
        )
        return Step(self, effect, state, context)


@dataclass(frozen=True, slots=True)
class Step:
    """One effect in its present state."""

    at: Attempts
    effect: Effect
    state: EffectState
    context: Context

    def run(self) -> int:
        begun = EffectBegun(self.state.attempt + 1, self.at.runner, self.context.deadline + CLOCKS_APART)
        if not self._record(begun):
            return 0
        state = replace(self.state, version=self.state.version + 1, attempt=begun.attempt, tries=self.state.tries + 1)
        return replace(self, state=replace(state, doubts=0)).attempt()

    def attempt(self) -> int:
        """Touches the outside."""
        crash_here("effect.begun")
        try:
            outcome = self.effect.run(self.state.planned.arguments, self.at.tools, self.context)
        except Unclear as error:
            return self.doubt(_text(error), self.effect.pause_after(self.state.tries))
        except Exception as error:  # whatever it is, the effect was not done
            _log.exception("effect.failed", effect=self.effect.name, id=self.state.id, attempt=self.state.attempt)
            return self._fail(_text(error))
        crash_here("effect.done")
        return self._succeed(outcome)

    def settle(self) -> int:
        """Lets the effect's own rule say what became of an attempt."""
        rule = self.effect.on_unknown
        try:
            ruling = rule(self.state.planned.arguments, self.at.tools, self.context) if callable(rule) else rule
        except Exception as error:  # the rule is asked again
            _log.exception("effect.not_settled", effect=self.effect.name, id=self.state.id)
            return self.doubt(_text(error), self.effect.pause_after(self.state.doubts))
        if isinstance(ruling, Outcome):
            return self._succeed(ruling)
        if ruling == "repeat" and self.state.tries < self.effect.attempts:
            return self.run()
        return self._record(EffectUnknown(self.state.attempt, "left to the operator"))

    def doubt(self, error: str, pause: timedelta) -> int:
        """Nobody knows what became of the attempt: its rule is asked after the pause."""
        self._count("unknown")
        left = self.effect.on_unknown == "leave" or self.state.doubts >= self.effect.attempts
        return self._record(EffectUnknown(self.state.attempt, error, None if left else clock.now() + pause))

    def _succeed(self, outcome: Outcome) -> int:
        try:
            succeeded = EffectSucceeded(self.state.attempt, outcome.result)
            position = self._record(succeeded, outcome.events, outcome.claim)
        except TROUBLE:
            raise
        except Exception as error:  # done outside, and not known here
            _log.exception("effect.outcome_not_recorded", effect=self.effect.name, id=self.state.id)
            return self.doubt(_text(error), self.effect.pause_after(self.state.doubts + 1))
        self._count("succeeded")
        return position

    def _fail(self, error: str) -> int:
        self._count("failed")
        if self.state.tries < self.effect.attempts:
            retry_at = clock.now() + self.effect.pause_after(self.state.tries)
            return self._record(EffectFailed(self.state.attempt, error, retry_at))
        failed = EffectFailed(self.state.attempt, error)
        try:
            return self._record(failed, lambda: self._events_of_failure(error))
        except TROUBLE:
            raise
        except Exception:  # the failure itself must be recorded
            _log.exception("effect.failure_not_told", effect=self.effect.name, id=self.state.id)
            return self._record(failed)

    def _events_of_failure(self, error: str) -> Sequence[StreamEvents]:
        tell = self.effect.on_failure
        return tell(self.state.planned.arguments, self.at.tools, self.context, error) if tell else ()

    def _record(self, event: Any, events: Events = (), claim: Sequence[Key] = ()) -> int:
        """Appends what happened and what follows from it; 0 when another process has the effect."""
        for attempt in range(DECISIONS):
            follows = events() if callable(events) else events
            own = StreamEvents(self.state.stream, self.state.version, [event])
            try:
                return self._append(Append(self.context, [own, *follows], claim=claim))
            except VersionConflict as conflict:
                if conflict.stream == self.state.stream:
                    _log.info("effect.moved_by_another", effect=self.effect.name, id=self.state.id)
                    return 0
                if not callable(events) or attempt == DECISIONS - 1:
                    raise
        raise AssertionError("unreachable")

    def _append(self, append: Append) -> int:
        """What happened outside cannot be undone, so it is recorded whenever the database is
        back; if it had been recorded after all, the stream's version says so."""
        pause = 0.1
        while True:
            try:
                return self.at.store.append(append).position
            except TROUBLE as error:
                _log.warning("effect.database_lost", id=self.state.id, error=error)
                if self.at.stopping.wait(pause):
                    raise
                pause = min(2 * pause, LONGEST_WAIT)

    def _count(self, outcome: str) -> None:
        _attempts.labels(self.effect.name, outcome).inc()


def _text(error: Exception) -> str:
    """Kept for ever, so without anything personal."""
    return f"{type(error).__name__}: {log.mask(str(error))}".removesuffix(": ")
