"""Appends that are written in one batch."""

import threading
import time
from collections.abc import Sequence
from typing import Any

from services.kernel.store.claims import Append
from services.kernel.store.store import EventStore


def together(store: EventStore, appends: Sequence[Append]) -> list[Any]:
    """Hands all appends to the store while it is kept from writing, then lets it write.

    What each came to, in order: an `Appended`, or the exception its caller got.
    """
    results: list[Any] = [None] * len(appends)

    def call(n: int) -> None:
        try:
            results[n] = store.append(appends[n])
        except Exception as error:
            results[n] = error

    threads = [threading.Thread(target=call, args=(n,)) for n in range(len(appends))]
    with store._writer.hold():
        for n, thread in enumerate(threads):
            thread.start()
            _wait_until_gathered(store, n + 1)
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    return results


def _wait_until_gathered(store: EventStore, number: int) -> None:
    while len(store._writer._gathered) < number:
        time.sleep(0.001)
