"""api-key: who may use the API."""

import click

from deploy.reestr.files import write_private
from deploy.reestr.remote import Remote, services
from deploy.reestr.settings import Places

OWNER = {"name": "Владелец", "role": "owner"}


@click.group("api-key")
def api_key() -> None:
    """Keys to the API."""


@api_key.command("create")
@click.option("--name", default="owner", show_default=True, help="What the key is for.")
@click.option("--role", default="owner", show_default=True, help="The role of the user that bears it.")
def create(*, name: str, role: str) -> None:
    """Make a key for a new user of a role and print it: it is told this once."""
    with services() as remote:
        click.echo(_new_key(remote, {**OWNER, "role": role}, name))


def ensure_owner_key(where: Places) -> None:
    """On the first run, leaves an owner's key in a file that only its user can read."""
    path = where.var / "api-key"
    if not path.exists():
        with services() as remote:
            write_private(path, _new_key(remote, OWNER, "first run") + "\n")


def _new_key(remote: Remote, user: dict[str, str], name: str) -> str:
    made = remote.call("gateway", "create_user", user)["result"]
    key = remote.call("gateway", "create_api_key", {"user_id": made["id"], "name": name})
    secret: str = key["result"]["key"]
    return secret
