"""Planning: reads one source in order and records, once for each cause, what is to be done."""

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import msgspec
import sqlalchemy as sa
import structlog

from services.kernel import clock
from services.kernel.context import Context
from services.kernel.ids import new_id
from services.kernel.projections.sources import Item, Source, Undecodable
from services.kernel.reactions.declarations import CLOCKS_APART, Effect, Outcome, Plan, Reaction
from services.kernel.reactions.events import EffectPlanned, effect_stream
from services.kernel.reactions.trouble import TROUBLE
from services.kernel.store import tables as t
from services.kernel.store.claims import (
    Append,
    CheckpointMove,
    CheckpointMoved,
    Key,
    KeyTaken,
    StreamEvents,
    VersionConflict,
)
from services.kernel.store.store import EventStore

PLAN_AGAIN = "plan-again"
BATCH = 500
SAVE_EVERY = 5.0

Told = Callable[[int], None]

_NAMESPACE = UUID("0197d0b1-6f1e-7c54-9d3c-5b1f8a3c2e47")
_log = structlog.get_logger(__name__)


class Planned(NamedTuple):
    """The streams of planned effects and the claims that keep them from being planned twice."""

    streams: list[StreamEvents]
    keys: list[Key]


class Origin(NamedTuple):
    """What a plan keeps of its cause."""

    id: str
    recorded_at: datetime
    correlation_id: str

    @classmethod
    def of(cls, cause: Item) -> "Origin":
        if isinstance(cause, Undecodable):
            return cls(str(cause.position), clock.now(), new_id())
        return cls(cause.id, cause.recorded_at, cause.correlation_id)


def effect_id(service: str, key: Key) -> str:
    """The same whenever the same cause is planned again, even by a store restored to an
    earlier position: other services then recognise what was done before."""
    return str(uuid5(_NAMESPACE, f"{service}/{key.scope}/{key.key}"))


class Follower:
    """One reaction on its way through its source.

    Its checkpoint moves in the append of every plan; between plans it is saved now and
    then, as what is looked at again after a crash is recognised by its claims.
    """

    def __init__(
        self, store: EventStore, reaction: Reaction, effects: Collection[str], tools: Any, planned: Told
    ) -> None:
        self.reaction = reaction
        self.position = 0
        self._store = store
        self._effects = effects
        self._tools = tools
        self._tell = planned
        self._name = f"reaction:{reaction.name}:{reaction.source}"
        self._saved = 0
        self._saved_at = time.monotonic()
        self._since = 0

    def register(self, head: int) -> None:
        """Begins a new reaction at the head. A foreign source may have recorded messages before
        this that are yet to arrive: those are told by their time."""
        try:
            if _checkpoint(self._store, self._name) is None:
                now = clock.to_micros(clock.now() - CLOCKS_APART)
                since = f"{self._name}:since"
                self._store.move_checkpoint(CheckpointMove(since, self._store.checkpoint(since), now))
                self._store.move_checkpoint(CheckpointMove(self._name, 0, head))
        except (CheckpointMoved, sa.exc.IntegrityError):
            _log.info("reaction.registered_by_another", reaction=self.reaction.name)
        self.reload()

    def reload(self) -> None:
        self.position = self._saved = self._store.checkpoint(self._name)
        if self.reaction.source != self._store.name:
            self._since = self._store.checkpoint(f"{self._name}:since")

    def take(self, cause: Item) -> None:
        """Plans for one message, unless this was done before."""
        if cause.position <= self.position:
            return
        if cause.type in self.reaction.on and self._is_new(cause):
            self._record(cause, self._planned(cause))
        self.position = cause.position

    def save(self) -> None:
        if self.position > self._saved and time.monotonic() - self._saved_at > SAVE_EVERY:
            self._store.move_checkpoint(CheckpointMove(self._name, self._saved, self.position))
            self._is_saved(self.position)

    def plan(self, cause: Item) -> Planned:
        """What the reaction plans for a message; raises whatever is wrong with it."""
        if isinstance(cause, Undecodable):
            raise cause.error
        return self._checked(cause, self.reaction.on[cause.type](cause, self._tools))

    def _is_saved(self, position: int) -> None:
        self._saved, self._saved_at = position, time.monotonic()

    def _is_new(self, cause: Item) -> bool:
        return isinstance(cause, Undecodable) or clock.to_micros(cause.recorded_at) >= self._since

    def _planned(self, cause: Item) -> Planned:
        """What cannot be planned now becomes an effect itself: to plan again."""
        try:
            return self.plan(cause)
        except TROUBLE:
            raise
        except Exception:  # a mistake in one reaction must not stop the others
            _log.exception("reaction.not_planned", reaction=self.reaction.name, position=cause.position)
            again = {"reaction": self.reaction.name, "source": self.reaction.source, "position": cause.position}
            return self._checked(cause, [Plan(PLAN_AGAIN, again, key=PLAN_AGAIN)])

    def _checked(self, cause: Item, plans: Sequence[Plan]) -> Planned:
        unknown = {plan.effect for plan in plans} - {*self._effects, PLAN_AGAIN}
        if unknown:
            raise ValueError(f"no such effect: {sorted(unknown)}")
        if len({plan.key for plan in plans}) != len(plans):
            raise ValueError("the effects of one cause need keys to tell them apart")
        origin = Origin.of(cause)
        planned = Planned([], [])
        for plan in plans:
            key = Key(f"reaction:{self.reaction.name}", f"{origin.id}:{plan.key}")
            stream = effect_stream(effect_id(self._store.name, key))
            planned.keys.append(key)
            planned.streams.append(StreamEvents(stream, 0, [self._event(plan, origin)]))
        return planned

    def _event(self, plan: Plan, origin: Origin) -> EffectPlanned:
        arguments: dict[str, Any] = msgspec.to_builtins(plan.arguments)
        names = self.reaction.name, self.reaction.source
        return EffectPlanned(plan.effect, arguments, *names, origin.id, origin.recorded_at, plan.due_at)

    def _record(self, cause: Item, planned: Planned) -> None:
        context = _context(self.reaction, Origin.of(cause))
        move = CheckpointMove(self._name, self._saved, cause.position)
        left = planned
        while left.keys:
            try:
                appended = self._store.append(Append(context, left.streams, claim=left.keys, checkpoint=move))
            except (KeyTaken, VersionConflict):
                left = self._not_taken(planned)
            else:
                self._is_saved(cause.position)
                self._tell(appended.position)
                return

    def _not_taken(self, planned: Planned) -> Planned:
        pairs = zip(planned.streams, planned.keys, strict=True)
        left = [(stream, key) for stream, key in pairs if self._store.owner(key) is None]
        return Planned([stream for stream, _ in left], [key for _, key in left])


