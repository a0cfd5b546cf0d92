"""Webhooks from subscription to delivery, to a real receiver on this machine."""

import pytest

from tests.notifications.receiver import Receiver
from tests.system import System, eventually, sqlite_urls


@pytest.fixture
def receiver():
    running = Receiver()
    yield running
    running.die()


@pytest.fixture
def system(tmp_path, _quick_to_stop):
    running = System(tmp_path, sqlite_urls(tmp_path), ["clients", "notifications", "gateway"])
    running.react("notifications")
    running.runtimes["notifications"].workers[0].start()
    yield running
    running.close()


def test_it(system, receiver):
    hook = system.do("notifications", "create_webhook", {"url": receiver.url})
    eventually(lambda: system.do("notifications", "get_webhook", {"webhook_id": hook["id"]})["state"] == "active")
    client = system.do("clients", "create_client", {"kind": "individual", "name": "Кравцов Илья"})
    system.deliver()
    eventually(lambda: receiver.events)
    print(receiver.taken, hook)
    print(system.do("notifications", "get_webhook", {"webhook_id": hook["id"]}))
    print(system.do("notifications", "list_webhook_deliveries", {"webhook_id": hook["id"]}))
    receiver.taken[0].verify(hook["secret"])
