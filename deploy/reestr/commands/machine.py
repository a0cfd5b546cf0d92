"""up, down, status, logs: the system on one machine."""

import subprocess
from collections.abc import Iterator
from http import HTTPStatus

import click

from deploy.reestr import control
from deploy.reestr.broker import Broker
from deploy.reestr.commands.access import ensure_owner_key
from deploy.reestr.remote import services
from deploy.reestr.settings import SERVICES, Places, places
from deploy.reestr.supervisor import read_state

PROGRAMS = ("supervisor", "broker", "mail", *SERVICES)


@click.command()
def up() -> None:
    """Start everything and return when it is ready."""
    port = control.up(places(), click.echo)
    ensure_owner_key(places())
    click.echo(f"Reestr is ready: http://127.0.0.1:{port}")


@click.command()
def down() -> None:
    """Stop everything."""
    click.echo("Stopped." if control.down(places()) else "Nothing was running.")


@click.command()
def status() -> None:
    """Say what runs; exit with 1 unless all of it is ready."""
    where = places()
    state = read_state(where)
    if state is None or control.supervisor(where) is None:
        raise click.ClickException("Reestr is not running. Start it: make up")
    click.echo(_row("broker", _broker_state(where), "", where.log_of("broker")))
    for name, program in state["programs"].items():
        pid = program["process"].partition(" ")[0]
        click.echo(_row(name, program["state"], pid, program["log"]))
    answered, body = control.readiness(state["port"])
    click.echo(f"http://127.0.0.1:{state['port']}/health/ready: {answered or 'no answer'}")
    if answered != HTTPStatus.OK:
        raise click.ClickException(f"not ready: {body or ''}")
    stopped = list(_stopped_sources())
    for line in stopped:
        click.echo(line)
    if stopped:
        raise click.ClickException("a source's history is not the one that was read")


@click.command()
@click.argument("name", type=click.Choice(PROGRAMS), required=False)
@click.option("--follow", "-f", is_flag=True, help="Go on showing new lines.")
@click.option("--lines", "-n", default=30, show_default=True, help="How many lines to begin with.")
def logs(*, name: str | None, follow: bool, lines: int) -> None:
    """Show the ends of the logs, or of one."""
    where = places()
    files = [where.log_of(program) for program in ([name] if name else PROGRAMS)]
    present = [str(file) for file in files if file.exists()]
    if not present:
        raise click.ClickException("There are no logs yet. Start the system: make up")
    subprocess.run(["tail", f"--lines={lines}", *(["--follow=name"] if follow else []), *present], check=False)


def _stopped_sources() -> Iterator[str]:
    with services() as remote:
        for reader in SERVICES:
            for source, at in remote.call(reader, "status", {})["result"]["sources"].items():
                if at["stopped"]:
                    yield f"{reader} no longer reads {source}: {at['stopped']}. See reestr rewind --help"


def _broker_state(where: Places) -> str:
    return "running" if Broker(where.rabbitmq, where.log_of("broker")).process() else "waiting"


def _row(name: str, state: str, pid: str, log: object) -> str:
    return f"{name:<14} {state:<8} {pid:>8}  {log}"
