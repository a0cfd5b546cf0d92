"""What only a server can do to a store: lose connections, stall, be written to by others."""

import threading
import time

import pytest
import sqlalchemy as sa

from services.kernel import database as database_module
from services.kernel.store import postgres as postgres_module
from services.kernel.store.claims import (
    AlreadyDone,
    Appended,
    CheckpointMove,
    KeyTaken,
    OutcomeUnknown,
    StoreUnavailable,
    StreamEvents,
    VersionConflict,
)
from services.kernel.store.postgres import PostgresBatches
from services.kernel.store.verify import verify
from tests.kernel.store.proxy import proxied
from tests.kernel.store.samples import Opened, adding, assert_dense, inn, numbers, on, one, open_sample, record
from tests.kernel.store.together import together

QUICK, COMMIT = b"store.demand(", b"COMMIT"


@pytest.fixture
def line(database):
    """The proxy between the store under test and its server."""
    with proxied(database) as (proxy, url):
        proxy.url = url  # type: ignore[attr-defined]  # for the fixture below
        yield proxy


@pytest.fixture
def store(line):
    store = open_sample(line.url)
    store.append(one("begun:1", 0, claim=[inn("taken")], idempotency=record("done")))
    yield store
    store.database.close()


@pytest.fixture
def other(store, database):
    """A replica with a good connection."""
    other = open_sample(database)
    yield other
    other.database.close()


APPENDS = {
    "events": (QUICK, one("a:1", 0, 1)),
    "events and claims": (QUICK, one("a:1", 0, 1, claim=[inn("1")], idempotency=record("1"))),
    "several events and a demand": (QUICK, adding(on("a:1", 0, Opened(1), Opened(2)), StreamEvents("begun:1", 1))),
    "events the careful way": (COMMIT, one("a:1", -1, 1, claim=[inn("1")])),
    "a checkpoint": (COMMIT, adding(StreamEvents("begun:1", 1), checkpoint=CheckpointMove("c", 0, 5))),
    "claims only": (COMMIT, adding(StreamEvents("begun:1", 1), claim=[inn("1")], release=[inn("taken")])),
    "a record only": (COMMIT, adding(StreamEvents("begun:1", 1), idempotency=record("1"))),
}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("what", APPENDS)
def test_a_lost_connection_is_settled_and_the_append_written_once(line, store, what, when):
    text, append = APPENDS[what]
    line.cut(text, when)
    appended = store.append(append)
    assert line.cut_count == 1
    events = sum(len(s.events) for s in append.streams)
    assert appended.position == store.head().position == 1 + events
    for stream in append.streams:
        assert appended.versions[stream.stream] == len(store.read_stream(stream.stream))
    assert all(store.owner(key) == append.streams[0].stream for key in append.claim)
    assert store.checkpoint("c") == (5 if append.checkpoint else 0)
    assert (store.done("principal", "1") is not None) == (append.idempotency is not None)
    assert verify(store) is None
    store.append(one("a:9", 0))


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("text", [QUICK, COMMIT])
def test_a_batch_in_doubt_is_settled_for_each_of_its_callers(line, store, text, when):
    bad = [one("begun:1", 0), one("a:8", 0, claim=[inn("taken")]), one("a:9", 0, idempotency=record("done"))]
    line.cut(text, when)
    results = together(
        store,
        [
            one("a:1", 0, 1, idempotency=record("1")),
            *(bad if text == COMMIT else []),
            adding(StreamEvents("a:1", 1), claim=[inn("1")]),
            one("a:2", 0, 2),
        ],
    )
    assert line.cut_count == 1
    refusals = [type(result) for result in results[1:-2]]
    assert refusals == ([VersionConflict, KeyTaken, AlreadyDone] if text == COMMIT else [])
    admitted = [result for result in results if isinstance(result, Appended)]
    assert [result.position for result in admitted] == [2, 2, 3]
    assert (numbers(store, "a:1"), numbers(store, "a:2"), store.owner(inn("1"))) == ([1], [2], "a:1")
    assert assert_dense(store) == 3


def test_a_connection_lost_twice_in_a_row_changes_nothing(line, store):
    for text, when in ((QUICK, "after"), (b"pg_advisory_xact_lock", "before"), (b"pg_advisory_xact_lock", "after")):
        line.cut(text, when)
    assert store.append(one("a:1", 0, 1, claim=[inn("1")])).position == 2
    assert line.cut_count == 3
    assert numbers(store, "a:1") == [1]
    for text, when in ((QUICK, "before"), (COMMIT, "before"), (COMMIT, "before"), (COMMIT, "after")):
        line.cut(text, when)
    assert store.append(one("a:1", 1, 2)).position == 3
    assert line.cut_count == 7
    assert assert_dense(store) == 3


def test_a_server_that_was_not_told_lets_the_lock_go(line, store, monkeypatch):
    """The transaction stands idle under the lock, and nobody will ever end it."""
    monkeypatch.setattr(postgres_module, "LOCK_IDLE", "500ms")
    line.half_open = True
    line.cut(b"pg_advisory_xact_lock", "after")
    assert store.append(one("a:1", -1, 1)).position == 2
    assert line.cut_count == 1


