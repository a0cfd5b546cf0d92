"""`reestr`: the command line."""

import sys

import click

from deploy.reestr.backups import BackupWrong
from deploy.reestr.broker import BrokerFailed
from deploy.reestr.commands import access, backups, machine, operator, story, subscriber
from deploy.reestr.control import NotUp
from deploy.reestr.remote import Refused
from deploy.reestr.settings import SettingWrong


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Reestr, the back office of client work."""


for command in (
    machine.up,
    machine.down,
    machine.status,
    machine.logs,
    story.demo,
    access.api_key,
    access.user,
    operator.rebuild,
    operator.verify,
    operator.parked,
    operator.effects,
    operator.rewind,
    backups.backup,
    backups.restore,
    subscriber.subscriber,
):
    cli.add_command(command)


def main() -> None:
    try:
        cli()
    except (NotUp, BackupWrong, BrokerFailed, SettingWrong, Refused) as error:
        click.echo(str(error), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
