"""The relay: everything public, in order, confirmed; one at work; patient with the broker."""

import os
import signal
import time
from contextlib import contextmanager
from itertools import count

import kombu
import psycopg2
import pytest
import sqlalchemy as sa
from prometheus_client import REGISTRY

from services.kernel import broker
from services.kernel import relay as relays
from services.kernel.consumer import OrderedConsumer
from services.kernel.database import Database
from services.kernel.message import TAIL
from services.kernel.received import ReceivedLog
from services.kernel.relay import CHECKPOINT, Relay
from tests.kernel.messaging import Fetch, eventually, subscriber
from tests.kernel.store.samples import PUBLISHED, Noted, Opened, adding, on, open_sample

streams = count()
# RabbitMQ 3.10 may bring a quorum queue back without a leader that was declared just before the node was killed
QUEUE_SETTLES = 6.0


@pytest.fixture
def store(any_database):
    store = open_sample(any_database)
    yield store
    store.database.close()


@pytest.fixture
def sqlite_store(tmp_path):
    store = open_sample(f"sqlite:///{tmp_path}/events.db")
    yield store
    store.database.close()


@pytest.fixture
def quick(monkeypatch):
    """Less patience than in earnest."""
    monkeypatch.setattr(relays, "CONFIRM_WITHIN", 1.0)
    monkeypatch.setattr(relays, "LONGEST_PAUSE", 0.2)


def add(store, *events):
    return store.append(adding(on(f"s:{next(streams)}", 0, *events))).position


def add_numbers(store, numbers):
    return add(store, *map(Opened, numbers))


@contextmanager
def relaying(store, url):
    relay = Relay(store, url)
    relay.start()
    try:
        yield relay
    finally:
        relay.stop()


def published(store, position):
    eventually(lambda: store.checkpoint(CHECKPOINT) == position)


def metric(name):
    return REGISTRY.get_sample_value(f"reestr_{name}")


def test_public_events_are_published_in_order_and_the_end_is_marked(store, vhost):
    add_numbers(store, range(1200))
    add(store, Noted(1))
    head = add(store, Noted(2))
    with subscriber(vhost.url) as heard, relaying(store, vhost.url):
        messages = heard.hear(1201)
        published(store, head)
    assert [m.data["n"] for m in messages[:-1]] == list(range(1200))
    assert messages[:-1] == [m for page in (0, 500, 1000) for m in store.public_after(page).messages]
    assert messages[-1].type == TAIL
    assert (messages[-1].previous, messages[-1].position) == (1200, head)
    assert messages[-1].data == {"hash": store.head().hash.hex()}


def test_a_message_is_a_lasting_cloud_event(store, vhost):
    add(store, Opened(1))
    with subscriber(vhost.url) as heard, relaying(store, vhost.url):
        [message] = heard.hear(1)
    [delivery] = heard.deliveries
    assert delivery.delivery_info["routing_key"] == "samples.Opened"
    assert delivery.content_type == "application/cloudevents+json"
    assert delivery.properties["delivery_mode"] == 2
    assert delivery.properties["message_id"] == message.id


def test_a_lone_event_is_published_at_once(store, vhost, monkeypatch):
    monkeypatch.setattr(relays, "IDLE", 60.0)
    with subscriber(vhost.url) as heard, relaying(store, vhost.url) as relay:
        for n in range(3):
            add(store, Opened(n))
            assert heard.hear(n + 1)[-1].data == {"n": n}
        monkeypatch.undo()
        relay._stopping.set()
        add(store, Opened(3))


def test_what_is_confirmed_is_not_sent_again(store, vhost):
    with subscriber(vhost.url) as heard:
        for n in range(3):
            with relaying(store, vhost.url):
                published(store, add(store, Opened(n)))
        assert [m.data["n"] for m in heard.hear(3)] == [0, 1, 2]
        heard.listen(0.3)
        assert len(heard.deliveries) == 3


def test_what_was_confirmed_before_a_crash_is_sent_again_in_order(store, vhost, monkeypatch, quick):
    head = add_numbers(store, range(20))
    broken = sa.exc.OperationalError("", {}, OSError())
    moves = iter([broken, None])
    move = store.move_checkpoint

    def failing(moved):
        if error := next(moves, None):
            raise error
        move(moved)

    monkeypatch.setattr(store, "move_checkpoint", failing)
    with subscriber(vhost.url) as heard, relaying(store, vhost.url):
        assert [m.data["n"] for m in heard.hear(40)] == [*range(20), *range(20)]
        published(store, head)