def test_a_rival_that_came_while_the_connection_was_lost_wins(line, store, other):
    line.cut(QUICK, "before")
    other.append(one("a:1", 0, 7))
    with pytest.raises(VersionConflict):
        store.append(one("a:1", 0, 1))
    assert numbers(store, "a:1") == [7]


def test_a_request_that_comes_after_it_was_given_up_changes_nothing(line, store):
    line.cut(QUICK, "late")
    assert store.append(one("a:1", 0, 1)).position == 2
    line.deliver_late()
    assert numbers(store, "a:1") == [1]
    assert store.append(one("a:1", 1, 2)).position == 3
    assert assert_dense(store) == 3


def test_a_commit_still_on_its_way_is_waited_for(line, store):
    line.cut(COMMIT, "late")
    delivery = threading.Timer(0.5, line.deliver_late)
    delivery.start()
    assert store.append(one("a:1", -1, 1, claim=[inn("1")])).position == 2
    delivery.join()
    assert (numbers(store, "a:1"), store.owner(inn("1"))) == ([1], "a:1")


def test_all_idle_connections_lost_at_once_are_not_noticed(line, store):
    for n in range(3):
        line.drop_all()
        assert store.append(one("a:1", n, n)).versions == {"a:1": n + 1}
    assert store.read_after(0)
    assert assert_dense(store) == 4


def test_what_was_never_sent_is_not_called_unknown(line, store, monkeypatch):
    monkeypatch.setattr(database_module, "TRUSTED_SECONDS", -1)
    monkeypatch.setattr(postgres_module, "PATIENCE", 0.3)
    line.refusing = True
    line.drop_all()
    results = together(store, [one("a:1", 0, 1), one("a:2", 0, 2)])
    assert [type(result) for result in results] == [StoreUnavailable, StoreUnavailable]
    line.refusing = False
    assert store.append(one("a:1", 0, 1)).position == 2
    assert assert_dense(store) == 2


@pytest.mark.parametrize(("when", "events"), [("before", 0), ("after", 1)])
def test_the_outcome_is_unknown_when_the_server_is_gone_after_the_request(
    line, store, other, monkeypatch, when, events
):
    monkeypatch.setattr(postgres_module, "PATIENCE", 0.3)
    line.cut(QUICK, when)
    line.refusing = True
    with pytest.raises(OutcomeUnknown):
        store.append(one("a:1", 0, 1, idempotency=record("1")))
    assert len(other.read_stream("a:1")) == events
    line.refusing = False
    repeated = one("a:1", 0, 1, idempotency=record("1"))
    if events:
        with pytest.raises(AlreadyDone):
            store.append(repeated)
    else:
        store.append(repeated)
    assert numbers(store, "a:1") == [1]


def test_a_head_that_another_replica_moved_is_found_stale(store, other):
    for n in range(4):
        other.append(one("b:1", n, n))
        assert store.append(one("a:1", n, n)).position == 2 * n + 3
    assert verify(store) is None


def test_the_quick_way_is_taken_again_after_the_careful_one(store, other, monkeypatch):
    other.append(one("b:1", 0))
    store.append(one("a:1", 0))
    monkeypatch.setattr(PostgresBatches, "_carefully", None)
    assert store.append(one("a:1", 1)).position == 4


def test_a_head_replaced_behind_its_back_is_found_by_its_hash(store, other):
    """As after a restore under a running process: the same position, another event."""
    store.append(one("a:1", 0, 1))
    with other.database.write() as connection:
        connection.execute(sa.text("DELETE FROM store.events WHERE position = 2"))
    other.append(one("a:2", 0, 2))
    assert store.append(one("a:3", 0, 3)).position == 3
    assert verify(store) is None


def test_a_store_held_for_too_long_refuses_and_writes_nothing_later(database, monkeypatch):
    monkeypatch.setattr(postgres_module, "PATIENCE", 0.2)
    holder = open_sample(database)
    monkeypatch.setattr(database_module, "STATEMENT_TIMEOUT_MS", 200)
    store = open_sample(database)
    store.append(one("begun:1", 0))
    with holder.hold():
        with pytest.raises(StoreUnavailable):
            store.append(one("a:1", 0, 1))
        with pytest.raises(StoreUnavailable):
            store.append(one("a:1", -1, 2))
    time.sleep(0.3)
    assert store.head().position == 1
    assert store.append(one("a:1", 0, 3)).position == 2
    for each in (store, holder):
        each.database.close()


def test_the_server_decides_at_the_isolation_the_store_counts_on(database):
    name = sa.engine.make_url(database).database
    connection = sa.create_engine(database, isolation_level="AUTOCOMMIT").connect()
    connection.execute(sa.text(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'"))
    store = open_sample(database)
    with store.database.read() as reading:
        assert reading.execute(sa.text("SHOW default_transaction_isolation")).scalar() == "read committed"
    connection.execute(sa.text(f"ALTER DATABASE {name} RESET default_transaction_isolation"))
    connection.close()
    store.database.close()
