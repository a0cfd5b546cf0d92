"""How many readers may wait or listen at a time: so many of one key, and so many in all."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Gauge

from services.kernel.errors import Refusal

OF_ONE_KEY = 32
IN_ALL = 512
_STREAMS = Gauge("reestr_streams", "Readers of events that wait or listen")


class TooManyStreams(Refusal):
    status = 429
    ru = "Одному ключу доступно не больше {limit} потоков и ожиданий сразу"
    en = "One key may have no more than {limit} streams and waits at a time"


class NoSeatLeft(Refusal):
    status = 503
    ru = "Все места для потоков заняты"
    en = "All places for streams are taken"


class Seats:
    def __init__(self, of_one_key: int = OF_ONE_KEY, in_all: int = IN_ALL) -> None:
        self._of_one_key, self._in_all = of_one_key, in_all
        self._taken: Counter[str] = Counter()
        self._lock = threading.Lock()
        _STREAMS.set_function(self._taken.total)

    @contextmanager
    def taken(self, principal: str) -> Iterator[None]:
        self._take(principal)
        try:
            yield
        finally:
            self._leave(principal)

    def _take(self, principal: str) -> None:
        with self._lock:
            if self._taken[principal] >= self._of_one_key:
                raise TooManyStreams(limit=self._of_one_key)
            if self._taken.total() >= self._in_all:
                raise NoSeatLeft
            self._taken[principal] += 1

    def _leave(self, principal: str) -> None:
        with self._lock:
            self._taken[principal] -= 1
            if not self._taken[principal]:
                del self._taken[principal]
