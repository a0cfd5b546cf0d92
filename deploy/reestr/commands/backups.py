"""backup, restore: the data of the one-machine installation."""

from pathlib import Path

import click

from deploy.reestr import control
from deploy.reestr.backups import back_up
from deploy.reestr.backups import restore as put_back
from deploy.reestr.settings import places
from services.kernel import clock

_folder = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=_folder)
def backup(folder: Path) -> None:
    """Copy all stores and keys into FOLDER, while the system runs.

    Prints the folder of this copy's stores. Keep FOLDER/keys elsewhere than the stores.
    """
    click.echo(back_up(places(), folder.absolute(), clock.now()))


@click.command()
@click.argument("stores", type=_folder)
@click.option("--keys", type=_folder, help="The backup's keys, on a machine that has none.")
def restore(stores: Path, keys: Path | None) -> None:
    """Put the copy STORES in place of what the stopped system holds.

    Letters, files and tasks that older events would lead to then wait: look at them with
    `reestr effects list --waiting SERVICE`, and let them go with `reestr effects release SERVICE`.
    """
    where = places()
    if control.supervisor(where) is not None:
        raise click.ClickException("Reestr is running. Stop it first: make down")
    for line in put_back(where, stores.absolute(), keys and keys.absolute()):
        click.echo(line)
    click.echo("Restored. Start it: make up")
