"""Group commit: callers hand in appends, one of them writes what has gathered."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from services.kernel.store.claims import Append, Appended, StoreUnavailable
from services.kernel.store.rows import Draft

BATCH_JOBS = 256
BATCH_WEIGHT = 4_000_000
WAITING_JOBS = 5_000

Result = Appended | Exception


class Job:
    """One append on its way through the writer. `weight` is about its size in bytes."""

    __slots__ = ("append", "drafts", "result", "weight")

    def __init__(self, append: Append, drafts: Sequence[Draft]) -> None:
        self.append = append
        self.drafts = drafts
        self.weight = sum(len(draft.payload) + 500 for draft in drafts) + 200 * len(append.claim)
        self.result: Result | None = None


class Writer:
    """Gathers jobs and writes them through `write`, a batch at a time, in order of arrival.

    There is no writer thread: the caller that finds nobody writing writes its own job
    and all that have gathered, so a lone caller pays for no hand-over. `write` gives
    every job its result; should it be killed or fail before, the jobs left without one
    are taken again, and it is for `write` to know which of them it had written.
    With `always_gather` other greenlets are let in before each batch, for databases whose
    driver never yields.
    """

    def __init__(self, write: Callable[[Sequence[Job]], None], *, always_gather: bool = False) -> None:
        self._write = write
        self._gathered: deque[Job] = deque()
        self._writing = threading.Lock()
        self._always_gather = always_gather
        self._crowded = False

    def submit(self, job: Job) -> Appended:
        if len(self._gathered) >= WAITING_JOBS:
            raise StoreUnavailable
        self._gathered.append(job)
        try:
            while job.result is None:
                with self._writing:
                    if job.result is None:
                        self._write_batch()
        except BaseException:
            self._withdraw(job)
            raise
        if isinstance(job.result, Exception):
            raise job.result
        return job.result

    def hold(self) -> Any:
        """Keeps appends of this process out while the returned lock is held."""
        return self._writing

    def _withdraw(self, job: Job) -> None:
        """A caller that was killed while it waited wants its job not to be written any more."""
        with suppress(ValueError):
            self._gathered.remove(job)

    def _write_batch(self) -> None:
        if self._crowded or self._always_gather:
            time.sleep(0)
        batch = self._take()
        self._crowded = len(batch) > 1
        try:
            self._write(batch)
        except Exception as error:
            self._write_apart(batch, error)
        finally:
            self._gathered.extendleft(job for job in reversed(batch) if job.result is None)

    def _take(self) -> list[Job]:
        batch: list[Job] = []
        weight = 0
        with suppress(IndexError):  # nothing gathered any more
            while len(batch) < BATCH_JOBS and weight < BATCH_WEIGHT:
                batch.append(self._gathered.popleft())
                weight += batch[-1].weight
        return batch

    def _write_apart(self, batch: Sequence[Job], error: Exception) -> None:
        """An append that cannot be written at all fails alone, not the others gathered with it."""
        if len(batch) == 1:
            batch[0].result = error
            return
        for job in batch:
            if job.result is None:
                try:
                    self._write([job])
                except Exception as own:  # whatever it is, its caller is told
                    job.result = own
