"""The relay: publishes a store's events, in order, each confirmed before it counts as published."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import amqp
import kombu
import structlog
from prometheus_client import Counter, Gauge
from sqlalchemy.exc import SQLAlchemyError

from services.kernel import broker
from services.kernel.faults import crash_here
from services.kernel.message import CONTENT_TYPE, Message
from services.kernel.projections.election import Election
from services.kernel.store.claims import CheckpointMove, CheckpointMoved
from services.kernel.store.store import EventStore

CHECKPOINT = "relay"
BATCH = 500
CONFIRM_WITHIN = 10.0
IDLE = 1.0
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0

_published = Counter("reestr_published", "Messages confirmed by the broker")
_returned = Counter("reestr_returned", "Messages that no queue wanted")
_position = Gauge("reestr_relay_position", "How far the store is published")
_lag = Gauge("reestr_relay_lag", "Positions the store is ahead of what is published")
_log = structlog.get_logger(__name__)


class NotConfirmed(Exception):
    """The broker refused a message, or did not confirm it in time; all of the batch is in doubt."""


class Relay:
    """Follows the store from its checkpoint. One relay at a time is at work on a store.

    After any doubt the connection is dropped and everything after the checkpoint is sent
    again: readers drop what they have. `trouble` is why it makes no progress, None if it does.
    """

    def __init__(self, store: EventStore, amqp_url: str) -> None:
        self._store = store
        self._url = amqp_url
        self._election = Election(store.database, "relay")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self._pause = FIRST_PAUSE
        self.trouble: str | None = None

    def start(self) -> None:
        _position.set_function(lambda: _readable(self._published))
        _lag.set_function(lambda: _readable(lambda: self._store.head().position - self._published()))
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(CONFIRM_WITHIN)
        self._election.resign()

    def _published(self) -> int:
        return self._store.checkpoint(CHECKPOINT)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                if self._election.leads():
                    with broker.connected(self._url) as connection:
                        self._follow(_Publisher(connection))
                else:
                    self._stopping.wait(IDLE)
            except Exception as error:  # whatever it is, the store is still to be published
                self._note(error)
                self._stopping.wait(self._pause)
                self._pause = min(LONGEST_PAUSE, self._pause * 2)

    def _follow(self, publisher: "_Publisher") -> None:
        position = self._published()
        while not self._stopping.is_set() and self._election.leads():
            batch = self._store.public_after(position, BATCH)
            if batch.end == position:
                self._note(None)
                self._store.appended.wait(position, IDLE)
                publisher.keep_alive()
                continue
            crash_here("relay.before_publish")
            publisher.publish([*batch.messages, batch.tail] if batch.tail else batch.messages)
            crash_here("relay.confirmed")
            position = self._move(position, batch.end)
            self._note(None)

    def _move(self, old: int, new: int) -> int:
        """Where to go on from: where another relay has moved the checkpoint, that is from there."""
        try:
            self._store.move_checkpoint(CheckpointMove(CHECKPOINT, old, new))
        except CheckpointMoved as moved:
            return moved.actual
        return new

    def _note(self, error: Exception | None) -> None:
        trouble = type(error).__name__ if error else None
        if trouble != self.trouble:
            self.trouble = trouble
            if error:
                _log.warning("relay.interrupted", error=error)
            else:
                _log.info("relay.goes_on")
        if error is None:
            self._pause = FIRST_PAUSE


class _Publisher:
    """Publishes many messages on one connection and waits for all their confirms."""

    def __init__(self, connection: kombu.Connection) -> None:
        broker.declare(connection, "", ())
        self._connection = connection
        self._unconfirmed: set[int] = set()
        self._refused = False
        self._sent = 0
        self._channel: Any = connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._acked)
        self._channel.events["basic_nack"].add(self._nacked)
        self._channel.events["basic_return"].add(self._was_returned)

    def publish(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self._sent += 1
            self._unconfirmed.add(self._sent)
            body = amqp.Message(
                message.to_json(), content_type=CONTENT_TYPE, delivery_mode=2, message_id=message.id, type=message.type
            )
            self._channel.basic_publish(
                body, broker.EXCHANGE, message.routing_key, mandatory=True, timeout=CONFIRM_WITHIN
            )
        self._await_confirms()
        _published.inc(len(messages))

    def keep_alive(self) -> None:
        broker.keep_alive(self._connection)

    def _await_confirms(self) -> None:
        until = time.monotonic() + CONFIRM_WITHIN
        while self._unconfirmed and not self._refused:
            left = until - time.monotonic()
            if left <= 0:
                break
            try:
                self._connection.drain_events(timeout=min(left, 1.0))
            except TimeoutError:
                self._connection.heartbeat_check()
        if self._unconfirmed or self._refused:
            raise NotConfirmed(f"{len(self._unconfirmed)} messages")

    def _acked(self, delivery_tag: int, multiple: bool) -> None:  # noqa: FBT001  # called by position
        if multiple:
            self._unconfirmed = {tag for tag in self._unconfirmed if tag > delivery_tag}
        else:
            self._unconfirmed.discard(delivery_tag)

    def _nacked(self, *_: Any) -> None:
        self._refused = True

    def _was_returned(self, *_: Any) -> None:
        _returned.inc()


def _readable(read: Callable[[], int]) -> float:
    """What a metric shows while the database is out of reach: that it does not know."""
    try:
        return read()
    except SQLAlchemyError:
        return float("nan")
