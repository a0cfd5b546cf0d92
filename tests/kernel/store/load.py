"""A process that appends as fast as it can and says what came of each, to be killed.

    python -m tests.kernel.store.load URL FIRST THREADS [green]

Before each append its number is written to standard output as `try N`, after it
`ok N POSITION`, `no N` (refused, not written) or `unknown N`. Each append adds two events to
a stream of its own, every other one adds one to a stream that all share as well; it claims
a key and leaves a record. A SIGTERM lets it finish what it has begun.
"""

import random
import sys
from os import write  # the real one: patched, it lets only one greenlet write

if "green" in sys.argv:
    import eventlet

    eventlet.monkey_patch()

import signal
import threading

import sqlalchemy as sa
import structlog

from services.kernel.store.claims import ANY_VERSION, Conflict, OutcomeUnknown, StoreUnavailable
from tests.kernel.store.samples import Noted, Opened, adding, inn, on, open_sample, record

SHARED = 4
DISTANCE = 10_000_000


def say(line: str) -> None:
    write(1, f"{line}\n".encode())


def append_of(n: int, expected: int = ANY_VERSION):
    own, shared = on(f"own:{n}", 0, Opened(n), Opened(n)), on(f"shared:{n % SHARED}", expected, Noted(n))
    return adding(own, *([shared] if n % 2 else []), claim=[inn(str(n))], idempotency=record(str(n)))


def version_of(store, stream):
    """As a decision would know it; a rival may be faster."""
    try:
        return len(store.read_stream(stream)) if random.random() < 0.05 else ANY_VERSION
    except sa.exc.DBAPIError:
        return ANY_VERSION


def append_all(store, first, stop):
    n = first
    while not stop:
        n += 1
        expected = version_of(store, f"shared:{n % SHARED}")
        say(f"try {n}")
        try:
            appended = store.append(append_of(n, expected))
        except (Conflict, StoreUnavailable):
            say(f"no {n}")
        except OutcomeUnknown:
            say(f"unknown {n}")
        except Exception as error:
            say(f"failed {n} {type(error).__name__}")
        else:
            say(f"ok {n} {appended.position}")


def main():
    url, first, threads = sys.argv[1], *map(int, sys.argv[2:4])
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stop.append(number))
    store = open_sample(url)
    callers = [threading.Thread(target=append_all, args=(store, first + n * DISTANCE, stop)) for n in range(threads)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    say("done")


if __name__ == "__main__":
    main()
