"""The store in a process of greenlets, as services run: python -m tests.kernel.store.green URL TEST."""

# ruff: noqa: E402  # patched before anything else is imported
import sys

import eventlet

eventlet.monkey_patch()

import random
import time
from typing import Any

import sqlalchemy as sa
import structlog

from services.kernel import database as database_module
from services.kernel.store.claims import ANY_VERSION, Append, Conflict
from services.kernel.store.store import EventStore
from services.kernel.store.verify import verify
from tests.kernel.store.samples import (
    Noted,
    Opened,
    adding,
    all_numbers,
    assert_dense,
    inn,
    numbers,
    on,
    one,
    open_sample,
    record,
)

SLOW = """
CREATE OR REPLACE FUNCTION store.slow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF new.stream LIKE 'slow:%' THEN PERFORM pg_sleep(0.3); END IF;
  RETURN new;
END $$;
CREATE OR REPLACE TRIGGER slow BEFORE INSERT ON store.events FOR EACH ROW EXECUTE FUNCTION store.slow();
"""


def assert_usable(store: EventStore) -> None:
    """Nothing waits, no connection is missing from the pool, and the store takes appends."""
    pool: Any = store.engine.pool
    assert pool.checkedout() <= 1
    assert not store._writer._gathered
    store.append(one("after:1", ANY_VERSION, -1))
    assert_dense(store)
    assert verify(store) is None


def spawn(call, *arguments):
    return eventlet.spawn(call, *arguments)


def outcome(store, append, seconds=None):
    """What the append came to; the Timeout when it was killed."""
    try:
        with eventlet.Timeout(seconds):
            return store.append(append)
    except (Conflict, eventlet.Timeout) as error:
        return type(error).__name__


class Callers:
    """Callers that are killed within a few milliseconds, before, while and after they write."""

    def __init__(self, store: EventStore) -> None:
        self.tried: list[int] = []
        self.acknowledged: list[int] = []
        self._store = store

    def run(self, number: int, appends: int) -> None:
        for caller in [spawn(self._call, 1000 * n, appends) for n in range(number)]:
            caller.wait()

    def _call(self, first: int, appends: int) -> None:
        for n in range(first, first + 1000):
            if len(self.tried) >= appends:
                return
            self.tried.append(n)
            limit = random.choice([0.0005, 0.002, 0.005, 0.02, None])
            if not isinstance(outcome(self._store, self._append(n), limit), str):
                self.acknowledged.append(n)

    def _append(self, n: int) -> Append:
        """Every fourth also adds to a stream that is shared, and goes the careful way."""
        shared = [on(f"shared:{n % 5}", ANY_VERSION, Noted(n))] if n % 4 == 0 else []
        return adding(on(f"own:{n}", 0, Opened(n)), *shared, claim=[inn(str(n))], idempotency=record(str(n)))


def killed_at_any_moment(store: EventStore) -> None:
    callers, ticks = Callers(store), []

    def tick():
        while True:
            ticks.append(1)
            eventlet.sleep(0.001)

    ticker, began = spawn(tick), time.monotonic()
    callers.run(40, 1500)
    ticker.kill()
    assert len(ticks) > 50 * (time.monotonic() - began), "the others were kept waiting"
    found = all_numbers(store)
    assert not set(callers.acknowledged) - set(found)
    assert not set(found) - set(callers.tried)
    assert len(found) == sum(1 if n % 4 else 2 for n in set(found)), "something is there twice"
    assert 100 < len(callers.acknowledged) < len(callers.tried)
    assert_usable(store)


def killed_while_the_server_writes(store: EventStore) -> None:
    """The followers of a killed writer get their answers, and its own is there at most once."""
    with store.database.write() as connection:
        connection.execute(sa.text(SLOW))
    for expected in (0, ANY_VERSION):  # the quick way and the careful way
        base = store.head().position
        slow = spawn(outcome, store, one(f"slow:{base}", expected, 1), 0.1)
        eventlet.sleep(0.05)
        followers = [spawn(outcome, store, one(f"f:{base}:{n}", expected, n), 5) for n in range(5)]
        assert slow.wait() == "Timeout"
        assert [f.wait().versions for f in followers] == [{f"f:{base}:{n}": 1} for n in range(5)]
        assert len(store.read_stream(f"slow:{base}")) <= 1
        assert [numbers(store, f"f:{base}:{n}") for n in range(5)] == [[n] for n in range(5)]
    # killed with followers in its own batch
    with store._writer.hold():
        group = [spawn(outcome, store, one("slow:9", 0, 0), 0.2)]
        group += [spawn(outcome, store, one(f"g:{n}", 0, n), 5) for n in range(5)]
        eventlet.sleep(0.05)
    assert group[0].wait() == "Timeout"
    assert [f.wait().versions for f in group[1:]] == [{f"g:{n}": 1} for n in range(5)]
    assert [numbers(store, f"g:{n}") for n in range(5)] == [[n] for n in range(5)]
    assert_usable(store)


def killed_while_waiting(store: EventStore) -> None:
    """Who gives up while the store is held is not written afterwards."""
    with store.hold():
        waiting = [spawn(outcome, store, one(f"a:{n}", 0, n), 0.05 if n % 2 else 5) for n in range(10)]
        eventlet.sleep(0.2)
    results = [each.wait() for each in waiting]
    assert [r == "Timeout" for r in results] == [bool(n % 2) for n in range(10)]
    assert sorted(all_numbers(store)) == [0, 2, 4, 6, 8]
    assert_usable(store)


def a_killed_holder_lets_go(store: EventStore) -> None:
    def hold():
        with store.hold():
            eventlet.sleep(60)

    holder = spawn(hold)
    eventlet.sleep(0.1)
    waiting = spawn(outcome, store, one("a:1", 0), 5)
    eventlet.sleep(0.05)
    holder.kill()
    assert waiting.wait().position == 1


def killed_readers_give_their_connections_back(store: EventStore) -> None:
    store.append(adding(on("a:1", 0, *(Opened(n) for n in range(500)))))

    def read():
        with eventlet.Timeout(random.random() * 0.005, False):
            store.read_after(0)

    for _ in range(20):
        for reader in [spawn(read) for _ in range(10)]:
            reader.wait()
    assert_usable(store)


def readers_cut_off_give_their_connections_back(store: EventStore) -> None:
    """Cut after the last answer, so that nobody has noticed when the connection goes back."""
    database_module.TRUSTED_SECONDS = -1
    other = open_sample(sys.argv[1])
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = :name"
    for _ in range(40):
        with store.database.read() as connection:
            connection.execute(sa.text("SELECT 1")).all()
            with other.database.read() as cutting:
                cutting.execute(sa.text(cut), {"name": other.database.url.database})
            eventlet.sleep(0.005)
    other.database.close()
    assert_usable(store)


def main() -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    store = open_sample(sys.argv[1])
    store.append(adding())
    with eventlet.Timeout(60):
        globals()[sys.argv[2]](store)
    print("passed")


if __name__ == "__main__":
    main()
