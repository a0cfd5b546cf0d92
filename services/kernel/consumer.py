"""Ordered consuming: a queue for each source, and the source itself for what the queue lost."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import kombu
import structlog
from prometheus_client import Counter, Gauge

from services.kernel import broker
from services.kernel.errors import Refusal
from services.kernel.faults import crash_here
from services.kernel.message import InvalidEnvelope, Message
from services.kernel.projections.sources import DATABASE
from services.kernel.received import ReceivedLog, SourceMismatch, SourcePosition, check_head
from services.kernel.store.store import Epoch

BATCH = 200
PAGE = 500
ASK_HEAD_EVERY = 30.0
LONGEST_PAUSE = 5.0
STOP_WITHIN = 10.0

# What a source answers: `messages`, `end` (the last position looked at), `tail`, `epochs`, `head`.
Fetch = Callable[[str, int, int], Mapping[str, Any]]

_received = Counter("reestr_received", "Messages added to the received log", ["source"])
_fetched = Counter("reestr_fetched", "Messages that had to be fetched from their source", ["source"])
_rejected = Counter("reestr_rejected", "Messages that were no valid envelope", ["source"])
_position = Gauge("reestr_received_position", "How far a source was heard", ["source"])
_lag = Gauge("reestr_received_lag", "Positions a source is ahead of what was heard of it", ["source"])
_stopped = Gauge("reestr_source_stopped", "1 where a source is no longer read, as its history differs", ["source"])
_log = structlog.get_logger(__name__)


class OrderedConsumer:
    """Hears one source: takes what its queue brings, fetches what is missing, never skips.

    A message is acknowledged after the transaction that adds it and moves the checkpoint.
    The database out of reach is waited for in place. A source whose history is not the one
    that was read is no longer read, until the operator rewinds the reader.
    """

    def __init__(self, amqp_url: str, service: str, source: str, log: ReceivedLog, fetch: Fetch) -> None:
        self.source = source
        self.stopped: str | None = None
        self.trouble: str | None = None
        self._url, self._service = amqp_url, service
        self._received, self._fetch = log, fetch
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"consumer-{source}", daemon=True)
        self._catching_up = threading.Lock()
        self._next_look = 0.0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(STOP_WITHIN)

    def catch_up(self) -> SourcePosition:
        """Asks the source for all it has published since the checkpoint; where it then stands."""
        with self._catching_up:
            return self._catch_up()

    def _catch_up(self) -> SourcePosition:
        at = self._received.checkpoint(self.source)
        while True:
            page = self._fetch(self.source, at.position, PAGE)
            lineage = [Epoch(epoch, since) for epoch, since in page["epochs"]]
            check_head(self.source, at, page["head"], lineage)
            messages = [Message.from_dict(fields) for fields in page["messages"]]
            tail = [Message.from_dict(page["tail"])] if page["tail"] else []
            receipt = self._received.receive(self.source, [*messages, *tail], lineage)
            self._count(receipt.new, receipt.position)
            _fetched.labels(self.source).inc(receipt.new)
            _lag.labels(self.source).set(max(0, page["head"] - receipt.position.position))
            if len(messages) < PAGE or receipt.position == at:
                return receipt.position
            at = receipt.position

    def _run(self) -> None:
        pause = 0.1
        while not self._stopping.is_set() and self.stopped is None:
            try:
                with broker.connect(self._url) as connection:
                    broker.declare(connection, self._service, [self.source])
                    self._next_look = 0.0
                    self._consume(connection)
            except SourceMismatch as mismatch:
                self._stop_reading(mismatch)
            except Exception as error:
                self.trouble = type(error).__name__
                _log.warning("consumer.interrupted", source=self.source, error=error)
                self._stopping.wait(pause)
                pause = min(LONGEST_PAUSE, pause * 2)
            else:
                pause = 0.1

    def _consume(self, connection: kombu.Connection) -> None:
        gathered: list[Any] = []
        queue = broker.source_queue(self._service, self.source)
        channel = connection.channel()
        with kombu.Consumer(channel, [queue], on_message=gathered.append, prefetch_count=BATCH):
            self.trouble = None
            while not self._stopping.is_set():
                self._look_at_head()
                self._gather(connection, gathered)
                if gathered:
                    batch = gathered[:]
                    gathered.clear()
                    self._take(connection, batch)

    def _gather(self, connection: kombu.Connection, gathered: list[Any]) -> None:
        """Waits up to a second for the first message and takes what else has come."""
        try:
            connection.drain_events(timeout=1.0)
            while len(gathered) < BATCH:
                connection.drain_events(timeout=0.0005)
        except TimeoutError:
            connection.heartbeat_check()

    def _look_at_head(self) -> None:
        """At start, after a reconnect and every half minute: what fell off the queue, or never
        came to it, is still with the source."""
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + ASK_HEAD_EVERY
        try:
            self.catch_up()
        except SourceMismatch:
            raise
        except Exception as error:
            _log.warning("consumer.source_silent", source=self.source, error=error)
            self._next_look = time.monotonic() + LONGEST_PAUSE

    def _take(self, connection: kombu.Connection, batch: Sequence[Any]) -> None:
        messages = [message for delivery in batch if (message := self._read(connection, delivery)) is not None]
        self._in_place(connection, lambda: self._receive(messages))
        crash_here("consumer.before_ack")
        for delivery in batch:
            if not delivery.acknowledged:
                delivery.ack()

    def _read(self, connection: kombu.Connection, delivery: Any) -> Message | None:
        """The message; what is no valid envelope goes to the dead letters."""
        body = delivery.body if isinstance(delivery.body, bytes) else str(delivery.body).encode()
        try:
            return Message.from_json(body, self.source)
        except InvalidEnvelope as error:
            _rejected.labels(self.source).inc()
            _log.warning("consumer.invalid_envelope", source=self.source, error=error)
            broker.bury(connection, body, self._service, str(error))
            return None

    def _receive(self, messages: Sequence[Message]) -> None:
        receipt = self._received.receive(self.source, messages)
        self._count(receipt.new, receipt.position)
        if receipt.missing:
            self.catch_up()

    def _in_place(self, connection: kombu.Connection, work: Callable[[], None]) -> None:
        """Repeats while the database, or the source that has what is missing, is out of reach."""
        pause = 0.1
        while not self._stopping.is_set():
            try:
                return work()
            except SourceMismatch:
                raise
            except (*DATABASE, Refusal) as error:
                self.trouble = type(error).__name__
                _log.warning("consumer.waits", source=self.source, error=error)
            self._stopping.wait(pause)
            connection.heartbeat_check()
            pause = min(LONGEST_PAUSE, pause * 2)
        raise InterruptedError("stopping")

    def _count(self, new: int, at: SourcePosition) -> None:
        _received.labels(self.source).inc(new)
        _position.labels(self.source).set(at.position)

    def _stop_reading(self, mismatch: SourceMismatch) -> None:
        self.stopped = f"{type(mismatch).__name__}: {mismatch}"
        _stopped.labels(self.source).set(1)
        _log.error("consumer.stopped", source=self.source, reason=self.stopped)