def test_messages_that_no_queue_wants_are_counted_and_passed(store, vhost):
    before = metric("returned_total"), metric("published_total")
    head = add_numbers(store, range(5))
    with relaying(store, vhost.url):
        published(store, head)
    assert (metric("returned_total"), metric("published_total")) == (before[0] + 5, before[1] + 5)


def test_metrics_say_how_far_it_is(store, vhost):
    relay = Relay(store, vhost.url)
    relay.start()
    published(store, add_numbers(store, range(3)))
    relay.stop()
    add(store, Opened(3))
    assert (metric("relay_position"), metric("relay_lag")) == (3, 1)


def test_what_the_broker_refuses_holds_everything_until_it_is_taken(sqlite_store, vhost, quick):
    with kombu.Connection(vhost.url) as connection:
        full = {"x-max-length": 1, "x-overflow": "reject-publish"}
        queue = kombu.Queue("full", broker.events_exchange(), "#", queue_arguments=full)
        queue(connection.channel()).declare()
        with relaying(sqlite_store, vhost.url) as relay:
            head = add_numbers(sqlite_store, range(3))
            eventually(lambda: relay.trouble == "NotConfirmed")
            assert sqlite_store.checkpoint(CHECKPOINT) < head
            queue(connection.channel()).delete()
            published(sqlite_store, head)
            eventually(lambda: relay.trouble is None)


def test_an_event_that_cannot_be_told_is_never_skipped(sqlite_store, vhost, quick, monkeypatch):
    def broken(_event):
        raise ValueError("a mistake in a release")

    published(sqlite_store, 0)
    with subscriber(vhost.url) as heard, relaying(sqlite_store, vhost.url) as relay:
        add(sqlite_store, Opened(1))
        heard.hear(1)
        monkeypatch.setattr(sqlite_store, "_published", {**PUBLISHED, Opened: broken})
        head = add_numbers(sqlite_store, [2, 3])
        eventually(lambda: relay.trouble == "ValueError")
        monkeypatch.setattr(sqlite_store, "_published", PUBLISHED)
        assert [m.data["n"] for m in heard.hear(3)] == [1, 2, 3]
        published(sqlite_store, head)
        eventually(lambda: relay.trouble is None)


def test_stopping_one_that_was_never_started_is_no_error(sqlite_store, vhost):
    Relay(sqlite_store, vhost.url).stop()


class TestReplicas:
    @pytest.fixture(autouse=True)
    def impatient(self, monkeypatch):
        monkeypatch.setattr(relays, "IDLE", 0.1)

    @pytest.fixture
    def stores(self, database):
        stores = [open_sample(database) for _ in range(2)]
        yield stores
        for store in stores:
            store.database.close()

    def lock_holders(self, database):
        connection = psycopg2.connect(database)
        with connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database "
                "WHERE locktype = 'advisory' AND granted AND datname = current_database()"
            )
            holders = [pid for (pid,) in cursor.fetchall()]
        connection.close()
        return holders

    def test_one_of_two_is_at_work_and_the_other_takes_over(self, stores, vhost, database):
        with subscriber(vhost.url) as heard, relaying(stores[0], vhost.url) as first:
            published(stores[0], add(stores[0], Opened(0)))
            with relaying(stores[1], vhost.url):
                published(stores[0], add_numbers(stores[1], range(1, 10)))
                assert len(self.lock_holders(database)) == 1
                first.stop()
                published(stores[0], add_numbers(stores[0], range(10, 20)))
            heard.listen(0.3)
        assert [m.data["n"] for m in heard.hear(20)] == list(range(20))

    def test_one_that_loses_its_lock_gives_way_and_nothing_is_lost(self, stores, vhost, database, quick):
        numbers = iter(range(1000))
        with (
            subscriber(vhost.url) as heard,
            relaying(stores[0], vhost.url),
            relaying(stores[1], vhost.url),
        ):
            for _ in range(4):
                head = add_numbers(stores[0], [next(numbers) for _ in range(50)])
                [holder] = eventually(lambda: self.lock_holders(database))
                connection = psycopg2.connect(database)
                with connection, connection.cursor() as cursor:
                    cursor.execute("SELECT pg_terminate_backend(%s)", [holder])
                connection.close()
                published(stores[0], head)
            heard.hear(200)
            heard.listen(0.3)
        assert_order(heard.hear(200), 200)


