"""Messages, a source to fetch them from, and a subscriber of the test's own."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import amqp
import kombu

from services.kernel import broker
from services.kernel.errors import Unavailable
from services.kernel.message import CONTENT_TYPE, TAIL, Message
from services.kernel.store.store import EventStore

START = datetime(2026, 1, 1, tzinfo=UTC)


def message(position: int, previous: int | None = None, **fields: Any) -> Message:
    """The message at a position; the one before it is public too where nothing else is said."""
    at = START + timedelta(seconds=position % 10**6)
    told: dict[str, Any] = {
        "id": f"{fields.get('epoch', 'e1')}-{position}",
        "source": "samples",
        "type": "Opened",
        "subject": f"s{position}",
        "data": {"n": position},
        "epoch": "e1",
        "position": position,
        "previous": position - 1 if previous is None else previous,
        "version": 1,
        "schema_version": 1,
        "occurred_at": at,
        "recorded_at": at,
        "actor": "actor",
        "correlation_id": "correlation",
        "causation_id": "cause",
    }
    return Message(**(told | fields))


def tail(position: int, previous: int, **fields: Any) -> Message:
    return message(position, previous, type=TAIL, subject="-", **fields)


class Fetch:
    """Answers as a source does for readers that catch up, from its store. `silent` while it is out
    of reach; `asked` are the positions it was asked for."""

    def __init__(self, store: EventStore) -> None:
        self.store = store
        self.silent = False
        self.asked: list[int] = []

    def __call__(self, _source: str, position: int, limit: int) -> dict[str, Any]:
        self.asked.append(position)
        if self.silent:
            raise Unavailable(service="samples")
        batch = self.store.public_after(position, limit)
        return {
            "messages": [each.to_dict() for each in batch.messages],
            "end": batch.end,
            "tail": batch.tail.to_dict() if batch.tail else None,
            "epochs": [(epoch.epoch, epoch.since) for epoch in self.store.epochs()],
            "head": self.store.head().position,
        }


class Subscriber:
    """Hears everything on the exchange, as an integrator does."""

    def __init__(self, amqp_url: str) -> None:
        self._connection = kombu.Connection(amqp_url)
        self.deliveries: list[Any] = []
        channel = self._connection.channel()
        queue = kombu.Queue("integrator", broker.events_exchange(), "#", channel=channel, exclusive=True)
        kombu.Consumer(channel, [queue], on_message=self.deliveries.append, no_ack=True).consume()

    def hear(self, count: int, timeout: float = 30) -> list[Message]:
        """The messages heard, once they are so many."""
        until = time.monotonic() + timeout
        while len(self.deliveries) < count:
            left = until - time.monotonic()
            assert left > 0, f"{len(self.deliveries)} of {count} heard"
            self.listen(min(left, 1.0))
        return [Message.from_json(each.body) for each in self.deliveries]

    def listen(self, seconds: float) -> None:
        try:
            self._connection.drain_events(timeout=seconds)
        except TimeoutError:
            return

    def close(self) -> None:
        self._connection.release()


@contextmanager
def subscriber(amqp_url: str) -> Iterator[Subscriber]:
    subscriber = Subscriber(amqp_url)
    try:
        yield subscriber
    finally:
        subscriber.close()


def publish(amqp_url: str, *bodies: Message | bytes, routing_key: str = "samples.Opened") -> None:
    """Puts messages, or what is none, on the exchange in this order."""
    with broker.connected(amqp_url) as connection:
        broker.declare(connection, "", ())
        channel: Any = connection.channel()
        channel.confirm_select()
        for body in bodies:
            text = body.to_json() if isinstance(body, Message) else body
            letter = amqp.Message(text, content_type=CONTENT_TYPE, delivery_mode=2)
            channel.basic_publish_confirm(letter, broker.EXCHANGE, routing_key, confirm_timeout=10)


def eventually(condition: Callable[[], Any], timeout: float = 30) -> Any:
    """What the condition gives as soon as that is true."""
    until = time.monotonic() + timeout
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < until, "did not come true in time"
        time.sleep(0.01)


def together(*runs: Callable[[], object]) -> None:
    """Runs several at once, to the end; the first error of any is raised."""
    errors: list[BaseException] = []

    def caught(run: Callable[[], object]) -> None:
        try:
            run()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=caught, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
