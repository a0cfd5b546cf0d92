"""Waiting for events: one question to reporting stands for all readers who wait."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from gateway.app import Calling
from gateway.directory import own_context
from services.kernel.errors import Refusal
from services.kernel.signal import Signal

ASK_FOR = 3.0
PAUSE = 1.0


class News:
    """Counts how often the feed has gone on, for as long as anybody waits for it.

    However many wait, one worker of reporting at most is kept busy, and none when nobody does.
    """

    def __init__(self, call: Calling) -> None:
        self._call = call
        self._gone_on = Signal()
        self._head = ""
        self._waiting = 0
        self._asking = False
        self._lock = threading.Lock()

    @property
    def number(self) -> int:
        """To be read before the feed is: what comes after that is news."""
        return self._gone_on.value

    def wait(self, above: int, seconds: float) -> None:
        """Returns when there may be something new, or the time is over."""
        with self._one_more():
            self._gone_on.wait(above, seconds)

    @contextmanager
    def _one_more(self) -> Iterator[None]:
        with self._lock:
            self._waiting += 1
            if not self._asking:
                self._asking = True
                threading.Thread(target=self._ask, name="news", daemon=True).start()
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1

    def _ask(self) -> None:
        while self._goes_on():
            arguments = {"after": self._head, "wait": ASK_FOR}
            try:
                head = self._call("reporting", "await_events", arguments, own_context(ASK_FOR + 5))["result"]["head"]
            except Refusal:
                time.sleep(PAUSE)
                continue
            if head != self._head:
                self._head = head
                self._gone_on.notify(self.number + 1)

    def _goes_on(self) -> bool:
        with self._lock:
            self._asking = self._waiting > 0
            return self._asking
