"""An integrator that hears the events by AMQP, with a queue of its own."""

import json
import threading
from collections.abc import Sequence
from typing import Any

import kombu

EXCHANGE: Any = kombu.Exchange("reestr.events", "topic", durable=True, passive=True)


class Integrator:
    """Keeps the events it hears, once each: a repeated delivery is known by its id."""

    def __init__(self, amqp_url: str, name: str, topics: Sequence[str]) -> None:
        self.heard: dict[str, dict[str, Any]] = {}
        self._connection: Any = kombu.Connection(amqp_url, connect_timeout=5)
        bindings = [kombu.binding(EXCHANGE, topic) for topic in topics]
        self._queue: Any = kombu.Queue(name, bindings, durable=False, exclusive=True, auto_delete=True)
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        if not self._ready.wait(10):
            raise TimeoutError("the broker did not answer")

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(5)
        self._connection.release()

    def _run(self) -> None:
        # on_message gives the body as it came, whatever its content type
        with kombu.Consumer(self._connection.channel(), [self._queue], on_message=self._hear, prefetch_count=100):
            self._ready.set()
            while not self._stop.is_set():
                try:
                    self._connection.drain_events(timeout=0.5)
                except TimeoutError:
                    continue

    def _hear(self, message: Any) -> None:
        event = json.loads(message.body)
        self.heard[event["id"]] = event
        message.ack()
