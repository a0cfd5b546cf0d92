"""Positions under concurrent writers: no holes, in the order in which they become visible."""

import random
import threading
import time

from services.kernel.store.claims import CheckpointMove, Conflict
from services.kernel.store.verify import verify
from tests.kernel.store.samples import Noted, Opened, adding, assert_dense, inn, on, record
from tests.kernel.store.tail import Tail

STREAMS = 6
FEWEST = 50  # appends, however slow the machine is


def write_until(stores, deadline, first, acknowledged):
    """Appends of one or several events to streams that others write to as well."""
    chance = random.Random(first)
    n = first
    while time.monotonic() < deadline or len(acknowledged) <= FEWEST:
        store = chance.choice(stores)
        stream = f"a:{chance.randrange(STREAMS)}"
        events = [chance.choice((Opened, Noted))(n + i) for i in range(chance.randint(1, 3))]
        version = len(store.read_stream(stream)) if chance.random() < 0.5 else -1
        claims = {"claim": [inn(str(n))], "idempotency": record(str(n))} if chance.random() < 0.5 else {}
        try:
            appended = store.append(adding(on(stream, version, *events), **claims))
        except Conflict:
            pass
        else:
            assert appended.position >= len(events)
            acknowledged += [n + i for i in range(len(events))]
        n += 3


def run_writers(stores, seconds, threads=6):
    acknowledged: list[int] = []
    deadline = time.monotonic() + seconds
    writers = [
        threading.Thread(target=write_until, args=(stores, deadline, 10_000_000 * n, acknowledged))
        for n in range(threads)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert not writer.is_alive()
    return acknowledged


def test_a_tailing_reader_sees_every_event_once_and_in_order(store):
    with Tail(store) as tail:
        acknowledged = run_writers([store], seconds=1.5)
    assert len(acknowledged) > FEWEST
    assert sorted(tail.seen) == sorted(acknowledged)
    public = [e.event.n for e in all_events(store) if isinstance(e.event, Opened)]
    assert tail.published == public
    assert assert_dense(store) == len(acknowledged)
    assert verify(store) is None


def test_two_replicas_share_one_sequence(store, replica):
    with Tail(store) as tail:
        acknowledged = run_writers([store, replica], seconds=1.5)
    assert sorted(tail.seen) == sorted(acknowledged)
    assert assert_dense(store) == len(acknowledged)
    assert verify(store) is None


def test_checkpoints_moved_alone_and_in_appends_never_overtake_each_other(store, replica):
    """Each move adds one; a lost compare-and-set would lose a step."""
    moved: list[int] = []
    deadline = time.monotonic() + 30

    def move(at, alone):
        while len(moved) < 50 and time.monotonic() < deadline:
            now = at.checkpoint("c")
            step = CheckpointMove("c", now, now + 1)
            try:
                at.move_checkpoint(step) if alone else at.append(adding(checkpoint=step))
                moved.append(now + 1)
            except Conflict:
                pass

    threads = [threading.Thread(target=move, args=(at, alone)) for at in (store, replica) for alone in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(moved) > 10
    assert sorted(moved) == list(range(1, len(moved) + 1))
    assert store.checkpoint("c") == len(moved)


def all_events(store):
    position = 0
    while page := store.read_after(position):
        yield from page
        position = page[-1].position
