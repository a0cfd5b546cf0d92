"""One stream folded again, event by event, into the row that the read model has of it."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from services.kernel.errors import Refusal
from services.kernel.events import Recorded
from services.kernel.lists import Resource
from services.kernel.projections import Handler, Projection, Rows
from services.kernel.projections.rows import Key, Row
from services.kernel.store.store import EventStore

LONGEST = 5_000
PAGE = 500


class HistoryTooLong(Refusal):
    status = 422
    ru = f"Событий {LONGEST} или больше, столько история не показывает"
    en = f"There are {LONGEST} events or more, too many for a history"


class Step(NamedTuple):
    """One event, and the row before and after it; None where there was none."""

    recorded: Recorded
    before: Row | None
    after: Row | None


class Replay:
    """Folds by the handlers that fill the read model, on rows held in memory, so there is no
    second account of what an event means. Rows of other streams are not there."""

    def __init__(self, store: EventStore, projections: Sequence[Projection]) -> None:
        self._store = store
        self._of_table = {table: projection for projection in projections for table in projection.tables}

    def steps(self, resource: Resource, id: str) -> Iterator[Step]:
        projection = self._of_table[resource.table]
        handlers = projection.on[self._store.name]
        rows = Rows(projection.tables, _nothing)
        before: Row | None = None
        for recorded in self._events(f"{resource.stream}:{id}"):
            if recorded.type in handlers:
                _fold(rows, handlers[recorded.type], recorded)
            after = rows.get(resource.table, id)
            yield Step(recorded, before, after)
            before = after

    def _events(self, stream: str) -> Iterator[Recorded]:
        version = 0
        while page := self._store.read_stream_page(stream, version, PAGE):
            yield from page
            version = page[-1].version
            if version >= LONGEST:
                raise HistoryTooLong
            time.sleep(0)


def _nothing(_table: sa.Table, _keys: Sequence[Key]) -> Mapping[Key, Row]:
    return {}


def _fold(rows: Rows, handler: Handler, recorded: Recorded) -> None:
    """What cannot be applied is passed over: the read model has parked it."""
    try:
        handler(rows, recorded)
    except Exception:  # whatever a handler raises
        rows.undo()
    else:
        rows.keep()
