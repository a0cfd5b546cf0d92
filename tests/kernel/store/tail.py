"""A reader that follows a store while it is written to."""

import threading
from typing import Self

import sqlalchemy as sa

from services.kernel.store.store import EventStore


class Tail:
    """Follows a store while it is written to, as a projection and as a relay do, and demands
    that every event comes once and in order."""

    def __init__(self, store: EventStore) -> None:
        self.seen: list[int] = []
        self.published: list[int] = []
        self._store = store
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow)
        self._error: BaseException | None = None
        self._position = self._end = self._checkpoint = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(30)
        if self._error:
            raise self._error

    def _follow(self) -> None:
        try:
            while True:
                stopping = self._stop.is_set()
                try:
                    self._read()
                    self._read_public()
                    head = self._store.head().position
                except sa.exc.OperationalError:  # cut off: read again
                    continue
                if stopping and self._position == self._end == head:
                    return
        except BaseException as error:
            self._error = error

    def _read(self) -> None:
        for e in self._store.read_after(self._position, limit=50):
            assert e.position == self._position + 1
            self._position = e.position
            self.seen.append(e.event.n)

    def _read_public(self) -> None:
        batch = self._store.public_after(self._end, limit=50)
        assert batch.end >= self._end
        for m in [*batch.messages, *([batch.tail] if batch.tail else [])]:
            assert m.previous <= self._checkpoint < m.position
            self._checkpoint = m.position
            self.published += [] if m.is_tail else [m.data["n"]]
        self._end = batch.end
