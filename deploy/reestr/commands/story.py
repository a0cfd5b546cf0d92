"""demo: the system brought up, and a real story played on it."""

import sys
import time

import click

from deploy.reestr import control
from deploy.reestr.commands.access import ensure_owner_key
from deploy.reestr.commands.subscriber import add_subscriber, require_known, topics_of, url_of
from deploy.reestr.files import write_private
from deploy.reestr.remote import services
from deploy.reestr.settings import Places, places

NAME = "story"


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
        told = play(address, key, where.var, subscriber_url(where), where.mail)
    except StoryFailed as failure:
        click.echo(f"\nРассказ прерван: {failure}\nЕщё раз: make demo продолжит с того же места. Журналы: make logs")
        sys.exit(1)
    click.echo(f"\nРассказ занял {time.monotonic() - began:.0f} с. Система работает: {address}/docs")
    click.echo(f"Ключ владельца: {where.var / 'api-key'}")
    click.echo(f"PDF: {', '.join(told['pdfs'])}")
    click.echo(f"Письма: {', '.join(told['mails'])}")
    click.echo("Остановить: make down; ещё одна заявка: make demo")


def subscriber_url(where: Places) -> str:
    """How the story's own subscriber reaches the broker; he hears every type there is by now."""
    kept = where.var / "story-subscriber"
    with services() as remote:
        topics = topics_of(remote, "all")
        known = remote.call("gateway", "list_subscribers", {"limit": 500})["result"]["items"]
        mine = next((row["topics"] for row in known if row["id"] == NAME), None)
        if mine != topics or not kept.exists():
            if mine is not None:
                remote.call("gateway", "remove_subscriber", {"name": NAME})
            write_private(kept, add_subscriber(remote, NAME, topics))
    url = url_of(NAME, kept.read_text())
    require_known(url)
    return url
