"""What a private RabbitMQ node finds on disk: its ports, its user, its configuration."""

import hashlib
import json
import os
import secrets
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deploy.reestr.files import write_private
from deploy.reestr.ports import free_ports, is_free

DEFINITIONS = Path(__file__).parent.parent / "rabbitmq" / "definitions.json"
VHOST = "reestr"
USER = "reestr"


@dataclass(frozen=True)
class Identity:
    """Chosen once per installation; the ports again when something else has taken them."""

    amqp: int
    dist: int
    epmd: int
    management: int
    password: str
    cookie: str

    def ports(self) -> tuple[int, ...]:
        return self.amqp, self.dist, self.epmd, self.management


def load_identity(home: Path) -> Identity | None:
    try:
        return Identity(**json.loads((home / "identity.json").read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def settle_identity(home: Path) -> Identity:
    """The remembered identity, with new ports where a remembered one is not free."""
    known = load_identity(home)
    if known and all(is_free(port) for port in known.ports()):
        return known
    amqp, dist, epmd, management = free_ports(4)
    identity = Identity(
        amqp=amqp,
        dist=dist,
        epmd=epmd,
        management=management,
        password=known.password if known else secrets.token_urlsafe(24),
        cookie=known.cookie if known else secrets.token_hex(20),
    )
    write_private(home / "identity.json", json.dumps(asdict(identity)))
    return identity


def write_configuration(home: Path, identity: Identity, plugins: Sequence[str]) -> None:
    write_private(home / "enabled_plugins", f"[{','.join(plugins)}].\n")
    write_private(home / "definitions.json", json.dumps(definitions(identity.password)))
    write_private(home / "rabbitmq.conf", _configuration(home, identity, plugins))
    cookie = home / ".erlang.cookie"
    cookie.unlink(missing_ok=True)
    write_private(cookie, identity.cookie, mode=0o400)


def definitions(password: str) -> dict[str, Any]:
    """The shared definitions with the one user of this installation (and so without `guest`)."""
    shared: dict[str, Any] = json.loads(DEFINITIONS.read_text())
    return shared | {
        "users": [{"name": USER, "password_hash": password_hash(password), "tags": "administrator"}],
        "permissions": [{"user": USER, "vhost": VHOST, "configure": ".*", "write": ".*", "read": ".*"}],
    }


def password_hash(password: str) -> str:
    """As RabbitMQ stores it: four bytes of salt before the SHA-256 of salt and password."""
    salt = os.urandom(4)
    return b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def _configuration(home: Path, identity: Identity, plugins: Sequence[str]) -> str:
    lines = {
        "listeners.tcp.1": f"127.0.0.1:{identity.amqp}",
        "load_definitions": str(home / "definitions.json"),
        "log.console": "true",
        "log.console.level": "warning",
        "log.file": "false",
        "raft.wal_max_size_bytes": "67108864",  # the default of 512 MiB is for servers with one task
        "max_message_size": "16777216",  # what RabbitMQ 4 allows
    }
    if "rabbitmq_management" in plugins:
        lines |= {"management.tcp.ip": "127.0.0.1", "management.tcp.port": str(identity.management)}
    return "".join(f"{key} = {value}\n" for key, value in lines.items())
