"""What an operator sees of effects, and does about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.kernel import clock
from services.kernel.context import Context
from services.kernel.errors import NotFound, Refusal
from services.kernel.reactions.due import effects
from services.kernel.reactions.events import EffectDismissed, EffectRepeated
from services.kernel.reactions.state import EffectState, load_effect
from services.kernel.store.claims import Append, StreamEvents
from services.kernel.store.store import EventStore

LIMIT = 1000


class EffectRunning(Refusal):
    ru = "Действие {id} сейчас выполняется"
    en = "Effect {id} is running now"


class EffectOver(Refusal):
    ru = "Действие {id} уже завершено"
    en = "Effect {id} is over already"


@dataclass(frozen=True, slots=True)
class OpenEffect:
    """An effect that is not over. One without `due_at` stands until the operator repeats or
    dismisses it."""

    id: str
    effect: str
    reaction: str
    source: str
    cause_id: str
    cause_recorded_at: datetime
    planned_at: datetime
    stage: str
    due_at: datetime | None
    attempt: int
    error: str | None


def open_effects(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[OpenEffect]:
    """The first of them, oldest cause first."""
    query = sa.select(effects).where(which).order_by(effects.c.cause_recorded_at, effects.c.id).limit(LIMIT)
    return [_open_effect(row) for row in connection.execute(query)]


def _open_effect(row: Any) -> OpenEffect:
    return OpenEffect(
        row.id,
        row.effect,
        row.reaction,
        row.source,
        row.cause_id,
        clock.from_micros(row.cause_recorded_at),
        clock.from_micros(row.planned_at),
        row.stage,
        clock.from_micros(row.due_at) if row.due_at is not None else None,
        row.attempt,
        row.error,
    )


def repeat(store: EventStore, effect_id: str, context: Context) -> int:
    """Has an effect run again at once, with all its attempts before it."""
    return _append(store, _open(store, effect_id), EffectRepeated(), context)


def dismiss(store: EventStore, effect_id: str, context: Context) -> int:
    """Has an effect never run again."""
    return _append(store, _open(store, effect_id), EffectDismissed(), context)


def _open(store: EventStore, effect_id: str) -> EffectState:
    state = load_effect(store, effect_id)
    if state is None:
        raise NotFound(what="effect", id=effect_id)
    if state.stage == "begun":
        raise EffectRunning(id=effect_id)
    if state.stage == "done":
        raise EffectOver(id=effect_id)
    return state


def _append(store: EventStore, state: EffectState, event: Any, context: Context) -> int:
    events: Sequence[Any] = [event]
    return store.append(Append(context, [StreamEvents(state.stream, state.version, events)])).position
