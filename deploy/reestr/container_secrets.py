"""Secrets of the containers: made once, handed to each container that needs them.

`python -m deploy.reestr.container_secrets`, the first thing that `docker compose up` runs. All
of them are kept in one folder; a folder for each consumer gets only what is its own.
"""

import json
import secrets
import shutil
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import click

from deploy.reestr.broker_files import DEFINITIONS, USER, VHOST, definitions
from deploy.reestr.files import write_private
from deploy.reestr.settings import SERVICES

KEYRING = "keyring"
POSTGRES = "postgres"
RABBITMQ = "rabbitmq"
STORY = "story"
DATABASES = (*SERVICES, KEYRING)
# each consumer has a volume of its own, so reading it is no way into another; that of the
# servers runs as another user
PUBLIC_IN_ITS_VOLUME = 0o444


def kept(folder: Path, name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(24)) -> str:
    """The secret of a name, made when it is first asked for."""
    path = folder / name
    if not path.exists():
        write_private(path, make() + "\n")
    return path.read_text().strip()


def master_key() -> str:
    return b64encode(secrets.token_bytes(32)).decode()


def database_url(folder: Path, name: str) -> str:
    return f"postgresql://{name}:{kept(folder, name)}@{POSTGRES}/{name}"


def hand_out(folder: Path, handed: Path) -> None:
    """Writes what each consumer needs under `handed`, from what is kept in `folder`."""
    amqp_url = f"amqp://{USER}:{kept(folder, RABBITMQ)}@{RABBITMQ}/{VHOST}"
    for service in SERVICES:
        own = handed / service
        write_private(own / "store-url", database_url(folder, service))
        write_private(own / "keyring-url", database_url(folder, KEYRING))
        write_private(own / "amqp-url", amqp_url)
        write_private(own / "master.key", kept(folder, "master.key", master_key))
    write_private(handed / STORY / "amqp-url", amqp_url)
    write_private(handed / POSTGRES / "password", kept(folder, POSTGRES), mode=PUBLIC_IN_ITS_VOLUME)
    broker = handed / RABBITMQ
    shutil.copyfile(DEFINITIONS.with_name("rabbitmq.conf"), broker / "rabbitmq.conf")
    text = json.dumps(definitions(kept(folder, RABBITMQ)))
    write_private(broker / "definitions.json", text, mode=PUBLIC_IN_ITS_VOLUME)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("handed", type=click.Path(path_type=Path))
def main(folder: Path, handed: Path) -> None:
    hand_out(folder, handed)


if __name__ == "__main__":
    main()
