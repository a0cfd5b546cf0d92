"""While a store is held, nobody appends."""

import threading
import time

import pytest
import sqlalchemy as sa

from services.kernel.store.claims import CheckpointMove
from tests.kernel.store.samples import one


def appending(store, stream):
    done = threading.Event()

    def call():
        store.append(one(stream, 0))
        done.set()

    threading.Thread(target=call, daemon=True).start()
    return done


def test_a_held_store_takes_no_append_of_this_process(store):
    with store.hold():
        done = appending(store, "a:1")
        assert not done.wait(0.2)
        assert store.head().position == 0
    assert done.wait(5)
    assert store.head().position == 1


def test_a_held_store_takes_no_append_of_another_process(pg_store, pg_replica):
    pg_replica.append(one("a:0", 0))
    with pg_store.hold():
        done = appending(pg_replica, "a:1")
        assert not done.wait(0.2)
        assert pg_store.head().position == 1
    assert done.wait(5)


def test_reading_and_checkpoints_go_on_while_held(store):
    store.append(one("a:1", 0))
    with store.hold():
        assert len(store.read_after(0)) == 1
        assert store.public_after(0).end == 1
        store.move_checkpoint(CheckpointMove("c", 0, 1))
    store.append(one("a:1", 1))


def test_a_failure_inside_lets_go(store, replica):
    with pytest.raises(ZeroDivisionError), store.hold():
        raise ZeroDivisionError
    store.append(one("a:1", 0))
    replica.append(one("a:1", 1))


def test_holders_wait_for_each_other(pg_store, pg_replica):
    order = []

    def hold():
        with pg_replica.hold():
            order.append("second")

    with pg_store.hold():
        second = threading.Thread(target=hold)
        second.start()
        time.sleep(0.2)
        order.append("first")
    second.join(5)
    assert order == ["first", "second"]


def test_a_holder_that_lost_the_database_is_told(pg_store, pg_replica):
    """The lock went with the connection: what was done under it may not have been alone."""
    terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'"
    with pytest.raises(sa.exc.OperationalError), pg_store.hold():
        with pg_replica.database.read() as connection:
            connection.execute(sa.text(terminate))
        pg_replica.append(one("a:1", 0))
    pg_store.append(one("a:1", 1))
