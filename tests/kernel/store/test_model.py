"""Any sequence of calls: the store does what a plain model of it does, on both databases."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from services.kernel.store.claims import ANY_VERSION, Append, CheckpointMove, Conflict, Key
from services.kernel.store.store import EventStore
from services.kernel.store.tables import epochs, metadata
from services.kernel.store.verify import verify
from tests.kernel.store.model import Model
from tests.kernel.store.samples import Noted, Opened, adding, on, open_sample, record
from tests.kernel.store.together import together

STREAMS = st.sampled_from(["a:1", "a:2", "b:1"])
KEYS = st.lists(st.builds(Key, st.sampled_from(["inn", "phone"]), st.sampled_from(["1", "2"])), max_size=2)
EVENTS = st.lists(st.builds(Opened, st.integers(0, 9)) | st.builds(Noted, st.integers(0, 9)), max_size=3)
RIGHT, ANY, WRONG = "right", "any", "wrong"
# mostly what a decision would ask for, so that the quick way is taken often
EXPECTED = st.sampled_from([RIGHT] * 6 + [ANY, WRONG])
PARTS = st.lists(st.tuples(STREAMS, EXPECTED, EVENTS), max_size=3)
SOMETIMES_KEYS: st.SearchStrategy[list[Key]] = st.just([]) | KEYS
RECORDS = st.none() | st.sampled_from(["k1", "k2", "k3", "k4"])
MOVES = st.none() | st.tuples(st.sampled_from(["c", "d"]), st.sampled_from([0, 1]), st.integers(1, 9))
WISHES = st.tuples(PARTS, SOMETIMES_KEYS, SOMETIMES_KEYS, RECORDS, MOVES)


def outcome(call: Callable[[], Any]) -> Any:
    """What a call answers, or the kind of its refusal."""
    try:
        return call()
    except Conflict as conflict:
        return type(conflict)


class Machine(RuleBasedStateMachine):
    url: str

    def __init__(self) -> None:
        super().__init__()
        with contextlib.closing(open_sample(self.url).database) as database, database.write() as connection:
            for table in metadata.sorted_tables:
                connection.execute(sa.delete(table))
        self.stores = [open_sample(self.url), open_sample(self.url)]
        self.model = Model()
        self.epochs = [self.store_of(0).epoch]

    def store_of(self, number: int) -> EventStore:
        return self.stores[number]

    def append_of(self, wish: Any, ahead: Model) -> Append:
        """The append as its caller would make it, who sees the streams as they stand in `ahead`."""
        parts, claim, release, key, move = wish
        streams = []
        for stream, expected, events in parts:
            version = {RIGHT: ahead.version(stream), ANY: ANY_VERSION, WRONG: ahead.version(stream) + 1}[expected]
            streams.append(on(stream, version, *events))
        checkpoint = None
        if move:
            name, off, new = move
            checkpoint = CheckpointMove(name, ahead.checkpoints.get(name, 0) + off, new)
        idempotency = record(key) if key else None
        return adding(*streams, claim=claim, release=release, idempotency=idempotency, checkpoint=checkpoint)

    @rule(wish=WISHES, number=st.integers(0, 1))
    def append(self, wish: Any, number: int) -> None:
        append = self.append_of(wish, self.model)
        expected = self.model.append(append)
        assert outcome(lambda: self.store_of(number).append(append)) == expected

    @rule(wishes=st.lists(WISHES, min_size=2, max_size=5), number=st.integers(0, 1))
    def append_together(self, wishes: Any, number: int) -> None:
        appends, expected = [], []
        for wish in wishes:
            appends.append(self.append_of(wish, self.model))
            expected.append(self.model.append(appends[-1]))
        results = together(self.store_of(number), appends)
        assert [type(r) if isinstance(r, Exception) else r for r in results] == expected

    @rule(name=st.sampled_from(["c", "d"]), old=st.integers(0, 9), new=st.integers(1, 9), number=st.integers(0, 1))
    def move_checkpoint(self, name: str, old: int, new: int, number: int) -> None:
        move = CheckpointMove(name, old, new)
        expected = self.model.moves_wrongly(move)
        assert outcome(lambda: self.store_of(number).move_checkpoint(move)) == expected
        if expected is None:
            self.model.checkpoints[name] = new

    @rule()
    def restore_and_open_again(self) -> None:
        """A new epoch begins while no other process runs, as after a restore."""
        self.close()
        alone = open_sample(self.url)
        self.epochs.append(alone.begin_epoch().epoch)
        self.model.epochs.append(self.model.head)
        alone.database.close()
        self.stores = [open_sample(self.url), open_sample(self.url)]

    @rule(number=st.integers(0, 1))
    def open_again(self, number: int) -> None:
        self.store_of(number).database.close()
        self.stores[number] = open_sample(self.url)

    @rule(number=st.integers(0, 1), after=st.integers(0, 5), limit=st.integers(1, 5))
    def read(self, number: int, after: int, limit: int) -> None:
        store, events = self.store_of(number), self.model.events
        assert [e.position for e in store.read_after(after, limit)] == list(range(1, len(events) + 1))[after:][:limit]
        for stream in ("a:1", "b:1"):
            own = [(version, event) for name, version, event in events if name == stream]
            assert [(e.version, e.event) for e in store.read_stream(stream, after)] == own[after:]

    @rule(number=st.integers(0, 1), limit=st.integers(1, 5))
    def follow(self, number: int, limit: int) -> None:
        store, end, seen, tails = self.store_of(number), 0, [], []
        while end < self.model.head:
            batch = store.public_after(end, limit)
            assert batch.end > end
            seen += [(m.position, m.previous, self.epochs.index(m.epoch)) for m in batch.messages]
            tails += [batch.tail] if batch.tail else []
            end = batch.end
        assert seen == self.model.public()
        last = seen[-1][0] if seen else 0
        assert [(t.position, t.previous) for t in tails] == ([(end, last)] if end > last else [])

    @invariant()
    def all_is_as_in_the_model(self) -> None:
        store = self.store_of(0)
        recorded = store.read_after(0)
        assert [(e.stream, e.version, e.event) for e in recorded] == self.model.events
        assert [e.position for e in recorded] == list(range(1, self.model.head + 1))
        assert store.head().position == self.model.head
        for key in (Key(scope, key) for scope in ("inn", "phone") for key in ("1", "2")):
            assert store.owner(key) == self.model.owners.get(key)
        for record_key in ("k1", "k2", "k3", "k4"):
            assert store.done("principal", record_key) == self.model.done.get(("principal", record_key))
        for name in ("c", "d"):
            assert store.checkpoint(name) == self.model.checkpoints.get(name, 0)

    def close(self) -> None:
        for store in self.stores:
            store.database.close()

    def teardown(self) -> None:
        with self.store_of(0).database.read() as connection:
            query = sa.select(epochs.c.since).order_by(epochs.c.started_at)
            assert list(connection.execute(query).scalars()) == self.model.epochs
        assert verify(self.store_of(0)) is None
        self.close()


@pytest.mark.parametrize("examples", [6, pytest.param(100, marks=pytest.mark.long)])
def test_the_store_does_what_its_model_does(any_database, examples):
    class OnThisDatabase(Machine):
        url = any_database

    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