class Planner:
    """All the reactions to one source, read once for all of them. `planned` is told the
    position of every plan."""

    def __init__(
        self,
        store: EventStore,
        source: Source,
        reactions: Sequence[Reaction],
        effects: Collection[str],
        tools: Any,
        planned: Told,
    ) -> None:
        self.source = source
        self.followers = [Follower(store, reaction, effects, tools, planned) for reaction in reactions]

    def register(self) -> None:
        head = self.source.head()
        for follower in self.followers:
            follower.register(head)

    @property
    def position(self) -> int:
        return min(follower.position for follower in self.followers)

    def step(self, stopping: threading.Event) -> None:
        """Plans for all that the source holds."""
        try:
            while self._batch() and not stopping.is_set():
                pass
        except CheckpointMoved:
            _log.info("reaction.checkpoint_moved_by_another", source=self.source.name)
            for follower in self.followers:
                follower.reload()

    def _batch(self) -> bool:
        before = self.position
        messages, end = self.source.read(before, BATCH)
        for message in messages:
            for follower in self.followers:
                follower.take(message)
        for follower in self.followers:
            follower.position = max(follower.position, end)
            follower.save()
        return end > before


def plan_again(planners: Mapping[str, Planner]) -> Effect:
    """The effect that a message becomes when its reaction failed to plan."""

    def run(arguments: Mapping[str, Any], _tools: Any, _context: Context) -> Outcome:
        planner = planners[arguments["source"]]
        [follower] = [f for f in planner.followers if f.reaction.name == arguments["reaction"]]
        position = arguments["position"]
        [cause] = [message for message in planner.source.read(position - 1, 1).messages if message.position == position]
        streams, keys = follower.plan(cause)
        return Outcome(streams, {"planned": len(streams)}, claim=keys)

    return Effect(PLAN_AGAIN, run, on_unknown="repeat")


def _context(reaction: Reaction, origin: Origin) -> Context:
    now = clock.now()
    return Context("system", f"reaction:{reaction.name}", origin.correlation_id, origin.id, now, now)


def _checkpoint(store: EventStore, name: str) -> int | None:
    query = sa.select(t.checkpoints.c.position).where(t.checkpoints.c.name == name)
    with store.database.read() as connection:
        return connection.execute(query).scalar()
