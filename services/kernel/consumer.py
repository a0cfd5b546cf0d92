"""Ordered consuming: a queue for each source, and the source itself for what the queue lost."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import kombu
import structlog
from prometheus_client import Counter, Gauge

from services.kernel import broker, clock
from services.kernel.errors import Refusal, Unavailable
from services.kernel.faults import crash_here
from services.kernel.message import InvalidEnvelope, Message
from services.kernel.projections.sources import DATABASE
from services.kernel.received import Receipt, ReceivedLog, SourceMismatch, SourcePosition, check_fit, check_head
from services.kernel.store.store import Epoch

BATCH = 200
PAGE = 500
ASK_HEAD_EVERY = 30.0
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
STOP_WITHIN = 10.0

# What a source answers: `messages`, `end` (the last position looked at), `tail`, `epochs`, `head`.
Fetch = Callable[[str, int, int], Mapping[str, Any]]

_received = Counter("reestr_received", "Messages added to the received log", ["source"])
_fetched = Counter("reestr_fetched", "Messages that had to be fetched from their source", ["source"])
_rejected = Counter("reestr_rejected", "Messages that were no valid envelope", ["source"])
_position = Gauge("reestr_received_position", "How far a source was heard", ["source"])
_lag = Gauge("reestr_received_lag", "Positions a source is ahead of what was heard of it", ["source"])
_lag_seconds = Gauge("reestr_received_lag_seconds", "Age of what was heard last while more is known to be", ["source"])
_stopped = Gauge("reestr_source_stopped", "1 where a source is no longer read, as its history differs", ["source"])
_log = structlog.get_logger(__name__)


class OrderedConsumer:
    """Hears one source: takes what its queue brings, fetches what is missing, never skips.

    A message is acknowledged after the transaction that adds it and moves the checkpoint.
    The database out of reach is waited for in place. A source whose history is not the one
    that was read is no longer read: `stopped` says why. `trouble` is why it makes no
    progress at this moment, None if it does.
    """

    def __init__(self, amqp_url: str, service: str, source: str, log: ReceivedLog, fetch: Fetch) -> None:
        self.source = source
        self.stopped: str | None = None
        self.trouble: str | None = None
        self._url, self._service = amqp_url, service
        self._received, self._fetch = log, fetch
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"consumer-{source}", daemon=True)
        self._fetching = threading.Lock()
        self._pause = FIRST_PAUSE
        self._next_look = 0.0
        self._head = self._behind = 0
        self._heard_of: datetime | None = None

    def start(self) -> None:
        _lag_seconds.labels(self.source).set_function(self.lag_seconds)
        _stopped.labels(self.source).set(0)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_WITHIN)

    def catch_up(self) -> SourcePosition:
        """Asks the source for all it has published since the checkpoint; where this reader then
        stands. Raises `Unavailable` where the source does not answer or is no longer read."""
        try:
            while self._fetch_page():
                pass
        except SourceMismatch as mismatch:
            self._stop_reading(mismatch)
            raise Unavailable(service=self.source) from mismatch
        return self._received.checkpoint(self.source)

    def compare(self) -> tuple[SourcePosition, int, list[Epoch]]:
        """Where this reader stands, and the source's own head and epochs."""
        at = self._received.checkpoint(self.source)
        page = self._fetch(self.source, at.position, 1)
        return at, page["head"], [Epoch(epoch, since) for epoch, since in page["epochs"]]

    def lag_seconds(self) -> float:
        """How old the last message heard is, while the source is known to have more."""
        if self._heard_of is None or self._behind == 0:
            return 0.0
        return max(0.0, (clock.now() - self._heard_of).total_seconds())

    def _run(self) -> None:
        while self._goes_on():
            try:
                with broker.connected(self._url) as connection:
                    self._next_look = 0.0
                    self._consume(connection)
            except SourceMismatch as mismatch:
                self._stop_reading(mismatch)
            except Exception as error:  # whatever it is, the source is still to be heard
                self._note(error)
                self._stopping.wait(self._pause)
                self._pause = min(LONGEST_PAUSE, self._pause * 2)
                self._hear_without_queue()

    def _hear_without_queue(self) -> None:
        """A queue that cannot be had, as one that lost its leader, keeps nobody from the source."""
        try:
            while self._goes_on() and self._fetch_page():
                pass
        except SourceMismatch as mismatch:
            self._stop_reading(mismatch)
        except Exception as error:
            _log.debug("consumer.source_away", source=self.source, error=error)

    def _goes_on(self) -> bool:
        return self.stopped is None and not self._stopping.is_set()

    def _consume(self, connection: kombu.Connection) -> None:
        broker.declare(connection, self._service, [self.source])
        gathered: list[Any] = []
        queue = broker.source_queue(self._service, self.source)
        consumer = kombu.Consumer(connection.channel(), [queue], on_message=gathered.append, prefetch_count=BATCH)
        consumer.consume()
        while self._goes_on():
            self._look_at_head(connection)
            self._gather(connection, gathered)
            batch = gathered[:]
            gathered.clear()
            if batch:
                self._take(connection, batch)
            else:
                self._received.look(self.source)

    def _gather(self, connection: kombu.Connection, gathered: list[Any]) -> None:
        """Waits up to a second for the first message and takes what else has come."""
        try:
            if not gathered:
                connection.drain_events(timeout=1.0)
            while len(gathered) < BATCH:
                connection.drain_events(timeout=0.0005)
        except TimeoutError:
            connection.heartbeat_check()

    def _look_at_head(self, connection: kombu.Connection) -> None:
        """At start, after a reconnect and every half minute: what fell off the queue, or never
        came to it, is still with the source."""
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + ASK_HEAD_EVERY
        while self._goes_on() and self._asked():
            broker.keep_alive(connection)

    def _asked(self) -> bool:
        """One page of what is missing; whether there is more. The queue is heard, whatever keeps
        the source from answering."""
        try:
            more = self._fetch_page()
        except SourceMismatch:
            raise
        except Exception as error:
            self._note(error)
            self._next_look = time.monotonic() + LONGEST_PAUSE
            return False
        self._note(None)
        return more

    def _take(self, connection: kombu.Connection, batch: Sequence[Any]) -> None:
        messages = [message for delivery in batch if (message := self._read(connection, delivery)) is not None]
        if self._in_place(connection, lambda: self._receive(messages)):
            crash_here("consumer.before_ack")
            batch[-1].ack(multiple=True)

    def _read(self, connection: kombu.Connection, delivery: Any) -> Message | None:
        """The message; what is no valid envelope goes to the dead letters."""
        body = delivery.body if isinstance(delivery.body, bytes) else str(delivery.body).encode()
        try:
            return check_fit(Message.from_json(body, self.source))
        except InvalidEnvelope as error:
            _rejected.labels(self.source).inc()
            _log.warning("consumer.invalid_envelope", source=self.source, error=error)
            broker.bury(connection, body, self._service, str(error))
            return None

    def _receive(self, messages: Sequence[Message]) -> bool:
        """Adds what the queue has brought, or what is missing before it; whether that was all."""
        receipt = self._received.receive(self.source, messages)
        self._count(receipt, messages)
        return not receipt.missing or not self._fetch_page()

    def _fetch_page(self) -> bool:
        """Adds what the source has published since the checkpoint; whether there is more."""
        with self._fetching:
            at = self._received.checkpoint(self.source)
            page = self._fetch(self.source, at.position, PAGE)
            lineage = [Epoch(epoch, since) for epoch, since in page["epochs"]]
            check_head(self.source, at, page["head"], lineage)
            given = page["messages"] if page["tail"] is None else [*page["messages"], page["tail"]]
            messages = [check_fit(Message.from_dict(fields)) for fields in given]
            receipt = self._received.receive(self.source, messages, lineage)
        if receipt.missing:
            raise SourceMismatch(f"{self.source} leaves out what follows {receipt.position.position}")
        self._head = max(self._head, page["head"])
        self._count(receipt, messages)
        _fetched.labels(self.source).inc(receipt.new)
        return len(page["messages"]) >= PAGE

    def _in_place(self, connection: kombu.Connection, work: Callable[[], bool]) -> bool:
        """Repeats until it is done, also while the database is out of reach, or the source that
        has what is missing; False when told to stop before."""
        pause = FIRST_PAUSE
        while self._goes_on():
            try:
                done = work()
            except (*DATABASE, Refusal) as error:
                self._note(error)
                self._stopping.wait(pause)
                pause = min(LONGEST_PAUSE, pause * 2)
            else:
                self._note(None)
                if done:
                    return True
            broker.keep_alive(connection)
        return False

    def _count(self, receipt: Receipt, messages: Sequence[Message]) -> None:
        at = receipt.position.position
        self._head = max(self._head, at)
        self._behind = self._head - at
        heard = [message.recorded_at for message in messages if message.position <= at]
        self._heard_of = max(heard, default=self._heard_of)
        _received.labels(self.source).inc(receipt.new)
        _position.labels(self.source).set(at)
        _lag.labels(self.source).set(self._behind)

    def _note(self, error: Exception | None) -> None:
        trouble = type(error).__name__ if error else None
        if trouble != self.trouble:
            self.trouble = trouble
            if error:
                _log.warning("consumer.interrupted", source=self.source, error=error)
            else:
                _log.info("consumer.goes_on", source=self.source)
        if error is None:
            self._pause = FIRST_PAUSE

    def _stop_reading(self, mismatch: SourceMismatch) -> None:
        self.stopped = f"{type(mismatch).__name__}: {mismatch}"
        _stopped.labels(self.source).set(1)
        _log.error("consumer.stopped", source=self.source, reason=self.stopped)
