"""An import: a table of clients, taken in chunk by chunk."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.clients.commands import StartImport, StopImport
from services.clients.events import (
    ImportCompleted,
    ImportRowsProcessed,
    ImportStarted,
    ImportStopped,
    RowResult,
)

Event = ImportStarted | ImportRowsProcessed | ImportCompleted | ImportStopped
CHUNK = 50


@dataclass(frozen=True, slots=True)
class ClientImport:
    id: str
    file_hash: str
    columns: Mapping[str, str | None]
    total: int
    done: int
    counts: Mapping[str, int]
    state: str


def start_import(command: StartImport, file_hash: str, total: int) -> list[Event]:
    return [ImportStarted(command.import_id, command.file_name, file_hash, command.columns, total)]


def process_rows(running: ClientImport, results: Sequence[RowResult]) -> list[Event]:
    """What one chunk led to; with the last row the import is completed."""
    done = running.done + len(results)
    processed = ImportRowsProcessed(running.id, done, tuple(results))
    if done < running.total:
        return [processed]
    return [processed, ImportCompleted(running.id, _counted(running.counts, results))]


def stop_import(running: ClientImport, command: StopImport) -> list[Event]:
    return [ImportStopped(command.import_id)] if running.state == "running" else []


def evolve(running: ClientImport | None, event: Event) -> ClientImport:
    if isinstance(event, ImportStarted):
        return ClientImport(event.import_id, event.file_hash, event.columns, event.total, 0, {}, "running")
    assert running is not None
    if isinstance(event, ImportRowsProcessed):
        return replace(running, done=event.done, counts=_counted(running.counts, event.results))
    return replace(running, state="completed" if isinstance(event, ImportCompleted) else "stopped")


def _counted(counts: Mapping[str, int], results: Sequence[RowResult]) -> dict[str, int]:
    return dict(Counter(counts) + Counter(result.outcome for result in results))
