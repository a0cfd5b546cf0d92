"""Group commit: callers hand in appends, one of them writes what has gathered."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from services.kernel.store.claims import Append, Appended, OutcomeUnknown
from services.kernel.store.rows import Draft

BATCH = 256

Result = Appended | Exception


class Job:
    """One append on its way through the writer."""

    __slots__ = ("append", "drafts", "result", "sent")

    def __init__(self, append: Append, drafts: Sequence[Draft]) -> None:
        self.append = append
        self.drafts = drafts
        self.result: Result | None = None
        self.sent = False


class Writer:
    """Gathers jobs and writes them through `write`, a batch at a time, in order of arrival.

    There is no writer thread: the caller that finds nobody writing writes its own job
    and all that have gathered, so a lone caller pays for no hand-over.
    """

    def __init__(self, write: Callable[[Sequence[Job]], None]) -> None:
        self._write = write
        self._gathered: list[Job] = []
        self._writing = threading.Lock()
        self._crowded = False

    def submit(self, job: Job) -> Appended:
        self._gathered.append(job)
        while job.result is None:
            with self._writing:
                if job.result is None:
                    self._write_batch()
        if isinstance(job.result, Exception):
            raise job.result
        return job.result

    def hold(self) -> Any:
        """Keeps appends of this process out while the returned lock is held."""
        return self._writing

    def _write_batch(self) -> None:
        if self._crowded:
            time.sleep(0)
        batch, self._gathered = self._gathered[:BATCH], self._gathered[BATCH:]
        self._crowded = len(batch) > 1
        try:
            self._write(batch)
        except BaseException as error:
            for job in batch:
                if job.result is None:
                    job.result = error if isinstance(error, Exception) else OutcomeUnknown("the writer was interrupted")
            if not isinstance(error, Exception):
                raise
