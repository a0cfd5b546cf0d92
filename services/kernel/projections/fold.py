"""Folding messages into rows: what fails is parked, and what is behind it on its subject queues."""

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from services.kernel.projections.bulk import UNFIT
from services.kernel.projections.projection import Projection
from services.kernel.projections.rows import Unfit
from services.kernel.projections.shelf import Shelf
from services.kernel.projections.sources import DATABASE, Item, Undecodable
from services.kernel.projections.standing import Failure, Standing

BEHIND = "waits behind an earlier message of its subject"


Attempt = Callable[[Item], Failure | None]


class Fold:
    """Messages of one source folded into the rows of one projection."""

    def __init__(self, projection: Projection, source: str, shelf: Shelf) -> None:
        self._handlers = projection.on[source]
        self._shelf = shelf

    def concerns(self, messages: Sequence[Item]) -> bool:
        """Whether any of these may lead to rows."""
        return any(message.type in self._handlers for message in messages)

    def apply(self, messages: Sequence[Item], standing: Standing) -> list[Failure]:
        """Folds in memory; rows are read where needed, and written by the shelf's `flush`."""
        wanted = self._wanted(messages, standing)
        self._shelf.prefetch(wanted)
        return self._apply_all(wanted, standing, self._try)

    def apply_singly(self, messages: Sequence[Item], standing: Standing) -> list[Failure]:
        """Folds and writes message by message, to find the one whose rows the tables refuse."""
        return self._apply_all(self._wanted(messages, standing), standing, self._try_and_write)

    def apply_parked(self, message: Item) -> Failure | None:
        """Applies one message that was parked, and writes its rows."""
        return self._try_and_write(message)

    def _wanted(self, messages: Sequence[Item], standing: Standing) -> list[Item]:
        handlers, dropped = self._handlers, standing.dropped
        return [m for m in messages if m.type in handlers and m.position not in dropped]

    def _apply_all(self, messages: Sequence[Item], standing: Standing, attempt: Attempt) -> list[Failure]:
        failures: list[Failure] = []
        for message in messages:
            waits = standing.parked and message.subject in standing.parked
            failure = _failure(message, BEHIND, attempts=0) if waits else attempt(message)
            if failure is not None:
                standing.parked.add(message.subject)
                failures.append(failure)
        return failures

    def _try(self, message: Item) -> Failure | None:
        rows = self._shelf.rows
        if isinstance(message, Undecodable):
            return _failure(message, describe(message.error))
        try:
            self._handlers[message.type](rows, message)
        except DATABASE:
            raise
        except Exception as error:  # whatever a handler raises is parked
            rows.undo()
            return _failure(message, describe(error))
        rows.keep()
        return None

    def _try_and_write(self, message: Item) -> Failure | None:
        try:
            with self._shelf.connection.begin_nested():
                failure = self._try(message)
                self._shelf.flush()
        except UNFIT as error:
            self._shelf.forget()
            return _failure(message, describe(error))
        return failure


def _failure(message: Item, error: str, attempts: int = 1) -> Failure:
    return Failure(message.position, message.subject, message.type, error, attempts)


def describe(error: Exception) -> str:
    """What went wrong and where. Foreign texts are left out: they may quote personal data."""
    if isinstance(error, Unfit):
        return str(error)
    where = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(where[-1].filename).name}:{where[-1].lineno} in {where[-1].name}" if where else ""
    return f"{type(error).__name__}{place}"
