"""A small post office: orders come in, letters go out, and a bank that it hears."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from services.kernel import clock
from services.kernel.context import Context
from services.kernel.events import Registry, event
from services.kernel.ids import new_id
from services.kernel.message import Message
from services.kernel.projections import Projections, ReceivedSource, Source, StoreSource
from services.kernel.reactions import KERNEL_EVENTS, Effect, Outcome, Plan, Reaction, Reactions, due_effects
from services.kernel.reactions.due import effects as table
from services.kernel.reactions.state import load_effect
from services.kernel.signal import Signal
from services.kernel.store import tables as store_tables
from services.kernel.store.claims import ANY_VERSION, Append, StreamEvents
from services.kernel.store.store import open_store
from services.kernel.views import open_views


@event("OrderPlaced")
@dataclass(frozen=True, slots=True)
class OrderPlaced:
    title: str


@event("LetterSent")
@dataclass(frozen=True, slots=True)
class LetterSent:
    order_id: str


@event("LetterLost")
@dataclass(frozen=True, slots=True)
class LetterLost:
    error: str


REGISTRY = Registry([OrderPlaced, LetterSent, LetterLost, *KERNEL_EVENTS])


def context() -> Context:
    now = clock.now()
    return Context("tester", "tester", new_id(), "-", now, now + timedelta(seconds=60))


class Outside:
    """The world, which cannot be taken back: what was done, and under which idempotency key."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str]] = []
        self._lock = threading.Lock()

    def do(self, what: str, context: Context) -> None:
        with self._lock:
            self.done.append((what, context.idempotency_key or ""))

    @property
    def things(self) -> list[str]:
        return [what for what, _key in self.done]


def plan_letter(placed: Any, _tools: Any) -> Sequence[Plan]:
    return [Plan("send", {"order_id": placed.subject})]


LETTERS = Reaction("letters", "office", {"OrderPlaced": plan_letter})


def sending(outside: Outside, **options: Any) -> Effect:
    """An effect that always goes well, unless the options say otherwise."""

    def send(arguments: Mapping[str, Any], _tools: Any, context: Context) -> Outcome:
        outside.do(arguments["order_id"], context)
        sent = StreamEvents(f"letter:{arguments['order_id']}", ANY_VERSION, [LetterSent(arguments["order_id"])])
        return Outcome([sent], {"sent": arguments["order_id"]})

    chosen: dict[str, Any] = {"run": send, "on_unknown": "leave"} | options
    return Effect("send", **chosen)


class Bank:
    """A log of received messages, kept in memory."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.signal = Signal()

    def pay(self, order_id: str, recorded_at: datetime | None = None) -> None:
        at = recorded_at or clock.now()
        position = self.signal.value + 1
        message = Message(
            id=f"bank-{position}",
            source="bank",
            type="PaymentReceived",
            subject=order_id,
            data={},
            epoch="e",
            position=position,
            previous=position - 1,
            version=1,
            schema_version=1,
            occurred_at=at,
            recorded_at=at,
            actor="-",
            correlation_id="story",
            causation_id="-",
        )
        self.messages.append(message)
        self.signal.notify(position)

    def after(self, source: str, position: int, limit: int = 1000) -> Sequence[Message]:
        return [m for m in self.messages if m.position > position][:limit]

    def head(self, source: str) -> int:
        return self.signal.value

    def received(self, source: str) -> Signal:
        return self.signal


class Office:
    """One process of the service: store, read models and whatever reactions a test gives it."""

    def __init__(self, store_url: str, views_url: str, bank: Bank | None = None) -> None:
        self.store = open_store(store_url, "office", REGISTRY)
        self.views = open_views(views_url)
        self.sources: list[Source] = [
            StoreSource(self.store),
            ReceivedSource(bank or Bank(), "bank", lambda message: message),
        ]
        self.projections = Projections(self.views, [due_effects("office")], self.sources, self.store.epoch)
        self.projections.start()
        self._started: list[Reactions] = []

    def reactions(
        self, effects: Sequence[Effect], reactions: Sequence[Reaction] = (LETTERS,), **more: Any
    ) -> Reactions:
        """Not started yet."""
        options: dict[str, Any] = {"tools": None, "execute": None, **more}
        made = Reactions(
            self.store,
            {source.name: source for source in self.sources},
            reactions=reactions,
            effects=effects,
            read=self.views.connect,
            wait=partial(self.projections.wait, "office"),
            **options,
        )
        self._started.append(made)
        return made

    def start(self, effects: Sequence[Effect], reactions: Sequence[Reaction] = (LETTERS,), **more: Any) -> Reactions:
        made = self.reactions(effects, reactions, **more)
        made.start()
        return made

    def place(self, *order_ids: str) -> None:
        for order_id in order_ids:
            self.append(f"order:{order_id}", OrderPlaced(order_id))

    def append(self, stream: str, *events: Any) -> int:
        return self.store.append(Append(context(), [StreamEvents(stream, ANY_VERSION, events)])).position

    def traces(self) -> dict[str, list[str]]:
        """What happened to each effect, by the order or else the position it was planned for."""
        told: dict[str, list[str]] = {}
        for stream in self.planned():
            trace = self.store.read_stream(stream)
            arguments = trace[0].event.arguments
            told[str(arguments.get("order_id", arguments.get("position")))] = [recorded.type for recorded in trace]
        return told

    def planned(self) -> list[str]:
        """The streams of all effects."""
        e = store_tables.events.c
        query = sa.select(e.stream).where(e.type == "EffectPlanned").order_by(e.position)
        with self.store.database.read() as connection:
            return list(connection.execute(query).scalars())

    def open(self) -> dict[str, tuple[str, bool]]:
        """The table of effects that are not over: stage, and whether it is to be taken up by itself."""
        assert self.projections.wait("office", self.store.head().position, 10)
        with self.views.connect() as connection:
            return {row.id: (row.stage, row.due_at is not None) for row in connection.execute(sa.select(table))}

    def check_table(self) -> None:
        """The table says the same as the streams."""
        shown = self.open()
        for stream in self.planned():
            state = load_effect(self.store, stream.removeprefix("effect:"))
            assert state is not None
            expected = None if state.stage == "done" else (state.stage, state.due_at is not None)
            assert shown.get(state.id) == expected

    def close(self) -> None:
        for reactions in self._started:
            reactions.stop()
        self.projections.stop()
        self.views.close()
        self.store.database.close()


def eventually(condition: Callable[[], bool], timeout: float = 10) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.01)
