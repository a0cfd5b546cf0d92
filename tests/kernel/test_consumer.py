"""Hearing a source; what its queue brings and loses is in test_relay and test_received."""

import pytest

from services.kernel import broker
from services.kernel.consumer import OrderedConsumer
from services.kernel.database import Database
from services.kernel.received import ReceivedLog
from tests.kernel.messaging import Fetch, eventually
from tests.kernel.store.samples import Opened, adding, on, open_sample


@pytest.fixture
def store(tmp_path):
    store = open_sample(f"sqlite:///{tmp_path}/events.db")
    yield store
    store.database.close()


def test_a_source_is_heard_though_its_queue_cannot_be_had(vhost, store, tmp_path, monkeypatch):
    def unanswered(*_):
        raise TimeoutError

    monkeypatch.setattr(broker, "declare", unanswered)
    log = ReceivedLog(Database(f"sqlite:///{tmp_path}/received.db"))
    consumer = OrderedConsumer(vhost.url, "reader", store.name, log, Fetch(store))
    consumer.start()
    try:
        for number in range(3):
            store.append(adding(on(f"s:{number}", 0, Opened(number))))
            eventually(lambda: log.head(store.name) == store.head().position)
        assert consumer.trouble == "TimeoutError"
        assert consumer.stopped is None
    finally:
        consumer.stop()
        log._database.close()
