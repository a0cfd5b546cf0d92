"""The comparison of webhooks with bare posts."""

import os
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from deploy.reestr.ports import free_ports
from tests.bench.child import GREEN, Child
from tests.bench.pace import Pace
from tests.bench.results import Ratio, faster, rounds
from tests.servers.folders import server_folder
from tests.servers.postgres import PostgresServer

AIM = 0.4
EVENTS_A_TRIP = 100
READY_WITHIN = 30.0


def deliveries(server: PostgresServer, pace: Pace) -> Iterator[Ratio]:
    with (
        server_folder() as folder,
        server.new_database() as store,
        server.new_database() as keyring,
        _sink() as port,
        Child(GREEN) as sending,
        Child(GREEN) as posting,
    ):
        master = folder / "master.key"
        master.write_text(b64encode(os.urandom(32)).decode())
        environment = {
            "REESTR_SERVICE": "notifications",
            "REESTR_STORE_URL": store,
            "REESTR_KEYRING_URL": keyring,
            "REESTR_MASTER_KEY_FILE": str(master),
            "REESTR_AMQP_URL": "amqp://nobody@127.0.0.1:1/",
            "REESTR_WEBHOOKS_TO_LOOPBACK": "on",
        }
        to_sink = {"port": port, "count": pace.trips * EVENTS_A_TRIP}
        found = rounds(
            pace.rounds,
            {
                "ours": partial(sending.call, "sending.ours", environment=environment, **to_sink),
                "bare": partial(posting.call, "sending.bare", **to_sink),
            },
        )
    yield faster("webhooks.bare", found["ours"], found["bare"], AIM)


@contextmanager
def _sink() -> Iterator[int]:
    [port] = free_ports(1)
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.sink", str(port)])
    try:
        until = time.monotonic() + READY_WITHIN
        while not _listens(port):
            if time.monotonic() > until:
                raise RuntimeError("the sink did not come up")
            time.sleep(0.1)
        yield port
    finally:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
