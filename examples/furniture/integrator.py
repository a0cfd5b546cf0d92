"""An integrator that hears the events by AMQP, with a queue of its own."""

import threading
from typing import Any

import kombu

EXCHANGE: Any = kombu.Exchange("reestr.events", "topic", durable=True, passive=True)  # type: ignore[no-untyped-call]


class Integrator:
    """Keeps the events it hears, once each: a repeated delivery is known by its id."""

    def __init__(self, amqp_url: str, name: str) -> None:
        self.heard: dict[str, dict[str, Any]] = {}
        self._connection = kombu.Connection(amqp_url, connect_timeout=5)
        self._queue = kombu.Queue(
            name, EXCHANGE, routing_key="#", durable=False, exclusive=True, auto_delete=True, max_length=100_000
        )
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
        with self._connection.Consumer(
            self._queue, callbacks=[self._hear], accept=["application/cloudevents+json", "json"], prefetch_count=100
        ):
            self._ready.set()
            while not self._stop.is_set():
                try:
                    self._connection.drain_events(timeout=0.5)
                except TimeoutError:
                    continue

    def _hear(self, _body: Any, message: Any) -> None:
        event = kombu.serialization.loads(message.body, "application/json", "utf-8", accept=["json"])
        if event["type"] != "TailMarked":
            self.heard[event["id"]] = event
        message.ack()
