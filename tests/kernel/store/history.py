"""What the processes under load said, held against what the store has."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from services.kernel.store.store import EventStore
from services.kernel.store.verify import verify
from tests.kernel.store.load import DISTANCE
from tests.kernel.store.samples import Opened, assert_dense, inn

ROOT = Path(__file__).parents[3]


class Load:
    """One process of `load.py`; its history is read while it runs."""

    def __init__(self, url: str, number: int, threads: int, *options: str) -> None:
        self.tried: set[int] = set()
        self.ok: dict[int, int] = {}
        self.refused: set[int] = set()
        self.others: dict[int, str] = {}
        self.ended = False
        command = [sys.executable, "-m", "tests.kernel.store.load", url]
        numbers = [str(number * 100 * DISTANCE), str(threads)]
        self._process = subprocess.Popen([*command, *numbers, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            match line.split():
                case "try", n:
                    self.tried.add(int(n))
                case "ok", n, position:
                    self.ok[int(n)] = int(position)
                case "no", n:
                    self.refused.add(int(n))
                case ("unknown" | "failed") as how, n, *why:
                    self.others[int(n)] = " ".join([how, *why])
                case ["done"]:
                    self.ended = True

    def wait_for(self, appends: int, timeout: float = 30) -> None:
        """Until so many more were acknowledged."""
        wanted, deadline = len(self.ok) + appends, time.monotonic() + timeout
        while len(self.ok) < wanted:
            assert time.monotonic() < deadline, f"{len(self.ok)} of {wanted}"
            assert self._process.poll() is None
            time.sleep(0.005)

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._join()

    def stop(self) -> None:
        """Lets it finish what it has begun."""
        self._process.send_signal(signal.SIGTERM)
        self._join()
        assert self.ended

    def _join(self) -> None:
        self._process.wait(60)
        self._reader.join(30)
        assert self._process.stdout
        self._process.stdout.close()


def assert_true(store: EventStore, loads: Sequence[Load]) -> Counter[int]:
    """Acknowledged is present, refused is absent, every append is whole and there once, and
    the store is dense and unbroken. How often each number occurs among the events."""
    found = _numbers(store)
    for load in loads:
        missing = [n for n in load.ok if n not in found]
        assert not missing
        assert not [n for n in load.refused if n in found]
        for n, position in load.ok.items():
            assert found[n][-1] == position
    tried = {n for load in loads for n in load.tried}
    assert not set(found) - tried
    for n, positions in found.items():
        assert len(positions) == 2 + n % 2, f"{n} is there {len(positions)} times"
    _assert_claims_whole(store, tried, found)
    assert_dense(store)
    assert verify(store) is None
    return Counter({n: len(positions) for n, positions in found.items()})


def _numbers(store: EventStore) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    position = 0
    while page := store.read_after(position):
        for e in page:
            found.setdefault(e.event.n, []).append(e.position)
            assert (e.stream == f"own:{e.event.n}") == isinstance(e.event, Opened)
        position = page[-1].position
    return found


def _assert_claims_whole(store: EventStore, tried: set[int], found: dict[int, Any]) -> None:
    """Every tenth, and every one that was in doubt: keys and records come and go with the events."""
    for n in sorted(tried):
        if n in found and n % 10:
            continue
        assert store.owner(inn(str(n))) == (f"own:{n}" if n in found else None)
        done = store.done("principal", str(n))
        assert (done.position if done else None) == (found[n][-1] if n in found else None)


def pause(load: Load, seconds: float) -> None:
    """Stops the process for a while, wherever it is."""
    os.kill(load._process.pid, signal.SIGSTOP)
    time.sleep(seconds)
    os.kill(load._process.pid, signal.SIGCONT)
