"""Appends by several callers at once, ours and raw."""

import threading
import time
from collections.abc import Callable
from functools import cache
from itertools import count
from typing import Any

import psycopg2

from services.kernel import clock
from services.kernel.database import Database
from services.kernel.events import Registry
from services.kernel.ids import new_id
from services.kernel.store import tables as t
from services.kernel.store.chain import GENESIS
from services.kernel.store.rows import Row
from tests.bench import sample

Work = Callable[[], Any]


def ours(url: str, callers: int, seconds: float) -> float:
    store = sample.store(url)
    return rate([lambda: store.append(sample.one_event())] * callers, seconds)


def raw(url: str, callers: int, seconds: float) -> float:
    """INSERT and COMMIT of the same row into the same table, a connection for each caller."""
    return rate([_inserting(connection) for connection in _connections(url)[:callers]], seconds)


def rate(callers: list[Work], seconds: float) -> float:
    """How often a second the callers do their work, all at once."""
    done: list[int] = []
    begun = time.perf_counter()
    threads = [threading.Thread(target=_repeat, args=(work, begun + seconds, done)) for work in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - begun)


def _repeat(work: Work, until: float, done: list[int]) -> None:
    times = 0
    while time.perf_counter() < until:
        work()
        times += 1
    done.append(times)


@cache
def _connections(url: str) -> list[Any]:
    Database(url).create(t.metadata)
    return [psycopg2.connect(url) for _ in range(32)]


_POSITIONS = count(1)
_PAYLOAD = Registry([sample.StageChanged]).encode(sample.moved("<id>", 1)).payload
_INSERT = f"INSERT INTO store.events ({', '.join(Row._fields)}) VALUES ({', '.join(['%s'] * len(Row._fields))})"


def _inserting(connection: Any) -> Work:
    cursor = connection.cursor()

    def insert() -> None:
        id, position, now = new_id(), next(_POSITIONS), clock.to_micros(clock.now())
        kind = ("StageChanged", 1, _PAYLOAD.replace("<id>", id), None, None, True)
        row = (position, id, f"deal:{id}", 1, *kind, position - 1, "user-1", id, id, now, now, GENESIS, GENESIS)
        cursor.execute(_INSERT, row)
        connection.commit()

    return insert
