"""A store's events on their way to a subscriber's queue, and bare messages of the same size."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import amqp
from sqlalchemy.engine import make_url

from services.kernel.message import CONTENT_TYPE
from services.kernel.relay import BATCH, CHECKPOINT, Relay
from services.kernel.store.claims import CheckpointMove
from tests.bench import sample

EXCHANGE, TOPIC, QUEUE = "reestr.events", "bench.StageChanged", "ext.bench.main"
PATIENCE = 60.0


def ours(store_url: str, url: str) -> float:
    """Events a second, from the store by the relay to who consumes and acknowledges each."""
    store = sample.store(store_url)
    head = store.head().position
    at = store.checkpoint(CHECKPOINT)
    if at:
        store.move_checkpoint(CheckpointMove(CHECKPOINT, at, 0))
    relay = Relay(store, url)
    try:
        return _heard(url, head, relay.start)
    finally:
        relay.stop()


def bare(store_url: str, url: str) -> float:
    """Messages a second of the same bytes, published with confirms in as large batches."""
    bodies = [message.to_json() for message in sample.store(store_url).public_after(0, BATCH).messages]
    head = sample.store(store_url).head().position
    return _heard(url, head, lambda: _publish(url, bodies, head))


def _publish(url: str, bodies: Sequence[bytes], number: int) -> None:
    channel = _channel(url)
    channel.confirm_select()
    unconfirmed: set[int] = set()
    channel.events["basic_ack"].add(
        lambda tag, multiple: unconfirmed.difference_update(
            {each for each in unconfirmed if each <= tag} if multiple else {tag}
        )
    )
    for start in range(0, number, len(bodies)):
        for offset, body in enumerate(bodies[: number - start]):
            unconfirmed.add(start + offset + 1)
            message = amqp.Message(body, content_type=CONTENT_TYPE, delivery_mode=2)
            channel.basic_publish(message, EXCHANGE, TOPIC, mandatory=True)
        while unconfirmed:
            channel.connection.drain_events(timeout=PATIENCE)
    channel.connection.close()


def _heard(url: str, number: int, publish: Callable[[], None]) -> float:
    channel, came = _channel(url), [0]
    channel.exchange_declare(EXCHANGE, "topic", durable=True, auto_delete=False)
    channel.queue_declare(QUEUE, durable=True, auto_delete=False)
    channel.queue_bind(QUEUE, EXCHANGE, TOPIC)
    channel.queue_purge(QUEUE)

    def hear(message: Any) -> None:
        came[0] += 1
        channel.basic_ack(message.delivery_tag)

    channel.basic_qos(0, 100, False)
    channel.basic_consume(QUEUE, callback=hear)
    publishing = threading.Thread(target=publish)
    begun = time.perf_counter()
    publishing.start()
    while came[0] < number:
        channel.connection.drain_events(timeout=PATIENCE)
    seconds = time.perf_counter() - begun
    publishing.join()
    channel.connection.close()
    return number / seconds


def _channel(url: str) -> Any:
    at = make_url(url)
    connection = amqp.Connection(f"{at.host}:{at.port}", at.username, at.password, virtual_host=at.database)
    connection.connect()
    return connection.channel()
