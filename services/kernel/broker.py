"""Names and declarations on the broker. Limits of length and age come from its policies."""

import hashlib
import os
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import amqp
import kombu
from kombu.transport import pyamqp

EXCHANGE = "reestr.events"
DEAD = "reestr.dead"
HEARTBEAT = 20
CONFIRM_WITHIN = 10
ANSWER_WITHIN = 10.0


class _Channel(pyamqp.Channel):
    """Gives up on a broker that lives, and beats, and yet never answers."""

    def wait(self, method: Any, callback: Any = None, timeout: float | None = None, returns_tuple: bool = False) -> Any:  # noqa: FBT001, FBT002  # as it is called
        return super().wait(method, callback, timeout or ANSWER_WITHIN, returns_tuple)


class _Connection(pyamqp.Connection):
    Channel = _Channel


class _Transport(pyamqp.Transport):
    Connection = _Connection


def password_hash(password: str) -> str:
    """As RabbitMQ keeps it: four bytes of salt before the SHA-256 of salt and password."""
    salt = os.urandom(4)
    return b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def queue_name(service: str, source: str) -> str:
    return f"reestr.{service}.{source}"


@contextmanager
def connected(amqp_url: str) -> Iterator[kombu.Connection]:
    """A connection of its own, with heartbeats; dropped after any error, because a broker that
    does not answer would not answer to a goodbye either."""
    connection = kombu.Connection(amqp_url, heartbeat=HEARTBEAT, connect_timeout=5, transport=_Transport)
    try:
        every_host_once = max(len(connection.alt) - 1, 0)
        connection.ensure_connection(max_retries=every_host_once, reraise_as_library_errors=False)
        yield connection
    except BaseException:
        connection.collect()
        raise
    connection.release()


def keep_alive(connection: kombu.Connection) -> None:
    """Takes what has come, sends a heartbeat where one is due, and notices a lost connection."""
    try:
        connection.drain_events(timeout=0.001)
    except TimeoutError:
        connection.heartbeat_check()


def events_exchange() -> kombu.Exchange:
    return kombu.Exchange(EXCHANGE, "topic", durable=True)


def source_queue(service: str, source: str) -> kombu.Queue:
    """The queue by which one service hears one source, with one active consumer.

    It has no dead-letter exchange: what falls off by length or age would end there too, and
    that is still with its source.
    """
    arguments: dict[str, Any] = {"x-queue-type": "quorum", "x-single-active-consumer": True}
    name = queue_name(service, source)
    return kombu.Queue(name, events_exchange(), f"{source}.#", durable=True, queue_arguments=arguments)


def dead_letters() -> kombu.Queue:
    exchange = kombu.Exchange(DEAD, "fanout", durable=True)
    return kombu.Queue(DEAD, exchange, durable=True, queue_arguments={"x-queue-type": "quorum"})


def declare(connection: kombu.Connection, service: str, sources: Iterable[str]) -> None:
    """Declares the exchange, the dead letters, and the queues by which a service hears."""
    with connection.channel() as channel:
        events_exchange().declare(channel=channel)
        for queue in (dead_letters(), *(source_queue(service, source) for source in sources)):
            queue.declare(channel=channel)


def bury(connection: kombu.Connection, body: bytes, service: str, reason: str) -> None:
    """Puts what is no valid envelope with the dead letters, confirmed."""
    with connection.channel() as channel:
        channel.confirm_select()
        letter = amqp.Message(body, delivery_mode=2, application_headers={"service": service, "reason": reason[:200]})
        channel.basic_publish_confirm(letter, DEAD, "", mandatory=True, confirm_timeout=CONFIRM_WITHIN)
