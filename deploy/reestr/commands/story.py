"""demo: the system brought up, and a real story played on it."""

import sys
import time

import click

from deploy.reestr import control
from deploy.reestr.commands.access import ensure_owner_key
from deploy.reestr.remote import amqp_url
from deploy.reestr.settings import places


@click.command()
def demo() -> None:
    """Bring everything up and play the first sale of a furniture shop on it."""
    from examples.furniture.story import StoryFailed, play  # noqa: PLC0415  # installed with the sources only

    where = places()
    port = control.up(where, click.echo)
    ensure_owner_key(where)
    key = (where.var / "api-key").read_text().strip()
    address = f"http://127.0.0.1:{port}"
    began = time.monotonic()
    try:
        told = play(address, key, where.var, amqp_url(), where.mail)
    except StoryFailed as failure:
        click.echo(f"\nРассказ прерван: {failure}\nЕщё раз: make demo продолжит с того же места. Журналы: make logs")
        sys.exit(1)
    click.echo(f"\nРассказ занял {time.monotonic() - began:.0f} с. Система работает: {address}/docs")
    click.echo(f"Ключ владельца: {where.var / 'api-key'}")
    click.echo(f"PDF: {', '.join(told['pdfs'])}")
    click.echo(f"Письма: {', '.join(told['mails'])}")
    click.echo("Остановить: make down; ещё одна заявка: make demo")
