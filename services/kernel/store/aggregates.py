"""Aggregates: the state a decision needs, folded from its stream."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by SQLite as well

from services.kernel.errors import NotFound
from services.kernel.events import PersonKey
from services.kernel.ids import new_id
from services.kernel.keyring import Destroyed
from services.kernel.store import tables as t
from services.kernel.store.store import EventStore

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Aggregate(Generic[S]):
    """How streams of one kind are folded.

    `evolve(None, first_event)` gives the first state. With `snapshot_every` above 0 the
    state is kept each so many events; `shape` is changed whenever the state's fields or
    their meaning change, and older snapshots are then passed over. `person` names whose
    key seals the snapshot where the state holds personal fields.
    """

    kind: str
    state: type[S]
    evolve: Callable[[S | None, Any], S]
    snapshot_every: int = 0
    shape: str = "1"
    person: Callable[[S], PersonKey | None] = lambda _state: None

    def stream(self, id: str) -> str:
        return f"{self.kind}:{id}"


@dataclass(frozen=True, slots=True)
class Loaded(Generic[S]):
    """A state and where its stream stands; a decision on it is appended at that version."""

    id: str
    stream: str
    version: int
    state: S


def load(store: EventStore, aggregate: Aggregate[S], id: str) -> Loaded[S]:
    """The current state; raises `NotFound` when the stream was never begun."""
    stream = aggregate.stream(id)
    kept = _snapshot(store, aggregate, stream) if aggregate.snapshot_every else None
    state, version = kept or (None, 0)
    events = store.read_stream(stream, after_version=version)
    for recorded in events:
        state = aggregate.evolve(state, recorded.event)
    if state is None:
        raise NotFound(what=aggregate.kind, id=id)
    now_at = events[-1].version if events else version
    if aggregate.snapshot_every and now_at - version >= aggregate.snapshot_every:
        _keep(store, aggregate, stream, now_at, state)
    return Loaded(id, stream, now_at, state)


def _snapshot(store: EventStore, aggregate: Aggregate[S], stream: str) -> tuple[S, int] | None:
    """The kept state, unless it has another shape or its person was forgotten."""
    with store.database.read() as connection:
        row = connection.execute(sa.select(t.snapshots).where(t.snapshots.c.stream == stream)).first()
    if row is None or row.shape != aggregate.shape:
        return None
    if row.person is None:
        return msgspec.json.decode(row.state, type=aggregate.state), row.version
    opened = store.sealer.unseal(row.id, PersonKey.parse(row.person), row.state) if store.sealer else None
    return (msgspec.convert(opened["state"], aggregate.state), row.version) if opened else None


def _keep(store: EventStore, aggregate: Aggregate[S], stream: str, version: int, state: S) -> None:
    id = new_id()
    person = aggregate.person(state)
    body = msgspec.json.encode(state).decode() if person is None else _sealed(store, id, person, state)
    if body is None:
        return
    row = {"version": version, "shape": aggregate.shape, "id": id, "person": person and str(person), "state": body}
    c = t.snapshots.c
    older = sa.or_(c.version < version, c.shape != aggregate.shape)
    upsert = insert(t.snapshots).values(stream=stream, **row)
    with store.database.write() as connection:
        connection.execute(upsert.on_conflict_do_update(index_elements=[c.stream], set_=row, where=older))


def _sealed(store: EventStore, id: str, person: PersonKey, state: Any) -> str | None:
    """None for a forgotten person, of whom nothing is kept."""
    if store.sealer is None:
        raise RuntimeError("a snapshot of a person needs a keyring")
    try:
        return store.sealer.seal(id, person, {"state": msgspec.to_builtins(state)})
    except Destroyed:
        return None
