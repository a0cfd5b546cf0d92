"""The streams of a running system: integrators that are killed, readers that stop reading, a broker that forgets."""

import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import amqp
import kombu
import pytest

from deploy.reestr import control
from deploy.reestr.broker import Broker
from deploy.reestr.commands.subscriber import add_subscriber, require_known, url_of
from deploy.reestr.remote import services
from examples.furniture.api import Api
from services.kernel.ids import new_id
from tests.journeys.conftest import Installation, eventually
from tests.servers.fixtures import require

PROJECT = Path(__file__).parents[2]
NODE = PROJECT / "examples" / "integrators" / "node"
TOPICS = ["clients.ClientCreated", "clients.ClientChanged"]
TYPES = "ClientCreated,ClientChanged"


@pytest.fixture(scope="module")
def subscriber(installation) -> str:
    with services() as remote:
        url = url_of("erp", add_subscriber(remote, "erp", TOPICS))
    require_known(url)
    return url


@contextmanager
def entered(url: str) -> Iterator[Any]:
    """A channel of a subscriber."""
    with kombu.Connection(url, connect_timeout=5) as connection:
        yield connection.channel()


def create(api: Api, name: str | None = None) -> str:
    body = {"kind": "legal_entity", "name": name or f"ООО {new_id()}"}
    id: str = api.post("/v1/clients", body, new_id()).body["id"]
    return id


def created(api: Api) -> list[str]:
    """The ids of all events of the types that the integrators read, from the feed."""
    found: list[str] = []
    page = api.get("/v1/events", limit=500, types=TYPES)
    while page["items"]:
        found += [event["id"] for event in page["items"]]
        page = api.get("/v1/events", limit=500, types=TYPES, after=page["next"])
    return found


def publish(channel: Any) -> None:
    channel.confirm_select()
    channel.basic_publish_confirm(amqp.Message(b"{}"), "reestr.events", "clients.ClientCreated")


REFUSED = {
    "everything": lambda channel: channel.queue_bind("ext.erp.q", "reestr.events", "#"),
    "all of a service": lambda channel: channel.queue_bind("ext.erp.q", "reestr.events", "clients.*"),
    "another type": lambda channel: channel.queue_bind("ext.erp.q", "reestr.events", "deals.DealWon"),
    "a stranger's queue": lambda channel: channel.basic_consume("reestr.reporting.clients"),
    "a queue elsewhere": lambda channel: channel.queue_declare("ext.erp2.q", durable=True),
    "a dead-letter exchange": lambda channel: channel.queue_declare(
        "ext.erp.dlx", arguments={"x-dead-letter-exchange": "reestr.events"}
    ),
    "publishing": publish,
    "publishing into a queue": lambda channel: (
        channel.confirm_select(),
        channel.basic_publish_confirm(amqp.Message(b"{}"), "", "rpc-clients"),
    ),
    "deleting the exchange": lambda channel: channel.exchange_delete("reestr.events"),
}


@pytest.mark.parametrize("attempt", REFUSED.values(), ids=REFUSED.keys())
def test_a_subscriber_may_do_nothing_but_read_what_it_was_given(subscriber, attempt):
    with entered(subscriber) as channel:
        channel.queue_declare("ext.erp.q", durable=True, auto_delete=False)
        channel.queue_bind("ext.erp.q", "reestr.events", "clients.ClientCreated")
        with pytest.raises(amqp.AccessRefused):
            attempt(channel)


def test_a_queue_that_would_stop_the_publisher_is_taken_away(installation, subscriber):
    """The broker refuses the whole message where one queue refuses it; and this one refuses all but the first."""
    with entered(subscriber) as channel:
        arguments = {"x-overflow": "reject-publish", "x-max-length": 1}
        channel.queue_declare("ext.erp.stop", durable=True, auto_delete=False, arguments=arguments)
        channel.queue_bind("ext.erp.stop", "reestr.events", "clients.ClientCreated")
    made = {create(installation.api) for _ in range(3)}

    def told() -> set[str]:
        page = installation.api.get("/v1/events", limit=500, types="ClientCreated")["items"]
        return {event["subject"] for event in page}

    eventually(lambda: made <= told())
    with entered(subscriber) as channel, pytest.raises(amqp.NotFound):
        eventually(lambda: channel.queue_declare("ext.erp.stop", passive=True) and False, 30)


def test_a_removed_subscriber_is_out_at_once_and_its_queues_are_gone(installation):
    with services() as remote:
        url = url_of("guest-1", add_subscriber(remote, "guest-1", TOPICS))
        require_known(url)
        with kombu.Connection(url) as connection:
            connection.channel().queue_declare("ext.guest-1.q", durable=True, auto_delete=False)
            remote.call("gateway", "remove_subscriber", {"name": "guest-1"})
            with pytest.raises((amqp.AMQPError, OSError)):
                eventually(lambda: connection.drain_events(timeout=1), 30)
    broker = Broker(installation.where.rabbitmq, installation.where.log_of("broker"))
    eventually(lambda: "guest-1" not in broker.ctl("list_queues", "-p", "reestr") + broker.ctl("list_users"), 30)


