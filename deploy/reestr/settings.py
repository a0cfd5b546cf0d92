"""The environment of every process of the one-machine mode, and where its files lie."""

import os
import secrets
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from deploy.reestr.files import private_directory, write_private

PROJECT = Path(__file__).parents[2]
SERVICES = ("clients", "deals", "documents", "notifications", "reporting", "gateway")
DEFAULT_PORT = 8000


class SettingWrong(Exception):
    """A variable of the environment has a value that cannot be used."""


@dataclass(frozen=True)
class Places:
    """The folders of one installation, all under `var`."""

    var: Path

    @property
    def run(self) -> Path:
        return private_directory(self.var / "run")

    @property
    def log(self) -> Path:
        return private_directory(self.var / "log")

    @property
    def rabbitmq(self) -> Path:
        return self.var / "rabbitmq"

    @property
    def restoring(self) -> Path:
        """There while a restore has begun and not ended."""
        return self.var / "restoring"

    @property
    def mail(self) -> Path:
        return self.var / "mail"

    def data(self, service: str) -> Path:
        return private_directory(self.var / "data" / service)

    def log_of(self, program: str) -> Path:
        return self.log / f"{program}.log"


def places() -> Places:
    return Places(Path(os.environ.get("REESTR_VAR") or PROJECT / "var").absolute())


def gateway_port() -> int:
    text = os.environ.get("GATEWAY_PORT") or str(DEFAULT_PORT)
    if not text.isdecimal() or int(text) not in range(1, 2**16):
        raise SettingWrong(f"GATEWAY_PORT is a port number from 1 to 65535, not {text!r}")
    return int(text)


def environment(service: str, where: Places, amqp_url: str, smtp_url: str, port: int) -> dict[str, str]:
    """What a service is told; everything else it inherits from the shell of `reestr up`."""
    data = where.data(service)
    own = {
        "REESTR_SERVICE": service,
        "REESTR_VAR": str(where.var),
        "REESTR_STORE_URL": f"sqlite:///{data}/events.db",
        "REESTR_VIEWS_URL": f"sqlite:///{data}/views.db",
        "REESTR_BLOB_URL": f"file://{data}/blobs",
        "REESTR_KEYRING_URL": f"sqlite:///{where.data('keyring')}/keyring.db",
        "REESTR_MASTER_KEY_FILE": str(master_key_file(where)),
        "REESTR_AMQP_URL": amqp_url,
        "REESTR_SMTP_URL": smtp_url,
        "GATEWAY_PORT": str(port),
    }
    # one port cannot serve the metrics of six processes, and a variable and its file exclude each other
    unusable = {"REESTR_METRICS_PORT", *(f"{name}_FILE" for name in own)}
    return {name: value for name, value in os.environ.items() if name not in unusable} | own


def master_key_file(where: Places) -> Path:
    """The key that wraps all others: 32 random bytes in base64, made on the first run."""
    path = private_directory(where.var / "secrets") / "master.key"
    if not path.exists():
        write_private(path, b64encode(secrets.token_bytes(32)).decode() + "\n")
    return path
