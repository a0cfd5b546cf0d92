"""rebuild, verify, parked, effects: what an operator does to a running service."""

import json
import time
from typing import Any

import click

from deploy.reestr.control import restart
from deploy.reestr.remote import Remote, services
from deploy.reestr.settings import SERVICES, places

LOOK_EVERY = 0.5
_service = click.argument("service", type=click.Choice(SERVICES))


def _do(remote: Remote, service: str, do: str, **given: Any) -> Any:
    return remote.call(service, "operate", {"do": do, **given})["result"]


def _follow(remote: Remote, service: str, operation: str) -> dict[str, Any]:
    """Starts an operation, shows how it goes, and calls it off on Ctrl-C."""
    now = _do(remote, service, "start", operation=operation)
    try:
        while now["state"] == "running":
            time.sleep(LOOK_EVERY)
            now = _do(remote, service, "look", operation=operation)
            for what, (position, head) in now["progress"].items():
                click.echo(f"{service}: {what} {position}/{head}")
    except KeyboardInterrupt:
        _do(remote, service, "cancel", operation=operation)
        raise
    return dict(now)


@click.command()
@_service
def rebuild(service: str) -> None:
    """Build a service's read models anew beside the live ones, and swap."""
    with services() as remote:
        ended = _follow(remote, service, "rebuild")
    if ended["state"] != "done":
        raise click.ClickException(f"{service}: {ended['state']} {ended['result']}")
    click.echo(f"{service}: {ended['result']}")


@click.command()
@click.argument("service", type=click.Choice(SERVICES), required=False)
def verify(service: str | None) -> None:
    """Recompute the hash chain of a store, or of all."""
    whole = True
    with services() as remote:
        for name in [service] if service else SERVICES:
            ended = _follow(remote, name, "verify")
            click.echo(f"{name}: {ended['result'] or ended['state']}")
            whole = whole and ended["result"] == "whole"
    if not whole:
        raise click.ClickException("not every store is what its hash chain says")


@click.command()
@_service
@click.argument("source", type=click.Choice(SERVICES))
def rewind(service: str, source: str) -> None:
    """Have a service that stopped reading a restored source go back with it.

    What it received of the lost part is given up, and its read models are built anew.
    """
    with services() as remote:
        cut = _do(remote, service, "rewind", source=source)
    click.echo(f"{service}: gave up {cut['given_up']} messages of {source} after position {cut['position']}")
    if not restart(places(), service):
        click.echo(f"Now restart {service}: it goes on from there.")


@click.group()
def parked() -> None:
    """Messages that could not be applied to a read model."""


@parked.command("list")
@click.argument("service", type=click.Choice(SERVICES), required=False)
def list_parked(service: str | None) -> None:
    """List what is parked, the oldest first."""
    with services() as remote:
        for name in [service] if service else SERVICES:
            for row in _do(remote, name, "parked.list"):
                place = f"{row['projection']} {row['source']} {row['position']}"
                click.echo(f"{name} {place} {row['type']} {row['subject']} tried {row['attempts']}: {row['error']}")


@parked.command()
@_service
@click.argument("projection")
@click.argument("source")
@click.argument("position", type=int)
def show(**where: Any) -> None:
    """Show a parked message."""
    with services() as remote:
        found = _do(remote, where.pop("service"), "parked.show", **where)
    click.echo(json.dumps(found, ensure_ascii=False, indent=1))


@parked.command()
@_service
@click.argument("projection")
@click.argument("source")
@click.argument("subject")
def retry(**where: Any) -> None:
    """Apply a subject's parked messages in order."""
    with services() as remote:
        done = _do(remote, where.pop("service"), "parked.retry", **where)
    click.echo(f"applied {done['applied']}, left {done['left']}")


@parked.command()
@_service
@click.argument("projection")
@click.argument("source")
@click.argument("position", type=int)
def drop(**where: Any) -> None:
    """Give a parked message up, for every rebuild to come too."""
    with services() as remote:
        dropped = _do(remote, where.pop("service"), "parked.drop", **where)
    click.echo("dropped" if dropped else "it is not parked")


@click.group()
def effects() -> None:
    """Letters, files and calls that wait for a decision."""


@effects.command("list")
@_service
@click.option("--waiting", is_flag=True, help="Those that wait after a restore.")
def list_effects(*, service: str, waiting: bool) -> None:
    """List effects that failed for good or whose outcome nobody knows."""
    with services() as remote:
        for row in _do(remote, service, "effects.list", waiting=waiting):
            click.echo(f"{row['id']} {row['effect']} {row['stage']} tried {row['attempt']}: {row['error'] or ''}")


@effects.command()
@_service
@click.argument("id")
def repeat(**which: str) -> None:
    """Have an effect run again."""
    with services() as remote:
        _do(remote, which.pop("service"), "effects.repeat", **which)


@effects.command()
@_service
@click.argument("id")
def dismiss(**which: str) -> None:
    """Have an effect never run again."""
    with services() as remote:
        _do(remote, which.pop("service"), "effects.dismiss", **which)


@effects.command()
@_service
def release(service: str) -> None:
    """After a restore, let the reactions to older messages run."""
    with services() as remote:
        _do(remote, service, "effects.release")
