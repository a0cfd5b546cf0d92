"""The comparisons that need the whole system: services, gateway, broker."""

import json
import os
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import requests
from nameko.standalone.rpc import ClusterRpcProxy

from deploy.reestr import control
from deploy.reestr.ports import free_ports
from deploy.reestr.remote import Remote
from deploy.reestr.settings import SERVICES
from tests.bench.child import GREEN, PLAIN, Child
from tests.bench.pace import Pace
from tests.bench.results import Ratio, faster, rounds, sooner
from tests.servers import rabbit
from tests.servers.folders import server_folder
from tests.servers.postgres import PostgresServer

VISIBLE_AIM, GATEWAY_AIM, CONNECTIONS = 0.2, 0.8, 8
BULK_AIM, IN_BULK = 5, 200
FEED_AIM, SUBSCRIBER_AIM, FEED_PAGE = 0.5, 0.5, 100
READY_WITHIN = 180.0


@dataclass(frozen=True)
class System:
    """The system at work: the gateway's port, an owner's key, each service's database."""

    port: int
    key: str
    databases: Mapping[str, str]


def visible_and_gateway(server: PostgresServer, pace: Pace) -> Iterator[Ratio]:
    with (
        server_folder() as folder,
        rabbit.local_server(folder) as broker,
        broker.new_vhost() as ours,
        broker.new_vhost() as theirs,
        _system(folder, server, ours.url) as system,
        Child(PLAIN) as watching,
        Child(PLAIN) as loading,
    ):
        yield from _visible(system, theirs.url, watching, pace)
        yield from _gateway(system, theirs.url, watching, loading, pace)
        yield _bulk(system, watching, pace)


def _visible(system: System, amqp_url: str, child: Child, pace: Pace) -> Iterator[Ratio]:
    at = {"port": system.port, "key": system.key, "views": system.databases["reporting"], "trips": pace.trips}
    found = rounds(
        pace.rounds,
        {
            "ours": lambda: median(child.call("visible.ours", **at)),
            "bare": lambda: median(child.call("visible.bare", url=amqp_url, trips=pace.trips)),
        },
    )
    yield sooner("visible.bare", found["ours"], found["bare"], VISIBLE_AIM)


def _gateway(system: System, amqp_url: str, creating: Child, loading: Child, pace: Pace) -> Iterator[Ratio]:
    path = "/v1/clients/" + creating.call("visible.create_client", port=system.port, key=system.key)
    [port] = free_ports(1)
    how = {"key": system.key, "connections": CONNECTIONS, "seconds": 2 * pace.seconds}
    with _bare(amqp_url, port, _get(system, path).json()):
        found = rounds(
            pace.rounds,
            {
                "ours": partial(loading.call, "load.requests", port=system.port, path=path, **how),
                "bare": partial(loading.call, "load.requests", port=port, path="/v1/things/1", **how),
            },
        )
    yield faster("gateway.bare", found["ours"], found["bare"], GATEWAY_AIM, "requests/s")


def _bulk(system: System, child: Child, pace: Pace) -> Ratio:
    how = {"port": system.port, "key": system.key, "clients": IN_BULK}
    found = rounds(
        pace.rounds,
        {
            "bulk": partial(child.call, "visible.in_bulk", **how),
            "single": partial(child.call, "visible.one_by_one", **how),
        },
    )
    return faster("bulk.single", found["bulk"], found["single"], BULK_AIM, "clients/s")


def streams(server: PostgresServer, pace: Pace) -> Iterator[Ratio]:
    """Events to readers of the feed, and from a store to an AMQP subscriber."""
    with (
        server_folder() as folder,
        rabbit.local_server(folder) as broker,
        broker.new_vhost() as ours,
        broker.new_vhost() as theirs,
        server.new_database() as store,
        Child(PLAIN) as reading,
    ):
        with _system(folder, server, ours.url) as system:
            yield from _feed(system, theirs.url, reading, pace)
        yield from _subscriber(store, theirs.url, pace)


