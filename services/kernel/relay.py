"""The relay: publishes a store's events, in order, each confirmed before it counts as published."""

import threading
import time
from collections.abc import Sequence
from typing import Any, Self

import amqp
import structlog
from prometheus_client import Counter

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
LONGEST_PAUSE = 5.0

_published = Counter("reestr_published", "Messages confirmed by the broker")
_returned = Counter("reestr_returned", "Messages that no queue wanted")
_log = structlog.get_logger(__name__)


class NotConfirmed(Exception):
    """The broker refused a message, or did not confirm it in time; all of the batch is in doubt."""


class Relay:
    """Follows the store from its checkpoint. One relay at a time is at work on a store.

    After any doubt the connection is dropped and everything after the checkpoint is sent
    again: readers drop what they have.
    """

    def __init__(self, store: EventStore, amqp_url: str) -> None:
        self._store = store
        self._url = amqp_url
        self._election = Election(store.database, "relay")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self.trouble: str | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(CONFIRM_WITHIN)
        self._election.resign()

    def _run(self) -> None:
        pause = 0.1
        while not self._stopping.is_set():
            try:
                if self._election.leads():
                    with _Publisher(self._url) as publisher:
                        self.trouble, pause = None, 0.1
                        self._follow(publisher)
                else:
                    self._stopping.wait(IDLE)
            except Exception as error:
                self.trouble = type(error).__name__
                _log.warning("relay.interrupted", error=error)
                self._stopping.wait(pause)
                pause = min(LONGEST_PAUSE, pause * 2)

    def _follow(self, publisher: "_Publisher") -> None:
        position = self._store.checkpoint(CHECKPOINT)
        while not self._stopping.is_set() and self._election.leads():
            batch = self._store.public_after(position, BATCH)
            if batch.end == position:
                self._store.appended.wait(position, IDLE)
                publisher.keep_alive()
                continue
            crash_here("relay.before_publish")
            publisher.publish([*batch.messages, batch.tail] if batch.tail else batch.messages)
            crash_here("relay.confirmed")
            try:
                self._store.move_checkpoint(CheckpointMove(CHECKPOINT, position, batch.end))
                position = batch.end
            except CheckpointMoved:
                position = self._store.checkpoint(CHECKPOINT)


class _Publisher:
    """One connection that publishes many messages and waits for all their confirms."""

    def __init__(self, amqp_url: str) -> None:
        self._connection = broker.connect(amqp_url)
        self._unconfirmed: set[int] = set()
        self._refused = False
        self._sent = 0

    def __enter__(self) -> Self:
        broker.declare(self._connection, "", ())
        self._channel: Any = self._connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._acked)
        self._channel.events["basic_nack"].add(self._nacked)
        self._channel.events["basic_return"].add(self._was_returned)
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.release()

    def publish(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self._sent += 1
            self._unconfirmed.add(self._sent)
            body = amqp.Message(
                message.to_json(), content_type=CONTENT_TYPE, delivery_mode=2, message_id=message.id, type=message.type
            )
            self._channel.basic_publish(body, broker.EXCHANGE, message.routing_key, mandatory=True)
        self._await_confirms()
        _published.inc(len(messages))

    def keep_alive(self) -> None:
        """Sends a heartbeat where one is due and notices a connection that was closed."""
        try:
            self._connection.drain_events(timeout=0.001)
        except TimeoutError:
            self._connection.heartbeat_check()

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
