"""A real RabbitMQ for the tests: a private node of this machine, or a container."""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import amqp
import requests

from deploy.reestr.broker import BIN, Broker
from deploy.reestr.broker_files import DEFINITIONS, USER


@dataclass(frozen=True)
class Vhost:
    """A virtual host of one test, with the policies of an installation."""

    name: str
    url: str
    server: "RabbitServer"

    def depth(self, queue: str) -> int:
        """How many messages a queue holds ready at this moment."""
        address = f"{self.server.host}:{self.server.port}"
        with amqp.Connection(address, self.server.user, self.server.password, virtual_host=self.name) as connection:
            return int(connection.channel().queue_declare(queue, passive=True).message_count)


@dataclass(frozen=True)
class RabbitServer:
    host: str
    port: int
    management_port: int
    user: str
    password: str
    ctl: Callable[..., str]

    def url(self, vhost: str) -> str:
        return f"amqp://{self.user}:{self.password}@{self.host}:{self.port}/{vhost}"

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """One request to the management API under /api/."""
        address = f"http://{self.host}:{self.management_port}/api/{path}"
        answer = requests.request(method, address, json=body, auth=(self.user, self.password), timeout=10)
        if not answer.ok:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.text else None

    @contextmanager
    def new_vhost(self) -> Iterator[Vhost]:
        name = f"t{secrets.token_hex(6)}"
        self.api("PUT", f"vhosts/{name}")
        self.api("PUT", f"permissions/{name}/{self.user}", {"configure": ".*", "write": ".*", "read": ".*"})
        for policy in json.loads(DEFINITIONS.read_text())["policies"]:
            self.api("PUT", f"policies/{name}/{policy['name']}", policy | {"vhost": name})
        try:
            yield Vhost(name, self.url(name), self)
        finally:
            self.api("DELETE", f"vhosts/{name}")


def missing() -> str | None:
    """Why no local node can be started."""
    return None if (BIN / "rabbitmq-server").exists() else "RabbitMQ is not installed (apt install rabbitmq-server)"


@contextmanager
def local_server(folder: Path) -> Iterator[RabbitServer]:
    broker = Broker(folder / "rabbitmq", folder / "rabbitmq.log", figures=True)
    try:
        broker.start()
        broker.wait_ready()
        identity = broker.identity
        yield RabbitServer("127.0.0.1", identity.amqp, identity.management, USER, identity.password, broker.ctl)
    finally:
        broker.kill()
