"""Writing on SQLite: one process, one file, every batch the careful way."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

import sqlalchemy as sa
import structlog

from services.kernel.database import Database
from services.kernel.store.claims import StoreUnavailable
from services.kernel.store.ledger import Ledger
from services.kernel.store.writer import Job

_log = structlog.get_logger(__name__)


class SqliteBatches:
    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, jobs: Sequence[Job]) -> int:
        """Writes the batch and gives every job its result; the new head position."""
        try:
            with self._database.write() as connection:
                ledger = Ledger(connection)
                results = ledger.write(jobs)
        except sa.exc.OperationalError as error:  # locked by another process, or the disk is full
            _log.warning("store.database_lost", error=str(error.orig))
            for job in jobs:
                job.result = StoreUnavailable()
            return 0
        for job, result in zip(jobs, results, strict=True):
            job.result = result
        return ledger.head.position

    def hold(self) -> AbstractContextManager[None]:
        return nullcontext()
