"""One webhook at work: what comes next is read, sent, and the cursor moved."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from services.kernel import clock
from services.kernel.context import Context
from services.kernel.faults import crash_here
from services.kernel.ids import new_id
from services.kernel.message import Message
from services.kernel.store.aggregates import load
from services.kernel.store.claims import Append, StreamEvents
from services.kernel.store.store import EventStore
from services.notifications.domain import webhook as webhooks
from services.notifications.handlers import WEBHOOK
from services.notifications.reactions.webhooks.book import Attempt, Book, Overtaken, Standing
from services.notifications.reactions.webhooks.course import Batch, Course
from services.notifications.reactions.webhooks.log import EventLog
from services.notifications.reactions.webhooks.sender import Sender, Sent
from services.notifications.reactions.webhooks.window import Window

WIDTH = 8  # messages of different subjects on their way at once
SAVE_EVERY = 0.5
IDLE, AFTER_TROUBLE = 1.0, 1.0
JITTER = 0.2
RECORD_WITHIN = timedelta(seconds=30)
GONE = 410

Decide = Callable[[webhooks.Webhook], Sequence[webhooks.Event]]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """What all lanes work with."""

    store: EventStore
    log: EventLog
    book: Book
    opened: Callable[[Message], Message]
    loopback: bool


class Lane:
    """Delivers for one webhook, in a thread or greenlet of its own, as long as it is active.

    The whole webhook waits for an event that its receiver does not take: what fails is
    nearly always the receiver, and one cursor says all about what it has.
    """

    def __init__(self, webhook_id: str, desk: Desk) -> None:
        self.id = webhook_id
        self.wake = threading.Event()
        self._desk = desk
        self._stopping = threading.Event()
        self._changed = threading.Event()
        self._window = Window([])
        self._thread = threading.Thread(target=self._run, name=f"webhook {webhook_id}", daemon=True)
        self._webhook: webhooks.Webhook
        self._version = 0
        self._sender: Sender | None = None
        self._standing: Standing
        self._courses: list[Course] = []
        self._unsaved, self._saved_at = False, 0.0

    def start(self) -> None:
        self._changed.set()
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def change(self) -> None:
        """Says that the webhook is not what it was."""
        self._changed.set()
        self._window.stop()
        self.wake.set()

    def stop(self) -> None:
        self._stopping.set()
        self._window.stop()
        self.wake.set()

    def join(self, timeout: float) -> None:
        self._thread.join(timeout)

    def _run(self) -> None:
        try:
            while not self._stopping.is_set() and self._is_active():
                self.wake.wait(self._turn())
                self.wake.clear()
        except Overtaken:
            _log.info("webhook.overtaken", webhook=self.id)
        finally:
            self._close()

    def _turn(self) -> float:
        """Seconds until there may be something to do again."""
        try:
            return self._step()
        except Overtaken:
            raise
        except Exception:  # the database's trouble, not the receiver's: what is saved holds
            _log.exception("webhook.stuck", webhook=self.id)
            self._changed.set()
            return AFTER_TROUBLE

    def _is_active(self) -> bool:
        if self._changed.is_set():
            try:
                self._changed.clear()
                self._load()
            except Overtaken:
                raise
            except Exception:
                _log.exception("webhook.not_loaded", webhook=self.id)
                return False  # begun again by who looks which webhooks are active
        return self._webhook.state == "active"

    def _load(self) -> None:
        loaded = load(self._desk.store, WEBHOOK, self.id)
        self._webhook, self._version = loaded.state, loaded.version
        self._close()
        self._sender = Sender(self._webhook, loopback=self._desk.loopback, opened=self._desk.opened)
        self._standing = self._desk.book.open(self._webhook)
        replay = self._webhook.replay
        self._courses = [Course("event"), *([Course("replay", replay.until)] if replay else [])]

    def _close(self) -> None:
        if self._sender is not None:
            self._sender.close()

    def _step(self) -> float:
        left = (self._standing.due_at - clock.to_micros(clock.now())) / 1e6
        if left > 0:
            return left
        worked = [self._advance(course) for course in self._courses]
        if any(worked):
            return 0.0
        if self._unsaved and time.monotonic() >= self._saved_at + SAVE_EVERY:
            self._keep(self._standing, [])
        return SAVE_EVERY if self._unsaved else IDLE

    def _advance(self, course: Course) -> bool:
        """Whether something was done on this course."""
        if self._changed.is_set() or self._standing.due_at > clock.to_micros(clock.now()):
            return True
        positions = self._positions(course)
        if course.is_over(positions, self._webhook):
            self._end_replay()
            return True
        batch = course.read(self._desk.log, self._webhook, positions)
        if not batch.ends:
            return False
        if batch.items:
            self._deliver(course, batch.first(1) if self._standing.failures else batch)
        else:
            self._standing = _moved(self._standing, course, {**positions, **batch.ends})
            self._unsaved = True
        return True

    def _deliver(self, course: Course, batch: Batch) -> None:
        self._window = Window(batch.items)
        if self._is_other() or self._stopping.is_set():
            return
        trouble: list[BaseException] = []
        threads = [
            threading.Thread(target=self._send, args=(course, self._window, trouble), daemon=True)
            for _ in range(min(WIDTH, len(batch.items)))
        ]
        for thread in threads:
            thread.start()
        noted: set[str] = set()
        for thread in threads:
            while thread.is_alive():
                thread.join(SAVE_EVERY)
                if thread.is_alive():
                    self._save(course, batch, noted)
        crash_here("webhook.delivered")
        course.went(batch)
        self._save(course, batch, noted)
        self._after([item.sent for item in batch.items if item.sent and not item.delivered])
        if trouble:
            raise trouble[0]

    def _is_other(self) -> bool:
        """Nothing is begun for an address or with a secret that was taken back before."""
        if self._desk.store.version(WEBHOOK.stream(self.id)) != self._version:
            self._changed.set()
        return self._changed.is_set()

    def _send(self, course: Course, window: Window, trouble: list[BaseException]) -> None:
        assert self._sender is not None
        while item := window.take():
            try:
                number = self._standing.failures + 1
                window.ended(item, self._sender.send(item.message, course.kind, number))
            except Exception as error:  # told to who started this thread
                trouble.append(error)
                window.stop()
                return

    def _save(self, course: Course, batch: Batch, noted: set[str]) -> None:
        """Moves the cursor behind what is delivered without a gap, and notes the attempts."""
        attempts = [item.sent.attempt for item in batch.items if item.sent and item.sent.attempt.id not in noted]
        if attempts:
            any_delivered = any(attempt.delivered for attempt in attempts)
            standing = self._standing.served() if any_delivered else self._standing
            self._keep(_moved(standing, course, {**self._positions(course), **batch.reached()}), attempts)
            noted |= {attempt.id for attempt in attempts}

    def _keep(self, standing: Standing, attempts: Sequence[Attempt]) -> None:
        self._standing = self._desk.book.save(standing, attempts)
        self._unsaved, self._saved_at = False, time.monotonic()

    def _after(self, failed: Sequence[Sent]) -> None:
        """What was not delivered is tried again after a pause, or when the receiver allows it."""
        if not failed:
            return
        now = clock.now()
        failing = self._standing.failed(now)
        pause = webhooks.PAUSES[min(failing.failures, len(webhooks.PAUSES)) - 1].total_seconds()
        asked = max(one.answer.retry_after if one.answer else 0.0 for one in failed)
        seconds = max(pause * random.uniform(1, 1 + JITTER), asked)
        self._keep(replace(failing, due_at=clock.to_micros(now + timedelta(seconds=seconds))), [])
        gone = any(one.attempt.status == GONE for one in failed)
        if gone or failing.failures > len(webhooks.PAUSES):
            self._pause("gone" if gone else "failing")

    def _pause(self, reason: str) -> None:
        _log.warning("webhook.paused", webhook=self.id, reason=reason)
        self._record(lambda webhook: webhooks.pause_webhook(webhook, reason))

    def _end_replay(self) -> None:
        replay_id = self._standing.replay_id or ""
        self._record(lambda webhook: webhooks.end_webhook_replay(webhook, replay_id))

    def _record(self, decide: Decide) -> None:
        """Decides on the webhook as it is now; a conflict leads here again."""
        self._changed.set()
        now, cause = clock.now(), new_id()
        context = Context("system", "notifications", cause, cause, now, now + RECORD_WITHIN)
        loaded = load(self._desk.store, WEBHOOK, self.id)
        events = decide(loaded.state)
        if events:
            self._desk.store.append(Append(context, [StreamEvents(loaded.stream, loaded.version, events)]))

    def _positions(self, course: Course) -> dict[str, int]:
        return dict(self._standing.positions if course.until is None else self._standing.replayed)


def _moved(standing: Standing, course: Course, positions: dict[str, int]) -> Standing:
    if course.until is None:
        return replace(standing, positions=positions)
    return replace(standing, replayed=positions)
