"""subscriber: integrators who hear the events by AMQP."""

import time
from collections.abc import Iterable

import amqp
import click
import kombu
from kombu.utils.url import as_url, url_to_parts

from deploy.reestr.remote import Remote, amqp_url, services
from deploy.reestr.settings import SERVICES, gateway_port

KNOWN_WITHIN = 30.0
EXAMPLE = """
import json, kombu  # pip install kombu

exchange = kombu.Exchange("reestr.events", "topic", passive=True)
keys = {keys}
with kombu.Connection("{url}") as connection:
    queue = kombu.Queue("{user}.main", [kombu.binding(exchange, key) for key in keys], durable=True)
    def hear(message):
        event = json.loads(message.body)  # delivered once or more often: known by event["id"]
        print(event["source"], event["position"], event["type"], event["subject"])
        message.ack()
    with kombu.Consumer(connection.channel(), [queue], on_message=hear, prefetch_count=100):
        while True:
            connection.drain_events()
"""


@click.group()
def subscriber() -> None:
    """Integrators who hear the events by AMQP, each with a user of the broker of his own."""


@subscriber.command()
@click.argument("name")
@click.option("--types", required=True, help="Event types separated by commas, or `all`.")
@click.option("--host", help="Where the integrator reaches the broker, as host:port.")
@click.option("--only-address", is_flag=True, help="Print the address alone, for scripts.")
def add(*, name: str, types: str, host: str | None, only_address: bool) -> None:
    """Add a subscriber and print how he reads: his password is told this once."""
    with services() as remote:
        topics = topics_of(remote, types)
        password = add_subscriber(remote, name, topics)
    url = url_of(name, password, host)
    if only_address:
        click.echo(url)
    else:
        _explain(name, url, topics)
    require_known(url_of(name, password))


def _explain(name: str, url: str, topics: list[str]) -> None:
    click.echo(f"Subscriber {name}; the password is told this once.\n")
    click.echo(f"  address    {url}\n  exchange   reestr.events\n  queues     {user_of(name)}.<any name>")
    click.echo("  keys       " + " ".join(topics))
    click.echo(EXAMPLE.format(keys=topics, url=url, user=user_of(name)))
    click.echo("What a queue lost, because nobody read it for a day or it was full, is in the feed; with a key")
    click.echo("of the role integration, from the position of the last event read from a source:\n")
    source = topics[0].partition(".")[0]
    feed = (
        f"http://127.0.0.1:{gateway_port()}/v1/events?source=/reestr/{source}&after_position=0&types={types_of(topics)}"
    )
    click.echo(f'  curl -H "Authorization: Bearer $KEY" "{feed}"')


@subscriber.command("list")
def list_all() -> None:
    """List the subscribers and what they may hear."""
    with services() as remote:
        for row in remote.call("gateway", "list_subscribers", {"limit": 500})["result"]["items"]:
            click.echo(f"{row['id']} {row['created_at']} {' '.join(row['topics'])}")


@subscriber.command()
@click.argument("name")
def remove(name: str) -> None:
    """Take a subscriber's user, connections and queues away."""
    with services() as remote:
        remote.call("gateway", "remove_subscriber", {"name": name})
    click.echo(f"{name}: removed")


def add_subscriber(remote: Remote, name: str, topics: list[str]) -> str:
    """The password of a new subscriber."""
    added = remote.call("gateway", "add_subscriber", {"name": name, "topics": topics})
    password: str = added["result"]["password"]
    return password


def topics_of(remote: Remote, types: str) -> list[str]:
    """The routing keys of event types, which all must be in the catalogue."""
    catalogue: dict[str, str] = {}
    for service in SERVICES:
        for event in remote.call(service, "describe", {})["result"]["events"]:
            catalogue[event["type"]] = f"{service}.{event['type']}"
    wanted = sorted(catalogue) if types == "all" else [name.strip() for name in types.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in catalogue]
    if unknown or not wanted:
        raise click.ClickException(
            f"no such event type: {', '.join(unknown)}\nThere are: {', '.join(sorted(catalogue))}"
        )
    return [catalogue[name] for name in wanted]


def types_of(topics: Iterable[str]) -> str:
    return ",".join(topic.partition(".")[2] for topic in topics)


def user_of(name: str) -> str:
    return f"ext.{name}"


def url_of(name: str, password: str, host: str | None = None) -> str:
    """Where the subscriber enters the broker: by default where the services do."""
    at = url_to_parts(amqp_url().partition(";")[0])
    hostname, _, port = host.partition(":") if host else (at.hostname, "", str(at.port or 5672))
    return as_url(at.scheme, hostname, int(port or 5672), user_of(name), password, at.path)


def require_known(url: str) -> None:
    """Waits until the gateway has told the broker and it lets him in."""
    until = time.monotonic() + KNOWN_WITHIN
    while time.monotonic() < until:
        try:
            with kombu.Connection(url, connect_timeout=5) as connection:
                connection.connect()
        except (OSError, amqp.AMQPError):
            time.sleep(0.2)
        else:
            return
    raise click.ClickException("the broker does not know the subscriber yet: see the log of the gateway")