def _feed(system: System, amqp_url: str, reading: Child, pace: Pace) -> Iterator[Ratio]:
    for _ in range(FEED_PAGE):
        reading.call("visible.create_client", port=system.port, key=system.key)
    path = f"/v1/events?limit={FEED_PAGE}"
    _wait("the feed", lambda: len(_get(system, path).json()["items"]) == FEED_PAGE)
    [port] = free_ports(1)
    with _bare(amqp_url, port, _get(system, path).json()):
        for readers in (1, 20):
            how = {"key": system.key, "connections": readers, "seconds": 2 * pace.seconds}
            sides = {
                "ours": partial(reading.call, "load.requests", port=system.port, path=path, **how),
                "bare": partial(reading.call, "load.requests", port=port, path="/v1/things/1", **how),
            }
            found = rounds(pace.rounds, sides)
            events = {name: [pages * FEED_PAGE for pages in rates] for name, rates in found.items()}
            yield faster(f"feed.bare.{readers}", events["ours"], events["bare"], FEED_AIM)


def _subscriber(store: str, amqp_url: str, pace: Pace) -> Iterator[Ratio]:
    with Child(GREEN) as green:
        green.call("sample.fill", url=store, streams=pace.few // 10, events=pace.few)
        where = {"store_url": store, "url": amqp_url}
        found = rounds(
            pace.rounds,
            {
                "ours": partial(green.call, "hearing.ours", **where),
                "bare": partial(green.call, "hearing.bare", **where),
            },
        )
        yield faster("subscriber.bare", found["ours"], found["bare"], SUBSCRIBER_AIM)


def _get(system: System, path: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {system.key}"}
    return requests.get(f"http://127.0.0.1:{system.port}{path}", headers=headers, timeout=10)


@contextmanager
def _system(folder: Path, server: PostgresServer, amqp_url: str) -> Iterator[System]:
    """All services on a database of their own each, started as in an installation."""
    [port] = free_ports(1)
    master = folder / "master.key"
    master.write_text(b64encode(os.urandom(32)).decode())
    with ExitStack() as stack:
        databases = {name: stack.enter_context(server.new_database()) for name in (*SERVICES, "keyring")}
        for name in SERVICES:
            environment = os.environ | {
                "REESTR_STORE_URL": databases[name],
                "REESTR_KEYRING_URL": databases["keyring"],
                "REESTR_MASTER_KEY_FILE": str(master),
                "REESTR_AMQP_URL": amqp_url,
                "REESTR_SMTP_URL": "smtp://127.0.0.1:1",
                "GATEWAY_PORT": str(port),
                "GATEWAY_RATE_LIMIT": "off",
            }
            command = ["-m", "deploy.reestr.start", name]
            stack.enter_context(_process(command, environment, folder / f"{name}.log"))
        _wait("the system", lambda: control.readiness(port)[0] == 200)
        yield System(port, _owner_key(amqp_url), databases)


def _owner_key(amqp_url: str) -> str:
    with ClusterRpcProxy({"AMQP_URI": amqp_url}, timeout=30) as proxy:
        remote = Remote(proxy)
        user = remote.call("gateway", "create_user", {"name": "Владелец", "role": "owner"})["result"]
        key = remote.call("gateway", "create_api_key", {"user_id": user["id"], "name": "bench"})["result"]
    return str(key["key"])


@contextmanager
def _bare(amqp_url: str, port: int, answer: Any) -> Iterator[None]:
    nameko = {
        "AMQP_URI": amqp_url,
        "WEB_SERVER_ADDRESS": f"127.0.0.1:{port}",
        "max_workers": 10,
        "HEARTBEAT": 20,
        "serializer": "json",
    }
    config = json.dumps({"nameko": nameko, "answer": answer})
    with (
        server_folder() as folder,
        _process(["-m", "tests.bench.bare", "back", config], os.environ, folder / "back.log"),
        _process(["-m", "tests.bench.bare", "front", config], os.environ, folder / "front.log"),
    ):
        _wait("the bare service", lambda: _answers(f"http://127.0.0.1:{port}/v1/things/1"))
        yield


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=5).ok
    except requests.RequestException:
        return False


@contextmanager
def _process(arguments: list[str], environment: Mapping[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        command = [sys.executable, "-W", "ignore", *arguments]
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(what: str, look: Any) -> None:
    until = time.monotonic() + READY_WITHIN
    while not look():
        if time.monotonic() > until:
            raise RuntimeError(f"{what} did not come up")
        time.sleep(0.2)
