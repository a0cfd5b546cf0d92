"""One effect, folded from its stream."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from services.kernel.events import Recorded
from services.kernel.reactions.events import (
    EffectBegun,
    EffectDismissed,
    EffectFailed,
    EffectPlanned,
    EffectRepeated,
    EffectSucceeded,
    EffectUnknown,
    effect_stream,
)
from services.kernel.store.store import EventStore

Stage = Literal["planned", "begun", "unknown", "failed", "done"]


@dataclass(frozen=True, slots=True)
class EffectState:
    """`due_at` is when it is to be taken up by itself, None for never. `tries` counts the
    attempts since it was planned or repeated by the operator, `doubts` how often it was
    asked what became of the last one."""

    id: str
    planned: EffectPlanned
    correlation_id: str
    version: int
    stage: Stage
    due_at: datetime | None
    attempt: int = 0
    tries: int = 0
    doubts: int = 0
    runner: str = ""

    @property
    def stream(self) -> str:
        return effect_stream(self.id)


def load_effect(store: EventStore, effect_id: str) -> EffectState | None:
    return fold(store.read_stream(effect_stream(effect_id)))


def fold(trace: Sequence[Recorded]) -> EffectState | None:
    if not trace:
        return None
    first = trace[0]
    planned: EffectPlanned = first.event
    due_at = planned.due_at or first.recorded_at
    state = EffectState(first.subject, planned, first.correlation_id, first.version, "planned", due_at)
    for recorded in trace[1:]:
        state = replace(_evolve(state, recorded.event, recorded.recorded_at), version=recorded.version)
    return state


def _evolve(state: EffectState, event: Any, recorded_at: datetime) -> EffectState:
    match event:
        case EffectBegun():
            begun = replace(state, stage="begun", due_at=event.until, attempt=event.attempt, runner=event.runner)
            return replace(begun, tries=state.tries + 1, doubts=0)
        case EffectFailed():
            return replace(state, stage="planned" if event.retry_at else "failed", due_at=event.retry_at)
        case EffectUnknown():
            return replace(state, stage="unknown", due_at=event.settle_at, doubts=state.doubts + 1)
        case EffectRepeated():
            return replace(state, stage="planned", due_at=recorded_at, tries=0)
        case EffectSucceeded() | EffectDismissed():
            return replace(state, stage="done", due_at=None)
    raise TypeError(f"no event of an effect: {type(event).__name__}")
