"""Processes and servers killed under load: acknowledged is there, nothing is there by half."""

import contextlib
import random
import time
from collections import Counter

import pytest
import sqlalchemy as sa

from tests.kernel.store.history import Load, assert_true, pause
from tests.kernel.store.own_server import own_server
from tests.kernel.store.samples import all_numbers, one, open_sample
from tests.kernel.store.tail import Tail
from tests.servers.fixtures import require
from tests.servers.postgres import missing


@pytest.fixture
def start():
    """Starts a process under load; whatever becomes of the test, it is ended."""
    loads: list[Load] = []

    def start(*arguments):
        loads.append(Load(*arguments))
        return loads[-1]

    yield start
    for load in loads:
        load.kill()


@pytest.mark.parametrize("options", [(), ("green",)], ids=["threads", "greenlets"])
def test_a_writer_killed_at_full_load_loses_nothing_acknowledged(any_database, start, options):
    open_sample(any_database).database.close()
    loads = []
    for round in range(2):
        load = start(any_database, round, 8, *options)
        load.wait_for(150 + 37 * round)
        load.kill()
        assert not load.ended
        loads.append(load)
    store = open_sample(any_database)
    counts = assert_true(store, loads)
    assert len(counts) >= 337
    store.append(one("after:1", 0, -1))
    store.database.close()


@pytest.fixture(scope="module")
def server():
    require(missing())
    with own_server() as server:
        yield server


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.long)])
def test_a_killed_server_loses_nothing_acknowledged_and_writers_go_on(server, start, kills):
    with contextlib.closing(open_sample(server.url).database) as fresh, fresh.write() as connection:
        connection.execute(sa.text("TRUNCATE store.events, store.claims, store.idempotency"))
    loads = [start(server.url, 1, 4), start(server.url, 2, 8, "green")]
    for round in range(kills):
        for load in loads:
            load.wait_for(80 + 30 * (round % 4))
        server.kill()
        server.start()
    for load in loads:
        load.wait_for(50)
        load.stop()
    store = open_sample(server.url)
    assert_true(store, loads)
    assert not [what for load in loads for what in load.others.values()]
    store.database.close()


PAUSES_AND_ROLLBACKS = """
CREATE FUNCTION store.disturb() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF random() < 0.02 THEN PERFORM pg_sleep(random() * 0.02); END IF;
  IF random() < 0.02 THEN RAISE EXCEPTION 'disturbed' USING ERRCODE = 'serialization_failure'; END IF;
  IF random() < 0.01 THEN RAISE EXCEPTION 'disturbed'; END IF;
  RETURN new;
END $$;
CREATE TRIGGER disturb BEFORE INSERT ON store.events FOR EACH ROW EXECUTE FUNCTION store.disturb();
"""

CUT_ONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE '%store.%' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1
"""


@pytest.mark.parametrize("rounds", [15, pytest.param(400, marks=pytest.mark.long)])
def test_replicas_under_every_disturbance_keep_one_sequence(database, start, rounds):
    """Pauses and rollbacks inside the transactions, connections cut, processes stopped and
    killed, while a reader follows: it sees each event once, in order."""
    store = open_sample(database)
    with store.database.write() as connection:
        connection.execute(sa.text(PAUSES_AND_ROLLBACKS))
    with Tail(store) as tail:
        loads = [start(database, n, 4, *options) for n, options in enumerate([(), (), ("green",)])]
        for load in loads:
            load.wait_for(5)
        disturb(store, loads, rounds)
        loads[0].kill()
        for load in loads[1:]:
            load.stop()
    counts = assert_true(store, loads)
    assert sum(len(load.ok) for load in loads) > 100
    assert tail.seen == all_numbers(store)
    assert Counter(tail.seen) == counts
    assert {what for load in loads for what in load.others.values()} <= {
        "failed InternalError",
        "failed RaiseException",
    }
    store.database.close()


def disturb(store, loads, rounds):
    for round in range(rounds):
        with store.database.read() as connection:
            connection.execute(sa.text(CUT_ONE))
        if round % 5 == 0:
            pause(random.choice(loads), 0.1)
        time.sleep(0.1)
