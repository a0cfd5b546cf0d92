"""api-key, user: who may use the API."""

from collections.abc import Mapping
from typing import Any

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


@click.group("user")
def user() -> None:
    """Users that log in with a password."""


@user.command("invite")
@click.argument("email")
@click.option("--name", required=True, help="The name of the user.")
@click.option("--role", default="owner", show_default=True, help="The role of the user.")
def invite(*, email: str, name: str, role: str) -> None:
    """Make a user and print his invitation: with it he sets a password. It is told this once."""
    with services() as remote:
        made = remote.call("gateway", "create_user", {"email": email, "name": name, "role": role})["result"]
        _invite(remote, made)


@user.command("reset")
@click.argument("user_id")
def reset(*, user_id: str) -> None:
    """Print a new invitation for a user who has lost his password."""
    with services() as remote:
        _invite(remote, remote.call("gateway", "get_user", {"user_id": user_id})["result"])


def _invite(remote: Remote, user: Mapping[str, Any]) -> None:
    invited = remote.call("gateway", "invite_user", {"user_id": user["id"]}, version=user["version"])
    click.echo(invited["result"]["invitation"])


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