@pytest.mark.long
def test_a_stream_comes_piece_by_piece_and_its_reader_is_missed_when_he_is_gone(installation):
    with opened(installation, "/v1/events/stream?types=ClientCreated") as reader:
        eventually(lambda: streams(installation) == 1)
        made = create(installation.api)
        text = ""
        while made not in text:
            text += reader.recv(65536).decode(errors="replace")
        assert text.startswith("HTTP/1.1 200")
    eventually(lambda: streams(installation) == 0, 60)


@pytest.mark.long
def test_a_reader_who_stops_reading_costs_nothing_and_is_dropped(installation):
    with opened(installation, "/v1/events/stream", buffer=4096):
        eventually(lambda: streams(installation) == 1)
        for _ in range(300):  # more than what lies between the two ends
            create(installation.api, f"ООО {new_id()} {'ш' * 140}")
        assert installation.api.get("/v1/clients", limit=1)["items"]
        eventually(lambda: streams(installation) == 0, 120)


@contextmanager
def opened(installation: Installation, path: str, buffer: int | None = None) -> Iterator[socket.socket]:
    at = urlsplit(installation.address)
    with socket.socket() as reader:
        if buffer:
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        reader.settimeout(30)
        reader.connect((at.hostname, at.port))
        head = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {installation.key}\r\n\r\n"
        reader.sendall(head.encode())
        yield reader


def streams(installation: Installation) -> int:
    metrics: bytes = installation.api.download("/metrics")
    [line] = [line for line in metrics.decode().splitlines() if line.startswith("reestr_streams ")]
    return int(float(line.split()[1]))


class Integrator:
    """An example, run as its own process and killed again and again."""

    def __init__(self, command: list[str], book: Path, environment: dict[str, str]) -> None:
        self.book = book
        self._command = [*command, str(book)]
        self._environment = os.environ | environment
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, env=self._environment, cwd=PROJECT, stdin=subprocess.DEVNULL)

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)

    def has_just(self, ids: list[str]) -> bool:
        return sorted(self.has()) == ids

    def has(self) -> list[str]:
        """The ids it has, as often as it has them."""
        if not self.book.exists():
            return []
        if self.book.suffix == ".db":
            with sqlite3.connect(self.book, timeout=10) as database:
                return [id for (id,) in database.execute("SELECT id FROM events")]
        whole = self.book.read_bytes().rpartition(b"\n")[0].decode()
        return [event["id"] for line in whole.split("\n") if line for event in json.loads(line)["events"]]


def integrators(installation: Installation, url: str, folder: Path) -> Iterator[Integrator]:
    environment = {
        "REESTR_ADDRESS": installation.address,
        "REESTR_KEY": installation.key,
        "REESTR_TYPES": TYPES,
        "REESTR_AMQP_URL": url,
        "REESTR_TOPICS": " ".join(TOPICS),
    }
    for name in ("feed", "subscriber"):
        command = [sys.executable, "-W", "ignore", "-m", f"examples.integrators.python.{name}"]
        yield Integrator(command, folder / f"python-{name}.db", environment)
    for name in ("feed", "stream", "subscriber"):
        yield Integrator(["node", str(NODE / f"{name}.mjs")], folder / f"node-{name}.lines", environment)


@pytest.mark.long
def test_integrators_that_are_killed_at_random_lose_nothing_and_repeat_nothing(installation, subscriber, tmp_path):
    require(None if shutil.which("node") else "Node.js is not installed (apt install nodejs)")
    require(
        None if (NODE / "node_modules").exists() else "amqplib is not installed (npm ci in examples/integrators/node)"
    )
    chance = random.Random(20261123)
    at_work = list(integrators(installation, subscriber, tmp_path))
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            create(installation.api)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(24):
            time.sleep(chance.uniform(0.1, 1.2))
            victim = chance.choice(at_work)
            victim.kill()
            time.sleep(chance.uniform(0, 0.3))
            victim.start()
        installation.kill("gateway")
        time.sleep(2)
    finally:
        stop.set()
        writer.join(90)
    try:
        everything = sorted(created(installation.api))
        assert len(everything) == len(set(everything)) > 50
        for integrator in at_work:
            eventually(partial(integrator.has_just, everything), 90)
    finally:
        for integrator in at_work:
            integrator.kill()


def test_an_integrator_with_a_wrong_key_is_told_so(installation):
    with pytest.raises(urllib.error.HTTPError) as refused:
        follow_with("nonsense", installation)
    assert refused.value.code == 401


def follow_with(key: str, installation: Installation) -> None:
    from examples.integrators.python import feed  # noqa: PLC0415  # reads its environment when it is used

    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REESTR_ADDRESS", installation.address)
        environment.setenv("REESTR_KEY", key)
        feed.page("", wait=0)


@pytest.mark.long
def test_a_broker_that_lost_everything_is_told_of_the_subscriber_again(installation, subscriber):
    Broker(installation.where.rabbitmq, installation.where.log_of("broker")).wipe()
    require_known(subscriber)
    port = int(installation.address.rpartition(":")[2])
    eventually(lambda: control.readiness(port)[0] == 200)
    with entered(subscriber) as channel, pytest.raises(amqp.AccessRefused):
        channel.queue_declare("ext.erp.again", durable=True, auto_delete=False)
        channel.queue_bind("ext.erp.again", "reestr.events", "#")