def assert_order(messages, count):
    """Nothing left out: whatever is new comes right after what was the newest."""
    newest = 0
    for message in messages:
        assert message.position <= newest + 1
        newest = max(newest, message.position)
    assert newest == count


class TestWithABrokerOfItsOwn:
    """Stopped, wiped, frozen and out of memory; a reader follows through all of it."""

    @pytest.fixture(autouse=True)
    def running(self, own_broker, quick):
        own_broker.ensure()

    @pytest.fixture
    def named_store(self, sqlite_store, own_broker, request):
        """A source of its own for each test: they share the broker."""
        sqlite_store.name = request.node.name[-40:]
        return sqlite_store

    @pytest.fixture
    def log(self, named_store, own_broker, tmp_path):
        log = ReceivedLog(Database(f"sqlite:///{tmp_path}/received.db"))
        consumer = OrderedConsumer(own_broker.url, "reader", named_store.name, log, Fetch(named_store))
        consumer.start()
        yield log
        consumer.stop()
        log._database.close()

    def heard(self, log, store, numbers):
        eventually(lambda: log.head(store.name) == store.head().position, 60)
        assert [m.data["n"] for m in log.after(store.name, 0, 5000)] == list(numbers)

    def test_a_broker_stopped_and_started_delays_and_loses_nothing(self, named_store, log, own_broker):
        with relaying(named_store, own_broker.url) as relay:
            add_numbers(named_store, range(300))
            own_broker.stop()
            add_numbers(named_store, range(300, 600))
            eventually(lambda: relay.trouble)
            own_broker.ensure()
            add_numbers(named_store, range(600, 900))
            self.heard(log, named_store, range(900))
            eventually(lambda: relay.trouble is None)

    def test_a_broker_killed_in_the_middle_of_a_batch_loses_nothing(self, named_store, log, own_broker):
        with relaying(named_store, own_broker.url):
            published(named_store, add_numbers(named_store, range(10)))
            time.sleep(QUEUE_SETTLES)
            add_numbers(named_store, range(10, 1000))
            eventually(lambda: log.head(named_store.name) > 10)
            own_broker.kill()
            own_broker.ensure()
            self.heard(log, named_store, range(1000))

    def test_a_broker_that_forgot_everything_loses_nothing(self, named_store, log, own_broker):
        with relaying(named_store, own_broker.url):
            published(named_store, add_numbers(named_store, range(100)))
            own_broker.kill()
            own_broker.wipe()
            own_broker.ensure()
            add_numbers(named_store, range(100, 200))
            self.heard(log, named_store, range(200))

    def test_a_frozen_broker_is_given_up_and_tried_again(self, named_store, log, own_broker):
        group = own_broker.process().pid
        with relaying(named_store, own_broker.url) as relay:
            published(named_store, add_numbers(named_store, range(10)))
            os.killpg(group, signal.SIGSTOP)
            try:
                add_numbers(named_store, range(10, 20))
                eventually(lambda: relay.trouble == "NotConfirmed")
                eventually(lambda: relay.trouble == "TimeoutError")
            finally:
                os.killpg(group, signal.SIGCONT)
            self.heard(log, named_store, range(20))

    def test_a_broker_short_of_memory_is_waited_for(self, named_store, log, own_broker):
        with relaying(named_store, own_broker.url) as relay:
            published(named_store, add_numbers(named_store, range(10)))
            own_broker.ctl("set_vm_memory_high_watermark", "0.00001")
            try:
                add_numbers(named_store, range(10, 600))
                eventually(lambda: relay.trouble)
                assert named_store.checkpoint(CHECKPOINT) < named_store.head().position
            finally:
                own_broker.ctl("set_vm_memory_high_watermark", "0.4")
            self.heard(log, named_store, range(600))
