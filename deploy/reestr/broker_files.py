"""What a private RabbitMQ node finds on disk: its ports, its user, its configuration."""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deploy.reestr.files import write_private
from deploy.reestr.ports import become_free, free_ports
from services.kernel.broker import password_hash

DEFINITIONS = Path(__file__).parent.parent / "rabbitmq" / "definitions.json"
VHOST = "reestr"
USER = "reestr"
FREE_WITHIN = 5.0


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
    """The remembered identity, with new ports where a remembered one does not become free: those who
    use it know the old ones."""
    known = load_identity(home)
    if known and become_free(known.ports(), FREE_WITHIN):
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


def write_configuration(home: Path, identity: Identity, *, figures: bool) -> None:
    write_private(home / "enabled_plugins", "[rabbitmq_management].\n")
    write_private(home / "definitions.json", json.dumps(definitions(identity.password)))
    write_private(home / "rabbitmq.conf", _configuration(home, identity, figures=figures))
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


def _configuration(home: Path, identity: Identity, *, figures: bool) -> str:
    lines = {
        "listeners.tcp.1": f"127.0.0.1:{identity.amqp}",
        "load_definitions": str(home / "definitions.json"),
        "log.console": "true",
        "log.console.level": "warning",
        "log.file": "false",
        "raft.wal_max_size_bytes": "67108864",  # the default of 512 MiB is for servers with one task
        # by the management API the gateway keeps the users of subscribers
        "management.tcp.ip": "127.0.0.1",
        "management.tcp.port": str(identity.management),
        "management_agent.disable_metrics_collector": "false" if figures else "true",
        "max_message_size": "16777216",  # what RabbitMQ 4 allows
    }
    return "".join(f"{key} = {value}\n" for key, value in lines.items())
