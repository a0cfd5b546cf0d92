"""Writing on SQLite: one process, one file, every batch the careful way."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from services.kernel.database import Database
from services.kernel.store.ledger import Ledger
from services.kernel.store.writer import Job


class SqliteBatches:
    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, jobs: Sequence[Job]) -> int:
        """Writes the batch and gives every job its result; the new head position."""
        with self._database.write() as connection:
            ledger = Ledger(connection)
            results = ledger.write(jobs)
        for job, result in zip(jobs, results, strict=True):
            job.result = result
        return ledger.head.position

    def hold(self) -> AbstractContextManager[None]:
        return nullcontext()
